"""An order as it moves: one server-sent event each time its version changes."""

from collections.abc import AsyncIterator
from uuid import UUID

from app.db import Pool
from app.live import Hub
from app.orders import queries

RECONNECT_MS = 2000


async def stream(pool: Pool, hub: Hub, order_id: UUID, seen: int) -> AsyncIterator[str]:
    """`version` events newer than `seen`; who hears one reads what it shows. Ends with the hub."""
    yield f"retry: {RECONNECT_MS}\n\n"
    async for changed in hub.wakes(f"order:{order_id}"):
        if changed is None:
            yield ": still here\n\n"
            continue
        version = (await queries.versions(pool, [str(order_id)])).get(str(order_id), 0)
        if version > seen:
            seen = version
            yield f"id: {version}\nevent: version\ndata: {version}\n\n"


def version_in(last_event_id: str | None) -> int:
    """What a browser sends back when it connects again; anything else is as if nothing was seen."""
    written = last_event_id or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 18 else 0
