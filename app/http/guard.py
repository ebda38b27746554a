"""The guard at the door (ASGI): hostile requests, cross-site posts, headers, one log line each."""

import time
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app.db import new_id
from app.errors import Malformed, NotAllowed, ShopError, WrongMediaType
from app.http import problems
from app.logs import log

SAFE = {"GET", "HEAD", "OPTIONS"}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guard:
    """Stands around the whole app, so that addresses nobody knows meet it too."""

    def __init__(self, inner: ASGIApp, *, https: bool, machine_paths: tuple[str, ...]) -> None:
        """`machine_paths`: where other servers post to us without cookies, signing what they send."""
        self._inner = inner
        self._headers = dict(HEADERS)
        self._machine_paths = machine_paths
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            await self._inner(scope, receive, send)
            return
        scope = cast("HTTPScope", scope)
        request_id = new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=str(request_id))
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders.from_message(message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "private, no-store")
                headers["X-Request-Id"] = str(request_id)
            await send(message)

        try:
            self._check(scope)
            await self._inner(scope, receive, send_with_headers)
        except ShopError as refusal:
            request: problems.AnyRequest = Request(scope, receive)
            response = problems.answer(request, refusal).to_asgi_response(None, request)
            await response(scope, receive, send_with_headers)
        finally:
            _note(scope, status, request_id, started)

    def _check(self, scope: HTTPScope) -> None:
        if b"%00" in scope.get("raw_path", b"") or b"%00" in scope["query_string"]:
            raise Malformed("We could not read this request.")
        if scope["method"] in SAFE:
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        _check_media_type(scope["path"], headers)
        if not scope["path"].startswith(self._machine_paths):
            _check_same_site(headers)


def _check_media_type(path: str, headers: dict[bytes, str]) -> None:
    """A cross-site form can send text/plain without asking; our handlers never read it."""
    if headers.get(b"content-length", "0") == "0" and b"transfer-encoding" not in headers:
        return
    media_type, _, parameters = headers.get(b"content-type", "").lower().partition(";")
    allowed: tuple[str, ...] = ("application/json",)
    if not path.startswith("/api/") or path.endswith("/upload"):
        allowed += FORMS
    charset = parameters.partition("charset=")[2].strip(' "')
    if media_type.strip() not in allowed or charset not in ("", "utf-8"):
        raise WrongMediaType("Please send JSON as application/json in UTF-8.")


def _check_same_site(headers: dict[bytes, str]) -> None:
    """Browsers say where a request comes from; a request that says nothing is not from a browser."""
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    foreign = site not in (None, "same-origin", "none")
    if site is None and origin is not None:
        foreign = urlsplit(origin).netloc != headers.get(b"host")
    if foreign:
        raise NotAllowed("This request came from another site, so we did not carry it out.")


def _note(scope: HTTPScope, status: int, request_id: UUID, started: float) -> None:
    """The template of the path, never the path: tokens in addresses open things."""
    took_ms = round((time.perf_counter() - started) * 1000, 1)
    path = scope.get("path_template", "?")
    write = log.info if status >= 400 or scope["method"] not in SAFE else log.debug
    write("request", method=scope["method"], path=path, status=status, ms=took_ms)
