"""Is a plan true? Reckoned from the problem alone, by other code than what made the plan."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from app.routing.models import Plan, Problem, Tour


class Visit(msgspec.Struct, frozen=True):
    """When a van is at a door; `late_s` beyond its window."""

    stop: int
    arrives_s: int
    leaves_s: int
    late_s: int


class Driven(msgspec.Struct, frozen=True):
    """A tour by the clock. `leaves_s` is as late as it may be without being later anywhere."""

    leaves_s: int
    back_s: int
    metres: int
    visits: list[Visit]


def faults(problem: Problem, plan: Plan) -> list[str]:
    """What is wrong with it, in words for a log; empty when every promise is kept: each stop once
    (or left), in its window, in the van it is pinned to, no van overloaded, in two tours, or out beyond its shift."""
    return [
        *_once(problem, plan),
        *(wrong for tour in plan.tours for wrong in _tour(problem, tour)),
    ]


def metres(problem: Problem, plan: Plan) -> int:
    return sum(drive(problem, tour).metres for tour in plan.tours)


def drive(problem: Problem, tour: Tour) -> Driven:
    """Drive it on paper: as early as possible, waiting where a window is not open yet."""
    van = problem.vans[tour.van]
    here, at, far, visits = starting_row(problem, tour.van), van.starts_s, 0, []
    for number, trip in enumerate(tour.trips):
        at += van.reload_s if number else 0
        for stop in trip:
            row = stop + 1
            far += problem.matrix.metres[here][row]
            arrives = max(at + problem.matrix.seconds[here][row], problem.stops[stop].opens_s)
            at = arrives + problem.stops[stop].service_s
            late = max(0, arrives - problem.stops[stop].closes_s)
            visits.append(Visit(stop, arrives, at, late))
            here = row
        far += problem.matrix.metres[here][0]
        at += problem.matrix.seconds[here][0]
        here = 0
    return Driven(_leaves(problem, tour, visits), at, far, visits)


def starting_row(problem: Problem, van: int) -> int:
    """The depot's row, or that of the spot a van under way stands at."""
    if problem.vans[van].from_spot is None:
        return 0
    before = sum(one.from_spot is not None for one in problem.vans[:van])
    return 1 + len(problem.stops) + before


def _leaves(problem: Problem, tour: Tour, visits: list[Visit]) -> int:
    if not visits:
        return problem.vans[tour.van].starts_s
    first = visits[0]
    drive_s = problem.matrix.seconds[starting_row(problem, tour.van)][first.stop + 1]
    return first.arrives_s - drive_s


def _once(problem: Problem, plan: Plan) -> Iterator[str]:
    seen = Counter(stop for tour in plan.tours for trip in tour.trips for stop in trip)
    seen.update(plan.left)
    for stop in range(len(problem.stops)):
        if seen[stop] != 1:
            yield f"stop {stop} is visited {seen[stop]} times"
    if any(not 0 <= stop < len(problem.stops) for stop in seen):
        yield "a stop nobody asked for"
    for van, tours in Counter(tour.van for tour in plan.tours).items():
        if tours != 1:
            yield f"van {van} drives {tours} tours at once"


def _tour(problem: Problem, tour: Tour) -> Iterator[str]:
    if not 0 <= tour.van < len(problem.vans):
        yield f"there is no van {tour.van}"
        return
    van = problem.vans[tour.van]
    if len(tour.trips) > 1 + van.reloads:
        yield f"van {tour.van} comes back for more {len(tour.trips) - 1} times"
    for trip in tour.trips:
        load = sum(problem.stops[stop].crates for stop in trip)
        if load > van.crates:
            yield f"van {tour.van} carries {load} crates"
    shifts = {van.key, van.key.split(".")[0], ""}
    for stop in (stop for trip in tour.trips for stop in trip):
        if problem.stops[stop].only not in shifts:
            yield f"stop {stop} is pinned to another van than {tour.van}"
    driven = drive(problem, tour)
    for visit in driven.visits:
        if visit.late_s:
            yield f"stop {visit.stop} is {visit.late_s} s late"
    if driven.back_s > van.ends_s:
        yield f"van {tour.van} is back {driven.back_s - van.ends_s} s late"
