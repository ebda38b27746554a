"""Vans by the clock: when one leaves, is at each door, and is back, and what a change would cost.

A van that comes early waits: a window that is not open yet is no time to ring.
"""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

import msgspec

from app.fulfilment.delivery.models import Door, Hours, Sheet
from app.fulfilment.delivery.rules import AT_THE_DOOR, Point
from app.routing import roads as ways
from app.routing.models import Roads

LOADING = timedelta(minutes=10)
"""At the place, before a van leaves."""
HANDING_OVER = timedelta(minutes=10)
"""Totes from a van that does not go any more into another, by the side of the road."""


WORTH_TELLING = timedelta(minutes=10)
HOURS_LATE = timedelta(hours=3)
ENOUGH_LEGS = 30
"""Fewer say more about single traffic lights than about a town."""
SHORT_M = 300
LONGEST_LEG = timedelta(hours=1)
SPEEDS = (8.0, 60.0)
SHORTEST_STAY_S, LONGEST_STAY_S = 30, 1200


class Leg(msgspec.Struct, frozen=True):
    """Driven: from door to door, each at the moment its parcels were handed over, by the phone's
    clock. `opens_at` is from when the second could be, `to` its stop, postcode and house number
    where its own people took it."""

    from_door: Point
    to_door: Point
    left_at: datetime
    done_at: datetime
    opens_at: datetime
    to: tuple[UUID, str, str] | None = None


class Trip(msgspec.Struct, frozen=True):
    """One run by the clock, doors in visiting order."""

    leaves_at: datetime
    arrivals: list[datetime]
    back_at: datetime
    metres: int


def trip(
    roads: Roads,
    depot: Point,
    doors: Sequence[Point],
    opens_at: datetime,
    *,
    free_at: datetime | None = None,
    here: Point | None = None,
    stays: Sequence[timedelta] = (),
) -> Trip:
    """From the depot, or from `here` on the road, not before `free_at`; as late as gets it to the
    first door when its window opens. Back at the depot, or at the last door when there is none.
    `stays` are how long it takes at each door, where that is known."""
    start = here or depot
    if not doors:
        at = free_at or opens_at
        return Trip(at, [], at, 0)
    way = [metres(roads, one, other) for one, other in itertools.pairwise([start, *doors, depot])]
    legs = [timedelta(seconds=ways.seconds(roads, leg)) for leg in way]
    leaves_at = opens_at - legs[0]
    if free_at is not None:
        leaves_at = max(leaves_at, free_at)
    at, arrivals = leaves_at, []
    for leg, stay in zip(legs[:-1], stays or [AT_THE_DOOR] * len(doors), strict=True):
        at = max(at + leg, opens_at)
        arrivals.append(at.replace(microsecond=0))
        at += stay
    return Trip(leaves_at, arrivals, at + legs[-1], sum(way))


def stays_of(doors: Iterable[Door]) -> list[timedelta]:
    return [timedelta(seconds=door.at_the_door_s) for door in doors]


def hours(roads: Roads, sheet: Sheet) -> Hours:
    """As it is planned: out to the first door in time, back from the last. A run that left has its
    own time for that."""
    run, stops = sheet.run, sheet.stops
    depot = (run.latitude, run.longitude)
    way = [depot, *((stop.latitude, stop.longitude) for stop in stops), depot]
    leaves_at = stops[0].arrives_at - driving(roads, depot, way[1])
    leaves_last_at = stops[-1].arrives_at + timedelta(seconds=stops[-1].at_the_door_s)
    back_at = leaves_last_at + driving(roads, way[-2], depot)
    return Hours(
        _really(run.departed_at, leaves_at),
        _really(run.completed_at, back_at),
        sum(metres(roads, one, other) for one, other in itertools.pairwise(way)),
    )


def _really(at: datetime | None, planned: datetime) -> datetime:
    """As it was; a van that somebody closed a day later was not on the road all night."""
    return at if at is not None and abs(at - planned) < HOURS_LATE else planned


def metres(roads: Roads, one: Point, other: Point) -> int:
    return ways.metres(roads, ways.spot(*one), ways.spot(*other))


def driving(roads: Roads, one: Point, other: Point) -> timedelta:
    return timedelta(seconds=ways.seconds(roads, metres(roads, one, other)))


def late_min(arrivals: Sequence[datetime], ends_at: datetime) -> int:
    """Minutes after the end of the window, all doors together."""
    late = (max(timedelta(), arrival - ends_at) for arrival in arrivals)
    return int(sum(late, timedelta()).total_seconds() // 60)


def cheapest_place(roads: Roads, depot: Point, doors: Sequence[Point], new: Point) -> int:
    """How many of `doors` come before `new` where it makes the round the least longer."""
    way = [depot, *doors, depot]
    detours = [
        metres(roads, one, new) + metres(roads, new, other) - metres(roads, one, other)
        for one, other in itertools.pairwise(way)
    ]
    return detours.index(min(detours))


def speed_of(leg: Leg, roads: Roads, at_the_door: timedelta) -> float | None:
    """Km/h along the streets; None where the time says nothing of them: a break or a wait in
    between, or next door."""
    took = leg.done_at - leg.left_at
    far = metres(roads, leg.from_door, leg.to_door)
    driven = (took - at_the_door).total_seconds() - roads.start_s
    waited = leg.left_at + driving(roads, leg.from_door, leg.to_door) < leg.opens_at
    if waited or far < SHORT_M or took > LONGEST_LEG or driven < roads.start_s:
        return None
    return 3.6 * far / driven


def stay_of(leg: Leg, roads: Roads) -> int | None:
    """Seconds somebody took at the second door: what the way there does not explain. None where they
    waited or had a break, or the clock says what cannot be."""
    arrived_at = leg.left_at + driving(roads, leg.from_door, leg.to_door)
    took_s = int((leg.done_at - arrived_at).total_seconds())
    waited = arrived_at < leg.opens_at
    return None if waited or not SHORTEST_STAY_S <= took_s <= LONGEST_STAY_S else took_s


def learned(roads: Roads, speeds: Sequence[float]) -> Roads | None:
    """The median of what was driven; None of too little. Nobody drives 8 or 60 in a town all day,
    whatever a phone says."""
    if len(speeds) < ENOUGH_LEGS:
        return None
    speed = min(max(median(speeds), SPEEDS[0]), SPEEDS[1])
    return msgspec.structs.replace(roads, km_per_hour=round(speed, 1))
