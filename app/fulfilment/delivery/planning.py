"""Which van an order rides in, and which door comes after which."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app import jobs, slots
from app.db import Connection, new_id
from app.fulfilment.delivery import queries, rules, timetable
from app.fulfilment.delivery.models import Door
from app.fulfilment.models import Fulfilment, Run, RunState
from app.jobs import Event
from app.routing.models import Roads


async def plan(db: Connection, fulfilment: Fulfilment) -> None:
    """Give an order a stop: on the van that is to bring it by the plan of the day, else on one that
    stops at that door anyway, else on the first of its window that has not left."""
    latitude, longitude, postcode, house_number = await queries.where_to(
        db, fulfilment.order_id, fulfilment.place_id
    )
    window = (fulfilment.window_starts_at, fulfilment.window_ends_at)
    trips = await slots.plans.trips(db, fulfilment.place_id, fulfilment.window_starts_at)
    van = trips.get(fulfilment.order_id)
    door = await _door(db, (latitude, longitude), postcode, house_number)
    number = van[0] if van else await queries.van_at(db, fulfilment.place_id, *window, door)
    run = await run_of_van(db, fulfilment.place_id, *window, number)
    await queries.write_stop(
        db,
        order_id=fulfilment.order_id,
        id=new_id(),
        fulfilment_id=fulfilment.id,
        run_id=run.id,
        latitude=door[0],
        longitude=door[1],
        arrives_at=fulfilment.window_starts_at,
        at_the_door_s=await slots.stay(db, postcode, house_number),
    )
    await renumber(db, run, trips=trips)
    await changed(db, run, "StopPlanned", {"order": str(fulfilment.order_id)})


async def _door(
    db: Connection, depot: rules.Point, postcode: str, house_number: str
) -> rules.Point:
    code = slots.read_postcode(postcode)
    pin = await slots.plans.pinned(db, code, house_number)
    if pin is not None:
        return pin
    point = await slots.plans.located(db, code.country, code.text.replace(" ", ""))
    if point is None:
        return rules.demo_point(depot, postcode, house_number)
    middle = (point.latitude, point.longitude)
    return middle if point.exact == "postcode" else rules.near(middle, postcode, house_number)


async def drop(db: Connection, fulfilment: Fulfilment) -> None:
    """The van no longer has to stop there."""
    stop = await queries.stop_of(db, fulfilment.id)
    if stop is None:
        return
    [run] = await queries.lock_runs(db, [stop.run_id])
    await queries.drop_stop(db, stop.order_id, stop.id)
    await renumber(db, run)
    await changed(db, run, "StopDropped", {"order": str(fulfilment.order_id)})


async def open_run(
    db: Connection, place_id: UUID, starts_at: datetime, ends_at: datetime, *, after: int = 0
) -> Run:
    """The first van of that window, with a number above `after`, that has not left; locked."""
    for run in await queries.lock_runs_of_window(db, place_id, starts_at, ends_at):
        if run.number > after and run.state in ("planned", "published"):
            return run
    return await add_run(db, place_id, starts_at, ends_at)


async def fetch(db: Connection, event: Event) -> None:
    """Something is to be fetched in this window: a van leaves then, also where it brings nothing."""
    body = event.body
    window = (datetime.fromisoformat(body["starts_at"]), datetime.fromisoformat(body["ends_at"]))
    await open_run(db, UUID(body["place"]), *window)


async def run_of_van(
    db: Connection, place_id: UUID, starts_at: datetime, ends_at: datetime, number: int | None
) -> Run:
    """The van of this number, unless it has left or there is no such plan; locked."""
    if number is not None:
        id = new_id()
        if await queries.write_run(db, id, place_id, starts_at, ends_at, number):
            await jobs.announce(db, aggregate="run", id=id, number=1, kind="RunPlanned")
        for run in await queries.lock_runs_of_window(db, place_id, starts_at, ends_at):
            if run.number == number and run.state in ("planned", "published"):
                return run
    return await open_run(db, place_id, starts_at, ends_at)


async def add_run(db: Connection, place_id: UUID, starts_at: datetime, ends_at: datetime) -> Run:
    """One van more for that window; locked. Two who add one at once get the same."""
    runs = await queries.lock_runs_of_window(db, place_id, starts_at, ends_at)
    number = max((run.number for run in runs), default=0) + 1
    id = new_id()
    if await queries.write_run(db, id, place_id, starts_at, ends_at, number):
        await jobs.announce(db, aggregate="run", id=id, number=1, kind="RunPlanned")
    runs = await queries.lock_runs_of_window(db, place_id, starts_at, ends_at)
    return next(run for run in runs if run.number == number)


async def renumber(
    db: Connection,
    run: Run,
    wanted: Sequence[UUID] | None = None,
    *,
    trips: Mapping[UUID, tuple[int, int]] | None = None,
) -> bool:
    """Number the stops ahead of a locked run and say when the van gets there: in the order wanted,
    else as in the plan of the day (`trips`), else the shortest way. Pinned stops keep their place;
    once a run is published, new stops only come behind the others. Whether anything changed."""
    known = await queries.doors_with_times(db, run.id)
    doors = [door for door, _ in known]
    depot = await queries.depot(db, run.place_id)
    roads = await slots.plans.roads_of(db, run.place_id)
    if wanted is not None:
        doors.sort(key=lambda door: wanted.index(door.id))
    elif run.state == "planned":
        if trips is None:
            trips = await slots.plans.trips(db, run.place_id, run.starts_at)
        doors = rules.around_pinned(doors, _in_order(run, depot, doors, trips))
    free = await free_at(db, run, depot, roads)
    points = [door.point for door in doors]
    stays = timetable.stays_of(doors)
    by_clock = timetable.trip(roads, depot, points, run.starts_at, free_at=free, stays=stays)
    ids, arrivals = [door.id for door in doors], by_clock.arrivals
    if [(door.id, at) for door, at in known] == list(zip(ids, arrivals, strict=True)):
        return False
    await queries.put_in_order(db, run.id, ids, arrivals)
    return True


def _in_order(
    run: Run, depot: rules.Point, doors: list[Door], trips: Mapping[UUID, tuple[int, int]]
) -> list[Door]:
    """As promised, when the plan knows all of them in this van; else the shortest way."""
    ranks = [trips.get(door.order_id, (0, 0)) for door in doors]
    if all(van == run.number for van, _ in ranks):
        ranked = sorted(zip(ranks, range(len(doors)), strict=True))
        return [doors[place] for _, place in ranked]
    points = [door.point for door in doors]
    anew = len(points) <= rules.MOST_DOORS_ANEW
    way = rules.best_order(depot, points) if anew else rules.taken_in(depot, points)
    return [doors[place] for place in way]


async def free_at(db: Connection, run: Run, depot: rules.Point, roads: Roads) -> datetime | None:
    """When the van is back from its run before, and loaded; None when it has none."""
    before = await queries.last_door_before(db, run)
    if before is None:
        return None
    door, leaves_at = before
    home = timetable.driving(roads, door, depot)
    return leaves_at + home + timetable.LOADING


async def changed(
    db: Connection,
    run: Run,
    kind: str,
    body: dict[str, Any],
    *,
    state: RunState | None = None,
    driver_id: UUID | None = None,
) -> None:
    version = await queries.move_run(db, run.id, state, driver_id)
    await jobs.announce(db, aggregate="run", id=run.id, number=version, kind=kind, body=body)
