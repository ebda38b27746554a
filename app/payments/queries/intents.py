"""What an order wants paid, and where that stands."""

from datetime import datetime, timedelta
from uuid import UUID

from app.db import Connection, Pool
from app.money import Money
from app.payments.models import Intent, Started, State, Takes


async def write_intent(
    db: Connection, id: UUID, order_id: UUID, provider: str, amount: Money, currency: str,
    expires_at: datetime, ask_at: datetime, takes: Takes, place: int,
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO payments.intents (
               id, order_id, provider, amount, currency, expires_at, ask_at, takes, place)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        id, order_id, provider, amount, currency, expires_at, ask_at, takes, place,
    )  # fmt: skip


async def write_in_hand(
    db: Connection, id: UUID, order_id: UUID, provider: str, amount: Money, currency: str,
    until: datetime, place: int,
) -> None:  # fmt: skip
    """Held from the start, by ourselves: there is nobody to ask."""
    await db.execute(
        """
        INSERT INTO payments.intents (
               id, order_id, provider, amount, currency, expires_at, held_until, state, place)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 'authorised', $7)
        """,
        id, order_id, provider, amount, currency, until, place,
    )  # fmt: skip


async def find_intent(db: Connection | Pool, id: UUID) -> Intent | None:
    row = await db.fetchrow(
        """
        SELECT id, order_id, provider, reference, address, amount, currency, state, version,
               expires_at, asked, takes
          FROM payments.intents
         WHERE id = $1
        """,
        id,
    )
    return Intent(**row) if row else None


async def lock_intent(db: Connection, id: UUID) -> Intent | None:
    row = await db.fetchrow(
        """
        SELECT id, order_id, provider, reference, address, amount, currency, state, version,
               expires_at, asked, takes
          FROM payments.intents
         WHERE id = $1
           FOR UPDATE
        """,
        id,
    )
    return Intent(**row) if row else None


async def lock_intents_of_order(db: Connection, order_id: UUID) -> list[Intent]:
    rows = await db.fetch(
        """
        SELECT id, order_id, provider, reference, address, amount, currency, state, version,
               expires_at, asked, takes
          FROM payments.intents
         WHERE order_id = $1
         ORDER BY place, id
           FOR UPDATE
        """,
        order_id,
    )
    return [Intent(**row) for row in rows]


async def open_intent_of_order(db: Connection, order_id: UUID) -> Intent | None:
    """The one somebody still has to pay; goods that are to come back are no payment."""
    row = await db.fetchrow(
        """
        SELECT id, order_id, provider, reference, address, amount, currency, state, version,
               expires_at, asked, takes
          FROM payments.intents
         WHERE order_id = $1 AND state = 'open' AND provider <> 'exchange'
         ORDER BY id
         LIMIT 1
        """,
        order_id,
    )
    return Intent(**row) if row else None


async def note_started(db: Connection | Pool, id: UUID, started: Started) -> None:
    await db.execute(
        "UPDATE payments.intents SET reference = $2, address = $3 WHERE id = $1",
        id, started.reference, started.address,
    )  # fmt: skip


async def note_held(db: Connection, id: UUID, until: datetime) -> None:
    await db.execute("UPDATE payments.intents SET held_until = $2 WHERE id = $1", id, until)


async def set_state(db: Connection, id: UUID, state: State) -> int:
    version: int = await db.fetchval(
        """
        UPDATE payments.intents
           SET state = $2, version = version + 1, settled_at = now()
         WHERE id = $1
        RETURNING version
        """,
        id, state,
    )  # fmt: skip
    return version


async def bump(db: Connection, id: UUID) -> int:
    """Something happened to it that is told: its new version."""
    version: int = await db.fetchval(
        "UPDATE payments.intents SET version = version + 1 WHERE id = $1 RETURNING version", id
    )
    return version


async def take_due_intents(pool: Pool, limit: int, wait: timedelta) -> list[Intent]:
    """Those nobody told us about in time. Each is put off, so that one worker asks."""
    rows = await pool.fetch(
        """
        UPDATE payments.intents AS intent
           SET asked = intent.asked + 1, ask_at = now() + $2
          FROM (SELECT due.id
                  FROM payments.intents AS due
                 WHERE due.ask_at <= now()
                   AND due.provider <> 'exchange'
                 ORDER BY due.ask_at
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED) AS mine
         WHERE intent.id = mine.id
        RETURNING intent.id, intent.order_id, intent.provider, intent.reference, intent.address,
                  intent.amount, intent.currency, intent.state, intent.version, intent.expires_at,
                  intent.asked, intent.takes
        """,
        limit, wait,
    )  # fmt: skip
    return [Intent(**row) for row in rows]


async def ask_again_at(db: Connection | Pool, id: UUID, at: datetime | None) -> None:
    """None: the provider has said its last word. An open intent is always asked about again."""
    await db.execute(
        """
        UPDATE payments.intents
           SET ask_at = CASE WHEN $2::timestamptz IS NULL AND state = 'open' THEN ask_at ELSE $2 END
         WHERE id = $1
        """,
        id, at,
    )  # fmt: skip
