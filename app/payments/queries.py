from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.db import Connection, Pool
from app.money import Money
from app.payments.models import (
    Fact,
    Intent,
    Oddity,
    Refund,
    Started,
    State,
    Takes,
    Teller,
    Tender,
)


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


async def tenders(
    db: Connection | Pool, order_id: UUID, until: datetime | None = None
) -> list[Tender]:
    """What an order was paid with, as far as it is taken or held, in the order in which it was paid.
    `until`: what went back later does not count."""
    rows = await db.fetch(
        """
        SELECT intent.id, intent.provider, coalesce(card.ends_with, '') AS ends_with,
               coalesce(money.captured, intent.amount - money.waived) AS amount, money.refunded
          FROM payments.intents AS intent
          LEFT JOIN payments.gift_ledger AS hold
            ON hold.intent_id = coalesce(intent.moved_from, intent.id) AND hold.kind = 'hold'
          LEFT JOIN payments.gift_cards AS card ON card.id = hold.card_id
         CROSS JOIN LATERAL (
                SELECT (SELECT sum(amount)
                          FROM payments.captures WHERE intent_id = intent.id)::bigint AS captured,
                       coalesce(sum(refund.amount)
                                FILTER (WHERE refund.state = 'waived'), 0)::bigint AS waived,
                       coalesce(sum(refund.amount)
                                FILTER (WHERE refund.state <> 'waived'
                                          AND ($2::timestamptz IS NULL OR refund.wanted_at <= $2)),
                                0)::bigint AS refunded
                  FROM payments.refunds AS refund
                 WHERE refund.intent_id = intent.id) AS money
         WHERE intent.order_id = $1
           AND (intent.state IN ('authorised', 'captured') OR money.captured IS NOT NULL)
         ORDER BY intent.place, intent.id
        """,
        order_id, until,
    )  # fmt: skip
    return [Tender(**row) for row in rows]


async def open_intent_of_order(db: Connection, order_id: UUID) -> Intent | None:
    row = await db.fetchrow(
        """
        SELECT id, order_id, provider, reference, address, amount, currency, state, version,
               expires_at, asked, takes
          FROM payments.intents
         WHERE order_id = $1 AND state = 'open'
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


async def keep_fact(db: Connection, fact: Fact, told_by: Teller) -> bool:
    """False when it was heard before."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO payments.events (
                   provider, event_id, intent_id, kind, capture, amount, currency, told_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (provider, event_id) DO NOTHING
            RETURNING true
            """,
            fact.provider, fact.event_id, fact.intent_id, fact.kind, fact.capture, fact.amount,
            fact.currency, told_by,
        )
    )  # fmt: skip


async def keep_capture(db: Connection, intent_id: UUID, reference: str, amount: Money) -> bool:
    """False when this charge is known; another notification may tell of it again."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO payments.captures (intent_id, reference, amount)
            VALUES ($1, $2, $3)
                ON CONFLICT (intent_id, reference) DO NOTHING
            RETURNING true
            """,
            intent_id, reference, amount,
        )
    )  # fmt: skip


async def captured(db: Connection, intent_id: UUID) -> Money:
    amount: Money = await db.fetchval(
        "SELECT coalesce(sum(amount), 0)::bigint FROM payments.captures WHERE intent_id = $1",
        intent_id,
    )
    return amount


async def refunded(db: Connection, intent_id: UUID) -> Money:
    """Wanted or made: both are promised."""
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(amount), 0)::bigint
          FROM payments.refunds
         WHERE intent_id = $1
           AND state <> 'waived'
        """,
        intent_id,
    )
    return amount


async def left(db: Connection, intent_id: UUID) -> Money:
    """What came in by this tender or is held for us, less what was promised back. The intent is
    locked. Held money that is being taken counts as taken."""
    amount: Money = await db.fetchval(
        """
        SELECT (greatest((SELECT coalesce(sum(amount), 0)
                            FROM payments.captures WHERE intent_id = $1),
                         (SELECT coalesce(sum(amount), 0)
                            FROM payments.takings WHERE intent_id = $1 AND state = 'wanted'),
                         CASE WHEN intent.state = 'authorised'
                               AND NOT EXISTS (SELECT
                                                 FROM payments.takings WHERE intent_id = $1)
                              THEN intent.amount
                                   - (SELECT coalesce(sum(amount), 0)
                                        FROM payments.refunds
                                       WHERE intent_id = $1 AND state = 'waived')
                              ELSE 0 END)
                - (SELECT coalesce(sum(amount), 0)
                     FROM payments.refunds WHERE intent_id = $1 AND state <> 'waived'))::bigint
          FROM payments.intents AS intent
         WHERE intent.id = $1
        """,
        intent_id,
    )
    return amount


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


