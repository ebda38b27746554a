from uuid import UUID

from app.db import Connection


async def stop(db: Connection, product_id: UUID, *, stopped: bool) -> bool:
    """Whether it is off sale whatever `on_sale` says. False when there is no such product."""
    return bool(
        await db.fetchval(
            "UPDATE catalog.products SET stopped = $2 WHERE id = $1 RETURNING true",
            product_id, stopped,
        )
    )  # fmt: skip
