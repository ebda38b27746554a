"""Money that came in, and money that is held for us until it is taken."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.money import Money
from app.payments.models import Tender


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


async def tenders(
    db: Connection | Pool, order_id: UUID, besides: Sequence[UUID] = ()
) -> list[Tender]:
    """What an order was paid with, as far as it is taken or held, in the order in which it was paid.
    `besides`: these refunds do not count, e.g. because a credit note tells of them."""
    rows = await db.fetch(
        """
        SELECT intent.id, intent.provider, coalesce(card.ends_with, '') AS ends_with,
               coalesce(intent.reference, '') AS reference, intent.moved_from IS NOT NULL AS moved,
               card.why IS NOT DISTINCT FROM 'points' AS of_points,
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
                                          AND refund.id <> ALL ($2::uuid[])), 0)::bigint AS refunded
                  FROM payments.refunds AS refund
                 WHERE refund.intent_id = intent.id) AS money
         WHERE intent.order_id = $1
           AND (intent.state IN ('authorised', 'captured') OR money.captured IS NOT NULL)
         ORDER BY intent.place, intent.id
        """,
        order_id, list(besides),
    )  # fmt: skip
    return [Tender(**row) for row in rows]


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