async def went_back_by(db: Connection, order_id: UUID, provider: str) -> Money:
    """Of money that was moved here and is wanted back by this means."""
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(refund.amount), 0)::bigint
          FROM payments.refunds AS refund
          JOIN payments.intents AS intent ON intent.id = refund.intent_id
         WHERE intent.order_id = $1
           AND intent.provider = $2
           AND intent.moved_from IS NOT NULL
           AND refund.moved_to IS NULL
        """,
        order_id, provider,
    )  # fmt: skip
    return amount


async def refunded_because(db: Connection, intent_id: UUID, reason: str) -> Money:
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(amount), 0)::bigint
          FROM payments.refunds
         WHERE intent_id = $1 AND reason = $2
        """,
        intent_id, reason,
    )  # fmt: skip
    return amount


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


async def note_held(db: Connection, id: UUID, until: datetime) -> None:
    await db.execute("UPDATE payments.intents SET held_until = $2 WHERE id = $1", id, until)


async def refund_exists(db: Connection, id: UUID) -> bool:
    return bool(await db.fetchval("SELECT true FROM payments.refunds WHERE id = $1", id))


async def want_taking(db: Connection, intent_id: UUID) -> Money:
    """All that is held and was not waived; 0 when it is being taken already, or nothing is left.
    The intent is locked."""
    amount: Money | None = await db.fetchval(
        """
        INSERT INTO payments.takings (intent_id, amount)
        SELECT intent.id, intent.amount - waived.amount
          FROM payments.intents AS intent
         CROSS JOIN (SELECT coalesce(sum(amount), 0)::bigint AS amount
                       FROM payments.refunds
                      WHERE intent_id = $1 AND state = 'waived') AS waived
         WHERE intent.id = $1
           AND intent.state = 'authorised'
           AND intent.amount > waived.amount
            ON CONFLICT (intent_id) DO NOTHING
        RETURNING amount
        """,
        intent_id,
    )
    return amount or 0


async def end_taking(db: Connection, intent_id: UUID, state: str) -> None:
    await db.execute(
        "UPDATE payments.takings SET state = $2 WHERE intent_id = $1 AND state = 'wanted'",
        intent_id, state,
    )  # fmt: skip


async def taking(db: Connection, intent_id: UUID) -> Money:
    """How much is being taken, or was; 0 for none."""
    amount: Money | None = await db.fetchval(
        "SELECT amount FROM payments.takings WHERE intent_id = $1 AND state <> 'void'", intent_id
    )
    return amount or 0


async def take_due_takings(pool: Pool, limit: int) -> list[tuple[UUID, Money]]:
    """Each is put off in the same breath, so that nobody else tries it meanwhile."""
    rows = await pool.fetch(
        """
        UPDATE payments.takings AS taking
           SET attempts = taking.attempts + 1,
               due_at = now() + least(10 * 2 ^ least(taking.attempts, 9), 3600)
                              * interval '1 second'
          FROM (SELECT due.intent_id
                  FROM payments.takings AS due
                 WHERE due.state = 'wanted' AND due.due_at <= now()
                 ORDER BY due.due_at
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED) AS mine
         WHERE taking.intent_id = mine.intent_id
        RETURNING taking.intent_id, taking.amount
        """,
        limit,
    )
    return [(row["intent_id"], row["amount"]) for row in rows]


async def soon_let_go(pool: Pool, limit: int) -> list[tuple[UUID, UUID]]:
    """Intent and order of money that its bank lets go of within a day, and that nobody takes yet."""
    rows = await pool.fetch(
        """
        SELECT intent.id, intent.order_id
          FROM payments.intents AS intent
         WHERE intent.state = 'authorised'
           AND intent.held_until < now() + interval '1 day'
           AND NOT EXISTS (SELECT
                             FROM payments.takings AS taking
                            WHERE taking.intent_id = intent.id)
         ORDER BY intent.held_until
         LIMIT $1
        """,
        limit,
    )
    return [(row["id"], row["order_id"]) for row in rows]


async def oddities(db: Connection | Pool, limit: int) -> list[Oddity]:
    """What a person must look at, the oldest first."""
    rows = await db.fetch(
        """
        SELECT oddity.id, intent.order_id, intent.provider, oddity.what, oddity.told,
               oddity.found_at
          FROM payments.oddities AS oddity
          JOIN payments.intents AS intent ON intent.id = oddity.intent_id
         WHERE oddity.settled_at IS NULL
         ORDER BY oddity.found_at
         LIMIT $1
        """,
        limit,
    )
    return [Oddity(**row) for row in rows]


