"""Does one more stop fit? Answered from a draft of the day: who drives where if no more order came.

Each tour knows how early and how late it can be at each of its stops, so a place between two stops
is judged without driving the rest of the tour (Savelsbergh's push forward).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from math import dist

import msgspec

from app.routing import roads
from app.routing.models import Draft, Plan, Problem, Roads, Spot, Stop, Tour, Van

FAR_M = 2**62


class Gap(msgspec.Struct, frozen=True):
    """Where a stop fits, and how much farther the van then drives."""

    more_m: int
    tour: int
    place: int


class Times(msgspec.Struct, frozen=True):
    """A tour by the clock: from when its van is free behind stop n, and how late it may be at it.
    One longer than the tour, the depot being both ends."""

    free: list[int]
    latest: list[int]
    legs_m: list[int]


def gaps(draft: Draft, stops: Sequence[Stop]) -> list[Gap | None]:
    """For stops that differ in their windows alone: the cheapest gap for each, None where none is.
    Thus all slots of a day are asked about at once."""
    best: list[Gap | None] = [None] * len(stops)
    if not stops:
        return best
    idle: set[Van] = set()
    for number, (van, tour) in enumerate(zip(draft.vans, draft.tours, strict=True)):
        if not may_ride(van, stops[0]):
            continue
        if not tour:
            alike = msgspec.structs.replace(van, key="")
            if alike in idle:
                continue
            idle.add(alike)
        if sum(stop.crates for stop in tour) + stops[0].crates <= van.crates:
            _gaps_of(draft, number, stops, best)
    return best


def may_ride(van: Van, stop: Stop) -> bool:
    return not stop.only or stop.only in (van.key, van.key.partition(".")[0])


def insert(draft: Draft, gap: Gap, stop: Stop) -> Draft:
    tours = list(draft.tours)
    tours[gap.tour] = [*tours[gap.tour][: gap.place], stop, *tours[gap.tour][gap.place :]]
    return msgspec.structs.replace(draft, tours=tours)


def without(draft: Draft, keys: Iterable[str]) -> Draft:
    """Fewer stops keep every promise made to the others."""
    gone = set(keys)
    tours = [[stop for stop in tour if stop.key not in gone] for tour in draft.tours]
    return msgspec.structs.replace(draft, tours=tours)


def stops_of(draft: Draft) -> list[Stop]:
    return [stop for tour in draft.tours for stop in tour]


def fits(draft: Draft, tour: int) -> bool:
    """Whether this one tour keeps its windows, its van's load and shift; by driving it."""
    van, stops = draft.vans[tour], draft.tours[tour]
    if sum(stop.crates for stop in stops) > van.crates:
        return False
    if not all(may_ride(van, stop) for stop in stops):
        return False
    at, here = van.starts_s, _starts(draft, van)
    for stop in stops:
        way = roads.metres(draft.roads, here, stop.spot)
        at = max(at + roads.seconds(draft.roads, way), stop.opens_s)
        if at > stop.closes_s:
            return False
        at, here = at + stop.service_s, stop.spot
    home = roads.metres(draft.roads, here, draft.depot)
    return at + roads.seconds(draft.roads, home) <= van.ends_s


def problem_of(draft: Draft) -> tuple[Problem, Plan]:
    """The draft as a problem and its plan, for who improves or verifies it."""
    stops = stops_of(draft)
    tours, seen = [], 0
    for number, tour in enumerate(draft.tours):
        if tour:
            tours.append(Tour(number, [list(range(seen, seen + len(tour)))]))
        seen += len(tour)
    matrix = roads.matrix(draft.roads, draft.depot, stops, draft.vans)
    return Problem(stops, draft.vans, matrix), Plan(tours)


def drafted(draft: Draft, problem: Problem, plan: Plan) -> Draft:
    """The draft with this plan of the same problem."""
    tours: list[list[Stop]] = [[] for _ in draft.vans]
    for tour in plan.tours:
        tours[tour.van] = [problem.stops[stop] for trip in tour.trips for stop in trip]
    return msgspec.structs.replace(draft, tours=tours)


def length_m(draft: Draft) -> int:
    return sum(sum(times(draft, number).legs_m) for number, tour in enumerate(draft.tours) if tour)


def times(draft: Draft, number: int) -> Times:
    van, tour = draft.vans[number], draft.tours[number]
    spots = [_starts(draft, van), *(stop.spot for stop in tour), draft.depot]
    factor, pace, start_s = _plain(draft.roads)
    legs_m = [int(factor * dist(spots[n], spots[n + 1])) for n in range(len(tour) + 1)]
    legs_s = [int(way / pace) + start_s if way else 0 for way in legs_m]
    free = [van.starts_s]
    for leg, stop in zip(legs_s, tour, strict=False):
        free.append(max(free[-1] + leg, stop.opens_s) + stop.service_s)
    latest = [van.ends_s]
    for leg, stop in zip(reversed(legs_s), reversed(tour), strict=False):
        latest.append(min(stop.closes_s, latest[-1] - leg - stop.service_s))
    return Times(free, latest[::-1], legs_m)


def _gaps_of(draft: Draft, number: int, stops: Sequence[Stop], best: list[Gap | None]) -> None:
    van, tour, known = draft.vans[number], draft.tours[number], times(draft, number)
    factor, pace, start_s = _plain(draft.roads)
    new = stops[0].spot
    spots = [_starts(draft, van), *(stop.spot for stop in tour), draft.depot]
    ways_m = [int(factor * dist(spot, new)) for spot in spots]
    ways_s = [int(way / pace) + start_s if way else 0 for way in ways_m]
    for which, stop in enumerate(stops):
        # Before the first gap the van can no longer wait for the window; behind the last it is over.
        first = bisect_left(known.latest, stop.opens_s, hi=len(tour))
        last = bisect_right(known.free, stop.closes_s)
        found = best[which]
        least = found.more_m if found else FAR_M
        for place in range(first, last):
            more_m = ways_m[place] + ways_m[place + 1] - known.legs_m[place]
            if more_m >= least:
                continue
            arrives = max(known.free[place] + ways_s[place], stop.opens_s)
            leaves = arrives + stop.service_s
            if arrives > stop.closes_s or leaves + ways_s[place + 1] > known.latest[place]:
                continue
            least = more_m
            best[which] = Gap(more_m, number, place)


def _plain(roads: Roads) -> tuple[float, float, int]:
    """Factor, metres a second, and the start of every drive: looked up once for a whole tour."""
    return roads.factor, roads.km_per_hour / 3.6, roads.start_s


def _starts(draft: Draft, van: Van) -> Spot:
    return draft.depot if van.from_spot is None else van.from_spot
