from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.stock.stopping.models import Stop


async def write_stop(db: Connection, id: UUID, product_id: UUID, reason: str, message: str) -> bool:
    """False when its sale is stopped already."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO stock.stops (id, product_id, reason, message)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (product_id) WHERE ended_at IS NULL DO NOTHING
            RETURNING true
            """,
            id, product_id, reason, message,
        )
    )  # fmt: skip


async def end_stop(db: Connection, product_id: UUID) -> UUID | None:
    id: UUID | None = await db.fetchval(
        """
        UPDATE stock.stops
           SET ended_at = now(), version = version + 1
         WHERE product_id = $1
           AND ended_at IS NULL
        RETURNING id
        """,
        product_id,
    )
    return id


async def find(db: Connection | Pool, id: UUID) -> Stop | None:
    row = await db.fetchrow(
        """
        SELECT stop.id, stop.product_id, product.gtin, stop.reason, stop.message, stop.stopped_at
          FROM stock.stops AS stop
          JOIN catalog.products AS product ON product.id = stop.product_id
         WHERE stop.id = $1
        """,
        id,
    )
    return Stop(**row) if row else None


async def running(db: Connection | Pool) -> list[Stop]:
    rows = await db.fetch(
        """
        SELECT stop.id, stop.product_id, product.gtin, stop.reason, stop.message, stop.stopped_at
          FROM stock.stops AS stop
          JOIN catalog.products AS product ON product.id = stop.product_id
         WHERE stop.ended_at IS NULL
         ORDER BY stop.stopped_at
        """
    )
    return [Stop(**row) for row in rows]


async def stopped(db: Connection | Pool, product_ids: Sequence[UUID]) -> set[UUID]:
    """Those of them that must not be sold, picked or handed over now."""
    rows = await db.fetch(
        """
        SELECT product_id
          FROM stock.stops
         WHERE product_id = ANY ($1::uuid[])
           AND ended_at IS NULL
        """,
        list(product_ids),
    )
    return {row["product_id"] for row in rows}
