from datetime import datetime
from uuid import UUID

from app.db import Connection, Pool
from app.money import Money
from app.payments.models import Intent, Wish
from app.payments.testpay.models import Event, Page


async def open_page(pool: Pool, id: str, intent: Intent, wish: Wish) -> str:
    """The same reference again is the same payment."""
    opened: str = await pool.fetchval(
        """
        INSERT INTO payments.test_payments AS payment (
               id, reference, amount, currency, title, language, return_to, notify, expires_at,
               takes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (reference) DO UPDATE SET return_to = payment.return_to
        RETURNING id
        """,
        id, intent.id, intent.amount, intent.currency, wish.title, wish.language, wish.return_to,
        wish.notify, intent.expires_at, intent.takes,
    )  # fmt: skip
    return opened


async def find(db: Connection | Pool, id: str) -> Page | None:
    row = await db.fetchrow(
        """
        SELECT id, reference, amount, currency, title, language, state, declined, return_to, notify,
               expires_at, takes
          FROM payments.test_payments
         WHERE id = $1
        """,
        id,
    )
    return Page(**row) if row else None


async def lock(db: Connection, id: str) -> Page | None:
    row = await db.fetchrow(
        """
        SELECT id, reference, amount, currency, title, language, state, declined, return_to, notify,
               expires_at, takes
          FROM payments.test_payments
         WHERE id = $1
           FOR UPDATE
        """,
        id,
    )
    return Page(**row) if row else None


async def by_reference(db: Connection | Pool, reference: UUID) -> Page | None:
    row = await db.fetchrow(
        """
        SELECT id, reference, amount, currency, title, language, state, declined, return_to, notify,
               expires_at, takes
          FROM payments.test_payments
         WHERE reference = $1
        """,
        reference,
    )
    return Page(**row) if row else None


async def become(db: Connection, id: str, state: str) -> bool:
    """Only what is open can become anything, and what is held can be let go."""
    return bool(
        await db.fetchval(
            """
            UPDATE payments.test_payments
               SET state = $2
             WHERE id = $1
               AND (state = 'open' OR state = 'held' AND $2 = 'cancelled')
            RETURNING true
            """,
            id, state,
        )
    )  # fmt: skip


async def charge_held(db: Connection, id: str) -> bool:
    return bool(
        await db.fetchval(
            """
            UPDATE payments.test_payments
               SET state = 'charged'
             WHERE id = $1 AND state = 'held'
            RETURNING true
            """,
            id,
        )
    )


async def note_declined(db: Connection, id: str) -> None:
    await db.execute("UPDATE payments.test_payments SET declined = declined + 1 WHERE id = $1", id)


async def write_event(
    db: Connection, id: UUID, payment_id: str, kind: str, amount: Money, currency: str
) -> None:
    await db.execute(
        """
        INSERT INTO payments.test_events (id, payment_id, number, kind, amount, currency)
        SELECT $1, $2, count(*) + 1, $3, $4, $5
          FROM payments.test_events
         WHERE payment_id = $2
        """,
        id, payment_id, kind, amount, currency,
    )  # fmt: skip


async def event(pool: Pool, id: UUID) -> Event | None:
    row = await pool.fetchrow(
        """
        SELECT id, payment_id, number, kind, amount, currency, at
          FROM payments.test_events
         WHERE id = $1
        """,
        id,
    )
    return Event(**row) if row else None


async def events(db: Connection | Pool, payment_id: str) -> list[Event]:
    rows = await db.fetch(
        """
        SELECT id, payment_id, number, kind, amount, currency, at
          FROM payments.test_events
         WHERE payment_id = $1
         ORDER BY number
        """,
        payment_id,
    )
    return [Event(**row) for row in rows]


async def pay_back(pool: Pool, key: UUID, payment_id: str, amount: Money) -> datetime:
    """The same key again is the same refund."""
    at: datetime = await pool.fetchval(
        """
        INSERT INTO payments.test_refunds AS refund (key, payment_id, amount)
        VALUES ($1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET amount = refund.amount
        RETURNING at
        """,
        key, payment_id, amount,
    )  # fmt: skip
    return at
