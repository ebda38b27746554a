"""Steps to be taken once they are due, and turns of sweeps."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.db import Connection, Pool
from app.jobs.models import Task


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
