"""Routes by PyVRP, in a process of its own: `python -m app.routing.solving` reads a problem from its
standard input and writes a plan to its standard output.

PyVRP computes without pause and brings matplotlib along: neither belongs into a process that serves
people. Whoever reads the plan verifies it before using it.
"""

import sys
from typing import Any

import msgspec

from app.routing.models import Plan, Problem, Tour, Van

PRIZE = 90_000
"""For a stop that may be left out, in metres: below PyVRP's largest penalty, above which its best
plan may be one that overloads vans."""


class Asked(msgspec.Struct, frozen=True):
    problem: Problem
    seconds: float
    seed: int
    start: Plan | None
    all_of_them: bool
    """Every stop has to be visited; otherwise those that do not fit are left."""


def solve(asked: Asked) -> Plan | None:
    """None without a plan that fits."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    data, vans = _data(asked)
    start = _solution(data, vans, asked.start) if asked.start and asked.start.tours else None
    result = pyvrp.solve(
        data,
        MaxRuntime(asked.seconds),
        seed=asked.seed,
        collect_stats=False,
        display=False,
        initial_solution=start,
    )
    return _plan(asked.problem, vans, result.best) if result.best.is_feasible() else None


def _data(asked: Asked) -> tuple[Any, list[list[int]]]:
    """PyVRP's problem, and which of our vans stand behind each of its kinds of vehicle."""
    import numpy as np
    import pyvrp

    problem = asked.problem
    model = pyvrp.Model()
    places = [model.add_location(number, 0) for number in range(len(problem.matrix.metres))]
    depot = model.add_depot(places[0])
    pins = sorted({stop.only for stop in problem.stops if stop.only})
    vans = _alike(problem, pins)
    own = iter(places[1 + len(problem.stops) :])
    reload_s = {problem.vans[alike[0]].reload_s for alike in vans}
    reload = {wait: model.add_depot(places[0], service_duration=wait) for wait in reload_s}
    for alike in vans:
        van = problem.vans[alike[0]]
        model.add_vehicle_type(
            len(alike),
            [van.crates, *_keeps(van, pins, len(problem.stops))],
            model.add_depot(next(own)) if van.from_spot is not None else depot,
            depot,
            tw_early=van.starts_s,
            tw_late=van.ends_s,
            reload_depots=[reload[van.reload_s]] if van.reloads else [],
            max_reloads=van.reloads,
        )
    for place, stop in zip(places[1:], problem.stops, strict=False):
        model.add_client(
            place,
            delivery=[stop.crates, *(int(stop.only == pin) for pin in pins)],
            service_duration=stop.service_s,
            tw_early=stop.opens_s,
            tw_late=stop.closes_s,
            required=asked.all_of_them,
            prize=0 if asked.all_of_them else PRIZE,
        )
    metres: Any = np.array(problem.matrix.metres, dtype=np.int64)
    seconds: Any = np.array(problem.matrix.seconds, dtype=np.int64)
    data = model.data().replace(distance_matrices=[metres], duration_matrices=[seconds])
    return data, vans


def _keeps(van: Van, pins: list[str], stops: int) -> list[int]:
    """PyVRP knows no pins: each is a kind of load that only its own van has room for."""
    return [stops if pin in (van.key, van.key.split(".")[0]) else 0 for pin in pins]


def _alike(problem: Problem, pins: list[str]) -> list[list[int]]:
    """Vans that differ in name only are of one kind; one that is under way is of its own."""
    kinds: dict[Any, list[int]] = {}
    for number, van in enumerate(problem.vans):
        load = (van.crates, *_keeps(van, pins, 1))
        same = (*load, van.starts_s, van.ends_s, van.reloads, van.reload_s)
        kinds.setdefault(same if van.from_spot is None else number, []).append(number)
    return list(kinds.values())


def _solution(data: Any, vans: list[list[int]], start: Plan) -> Any:
    import pyvrp

    kind_of = {van: kind for kind, alike in enumerate(vans) for van in alike}
    client, depot = pyvrp.ActivityType.CLIENT, pyvrp.ActivityType.DEPOT
    routes = []
    for tour in start.tours:
        kind = kind_of[tour.van]
        steps = []
        for number, trip in enumerate(trip for trip in tour.trips if trip):
            if number:
                [back, *_] = data.vehicle_type(kind).reload_depots
                steps.append(pyvrp.Activity(depot, back))
            steps += [pyvrp.Activity(client, stop) for stop in trip]
        if steps:
            routes.append(pyvrp.Route(data, steps, kind))
    return pyvrp.Solution(data, routes)


def _plan(problem: Problem, vans: list[list[int]], best: Any) -> Plan:
    free = [list(alike) for alike in vans]
    tours, seen = [], set()
    for route in best.routes():
        trips: list[list[int]] = [[]]
        for step in list(route)[1:-1]:
            if step.is_client():
                trips[-1].append(step.idx)
                seen.add(step.idx)
            else:
                trips.append([])
        tours.append(Tour(free[route.vehicle_type()].pop(0), [trip for trip in trips if trip]))
    left = [stop for stop in range(len(problem.stops)) if stop not in seen]
    return Plan(sorted(tours, key=lambda tour: tour.van), left)


if __name__ == "__main__":
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Asked)
    sys.stdout.buffer.write(msgspec.msgpack.encode(solve(asked)))
