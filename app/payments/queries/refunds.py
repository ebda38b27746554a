"""Money on its way back."""

from uuid import UUID

from app.db import Connection, Pool
from app.money import Money
from app.payments.models import Refund


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


async def waived(db: Connection, intent_id: UUID) -> Money:
    """Of what was held: so much less is to be taken."""
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(amount), 0)::bigint
          FROM payments.refunds
         WHERE intent_id = $1 AND state = 'waived'
        """,
        intent_id,
    )
    return amount


async def refund_exists(db: Connection, id: UUID) -> bool:
    return bool(await db.fetchval("SELECT true FROM payments.refunds WHERE id = $1", id))


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
