"""Backlogs of events, worked off in order under a lease."""

from datetime import timedelta
from uuid import UUID

from app.db import Connection, Pool
from app.jobs.models import Backlog, Event


async def lease_backlogs(pool: Pool, lease: UUID, limit: int, length: timedelta) -> list[Backlog]:
    rows = await pool.fetch(
        """
        UPDATE jobs.backlogs AS backlog
           SET lease = $1, leased_until = now() + $3
          FROM (SELECT due.consumer, due.aggregate
                  FROM jobs.backlogs AS due
                 WHERE due.due_at <= now()
                   AND due.leased_until < now()
                 ORDER BY due.due_at
                 LIMIT $2
                   FOR UPDATE SKIP LOCKED) AS mine
         WHERE backlog.consumer = mine.consumer
           AND backlog.aggregate = mine.aggregate
        RETURNING backlog.consumer, backlog.aggregate, backlog.attempts, backlog.first_failed_at
        """,
        lease, limit, length,
    )  # fmt: skip
    return [Backlog(**row) for row in rows]


async def next_event(db: Connection, consumer: str, aggregate: UUID, lease: UUID) -> Event | None:
    """Locks the backlog for this transaction; None when another worker has taken it over, or when
    all was heard."""
    row = await db.fetchrow(
        """
        WITH mine AS MATERIALIZED (
            SELECT consumer, aggregate
              FROM jobs.backlogs
             WHERE consumer = $1
               AND aggregate = $2
               AND lease = $3
               FOR UPDATE
        )
        SELECT event.aggregate, event.number, event.aggregate_kind, event.kind, event.body, event.at
          FROM mine
          JOIN jobs.deliveries AS delivery USING (consumer, aggregate)
          JOIN jobs.events AS event
            ON event.aggregate = delivery.aggregate
           AND event.number = delivery.number
         WHERE delivery.consumer = $1
           AND delivery.aggregate = $2
           AND delivery.delivered_at IS NULL
           AND delivery.parked_at IS NULL
         ORDER BY delivery.number
         LIMIT 1
        """,
        consumer, aggregate, lease,
    )  # fmt: skip
    return Event(**row) if row else None


async def mark_delivered(db: Connection, consumer: str, event: Event) -> None:
    await db.execute(
        """
        UPDATE jobs.deliveries
           SET delivered_at = now()
         WHERE consumer = $1 AND aggregate = $2 AND number = $3
        """,
        consumer, event.aggregate, event.number,
    )  # fmt: skip


async def park(db: Connection, consumer: str, event: Event) -> None:
    await db.execute(
        """
        UPDATE jobs.deliveries
           SET parked_at = now()
         WHERE consumer = $1 AND aggregate = $2 AND number = $3
        """,
        consumer, event.aggregate, event.number,
    )  # fmt: skip


async def close_backlog(db: Connection, consumer: str, aggregate: UUID) -> bool:
    """False when there is more to hear. An event told meanwhile found the backlog there and added
    none: `mend_backlogs` finds it."""
    return bool(
        await db.fetchval(
            """
            DELETE FROM jobs.backlogs AS backlog
             WHERE backlog.consumer = $1
               AND backlog.aggregate = $2
               AND NOT EXISTS (SELECT
                                 FROM jobs.deliveries AS delivery
                                WHERE delivery.consumer = $1
                                  AND delivery.aggregate = $2
                                  AND delivery.delivered_at IS NULL
                                  AND delivery.parked_at IS NULL)
            RETURNING true
            """,
            consumer, aggregate,
        )
    )  # fmt: skip


async def put_off_backlog(
    pool: Pool, consumer: str, aggregate: UUID, lease: UUID, wait: timedelta, error: str
) -> None:
    await pool.execute(
        """
        UPDATE jobs.backlogs
           SET attempts = attempts + 1, due_at = now() + $4, leased_until = '-infinity',
               last_error = $5, first_failed_at = coalesce(first_failed_at, now())
         WHERE consumer = $1 AND aggregate = $2 AND lease = $3
        """,
        consumer, aggregate, lease, wait, error,
    )  # fmt: skip


async def forget_failures(db: Connection, consumer: str, aggregate: UUID) -> None:
    await db.execute(
        """
        UPDATE jobs.backlogs
           SET attempts = 0, first_failed_at = NULL, last_error = NULL
         WHERE consumer = $1 AND aggregate = $2 AND attempts > 0
        """,
        consumer, aggregate,
    )  # fmt: skip


async def mend_backlogs(pool: Pool) -> None:
    """A delivery whose backlog row was just being closed gets a new one."""
    await pool.execute(
        """
        INSERT INTO jobs.backlogs (consumer, aggregate)
        SELECT DISTINCT delivery.consumer, delivery.aggregate
          FROM jobs.deliveries AS delivery
         WHERE delivery.delivered_at IS NULL
           AND delivery.parked_at IS NULL
            ON CONFLICT (consumer, aggregate) DO NOTHING
        """
    )
