"""A desk's page follows a basket or an order: it reads again what it shows, the stream only says when."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.response import Stream

from app import cart, orders


def follow(state: Any, cart_id: UUID | None, order_id: UUID | None) -> Response[Any]:
    """Server-sent events: `version` whenever the order has changed, or the basket where there is none."""
    topic = f"order:{order_id}" if order_id else f"cart:{cart_id}"
    return Stream(
        versions_of(state, topic),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


async def versions_of(state: Any, topic: str) -> AsyncIterator[str]:
    read = cart.versions if topic.startswith("cart:") else orders.versions
    id, seen = topic.partition(":")[2], -1
    yield "retry: 2000\n\n"
    async for changed in state.hub.wakes(topic):
        if changed is None:
            yield ": still here\n\n"
            continue
        version = (await read(state.pool, [id])).get(id, 0)
        if version > seen:
            seen = version
            yield f"id: {version}\nevent: version\ndata: {version}\n\n"
        await asyncio.sleep(0)
