"""What the demo asks of the shop it fills."""

from uuid import UUID

from app.db import Connection


async def is_empty(db: Connection) -> bool:
    return not await db.fetchval("SELECT EXISTS (SELECT FROM catalog.products)")


async def ids_by_gtin(db: Connection) -> dict[str, UUID]:
    rows = await db.fetch("SELECT gtin, id FROM catalog.products")
    return {row["gtin"]: row["id"] for row in rows}


async def live_labels(db: Connection) -> dict[UUID, str]:
    """One printed code for each product that hangs on a wall."""
    rows = await db.fetch(
        """
        SELECT product_id, min(token) AS token
          FROM walls.labels
         WHERE state = 'live'
         GROUP BY product_id
        """
    )
    return {row["product_id"]: row["token"] for row in rows}
