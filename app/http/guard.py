"""The guard at the door (ASGI): hostile requests, cross-site posts, headers, one log line each."""

import contextlib
import time
from collections.abc import Callable, Collection
from functools import lru_cache, partial
from typing import Any, TypeAlias, cast

import structlog
from litestar import Request
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app import logs
from app.db import new_id
from app.errors import Busy
from app.http import inspection, problems
from app.http.arriving import Arrivals
from app.http.inspection import SAFE
from app.http.metrics import Metrics
from app.http.pulse import Pulse
from app.logs import log

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
    "Cache-Control": "private, no-store",
}
"""Of every answer that does not say otherwise."""
WITHOUT_DATABASE = ("/health/", "/assets/")
Pair: TypeAlias = tuple[bytes, bytes]
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


class Guard:
    """Stands around the whole app, so that addresses nobody knows meet it too."""

    def __init__(
        self,
        inner: ASGIApp,
        *,
        https: bool,
        machine_paths: tuple[str, ...] = (),
        hosts: Collection[str] = (),
        most_inside: int = 200,
        metrics: Metrics | None = None,
        pulse: Pulse | None = None,
    ) -> None:
        """`machine_paths`: where other servers post to us without cookies, signing what they send.

        `hosts`: names we answer under, empty for all. `most_inside`: above so many requests at
        once reads are sent away, so that those who are paying get through. `pulse`: while the
        database does not answer, nobody is kept waiting for it.
        """
        self._inner = inner
        more = {"Strict-Transport-Security": STRICT_TRANSPORT} if https else {}
        ours = [(name.lower().encode(), value.encode()) for name, value in (HEADERS | more).items()]
        self._unsaid = lru_cache(maxsize=256)(partial(_less, ours))
        self._machine_paths = machine_paths
        self._hosts = hosts
        self._most_inside = most_inside
        self.metrics = metrics or Metrics()
        self._inside = 0
        self.metrics.inside.set_function(lambda: self._inside)
        self._waiting: set[_Visit] = set()
        self._arrivals = Arrivals()
        self._pulse = pulse
        if pulse is not None:
            pulse.on_away = self._answer_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            await self._inner(scope, receive, send)
            return
        scope = cast("HTTPScope", scope)
        visit = _Visit(scope, send, self._unsaid, self._leave)
        structlog.contextvars.bind_contextvars(request=visit.id)
        self._inside += 1
        if not scope["path"].startswith(WITHOUT_DATABASE):
            self._waiting.add(visit)
        try:
            self._check(scope)
            if visit.head_only:
                scope["method"] = "GET"
            if visit.method not in SAFE:
                receive = self._arrivals.watch(receive)
            await self._inner(scope, receive, visit.send)
        except Exception as error:
            if visit.status:  # half an answer has left, and no other can follow it
                raise
            request: problems.AnyRequest = Request(scope, receive)
            response = problems.answer(request, error).to_asgi_response(None, request)
            await response(scope, receive, visit.send)
        finally:
            visit.leave()
            self._waiting.discard(visit)
            self._note(scope, visit)

    def _leave(self) -> None:
        self._inside -= 1

    async def _answer_all(self) -> None:
        """Whoever waits for the database is answered; what they asked for ends in its own time."""
        for visit in [visit for visit in self._waiting if not visit.status]:
            request: problems.AnyRequest = Request(visit.scope)
            response = problems.answer(request, _away()).to_asgi_response(None, request)
            with contextlib.suppress(Exception):  # who has gone away need not be told
                await response(visit.scope, _nothing, visit.send)
            visit.is_over = True

    def _check(self, scope: HTTPScope) -> None:
        if (
            self._pulse is not None
            and self._pulse.away
            and not scope["path"].startswith(WITHOUT_DATABASE)
        ):
            self.metrics.shed.inc()
            raise _away()
        inspection.check_size(scope)
        inspection.check_spelling(scope)
        headers = dict(scope["headers"])
        inspection.check_host(scope, headers, self._hosts)
        if scope["method"] in SAFE:
            self._check_crowd(scope)
            return
        inspection.check_media_type(scope["path"], headers)
        if not scope["path"].startswith(self._machine_paths):
            inspection.check_same_site(headers)

    def _check_crowd(self, scope: HTTPScope) -> None:
        if self._inside > self._most_inside and not scope["path"].startswith("/health/"):
            self.metrics.shed.inc()
            raise Busy("The shop is very busy. Please try again in a moment.", retry_after_s=2)

    def _note(self, scope: HTTPScope, visit: "_Visit") -> None:
        """The template of the path, never the path: tokens in addresses open things."""
        path, took_s = scope.get("path_template", "?"), visit.took_s()
        worth_a_line = visit.status >= 400 or visit.method not in SAFE
        if logs.says("info" if worth_a_line else "debug"):
            write = log.info if worth_a_line else log.debug
            write(
                "request",
                method=visit.method,
                path=path,
                status=visit.status,
                ms=round(took_s * 1000, 1),
            )
        self.metrics.note(visit.method, path, visit.status, took_s)


def _less(ours: list[Pair], said: tuple[bytes, ...]) -> list[Pair]:
    """Our headers, but for those an answer has said already."""
    there = {name.lower() for name in said}
    return [pair for pair in ours if pair[0] not in there]


def _is_stream(headers: list[Pair]) -> bool:
    return any(value.startswith(b"text/event-stream") for _, value in headers)


def _away() -> Busy:
    return Busy("The shop is very busy. Please try again in a moment.", retry_after_s=2)


async def _nothing() -> Any:
    return {"type": "http.disconnect"}


class _Visit:
    """One request on its way through: its id, its answer's headers, how long it took."""

    def __init__(
        self,
        scope: HTTPScope,
        send: Send,
        unsaid: Callable[[tuple[bytes, ...]], list[Pair]],
        leave: Callable[[], None],
    ) -> None:
        self.id = str(new_id())
        self.method: str = scope["method"]
        self.head_only = scope["method"] == "HEAD"
        self.status = 0
        self.scope = scope
        self.is_over = False
        self._unsaid = unsaid
        self._send = send
        self._leave = leave
        self._is_inside = True
        self._started = time.perf_counter()
        self._answered_s = 0.0
        self._ended = False
        scope.setdefault("state", {})["request_id"] = self.id

    async def send(self, message: Message) -> None:
        if self.is_over:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._answered_s = time.perf_counter() - self._started
            said = message.get("headers", ())
            headers = [*said, *self._unsaid(tuple([name for name, _ in said]))]
            headers.append((b"x-request-id", self.id.encode()))
            message["headers"] = headers
            if self.method in SAFE and _is_stream(headers):
                self.leave()  # it stays for hours and asks for next to nothing
        elif self.head_only and message["type"] == "http.response.body":
            if self._ended:
                return
            self._ended = True
            message["body"], message["more_body"] = b"", False
        await self._send(message)

    def leave(self) -> None:
        """One who only listens to a stream is not in anybody's way."""
        if self._is_inside:
            self._is_inside = False
            self._leave()

    def took_s(self) -> float:
        """Until the answer began: a stream of changes may last for hours."""
        return self._answered_s or time.perf_counter() - self._started
