"""Many phones at once: keep-alive HTTP/1.1 over plain sockets, so that the client costs little."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

Request = bytes


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


async def drive(
    port: int, phones: int, seconds: float, next_request: Callable[[int], Request]
) -> Run:
    """Each phone asks, waits for the answer and asks again, until the time is over."""
    took_ms: list[float] = []
    statuses: dict[int, int] = {}
    end = time.perf_counter() + seconds

    async def phone(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            started = time.perf_counter()
            writer.write(next_request(number))
            status, _ = await answer(reader)
            took_ms.append((time.perf_counter() - started) * 1000)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(phone(number) for number in range(phones)))
    elapsed = time.perf_counter() - started
    took_ms.sort()
    return Run(
        len(took_ms) / elapsed,
        took_ms[len(took_ms) // 2],
        took_ms[int(len(took_ms) * 0.99)],
        statuses,
    )


async def ask(port: int, asked: Request) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own; returns status, headers (lower case) and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    headers = _headers(head)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    writer.close()
    return int(head[9:12]), headers, body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    at = lower.find(b"content-length:")
    length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
    body = await reader.readexactly(length) if length else b""
    return int(head[9:12]), body


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
