"""Scanning and reading, over HTTP and without it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec

from app import cart
from app.cart.models import Add
from app.db import begin, new_id
from tests.benchmarks.load import Run, ask, drive, request
from tests.benchmarks.running import Shop

PHONES = 64
SECONDS = 6.0
CONNECTIONS = 16


async def scan_vs_limit(shop: Shop) -> tuple[float, float]:
    """Scans per second by 64 phones, against the same commands one a transaction without HTTP."""
    texts = await labels(shop)
    cookies = [await basket(shop, texts[0]) for _ in range(PHONES)]
    newest = "SELECT id FROM cart.carts WHERE state = 'open' ORDER BY id DESC LIMIT $1"
    carts = [row["id"] for row in await shop.pool.fetch(newest, PHONES)]

    def scan(phone: int) -> bytes:
        # One unit of one of many products: no line of 99 is reached within the run.
        body = {"id": str(new_id()), "text": texts[time.perf_counter_ns() % len(texts)]}
        return request("POST", "/api/v1/scans", msgspec.json.encode(body), cookie=cookies[phone])

    async def add(worker: int) -> None:
        label = texts[time.perf_counter_ns() % len(texts)].split("/")[-3]
        one = Add(id=new_id(), cart_id=carts[worker % len(carts)], label=label, added_from="wall")
        async with begin(shop.pool) as connection:
            await cart.apply(connection, [one])

    run = await drive(shop.port, PHONES, SECONDS, scan)
    _all_well(run)
    ratio = run.per_s / await _rate(add)
    return ratio, ratio


async def read_cart_vs_limit(shop: Shop) -> tuple[float, float]:
    """Whole baskets read per second, against the same statements without HTTP."""
    texts = await labels(shop)
    cookies = [await basket(shop, *texts[:8]) for _ in range(PHONES)]
    newest: UUID = await shop.pool.fetchval("SELECT id FROM cart.carts ORDER BY id DESC LIMIT 1")

    async def read(_: int) -> None:
        async with begin(shop.pool) as connection:
            await cart.read(connection, newest, "nl")

    run = await drive(
        shop.port,
        PHONES,
        SECONDS,
        lambda phone: request("GET", "/api/v1/cart", cookie=cookies[phone]),
    )
    _all_well(run)
    ratio = run.per_s / await _rate(read)
    return ratio, ratio


async def _rate(act: Callable[[int], Awaitable[None]]) -> float:
    """How often a second it is done by as many as there are connections, for as long as above."""
    done, end = 0, time.perf_counter() + SECONDS

    async def again_and_again(worker: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await act(worker)
            done += 1

    await asyncio.gather(*(again_and_again(worker) for worker in range(CONNECTIONS)))
    return done / SECONDS


async def labels(shop: Shop) -> list[str]:
    rows = await shop.pool.fetch(
        "SELECT token, gtin FROM walls.labels WHERE state = 'live' ORDER BY token"
    )
    return [f"http://shop.example/{row['token']}/01/{row['gtin']}" for row in rows]


async def basket(shop: Shop, *texts: str) -> str:
    """A fresh basket with these in it; returns its cookie."""
    cookie = ""
    for text in texts:
        body = msgspec.json.encode({"id": str(new_id()), "text": text})
        status, headers, answer = await ask(
            shop.port, request("POST", "/api/v1/scans", body, cookie=cookie)
        )
        if status != 200:
            raise RuntimeError(f"a scan was answered {status}: {answer.decode()[:200]}")
        cookie = cookie or headers["set-cookie"].split(";")[0]
    return cookie


def _all_well(run: Run) -> None:
    refused = {status: count for status, count in run.statuses.items() if status not in (200, 409)}
    if refused:
        raise RuntimeError(f"answers that should not be: {refused}")
