"""The express lane: a scan as nearly every phone sends it, without the framework's ceremony.

Routing, middleware, signature and response cost several times what the scan itself costs, and a
train full of phones scans at once. Only what is quite ordinary is answered here. Whatever is not
(no basket yet, somebody of the staff, a body that does not fit) goes the common way, to
`scan.routes.scan`, as if nothing had read it; that route describes both in OpenAPI.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import msgspec
from litestar import Request
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from app import cart
from app.errors import Malformed
from app.http.permissions import EVERYONE
from app.languages import Language, choose
from app.scan import rules
from app.scan.answering import Scan, refuse, scanned, wish

PATH = "/api/v1/scans"
LONGEST = 4_000
"""Bytes of a body or of cookies: a scan needs some hundred."""

_decode = msgspec.json.Decoder(Scan).decode
_encode = msgspec.json.Encoder().encode


class Visitor(msgspec.Struct, frozen=True):
    """Who scans: the hash of the basket's token, the language of the answer, and how many bytes
    they send."""

    token: bytes
    language: Language
    sends: int


class Express:
    """Stands behind the guard, in front of the framework."""

    def __init__(self, inner: ASGIApp, table: Mapping[str, str], cookie_name: str) -> None:
        """Raises RuntimeError when the table does not let everyone scan: nobody is asked here."""
        if table.get(f"POST {PATH}") != EVERYONE:
            raise RuntimeError("The express lane asks nobody who they are; scanning must be free.")
        self._inner = inner
        self._cookie_name = cookie_name.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = None
        if scope.get("path") == PATH:
            visitor = ordinary(cast("HTTPScope", scope), self._cookie_name)
        if visitor is None:
            await self._inner(scope, receive, send)
            return
        read: list[Any] = []
        body = await _body(receive, read, visitor.sends)
        if body is None or not await _answer(scope, receive, send, body, visitor):
            await self._inner(scope, _once_more(read, receive), send)


def ordinary(scope: HTTPScope, cookie_name: bytes) -> Visitor | None:
    """None for one who has to go the common way."""
    if scope["method"] != "POST":
        return None
    cookies = accepted = b""
    size = b"x"
    for name, value in scope["headers"]:
        if name == b"cookie":
            if cookies:
                return None
            cookies = value
        elif name == b"content-length":
            size = value
        elif name == b"accept-language":
            accepted = value
    if not size.isdigit() or int(size) > LONGEST or len(cookies) + len(accepted) > LONGEST:
        return None
    known = _who(cookies, accepted, cookie_name)
    return Visitor(*known, int(size)) if known else None


@lru_cache(maxsize=1_024)  # at most some 4 MB, if all of them brought as much as they may
def _who(cookies: bytes, accepted: bytes, cookie_name: bytes) -> tuple[bytes, Language] | None:
    """The token's hash and the language: the same for each scan of one phone."""
    if b"staff=" in cookies or b'"' in cookies or b"%" in cookies:
        return None
    brought = [part.strip().partition(b"=") for part in cookies.split(b";")]
    tokens = [value for name, _, value in brought if name == cookie_name]
    token = cart.hash_of(tokens[0].decode("latin-1")) if len(tokens) == 1 else None
    if token is None:
        return None
    chosen = next((value for name, _, value in reversed(brought) if name == b"language"), b"")
    return token, choose(chosen.decode("latin-1"), accepted.decode("latin-1"))


async def _body(receive: Receive, read: list[Any], length: int) -> bytes | None:
    """None for one who went away. Keeps in `read` what it has read."""
    body, more = b"", True
    while more and len(body) < length:
        message: Any = await receive()
        read.append(message)
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(
    scope: Scope, receive: Receive, send: Send, body: bytes, visitor: Visitor
) -> bool:
    """False when nothing was done: it has to go the common way."""
    try:
        one = _decode(body)
        code = rules.read(one.text)
    except (msgspec.DecodeError, UnicodeError, RecursionError, Malformed):
        return False
    state = scope["litestar_app"].state
    scope["path_template"] = PATH
    outcome = await cart.submit_one(state.pool, visitor.token, wish(one, code))
    if outcome is None:
        return False
    if outcome.refused:
        request: Request[Any, Any, Any] = Request(scope, receive)
        await refuse(request, outcome, code.label)
    if code.label:
        state.scans.added(code.label)
    answer = _encode(await scanned(state, visitor.language, code.label, outcome))
    length = str(len(answer)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer, "more_body": False})
    return True


def _once_more(read: list[Any], receive: Receive) -> Receive:
    """What was read already comes first."""
    left = iter(read)

    async def again() -> Any:
        return next(left, None) or await receive()

    return again