async def settle_oddity(db: Connection, id: UUID) -> bool:
    """Somebody has looked at it; false when somebody else had."""
    return bool(
        await db.fetchval(
            """
            UPDATE payments.oddities
               SET settled_at = now()
             WHERE id = $1 AND settled_at IS NULL
            RETURNING true
            """,
            id,
        )
    )


async def bump(db: Connection, id: UUID) -> int:
    """Something happened to it that is told: its new version."""
    version: int = await db.fetchval(
        "UPDATE payments.intents SET version = version + 1 WHERE id = $1 RETURNING version", id
    )
    return version


async def keep_oddity(
    db: Connection, id: UUID, intent_id: UUID, what: str, told: Mapping[str, Any]
) -> None:
    await db.execute(
        "INSERT INTO payments.oddities (id, intent_id, what, told) VALUES ($1, $2, $3, $4)",
        id, intent_id, what, dict(told),
    )  # fmt: skip


async def want_refund(
    db: Connection, id: UUID, intent_id: UUID, amount: Money, reason: str
) -> bool:
    """Conditional on what came in (or is being taken) and was not promised back yet; of money that
    is only held, so much less will be taken. The intent is locked."""
    return bool(
        await db.fetchval(
            """
            WITH money AS (
                SELECT intent.state = 'authorised' AND taking.intent_id IS NULL AS is_held,
                       intent.amount AS held,
                       greatest((SELECT coalesce(sum(amount), 0)
                                   FROM payments.captures WHERE intent_id = $2),
                                coalesce(taking.amount, 0)) AS came_in,
                       (SELECT coalesce(sum(amount), 0)
                          FROM payments.refunds
                         WHERE intent_id = $2 AND state = 'waived') AS waived,
                       (SELECT coalesce(sum(amount), 0)
                          FROM payments.refunds
                         WHERE intent_id = $2 AND state <> 'waived') AS promised
                  FROM payments.intents AS intent
                  LEFT JOIN payments.takings AS taking
                    ON taking.intent_id = intent.id
                   AND taking.state = 'wanted'
                 WHERE intent.id = $2
            )
            INSERT INTO payments.refunds (id, intent_id, amount, reason, state)
            SELECT $1, $2, $3::bigint, $4, CASE WHEN is_held THEN 'waived' ELSE 'wanted' END
              FROM money
             WHERE $3::bigint <= CASE WHEN is_held THEN held - waived ELSE came_in - promised END
                ON CONFLICT (id) DO NOTHING
            RETURNING true
            """,
            id, intent_id, amount, reason,
        )
    )  # fmt: skip


async def take_due_refunds(pool: Pool, limit: int) -> list[Refund]:
    """Each is put off in the same breath, so that nobody else tries it meanwhile."""
    rows = await pool.fetch(
        """
        UPDATE payments.refunds AS refund
           SET attempts = refund.attempts + 1,
               due_at = now() + least(10 * 2 ^ least(refund.attempts, 9), 3600)
                              * interval '1 second'
          FROM (SELECT due.id
                  FROM payments.refunds AS due
                  JOIN payments.intents AS source ON source.id = due.intent_id
                 WHERE due.state = 'wanted' AND due.due_at <= now()
                   AND source.state <> 'authorised'
                 ORDER BY due.due_at
                 LIMIT $1
                   FOR UPDATE OF due SKIP LOCKED) AS mine,
               payments.intents AS paid
          JOIN payments.intents AS intent ON intent.id = coalesce(paid.moved_from, paid.id)
         WHERE refund.id = mine.id
           AND paid.id = refund.intent_id
        RETURNING refund.id, intent.id AS intent_id, intent.provider, intent.reference, refund.amount,
                  intent.currency, refund.attempts
        """,
        limit,
    )
    return [Refund(**row) for row in rows]


async def note_refunded(pool: Pool, id: UUID, reference: str) -> None:
    await pool.execute(
        """
        UPDATE payments.refunds
           SET state = 'made', reference = $2, made_at = now()
         WHERE id = $1 AND state = 'wanted'
        """,
        id, reference,
    )  # fmt: skip


async def take_due_intents(pool: Pool, limit: int, wait: timedelta) -> list[Intent]:
    """Those nobody told us about in time. Each is put off, so that one worker asks."""
    rows = await pool.fetch(
        """
        UPDATE payments.intents AS intent
           SET asked = intent.asked + 1, ask_at = now() + $2
          FROM (SELECT due.id
                  FROM payments.intents AS due
                 WHERE due.ask_at <= now()
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
