"""Runs nobody has published yet follow the plan of their day: it keeps the promises, and is made
better until the vans leave."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from app import jobs, slots
from app.db import Connection, Pool, begin
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries
from app.fulfilment.models import Run, Stop


async def follow_plans(pool: Pool) -> None:
    """Arrange the runs of each day whose plan has changed since; any number of workers may ask."""
    since = datetime.now(UTC).date() - timedelta(days=1)
    async with begin(pool) as db:
        plans = await slots.plans.versions(db, since)
        known = await queries.followed(db, since)

    async def keep_up(changed: tuple[UUID, date]) -> None:
        async with begin(pool) as db:
            await follow(db, *changed, plans[changed])

    changed = [one for one, version in plans.items() if known.get(one, 0) < version]
    await jobs.one_by_one("runs of a day", changed, keep_up)


async def follow(db: Connection, place_id: UUID, day: date, version: int) -> int:
    """How many stops change their van. Pinned stops stay, and so does all that is published."""
    if not await queries.note_followed(db, place_id, day, version):
        return 0
    stops = await queries.planned_stops(db, place_id, day)
    await fulfilments.lock(db, [stop.fulfilment_id for stop in stops])
    runs = {
        run.id: run
        for window in await queries.planned_windows(db, place_id, day)
        for run in await queries.lock_runs_of_window(db, place_id, *window)
    }
    # Loaded, moved or published while we waited for the locks: not ours to move any more.
    stops = [
        stop
        for stop in await queries.planned_stops(db, place_id, day)
        if stop.run_id in runs and runs[stop.run_id].state == "planned"
    ]
    if not stops:
        return 0
    return await _arrange(db, runs, stops)


async def _arrange(db: Connection, runs: dict[UUID, Run], stops: Sequence[Stop]) -> int:
    first = runs[stops[0].run_id]
    trips = await slots.plans.trips(db, first.place_id, first.starts_at)
    touched = {stop.run_id: runs[stop.run_id] for stop in stops}
    moved = 0
    for stop in stops:
        here = runs[stop.run_id]
        van = trips.get(stop.order_id, (here.number, 0))[0]
        if van == here.number:
            continue
        there = await planning.run_of_van(db, here.place_id, here.starts_at, here.ends_at, van)
        if there.state != "planned" or there.number != van:
            continue
        await queries.change_run_of_stop(db, stop, there.id)
        touched[there.id] = there
        moved += 1
    for run in sorted(touched.values(), key=lambda run: (run.starts_at, run.number)):
        if await planning.renumber(db, run, trips=trips):
            await planning.changed(db, run, "RunFollowedPlan", {})
    return moved
