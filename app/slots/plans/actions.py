"""A promise goes into the plan of its day together with its slot, or is not made."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app import jobs, routing
from app.db import Connection, Pool, begin
from app.jobs import Task
from app.jobs.register import Step
from app.routing import insertion
from app.routing.models import Draft
from app.slots.models import Held, Need, Slot, Window
from app.slots.plans import postcodes, queries, rules
from app.slots.plans.models import DayPlan
from app.slots.plans.postcodes import Read
from app.slots.rules import Postcode
from app.stock.models import Place

LOOK_FOR_S = 2.0
"""Of search for a better plan, in a process of its own."""
AT_ONCE = 20_000
"""Points in a statement."""
IMPROVE = "better plan for a day"


class NoVan(Exception):
    """Nobody could come in that window any more, without being late somewhere else."""


async def draw_up(
    db: Connection, place: Place, first: date, days: int, windows: Sequence[Window]
) -> None:
    """The plans of the coming days of a place that has vans; those there are stay."""
    shifts, zone = await queries.shifts(db, place.id), ZoneInfo(place.time_zone)
    roads = await queries.roads_of(db, place.id) if shifts else rules.USUAL
    of_day: dict[date, list[tuple[datetime, datetime]]] = {}
    for one in windows:
        day = one.starts_at.astimezone(zone).date()
        of_day.setdefault(day, []).append((one.starts_at, one.ends_at))
    for day in (first + timedelta(days=n) for n in range(days)):
        point = (place.latitude, place.longitude)
        draft = rules.empty(point, shifts, day, zone, of_day.get(day, ()), roads)
        if draft.vans:
            await queries.write_new(db, place.id, day, draft)


async def include(
    db: Connection, hold: Held, slot: Slot, need: Need, *, from_slot: UUID | None = None
) -> int | None:
    """Give the hold a stop in the plan of its day; one it has on the day of `from_slot` is given up.

    Read first and written under its version; when somebody was faster, once more under its lock.
    How many metres farther the vans then drive; None where there is no plan, or nobody knows where
    to go. Raises NoVan.
    """
    slots = [slot.id, *([from_slot] if from_slot else [])]
    days = await queries.days_of(db, slots)
    if from_slot is None:
        plan = await queries.read(db, *days[slot.id])
        if plan is None or need.point is None:
            return None
        draft, more_m = _with(plan.draft, hold, slot, need)
        if await queries.write(db, plan, draft):
            return more_m
    plans = {
        (plan.place_id, plan.day): plan for plan in await queries.lock(db, [*set(days.values())])
    }
    drafts = {key: insertion.without(plan.draft, [str(hold.order)]) for key, plan in plans.items()}
    here, detour_m = days[slot.id], None
    if here in drafts and need.point is not None:
        drafts[here], detour_m = _with(drafts[here], hold, slot, need)
    await _write_changed(db, plans, drafts)
    return detour_m


async def pin(db: Connection, place_id: UUID, at: datetime, holder: UUID, van: int | None) -> bool:
    """Somebody wants this door in that van (None: in any): no better plan takes it out again. False
    where the plan knows no such door, or could not keep its promises so; then it stays as it was."""
    day = await queries.day_at(db, place_id, at)
    plans = await queries.lock(db, [(place_id, day)]) if day else []
    for plan in plans:
        draft = rules.pinned_to(plan.draft, str(holder), str(van or ""))
        return draft is not None and await queries.write(db, plan, draft)
    return False


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
) -> dict[UUID, int | None]:
    """Those of the slots, given with their day at their place, somebody could still come in, and how
    many metres farther the vans would drive; None where no plan knows."""
    if need.point is None or not slots:
        return dict.fromkeys(slots)
    days = [day for _, day in slots.values()]
    places = {slot.place_id for slot, _ in slots.values()}
    plans = await queries.read_many(db, [*places], min(days), max(days))
    by_day: dict[tuple[UUID, date], list[Slot]] = {}
    for slot, day in slots.values():
        by_day.setdefault((slot.place_id, day), []).append(slot)
    fit: dict[UUID, int | None] = {}
    for key, group in by_day.items():
        if key not in plans:
            fit |= {slot.id: None for slot in group}
            continue
        stops = [rules.stop("", slot, need) for slot in group]
        found = zip(group, insertion.gaps(plans[key].draft, stops), strict=True)
        fit |= {slot.id: gap.more_m for slot, gap in found if gap is not None}
    return fit


async def load_postcodes(pool: Pool, content: bytes, source: str, *, dry_run: bool = False) -> Read:
    """All points of a file of GeoNames, or none when one of its rows is wrong; what is read stands
    in the answer. Twice the same file is once."""
    found = await asyncio.to_thread(postcodes.read, content)
    if not found.wrong and not dry_run:
        async with begin(pool) as db:
            for start in range(0, len(found.points), AT_ONCE):
                await queries.write_points(db, source, found.points[start : start + AT_ONCE])
    return found


async def learn_door(
    db: Connection, code: Postcode, house_number: str, stop_id: UUID, at: tuple[float, float]
) -> None:
    """A driver was at this door, at `at` (degrees, WGS 84). The same stop again changes nothing."""
    door = rules.door_of(code.country, code.text, house_number)
    await queries.write_position(db, door, stop_id, at)


async def pinned(
    db: Connection | Pool, code: Postcode, house_number: str
) -> tuple[float, float] | None:
    """Where this door is, once two deliveries agreed on it; a dispatcher's word goes first."""
    door = rules.door_of(code.country, code.text, house_number)
    return await queries.said(db, door) or rules.pin(await queries.positions(db, door))


