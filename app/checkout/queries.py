from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.checkout.models import Attempt, Sender, State
from app.db import Connection, Pool


async def open_attempt(
    db: Connection, id: UUID, cart_id: UUID, command: UUID, fingerprint: bytes, order_id: UUID,
    slot_id: UUID, due_at: datetime,
) -> bool:  # fmt: skip
    """False when this command of this cart is under way or over already; waits for who is at it."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO checkout.attempts (
                   id, cart_id, command, fingerprint, order_id, slot_id, due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (cart_id, command) DO NOTHING
            RETURNING true
            """,
            id, cart_id, command, fingerprint, order_id, slot_id, due_at,
        )
    )  # fmt: skip


async def lock_by_command(db: Connection, cart_id: UUID, command: UUID) -> Attempt:
    row = await db.fetchrow(
        """
        SELECT id, cart_id, command, fingerprint, state, order_id, intent_id, refusal,
               senders
          FROM checkout.attempts
         WHERE cart_id = $1 AND command = $2
           FOR UPDATE
        """,
        cart_id, command,
    )  # fmt: skip
    assert row is not None, "opened by somebody, so it is there"
    return _attempt(row)


async def renew(db: Connection, id: UUID, due_at: datetime) -> None:
    """Somebody still asks for it."""
    await db.execute(
        "UPDATE checkout.attempts SET due_at = $2 WHERE id = $1 AND state = 'frozen'", id, due_at
    )


async def placed_before(db: Connection, command: UUID, fingerprint: bytes) -> Attempt | None:
    """The same request, sent again after its basket had become the order and a new one followed."""
    row = await db.fetchrow(
        """
        SELECT id, cart_id, command, fingerprint, state, order_id, intent_id, refusal,
               senders
          FROM checkout.attempts
         WHERE command = $1 AND fingerprint = $2 AND state = 'paid'
        """,
        command, fingerprint,
    )  # fmt: skip
    return _attempt(row) if row else None


async def forget(db: Connection, id: UUID) -> None:
    """One that was opened in this transaction, and is not needed."""
    await db.execute("DELETE FROM checkout.attempts WHERE id = $1", id)


async def is_under_way(db: Connection, cart_id: UUID, besides: UUID) -> bool:
    """Another attempt makes an order of this basket, or has made one."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT
                             FROM checkout.attempts
                            WHERE cart_id = $1 AND id <> $2
                              AND state IN ('frozen', 'placed', 'paid'))
            """,
            cart_id, besides,
        )
    )  # fmt: skip


async def orders_before(db: Connection, email: str) -> int:
    """How many orders somebody has placed that are not off."""
    count: int = await db.fetchval(
        """
        SELECT count(*)::integer
          FROM orders.orders
         WHERE lower(email) = lower($1) AND state <> 'cancelled'
        """,
        email,
    )
    return count


async def waiting_order(db: Connection, cart_id: UUID) -> UUID | None:
    """The order of this basket that waits for its payment."""
    id: UUID | None = await db.fetchval(
        """
        SELECT order_id
          FROM checkout.attempts
         WHERE cart_id = $1 AND state = 'placed'
         LIMIT 1
        """,
        cart_id,
    )
    return id


async def lock(db: Connection, id: UUID) -> Attempt:
    row = await db.fetchrow(
        """
        SELECT id, cart_id, command, fingerprint, state, order_id, intent_id, refusal,
               senders
          FROM checkout.attempts
         WHERE id = $1
           FOR UPDATE
        """,
        id,
    )
    assert row is not None, "attempts are never deleted"
    return _attempt(row)


async def lock_of_order(db: Connection, order_id: UUID) -> Attempt | None:
    """None for an order that did not come from a checkout, e.g. from the demo's past."""
    row = await db.fetchrow(
        """
        SELECT id, cart_id, command, fingerprint, state, order_id, intent_id, refusal,
               senders
          FROM checkout.attempts
         WHERE order_id = $1
           FOR UPDATE
        """,
        order_id,
    )
    return _attempt(row) if row else None


async def note_placed(db: Connection, id: UUID, intent_id: UUID | None, due_at: datetime) -> None:
    await db.execute(
        """
        UPDATE checkout.attempts
           SET state = 'placed', intent_id = $2, due_at = $3
         WHERE id = $1
        """,
        id, intent_id, due_at,
    )  # fmt: skip


async def note_kept(db: Connection, id: UUID, due_at: datetime) -> None:
    """It waits for longer than a payment; news of it does not make that longer still."""
    await db.execute(
        """
        UPDATE checkout.attempts
           SET due_at = $2
         WHERE id = $1
           AND state = 'placed'
           AND tries = 0
           AND due_at < $2::timestamptz - interval '1 day'
        """,
        id, due_at,
    )  # fmt: skip


async def end(db: Connection, id: UUID, state: State, refusal: dict[str, Any] | None) -> None:
    await db.execute(
        """
        UPDATE checkout.attempts
           SET state = $2, refusal = $3, due_at = NULL
         WHERE id = $1
        """,
        id, state, refusal,
    )  # fmt: skip


async def write_senders(db: Connection, id: UUID, senders: Sequence[Sender]) -> None:
    """Who sends it from now on, whoever repeats this command."""
    await db.execute(
        "UPDATE checkout.attempts SET senders = $2 WHERE id = $1",
        id, msgspec.to_builtins(list(senders)),
    )  # fmt: skip


async def take_overdue(pool: Pool, limit: int) -> list[tuple[UUID, UUID, State]]:
    """Attempt, order and state; each is put off a little, so that one worker goes for it."""
    rows = await pool.fetch(
        """
        UPDATE checkout.attempts AS attempt
           SET tries = attempt.tries + 1, due_at = now() + interval '20 seconds'
          FROM (SELECT due.id
                  FROM checkout.attempts AS due
                 WHERE due.state IN ('frozen', 'placed') AND due.due_at <= now()
                 ORDER BY due.due_at
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED) AS mine
         WHERE attempt.id = mine.id
        RETURNING attempt.id, attempt.order_id, attempt.state
        """,
        limit,
    )
    return [(row["id"], row["order_id"], row["state"]) for row in rows]


def _attempt(row: Any) -> Attempt:
    senders = row["senders"] and msgspec.convert(row["senders"], list[Sender])
    return Attempt(**{**row, "senders": senders})
