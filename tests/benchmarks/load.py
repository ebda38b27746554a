"""Many phones at once: keep-alive HTTP/1.1 over plain sockets, so that the client costs little."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple, TypeVar, cast

import uvloop

Request = bytes
Answer = TypeVar("Answer")


class Run(NamedTuple):
    per_s: float
    p50_ms: float
    p99_ms: float
    statuses: dict[int, int]


def request(
    method: str, path: str, body: bytes = b"", *, cookie: str = "", headers: str = ""
) -> Request:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    if body:
        lines.append("Content-Type: application/json")
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n" + headers + "\r\n").encode() + body


async def apart(work: Coroutine[Any, Any, Answer]) -> Answer:
    """On a loop of its own, the one the shop has: the client should not be the slower of the two."""
    return await asyncio.to_thread(uvloop.run, work)


async def drive(
    port: int, phones: int, seconds: float, next_request: Callable[[int], Request]
) -> Run:
    """Each phone asks, waits for the answer and asks again, until the time is over."""
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    driven = [_Phone(number, next_request, started + seconds) for number in range(phones)]
    for phone in driven:
        await loop.create_connection(lambda phone=phone: phone, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(phone.done for phone in driven))
    elapsed = time.perf_counter() - started
    took_ms = sorted(ms for phone in driven for ms in phone.took_ms)
    return Run(
        len(took_ms) / elapsed,
        took_ms[len(took_ms) // 2],
        took_ms[int(len(took_ms) * 0.99)],
        total([phone.statuses for phone in driven]),
    )


class _Phone(asyncio.Protocol):
    """A keep-alive connection without streams or tasks: what the client costs is taken from the
    shop, on the same cores."""

    def __init__(self, number: int, next_request: Callable[[int], Request], end: float) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.took_ms: list[float] = []
        self.statuses: dict[int, int] = {}
        self._number = number
        self._next_request = next_request
        self._end = end
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer = data if not self._buffer else self._buffer + data
        whole = _length(self._buffer)
        if whole is None or len(self._buffer) < whole:
            return
        now, status = time.perf_counter(), int(self._buffer[9:12])
        self.took_ms.append((now - self._asked) * 1000)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._buffer = b""
        if now < self._end:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if error is None and time.perf_counter() >= self._end:
            self.done.set_result(None)
        else:
            self.done.set_exception(error or ConnectionResetError("the shop hung up"))

    def _ask(self) -> None:
        request = self._next_request(self._number)
        self._asked = time.perf_counter()
        self._transport.write(request)


def _length(answer: bytes) -> int | None:
    """Of the whole answer that begins here; None while its head is not complete."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    at = answer.find(b"\r\ncontent-length: ", 0, end + 2)
    if at < 0:
        at = answer[:end].lower().find(b"\r\ncontent-length: ")
    return end + 4 + (int(answer[at + 18 : answer.index(b"\r\n", at + 18)]) if at >= 0 else 0)


async def ask(port: int, asked: Request) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own; returns status, headers (lower case) and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    headers = _headers(head)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    writer.close()
    return int(head[9:12]), headers, body


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return {name.lower(): value.strip() for name, value in pairs}


def total(statuses: Sequence[dict[int, int]]) -> dict[int, int]:
    together: dict[int, int] = {}
    for one in statuses:
        for status, count in one.items():
            together[status] = together.get(status, 0) + count
    return together
