"""Receipts: where each stands, and its number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection, Pool
from app.money import Money
from app.tills.models import Receipt, State, Tender


async def begin_receipt(
    db: Connection, id: UUID, till_id: UUID, shift_id: UUID, cart_id: UUID, *,
    state: State = "open", offline: bool = False,
) -> bool:  # fmt: skip
    """False when another one is open on this till, or this id is there."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO tills.receipts (id, till_id, shift_id, cart_id, state, offline)
            VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT DO NOTHING
            RETURNING true
            """,
            id, till_id, shift_id, cart_id, state, offline,
        )
    )  # fmt: skip


async def receipt(db: Connection | Pool, id: UUID, till_id: UUID) -> Receipt | None:
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by,
               handed_out
          FROM tills.receipts
         WHERE id = $1 AND till_id = $2
        """,
        id, till_id,
    )  # fmt: skip
    return Receipt(**row) if row else None


async def lock_receipt(db: Connection, id: UUID, till_id: UUID) -> Receipt | None:
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by,
               handed_out
          FROM tills.receipts
         WHERE id = $1 AND till_id = $2
           FOR UPDATE
        """,
        id, till_id,
    )  # fmt: skip
    return Receipt(**row) if row else None


async def open_receipt(db: Connection | Pool, till_id: UUID) -> Receipt | None:
    """The one at which the clerk is."""
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by,
               handed_out
          FROM tills.receipts
         WHERE till_id = $1 AND state = 'open'
        """,
        till_id,
    )
    return Receipt(**row) if row else None


async def receipts(
    db: Connection, shift_id: UUID, states: Sequence[State], limit: int
) -> list[Receipt]:
    """The newest first."""
    rows = await db.fetch(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by,
               handed_out
          FROM tills.receipts
         WHERE shift_id = $1 AND state = ANY ($2::text[])
         ORDER BY coalesce(sold_at, opened_at) DESC
         LIMIT $3
        """,
        shift_id, list(states), limit,
    )  # fmt: skip
    return [Receipt(**row) for row in rows]


async def things_on(db: Connection, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many things lie on each of these receipts, in whosever basket."""
    rows = await db.fetch(
        """
        SELECT receipt.id, cart.items
          FROM tills.receipts AS receipt
          JOIN cart.carts AS cart ON cart.id = receipt.cart_id
         WHERE receipt.id = ANY ($1::uuid[])
        """,
        list(ids),
    )
    return {row["id"]: row["items"] for row in rows}


async def by_order(db: Connection | Pool, order_id: UUID) -> Receipt | None:
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by,
               handed_out
          FROM tills.receipts
         WHERE order_id = $1
        """,
        order_id,
    )
    return Receipt(**row) if row else None


async def become(db: Connection, id: UUID, state: State) -> bool:
    """Parked, or open again where no other one is. False when it cannot."""
    return bool(
        await db.fetchval(
            """
            UPDATE tills.receipts AS receipt
               SET state = $2, order_id = NULL, tender = NULL, total = NULL, given = NULL,
                   rounding = 0, sold_at = NULL, cash = NULL
             WHERE receipt.id = $1
               AND receipt.state IN ('open', 'parked', 'paying')
               AND ($2 <> 'open' OR NOT EXISTS (SELECT
                                                  FROM tills.receipts AS other
                                                 WHERE other.till_id = receipt.till_id
                                                   AND other.id <> receipt.id
                                                   AND other.state = 'open'))
            RETURNING true
            """,
            id, state,
        )
    )  # fmt: skip


async def note_sold(
    db: Connection, receipt: Receipt, state: State, order_id: UUID, tender: Tender, total: Money,
    cash: Money, given: Money | None, rounding: Money, person_id: UUID,
    sold_at: datetime | None = None,
) -> int:  # fmt: skip
    """Gives it the next number of its till, once."""
    number: int = await db.fetchval(
        """
        WITH next AS (
             UPDATE tills.tills
                SET last_receipt = last_receipt + 1
              WHERE id = $2 AND $9::integer IS NULL
             RETURNING last_receipt)
        UPDATE tills.receipts
           SET state = $3, order_id = $4, tender = $5, total = $6, given = $7, rounding = $8,
               number = coalesce($9, (SELECT last_receipt FROM next)),
               sold_at = coalesce($10, now()), cash = $11, sold_by = $12
         WHERE id = $1
        RETURNING number
        """,
        receipt.id, receipt.till_id, state, order_id, tender, total, given, rounding,
        receipt.number, sold_at, cash, person_id,
    )  # fmt: skip
    return number


async def note_paid(db: Connection, id: UUID) -> bool:
    """False when somebody else noted it."""
    return bool(
        await db.fetchval(
            """
            UPDATE tills.receipts SET state = 'paid' WHERE id = $1 AND state = 'paying'
            RETURNING true
            """,
            id,
        )
    )


async def void(db: Connection, id: UUID, reason: str) -> None:
    await db.execute(
        "UPDATE tills.receipts SET state = 'void', void_reason = $2 WHERE id = $1", id, reason
    )
