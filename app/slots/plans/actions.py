"""A promise goes into the plan of its day together with its slot, or is not made."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app import jobs, routing
from app.db import Connection, Pool, begin
from app.jobs import Task
from app.routing import insertion
from app.routing.models import Draft
from app.slots.models import Held, Need, Slot
from app.slots.plans import queries, rules
from app.slots.plans.models import DayPlan
from app.stock.models import Place

LOOK_FOR_S = 2.0
"""Of search for a better plan, in a process of its own."""
IMPROVE = "better plan for a day"


class NoVan(Exception):
    """Nobody could come in that window any more, without being late somewhere else."""


async def draw_up(db: Connection, place: Place, first: date, days: int) -> None:
    """The plans of the coming days of a place that has vans; those there are stay."""
    shifts = await queries.shifts(db, place.id)
    for day in (first + timedelta(days=n) for n in range(days)):
        point = (place.latitude, place.longitude)
        draft = rules.empty(point, shifts, day, ZoneInfo(place.time_zone))
        if draft.vans:
            await queries.write_new(db, place.id, day, draft)


async def include(
    db: Connection, hold: Held, slot: Slot, need: Need, *, from_slot: UUID | None = None
) -> bool:
    """Give the hold a stop in the plan of its day; one it has on the day of `from_slot` is given up.

    Read first and written under its version; when somebody was faster, once more under its lock.
    False where there is no plan, or nobody knows where to go. Raises NoVan.
    """
    slots = [slot.id, *([from_slot] if from_slot else [])]
    days = await queries.days_of(db, slots)
    if from_slot is None:
        plan = await queries.read(db, *days[slot.id])
        if plan is None or need.point is None:
            return False
        if await queries.write(db, plan, _with(plan.draft, hold, slot, need)):
            return True
    plans = {
        (plan.place_id, plan.day): plan for plan in await queries.lock(db, [*set(days.values())])
    }
    drafts = {key: insertion.without(plan.draft, [str(hold.order)]) for key, plan in plans.items()}
    here = days[slot.id]
    planned = here in drafts and need.point is not None
    if planned:
        drafts[here] = _with(drafts[here], hold, slot, need)
    await _write_changed(db, plans, drafts)
    return planned


async def lock(db: Connection, slot_ids: Sequence[UUID]) -> None:
    """The plans of the days of these slots."""
    days = await queries.days_of(db, list(slot_ids))
    await queries.lock(db, [*set(days.values())])


async def leave(db: Connection, holds: Sequence[Held]) -> None:
    """They no longer have to be brought; the holds are locked, and so are their slots."""
    days = await queries.days_of(db, [hold.slot_id for hold in holds if hold.planned])
    if not days:
        return
    plans = {
        (plan.place_id, plan.day): plan for plan in await queries.lock(db, [*set(days.values())])
    }
    gone = [str(hold.order) for hold in holds]
    drafts = {key: insertion.without(plan.draft, gone) for key, plan in plans.items()}
    await _write_changed(db, plans, drafts)


async def fitting(
    db: Connection | Pool, slots: Mapping[UUID, tuple[Slot, date]], need: Need
) -> set[UUID]:
    """Those of the slots, given with their day at their place, somebody could still come in."""
    if need.point is None or not slots:
        return set(slots)
    days = [day for _, day in slots.values()]
    places = {slot.place_id for slot, _ in slots.values()}
    plans = await queries.read_many(db, [*places], min(days), max(days))
    by_day: dict[tuple[UUID, date], list[Slot]] = {}
    for slot, day in slots.values():
        by_day.setdefault((slot.place_id, day), []).append(slot)
    fit = set()
    for key, group in by_day.items():
        if key not in plans:
            fit |= {slot.id for slot in group}
            continue
        stops = [rules.stop("", slot, need) for slot in group]
        found = zip(group, insertion.gaps(plans[key].draft, stops), strict=True)
        fit |= {slot.id for slot, gap in found if gap is not None}
    return fit


async def want_better(pool: Pool) -> None:
    """A step for each plan that has changed; any number of workers may ask at once."""
    async with begin(pool) as db:
        for place_id, day in await queries.take_to_improve(db, 8):
            body = {"place": str(place_id), "day": day.isoformat()}
            await jobs.later(db, IMPROVE, body)


async def improve(pool: Pool, task: Task, *, seconds: float = LOOK_FOR_S) -> str:
    """Look for a plan with fewer kilometres that keeps every promise. What was promised or given
    back meanwhile is worked in; if it does not fit, the plan stays as it is."""
    key = (UUID(task.body["place"]), date.fromisoformat(task.body["day"]))
    before = await queries.read(pool, *key)
    if before is None:
        return "gone"
    problem, plan = insertion.problem_of(before.draft)
    found = await routing.improve(problem, seconds=seconds, start=plan)
    if found is None:
        return "as good as it was"
    better = insertion.drafted(before.draft, problem, found)
    async with begin(pool) as db:
        [now] = await queries.lock(db, [key])
        draft = rules.merged(now.draft, better)
        if draft is None:
            return "overtaken"
        await queries.write(db, now, draft, improved=now.version == before.version)
        return f"{insertion.length_m(now.draft)} m -> {insertion.length_m(draft)} m"


def _with(draft: Draft, hold: Held, slot: Slot, need: Need) -> Draft:
    stop = rules.stop(str(hold.order), slot, need)
    [gap] = insertion.gaps(draft, [stop])
    if gap is None:
        raise NoVan
    taken = insertion.insert(draft, gap, stop)
    assert insertion.fits(taken, gap.tour), "what fits by its slack fits by driving it"
    return taken


async def _write_changed(
    db: Connection,
    plans: Mapping[tuple[UUID, date], DayPlan],
    drafts: Mapping[tuple[UUID, date], Draft],
) -> None:
    for key, plan in plans.items():
        if drafts[key] != plan.draft:
            await queries.write(db, plan, drafts[key])
