"""What is left of a product, as it changes: for the page of a wall position."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from app.db import Pool
from app.live import Hub
from app.stock import queries
from app.stock.rules import FEW, supply

RECONNECT_MS = 2000
CALM_S = 0.3
"""Between two looks at a product that sells by the second, however many look at it."""

_seen: dict[tuple[int, UUID], tuple[float, "asyncio.Task[int]"]] = {}


async def stream(pool: Pool, hub: Hub, product_id: UUID) -> AsyncIterator[str]:
    """A `supply` event each time the words on the page change, the first at once."""
    yield f"retry: {RECONNECT_MS}\n\n"
    told: object = None
    async for changed in hub.wakes(f"supply:{product_id}"):
        if changed is None:
            yield ": still here\n\n"
            continue
        left = min(await _left(pool, product_id), FEW + 1)
        if left != told:
            told = left
            body = msgspec.json.encode({"supply": supply(left), "left": left}).decode()
            yield f"event: supply\ndata: {body}\n\n"
        await asyncio.sleep(CALM_S)


async def _left(pool: Pool, product_id: UUID) -> int:
    """One look for all who ask within a moment: three hundred stand before the same poster."""
    now, key = time.monotonic(), (id(pool), product_id)
    if key not in _seen or now - _seen[key][0] > CALM_S:
        for old in [key for key, (at, _) in _seen.items() if now - at > 1]:
            del _seen[old]
        _seen[key] = (now, asyncio.create_task(_look(pool, product_id)))
    return await asyncio.shield(_seen[key][1])


async def _look(pool: Pool, product_id: UUID) -> int:
    return (await queries.available(pool, [product_id]))[product_id]
