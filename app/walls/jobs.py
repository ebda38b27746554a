from datetime import timedelta
from uuid import UUID

from app import jobs
from app.db import Pool
from app.jobs import Register, Task
from app.walls.actions import PRINT
from app.walls.press.actions import MAKE
from app.walls.printing import draw, make_file
from app.walls.sites.actions import open_due


def register(register: Register) -> None:
    register.step(PRINT, print_ordered)
    register.step(MAKE, make_ordered)
    register.every(timedelta(seconds=5), "open sites whose hour has come", open_due)


async def print_ordered(pool: Pool, task: Task) -> dict[str, str]:
    """Draw an edition that was ordered; how far it is can be watched on the task of its id."""
    edition_id = UUID(task.body["edition"])

    async def note(percent: int, stage: str) -> None:
        await jobs.note_progress(pool, task.id, percent, stage)

    await draw(pool, edition_id, note)
    return {"edition": str(edition_id)}


async def make_ordered(pool: Pool, task: Task) -> dict[str, str]:
    """Make a file of an edition; how far it is can be watched on the task of its id."""

    async def note(percent: int, stage: str) -> None:
        await jobs.note_progress(pool, task.id, percent, stage)

    await make_file(pool, UUID(task.body["file"]), note)
    return {"file": task.body["file"]}
