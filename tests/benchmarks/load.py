"""Many phones at once: keep-alive HTTP/1.1 over plain sockets, so that the client costs little."""

import asyncio
import select
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple, TypeVar

import uvloop

Request = bytes
PATIENCE_S = 30.0
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
    return await asyncio.to_thread(_drive, port, phones, seconds, next_request)


def _drive(port: int, phones: int, seconds: float, next_request: Callable[[int], Request]) -> Run:
    """Bare sockets and one wait for all of them: as pgbench, the client should cost next to nothing,
    for what it costs is taken from the shop, on the same cores."""
    took: list[float] = []
    statuses: dict[int, int] = {}
    poll = select.epoll()
    driven = {}
    for number in range(phones):
        phone = _Phone(number, socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))
        driven[phone.socket.fileno()] = phone
        poll.register(phone.socket, select.EPOLLIN)
    started = time.perf_counter()
    end = started + seconds
    for phone in driven.values():
        phone.asked = time.perf_counter()
        phone.socket.sendall(next_request(phone.number))
    while driven:
        ready = poll.poll(PATIENCE_S)
        if not ready:
            raise TimeoutError("the shop does not answer")
        for file, _ in ready:
            phone = driven[file]
            answer = phone.read()
            if answer is None:
                continue
            now, status = time.perf_counter(), int(answer[9:12])
            took.append(now - phone.asked)
            statuses[status] = statuses.get(status, 0) + 1
            if now < end:
                phone.asked = now
                phone.socket.sendall(next_request(phone.number))
            else:
                poll.unregister(file)
                driven.pop(file).socket.close()
    elapsed = time.perf_counter() - started
    poll.close()
    took.sort()
    return Run(
        len(took) / elapsed,
        took[len(took) // 2] * 1000,
        took[int(len(took) * 0.99)] * 1000,
        statuses,
    )


class _Phone:
    """A keep-alive connection."""

    __slots__ = ("_begun", "asked", "number", "socket")

    def __init__(self, number: int, opened: socket.socket) -> None:
        self.number = number
        self.socket = opened
        self.asked = 0.0
        self._begun = b""

    def read(self) -> bytes | None:
        """The answer once it is whole."""
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionResetError("the shop hung up")
        answer = self._begun + data if self._begun else data
        whole = _length(answer)
        if whole is None or len(answer) < whole:
            self._begun = answer
            return None
        self._begun = b""
        return answer


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
