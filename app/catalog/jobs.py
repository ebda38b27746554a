"""What a worker does for the catalogue: checking and importing files, which takes its time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from app import jobs
from app.catalog.importing import actions
from app.catalog.queries import staging
from app.db import Pool, begin
from app.jobs import Register, Task
from app.settings import Settings

CHECK, IMPORT = actions.CHECK, actions.IMPORT


def register(register: Register, settings: Settings) -> None:
    register.step(CHECK, checker(settings.currency))
    register.step(IMPORT, take_over)
    register.every(timedelta(hours=1), "forget files that were never imported", forget_old)


def checker(currency: str) -> Callable[[Pool, Task], Awaitable[None]]:
    async def check(pool: Pool, task: Task) -> None:
        notes: set[asyncio.Task[None]] = set()

        def progress(share: float) -> None:
            note = asyncio.ensure_future(jobs.note_progress(pool, task.id, round(share * 90)))
            notes.add(note)
            note.add_done_callback(notes.discard)

        await actions.check(pool, UUID(task.body["import"]), currency, progress)

    return check


async def take_over(pool: Pool, task: Task) -> None:
    await actions.take_over(pool, UUID(task.body["import"]))


async def forget_old(pool: Pool) -> None:
    async with begin(pool) as db:
        await staging.forget_old(db)
