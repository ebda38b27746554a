"""What waits, what was given up, and how it is tried again."""

from uuid import UUID

from app.db import Connection
from app.jobs.models import Depth, Failed, Kind, Parked


async def depths(db: Connection) -> list[Depth]:
    rows = await db.fetch(
        """
        WITH waiting AS (
            SELECT delivery.consumer, count(*) AS waiting,
                   extract(epoch FROM now() - min(event.at))::float8 AS oldest_s
              FROM jobs.deliveries AS delivery
              JOIN jobs.events AS event USING (aggregate, number)
             WHERE delivery.delivered_at IS NULL
               AND delivery.parked_at IS NULL
             GROUP BY delivery.consumer
        ), parked AS (
            SELECT consumer, count(*) AS parked
              FROM jobs.deliveries
             WHERE parked_at IS NOT NULL
             GROUP BY consumer
        ), failing AS (
            SELECT consumer, count(*) AS failing, max(last_error) AS last_error
              FROM jobs.backlogs
             WHERE attempts > 0
             GROUP BY consumer
        )
        SELECT consumer, coalesce(waiting.waiting, 0) AS waiting,
               coalesce(waiting.oldest_s, 0) AS oldest_s,
               coalesce(failing.failing, 0) AS failing, coalesce(parked.parked, 0) AS parked,
               failing.last_error
          FROM waiting
          FULL JOIN parked USING (consumer)
          FULL JOIN failing USING (consumer)
         ORDER BY consumer
        """
    )
    return [Depth(**row) for row in rows]


async def kinds_of_steps(db: Connection) -> list[Kind]:
    rows = await db.fetch(
        """
        SELECT kind, count(*) FILTER (WHERE state = 'waiting') AS waiting,
               count(*) FILTER (WHERE state = 'waiting'
                                  AND due_at < now() - interval '1 minute') AS late,
               count(*) FILTER (WHERE state = 'failed') AS failed
          FROM jobs.tasks
         WHERE state IN ('waiting', 'failed')
         GROUP BY kind
         ORDER BY kind
        """
    )
    return [Kind(**row) for row in rows]


async def parked(db: Connection, limit: int) -> list[Parked]:
    rows = await db.fetch(
        """
        SELECT delivery.consumer, delivery.aggregate, delivery.number, event.kind, event.at,
               delivery.parked_at
          FROM jobs.deliveries AS delivery
          JOIN jobs.events AS event USING (aggregate, number)
         WHERE delivery.parked_at IS NOT NULL
         ORDER BY delivery.parked_at
         LIMIT $1
        """,
        limit,
    )
    return [Parked(**row) for row in rows]


async def failed(db: Connection, limit: int) -> list[Failed]:
    rows = await db.fetch(
        """
        SELECT id, kind, attempts, note, finished_at
          FROM jobs.tasks
         WHERE state = 'failed'
         ORDER BY finished_at
         LIMIT $1
        """,
        limit,
    )
    return [Failed(**row) for row in rows]


async def hear_again(db: Connection, consumer: str, aggregate: UUID, number: int) -> bool:
    """A parked event joins the queue of its consumer again; false when it is not parked."""
    return bool(
        await db.fetchval(
            """
            WITH freed AS (
                UPDATE jobs.deliveries
                   SET parked_at = NULL
                 WHERE consumer = $1 AND aggregate = $2 AND number = $3 AND parked_at IS NOT NULL
                RETURNING consumer, aggregate
            )
            INSERT INTO jobs.backlogs AS backlog (consumer, aggregate)
            SELECT consumer, aggregate FROM freed
                ON CONFLICT (consumer, aggregate) DO UPDATE
               SET due_at = now(), attempts = 0, first_failed_at = NULL
            RETURNING true
            """,
            consumer, aggregate, number,
        )
    )  # fmt: skip


async def step_again(db: Connection, id: UUID) -> bool:
    """A failed step is due at once, with all its attempts; false when it has not failed."""
    return bool(
        await db.fetchval(
            """
            UPDATE jobs.tasks
               SET state = 'waiting', attempts = 0, due_at = now(), finished_at = NULL
             WHERE id = $1 AND state = 'failed'
            RETURNING true
            """,
            id,
        )
    )


async def seconds_since_a_worker_swept(db: Connection) -> float | None:
    """How long ago some worker took its turn; None when none ever did."""
    seconds: float | None = await db.fetchval(
        """
        SELECT extract(epoch FROM now() - (due_at - interval '5 seconds'))::float8
          FROM jobs.timers
         WHERE name = 'mend backlogs'
        """
    )
    return seconds
