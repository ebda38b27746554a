from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.db import Connection, Pool
from app.jobs.models import Backlog, Depth, Event, Failed, Kind, News, Parked, Task


async def tell(
    db: Connection,
    aggregate: UUID,
    number: int,
    aggregate_kind: str,
    kind: str,
    body: dict[str, Any],
    consumers: Sequence[str],
) -> None:
    await db.execute(
        """
        WITH told AS (
            INSERT INTO jobs.events (aggregate, number, aggregate_kind, kind, body)
            VALUES ($1, $2, $3, $4, $5)
            RETURNING aggregate, number
        ), waiting AS (
            INSERT INTO jobs.deliveries (consumer, aggregate, number)
            SELECT hearer.name, told.aggregate, told.number
              FROM told
             CROSS JOIN unnest($6::text[]) AS hearer (name)
        )
        INSERT INTO jobs.backlogs (consumer, aggregate)
        SELECT hearer.name, told.aggregate
          FROM told
         CROSS JOIN unnest($6::text[]) AS hearer (name)
         ORDER BY hearer.name
            ON CONFLICT (consumer, aggregate) DO NOTHING
        """,
        aggregate, number, aggregate_kind, kind, body, list(consumers),
    )  # fmt: skip


async def tell_all(
    db: Connection, aggregate_kind: str, news: Sequence[News], hearers: Sequence[tuple[str, str]]
) -> None:
    await db.execute(
        """
        WITH told AS (
            INSERT INTO jobs.events (aggregate_kind, aggregate, number, kind, body)
            SELECT $1, happening.id, happening.number, happening.kind, happening.body
              FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::jsonb[])
                AS happening (id, number, kind, body)
            RETURNING aggregate, number, kind
        ), hearing AS (
            SELECT hearer.name, told.aggregate, told.number
              FROM told
              JOIN unnest($6::text[], $7::text[]) AS hearer (kind, name) USING (kind)
        ), waiting AS (
            INSERT INTO jobs.deliveries (consumer, aggregate, number)
            SELECT name, aggregate, number
              FROM hearing
        )
        INSERT INTO jobs.backlogs (consumer, aggregate)
        SELECT DISTINCT name, aggregate
          FROM hearing
         ORDER BY name, aggregate
            ON CONFLICT (consumer, aggregate) DO NOTHING
        """,
        aggregate_kind,
        [item.id for item in news],
        [item.number for item in news],
        [item.kind for item in news],
        [item.body for item in news],
        [kind for kind, _ in hearers],
        [name for _, name in hearers],
    )


async def write_events(db: Connection, aggregate_kind: str, news: Sequence[News]) -> None:
    """What nobody is registered for stands there all the same, for who comes later."""
    await db.execute(
        """
        INSERT INTO jobs.events (aggregate_kind, aggregate, number, kind, body)
        SELECT $1, happening.id, happening.number, happening.kind, happening.body
          FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::jsonb[])
            AS happening (id, number, kind, body)
        """,
        aggregate_kind,
        [item.id for item in news],
        [item.number for item in news],
        [item.kind for item in news],
        [item.body for item in news],
    )


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


async def write_task(
    db: Connection, id: UUID, kind: str, body: dict[str, Any], due_at: datetime | None
) -> None:
    await db.execute(
        """
        INSERT INTO jobs.tasks (id, kind, body, due_at)
        VALUES ($1, $2, $3, coalesce($4, now()))
            ON CONFLICT (id) DO NOTHING
        """,
        id, kind, body, due_at,
    )  # fmt: skip


async def task(db: Connection | Pool, id: UUID) -> Task | None:
    row = await db.fetchrow(
        """
        SELECT id, kind, body, state, attempts, progress, note, outcome
          FROM jobs.tasks
         WHERE id = $1
        """,
        id,
    )
    return Task(**row) if row else None


async def lease_tasks(
    pool: Pool, lease: UUID, kinds: Sequence[str], limit: int, length: timedelta
) -> list[Task]:
    rows = await pool.fetch(
        """
        UPDATE jobs.tasks AS task
           SET lease = $1, leased_until = now() + $4, attempts = task.attempts + 1
          FROM (SELECT due.id
                  FROM jobs.tasks AS due
                 WHERE due.state = 'waiting'
                   AND due.due_at <= now()
                   AND due.leased_until < now()
                   AND due.kind = ANY ($2::text[])
                 ORDER BY due.due_at
                 LIMIT $3
                   FOR UPDATE SKIP LOCKED) AS mine
         WHERE task.id = mine.id
        RETURNING task.id, task.kind, task.body, task.state, task.attempts, task.progress,
                  task.note, task.outcome
        """,
        lease, list(kinds), limit, length,
    )  # fmt: skip
    return [Task(**row) for row in rows]


async def renew_task(pool: Pool, id: UUID, lease: UUID, length: timedelta) -> None:
    await pool.execute(
        "UPDATE jobs.tasks SET leased_until = now() + $3 WHERE id = $1 AND lease = $2",
        id, lease, length,
    )  # fmt: skip


async def note_progress(pool: Pool, id: UUID, percent: int, note: str | None = None) -> None:
    await pool.execute(
        "UPDATE jobs.tasks SET progress = $2, note = coalesce($3, note) WHERE id = $1",
        id, percent, note,
    )  # fmt: skip


async def finish_task(pool: Pool, id: UUID, lease: UUID, outcome: Any) -> None:
    await pool.execute(
        """
        UPDATE jobs.tasks
           SET state = 'done', progress = 100, outcome = $3, finished_at = now(),
               leased_until = '-infinity'
         WHERE id = $1 AND lease = $2
        """,
        id, lease, outcome,
    )  # fmt: skip


async def put_off_task(pool: Pool, id: UUID, lease: UUID, wait: timedelta, note: str) -> None:
    await pool.execute(
        """
        UPDATE jobs.tasks
           SET due_at = now() + $3, note = $4, leased_until = '-infinity'
         WHERE id = $1 AND lease = $2
        """,
        id, lease, wait, note,
    )  # fmt: skip


async def fail_task(pool: Pool, id: UUID, lease: UUID, note: str) -> None:
    await pool.execute(
        """
        UPDATE jobs.tasks
           SET state = 'failed', note = $3, finished_at = now(), leased_until = '-infinity'
         WHERE id = $1 AND lease = $2
        """,
        id, lease, note,
    )  # fmt: skip


async def take_turn(pool: Pool, name: str, interval: timedelta) -> bool:
    """True for one worker each time the timer comes due."""
    return bool(
        await pool.fetchval(
            """
            INSERT INTO jobs.timers AS timer (name, due_at)
            VALUES ($1, now() + $2)
                ON CONFLICT (name) DO UPDATE SET due_at = now() + $2 WHERE timer.due_at <= now()
            RETURNING true
            """,
            name, interval,
        )
    )  # fmt: skip


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
