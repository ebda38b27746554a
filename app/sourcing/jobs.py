"""Rules are tried on many orders of the past by a worker, and whoever waits sees how far it is."""

import asyncio
from uuid import UUID

import msgspec

from app import jobs
from app.db import Connection, Pool
from app.jobs import Task
from app.sourcing import queries, trying
from app.sourcing.models import Decision, Trial, Weights

TRY = "rules for sourcing, tried"
AT_ONCE = 50


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """Rules that are tried: made from version `seen`, on the last `most` orders. `trial` is what came
    of it, None while it is under way (`percent` of it are done)."""

    id: UUID
    seen: int
    most: int
    weights: Weights
    percent: int = 0
    failed: bool = False
    trial: Trial | None = None


async def begin_try(db: Connection, id: UUID, seen: int, most: int, weights: Weights) -> None:
    """The same id again is the same try."""
    body = {"seen": seen, "most": most, "weights": msgspec.to_builtins(weights)}
    await jobs.later(db, TRY, body, id=id)


async def read_try(db: Connection, id: UUID) -> Try | None:
    task = await jobs.task(db, id)
    if task is None or task.kind != TRY:
        return None
    return msgspec.convert(
        {
            **task.body,
            "id": id,
            "percent": task.progress,
            "failed": task.state == "failed",
            "trial": task.outcome,
        },
        Try,
    )


async def try_rules(pool: Pool, task: Task) -> dict[str, object]:
    """Some at a time, in a thread: looking back over thousands of orders takes seconds."""
    weights, most = msgspec.convert(task.body["weights"], Weights), int(task.body["most"])
    found, last = trying.trial([]), None
    while found.orders < most:
        past = await queries.last_decisions(pool, min(AT_ONCE, most - found.orders), last)
        if not past:
            break
        last = past[-1]
        found = trying.together(found, await asyncio.to_thread(_tried, past, weights))
        await jobs.note_progress(pool, task.id, round(100 * found.orders / most))
    plain: dict[str, object] = msgspec.to_builtins(found)
    return plain


def _tried(past: list[Decision], weights: Weights) -> Trial:
    return trying.trial([trying.compare(one, weights) for one in past])