async def say_where(
    db: Connection, code: Postcode, house_number: str, id: UUID, at: tuple[float, float]
) -> None:
    """A dispatcher knows where this door is; `id` is that of the command."""
    await queries.say(db, rules.door_of(code.country, code.text, house_number), id, at)


async def stay_at(db: Connection | Pool, code: Postcode, house_number: str) -> int:
    """Seconds a delivery takes at this door: what most took, else what is usual."""
    return rules.stay(await queries.stays(db, rules.door_of(code.country, code.text, house_number)))


async def knows_door(db: Connection | Pool, code: Postcode, house_number: str) -> bool:
    """Whether anything was learned or said of it."""
    door = rules.door_of(code.country, code.text, house_number)
    return bool(
        await queries.said(db, door)
        or await queries.positions(db, door)
        or await queries.stays(db, door)
    )


async def learn_stays(db: Connection, stays: Sequence[tuple[Postcode, str, UUID, int]]) -> None:
    """Postcode, house number, stop and seconds of deliveries; the same stop again is the same."""
    known = {
        (rules.door_of(code.country, code.text, number), stop_id): seconds
        for code, number, stop_id, seconds in stays
    }
    doors, stops = [door for door, _ in known], [stop for _, stop in known]
    await queries.write_stays(db, doors, stops, list(known.values()))


async def forget_door(db: Connection, code: Postcode, house_number: str) -> int:
    """Nothing of this address is known any more; how much it was."""
    return await queries.forget_doors(db, [rules.door_of(code.country, code.text, house_number)])


async def forget_old_doors(pool: Pool) -> None:
    await queries.forget_old_doors(pool, rules.DOORS_DAYS)


async def want_better(pool: Pool) -> None:
    """A step for each plan that has changed; any number of workers may ask at once."""
    async with begin(pool) as db:
        for place_id, day in await queries.take_to_improve(db, 8):
            body = {"place": str(place_id), "day": day.isoformat()}
            await jobs.later(db, IMPROVE, body)


def improver(maps: routing.Maps) -> Step:
    """Looks for better plans on the roads of these maps."""

    async def step(pool: Pool, task: Task) -> str:
        return await improve(pool, task, maps=maps)

    return step


async def improve(
    pool: Pool, task: Task, *, seconds: float = LOOK_FOR_S, maps: routing.Maps | None = None
) -> str:
    """Look for a plan with fewer kilometres that keeps every promise. What was promised or given
    back meanwhile is worked in; if it does not fit, the plan stays as it is."""
    key = (UUID(task.body["place"]), date.fromisoformat(task.body["day"]))
    before = await queries.read(pool, *key)
    if before is None:
        return "gone"
    measured = await _measured(pool, before, maps) if maps else None
    problem, plan = (measured or insertion).problem_of(before.draft)
    length_m = measured.length_m if measured else insertion.length_m
    found = await routing.improve(problem, seconds=seconds, start=plan)
    better = insertion.drafted(before.draft, problem, found) if found else None
    roads = rules.airy(await queries.roads_of(pool, key[0]))
    async with begin(pool) as db:
        [now] = await queries.lock(db, [key])
        shorter = rules.merged(now.draft, better, length_m) if better else None
        draft = rules.on_roads(shorter or now.draft, roads)
        if draft == now.draft:
            return "overtaken" if better else "as good as it was"
        await queries.write(db, now, draft, improved=now.version == before.version)
        return f"{length_m(now.draft)} m -> {length_m(draft)} m"


async def _measured(pool: Pool, plan: DayPlan, maps: routing.Maps) -> rules.Measured | None:
    """The roads of that day as a server knows them; how much longer they are than the crow flies is
    learned for the days no server is asked about."""
    spots = routing.roads.spots_of(
        plan.draft.depot, insertion.stops_of(plan.draft), plan.draft.vans
    )
    matrix = await maps.measure(spots, await queries.roads_of(pool, plan.place_id))
    if matrix is None:
        return None
    learned = rules.factor_of(matrix, spots)
    if learned is not None:
        async with begin(pool) as db:
            await queries.write_factor(db, plan.place_id, *learned)
    return rules.Measured.of(matrix, spots, plan.draft.roads)


def _with(draft: Draft, hold: Held, slot: Slot, need: Need) -> tuple[Draft, int]:
    stop = rules.stop(str(hold.order), slot, need)
    [gap] = insertion.gaps(draft, [stop])
    if gap is None:
        raise NoVan
    taken = insertion.insert(draft, gap, stop)
    assert insertion.fits(taken, gap.tour), "what fits by its slack fits by driving it"
    return taken, max(0, gap.more_m)


async def _write_changed(
    db: Connection,
    plans: Mapping[tuple[UUID, date], DayPlan],
    drafts: Mapping[tuple[UUID, date], Draft],
) -> None:
    for key, plan in plans.items():
        if drafts[key] != plan.draft:
            await queries.write(db, plan, drafts[key])
