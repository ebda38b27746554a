"""What moving a stop would cost, seen before it is done."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from app import slots
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment.delivery import planning, queries, timetable
from app.fulfilment.delivery.models import Moved, Told
from app.fulfilment.delivery.rules import Point
from app.fulfilment.models import Run
from app.routing.models import Roads


class Van(msgspec.Struct, frozen=True):
    """A van a stop could ride in, with its doors ahead (without that stop), and when it is free."""

    run: Run
    depot: Point
    roads: Roads
    doors: list[Told]
    free_in: timedelta | None

    def trip(self, doors: Sequence[Told]) -> timetable.Trip:
        starts_at = self.run.starts_at
        free_at = None if self.free_in is None else starts_at + self.free_in
        points = [door.point for door, _ in doors]
        stays = timetable.stays_of(door for door, _ in doors)
        return timetable.trip(
            self.roads, self.depot, points, starts_at, free_at=free_at, stays=stays
        )


async def choices(db: Connection, stop_id: UUID) -> list[Moved]:
    """Where else a stop could go: into each van of its window that has not left, at its best place
    there, and into one van more; what costs least first. Changes nothing. Raises NotFound, or
    Conflict when it can no longer be moved."""
    stop, here, others = await _vans(db, stop_id)
    new = msgspec.structs.replace(here.run, number=1 + max(one.run.number for one in others))
    spare = msgspec.structs.replace(here, run=new, doors=[], free_in=None)
    found = []
    for van in [*others, spare]:
        doors = [door.point for door, _ in van.doors]
        place = timetable.cheapest_place(van.roads, van.depot, doors, stop[0].point)
        found.append(_moved(stop, here, van, place + 1))
    return sorted(found, key=lambda one: (one.more_late_min, one.more_m))


async def cost(db: Connection, stop_id: UUID, van: int, position: int) -> Moved:
    """Of exactly this van and position; a van nobody knows is one more. Changes nothing; raises as
    `choices` does."""
    stop, here, others = await _vans(db, stop_id)
    for one in others:
        if one.run.number == van:
            return _moved(stop, here, one, min(position, len(one.doors) + 1))
    new = msgspec.structs.replace(here.run, number=1 + max(one.run.number for one in others))
    return _moved(stop, here, msgspec.structs.replace(here, run=new, doors=[], free_in=None), 1)


async def _vans(db: Connection, stop_id: UUID) -> tuple[Told, Van, list[Van]]:
    """The stop, the van it is in, and all it could ride in; that one among them."""
    known = await queries.stop(db, stop_id)
    run = await queries.run(db, known.run_id) if known else None
    if known is None or run is None:
        raise NotFound("There is no such stop.")
    if known.state != "planned" or run.state not in ("planned", "published"):
        raise Conflict("This stop can no longer be moved.", code="moved-on")
    depot = await queries.depot(db, run.place_id)
    roads = await slots.plans.roads_of(db, run.place_id)
    vans, stop = [], None
    for one in await queries.lock_runs_of_window(db, run.place_id, run.starts_at, run.ends_at):
        doors = await queries.doors_with_times(db, one.id)
        stop = next((told for told in doors if told[0].id == stop_id), stop)
        if one.state in ("planned", "published"):
            free_at = await planning.free_at(db, one, depot, roads)
            free_in = free_at - one.starts_at if free_at else None
            others = [told for told in doors if told[0].id != stop_id]
            vans.append(Van(one, depot, roads, others, free_in))
    assert stop is not None, "it is planned in this window"
    return stop, next(van for van in vans if van.run.id == run.id), vans


def _moved(stop: Told, here: Van, there: Van, position: int) -> Moved:
    same = there.run.number == here.run.number
    before = [(here, _with(here, stop, _place_now(here, stop)))]
    after = [(there, _with(there, stop, position))]
    if not same:
        before.append((there, there.doors))
        after.append((here, here.doors))
    metres_before, late_before = _sums(before)
    metres_after, late_after = _sums(after)
    arrives_at = there.trip(after[0][1]).arrivals[position - 1]
    return Moved(
        van=there.run.number,
        position=position,
        more_m=metres_after - metres_before,
        late_min=late_after,
        more_late_min=late_after - late_before,
        arrives_at=arrives_at,
        moved=sum(_other_times(van, doors) for van, doors in after),
        as_it_is=same and after[0][1] == before[0][1],
    )


def _with(van: Van, stop: Told, position: int) -> list[Told]:
    return [*van.doors[: position - 1], stop, *van.doors[position - 1 :]]


def _place_now(here: Van, stop: Told) -> int:
    return 1 + sum(at < stop[1] for _, at in here.doors)


def _sums(vans: Sequence[tuple[Van, Sequence[Told]]]) -> tuple[int, int]:
    trips = [(van.trip(doors), van.run.ends_at) for van, doors in vans]
    metres = sum(trip.metres for trip, _ in trips)
    return metres, sum(timetable.late_min(trip.arrivals, ends_at) for trip, ends_at in trips)


def _other_times(van: Van, doors: Sequence[Told]) -> int:
    times = van.trip(doors).arrivals
    return sum(
        abs(at - told) > timetable.WORTH_TELLING for at, (_, told) in zip(times, doors, strict=True)
    )
