from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.checkout.changing.models import Amended, Hand, Waiting
from app.db import Connection


async def write(
    db: Connection, id: UUID, order_id: UUID, state: str, intent_id: UUID | None,
    amended: Amended, made_by: Hand, reason: str,
) -> bool:  # fmt: skip
    """False while another change of this order waits for its payment."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO checkout.changes (
                   id, order_id, state, intent_id, difference, lines, receipt, made_by, reason, done_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $3 = 'made' THEN now() END)
                ON CONFLICT (order_id) WHERE state = 'waiting' DO NOTHING
            RETURNING true
            """,
            id, order_id, state, intent_id, amended.difference, msgspec.to_builtins(amended.lines),
            msgspec.to_builtins(amended.receipt), made_by, reason,
        )
    )  # fmt: skip


async def waiting(db: Connection, order_id: UUID) -> Waiting | None:
    """The order is locked, or it is only looked at."""
    row = await db.fetchrow(
        """
        SELECT id, order_id, intent_id, difference, lines, receipt
          FROM checkout.changes
         WHERE order_id = $1
           AND state = 'waiting'
        """,
        order_id,
    )
    kept: dict[str, Any] = dict(row) if row else {}
    return msgspec.convert(kept, Waiting) if row else None


async def paid_in_vain(db: Connection, order_id: UUID) -> list[UUID]:
    """The payments of changes that came to nothing."""
    rows = await db.fetch(
        """
        SELECT intent_id
          FROM checkout.changes
         WHERE order_id = $1
           AND state = 'dropped'
           AND intent_id IS NOT NULL
         ORDER BY intent_id
        """,
        order_id,
    )
    return [row["intent_id"] for row in rows]


async def end(db: Connection, id: UUID, state: str) -> None:
    await db.execute(
        "UPDATE checkout.changes SET state = $2, done_at = now() WHERE id = $1", id, state
    )


async def live_holds(db: Connection, order_id: UUID) -> list[UUID]:
    """All that is promised to this order and was not picked yet."""
    rows = await db.fetch(
        """
        SELECT id
          FROM stock.holds
         WHERE holder = $1
           AND state = 'held'
         UNION
        SELECT id
          FROM stock.holds
         WHERE holder = $1
           AND state = 'confirmed'
         ORDER BY id
        """,
        order_id,
    )
    return [row["id"] for row in rows]


async def most_of(db: Connection, product_ids: list[UUID]) -> dict[UUID, int]:
    """How many of a product one customer may have, where that is limited."""
    rows = await db.fetch(
        """
        SELECT id, most_per_basket
          FROM catalog.products
         WHERE id = ANY ($1::uuid[])
           AND most_per_basket IS NOT NULL
        """,
        product_ids,
    )
    return {row["id"]: row["most_per_basket"] for row in rows}


async def forget_people(db: Connection, order_ids: Sequence[UUID]) -> None:
    """Why an order was changed, in somebody's own words."""
    await db.execute(
        "UPDATE checkout.changes SET reason = '' WHERE order_id = ANY ($1::uuid[])", list(order_ids)
    )
