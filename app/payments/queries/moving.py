"""Money that was paid for one order and pays for another."""

from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.money import Money


async def left_to_move(db: Connection, intent_id: UUID) -> Money:
    """What really came in by this tender, less what was promised back. The intent is locked."""
    amount: Money = await db.fetchval(
        """
        SELECT ((SELECT coalesce(sum(amount), 0)
                   FROM payments.captures WHERE intent_id = $1)
                - (SELECT coalesce(sum(amount), 0)
                     FROM payments.refunds WHERE intent_id = $1 AND state <> 'waived'))::bigint
        """,
        intent_id,
    )
    return amount


async def set_aside(db: Connection, id: UUID, intent_id: UUID, amount: Money, reason: str) -> UUID:
    """Not for this order any more, and nobody has to be told. Returns the tender it came in with at
    first. The intent is locked, and so much is left."""
    source: UUID = await db.fetchval(
        """
        WITH refund AS (
             INSERT INTO payments.refunds (
                    id, intent_id, amount, reason, state, reference, made_at)
             VALUES ($1, $2, $3, $4, 'made', 'stays here', now()))
        SELECT coalesce(moved_from, id)
          FROM payments.intents
         WHERE id = $2
        """,
        id, intent_id, amount, reason,
    )  # fmt: skip
    return source


async def write_promise(
    db: Connection, id: UUID, order_id: UUID, provider: str, amount: Money, currency: str,
    until: datetime,
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO payments.intents (
               id, order_id, provider, amount, currency, expires_at, ask_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'infinity')
        """,
        id, order_id, provider, amount, currency, until,
    )  # fmt: skip


async def promised(db: Connection, order_id: UUID, provider: str) -> Money:
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(amount), 0)::bigint
          FROM payments.intents
         WHERE order_id = $1
           AND provider = $2
           AND state = 'open'
        """,
        order_id, provider,
    )  # fmt: skip
    return amount


async def end_promise(db: Connection, order_id: UUID, provider: str) -> None:
    """It never was money: nothing of it has to be kept."""
    await db.execute(
        "DELETE FROM payments.intents WHERE order_id = $1 AND provider = $2", order_id, provider
    )


async def write_moved(
    db: Connection, id: UUID, order_id: UUID, provider: str, amount: Money, currency: str,
    source: UUID, place: int, refund_id: UUID,
) -> None:  # fmt: skip
    """Paid from the start, with what was set aside."""
    await db.execute(
        """
        WITH intent AS (
             INSERT INTO payments.intents (
                    id, order_id, provider, amount, currency, expires_at, state, version,
                    settled_at, moved_from, place)
             VALUES ($1, $2, $3, $4, $5, now(), 'captured', 2, now(), $6, $7)
             RETURNING id),
             capture AS (
             INSERT INTO payments.captures (intent_id, reference, amount)
             SELECT intent.id, 'moved ' || $8::uuid, $4
               FROM intent)
        UPDATE payments.refunds
           SET moved_to = intent.id
          FROM intent
         WHERE refunds.id = $8
        """,
        id, order_id, provider, amount, currency, source, place, refund_id,
    )  # fmt: skip
