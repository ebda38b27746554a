"""Days to plan: seeded ones of our own, and those others have measured themselves against."""

import itertools
import json
import math
from math import ceil
from pathlib import Path
from random import Random

from app.routing import roads
from app.routing.models import Matrix, Problem, Roads, Stop, Van


def depot_day(path, *, multi_trip=False):
    """The depot day of `depot_300.json`; every word of its `about` is kept."""
    day = json.loads(Path(path).read_text())
    stops = [
        Stop(
            str(number),
            (1000 * one["x_km"], 1000 * one["y_km"]),
            *one["window_s"],
            one["service_s"],
            one["crates"],
        )
        for number, one in enumerate(day["orders"])
    ]
    shifts = [day["multi_trip_shift_s"]] if multi_trip else day["shifts_s"]
    vans = [
        Van(f"{shift}.{number}", day["capacity_crates"], *hours, 3 if multi_trip else 0)
        for shift, hours in enumerate(shifts)
        for number in range(day["vans"])
    ]
    return Problem(stops, vans, roads.matrix(Roads(1.35, 24, 30), (0.0, 0.0), stops))


def solomon(path):
    """An instance of Solomon's in ten-thousandths, times rounded up: what fits here fits there."""
    lines = [line.split() for line in Path(path).read_text().splitlines()]
    count, capacity = map(int, lines[4])
    rows = [list(map(float, line)) for line in lines[9:] if line]
    scale = 10_000
    points = [(row[1], row[2]) for row in rows]
    far = [[round(scale * math.dist(a, b)) for b in points] for a in points]
    took = [[ceil(scale * math.dist(a, b)) for b in points] for a in points]
    stops = [
        Stop(
            str(int(n)), (x, y), int(opens * scale), int(closes * scale), int(stay * scale), int(d)
        )
        for n, x, y, d, opens, closes, stay in rows[1:]
    ]
    ends = int(rows[0][5] * scale)
    vans = [Van(str(number), capacity, 0, ends) for number in range(count)]
    return Problem(stops, vans, Matrix(far, took)), points


def length(plan, points):
    """Of a plan of Solomon's, in plain doubles."""
    total = 0.0
    for tour in plan.tours:
        for trip in tour.trips:
            way = [points[0], *(points[stop + 1] for stop in trip), points[0]]
            total += sum(math.dist(one, other) for one, other in itertools.pairwise(way))
    return total


def a_day(count, *, vans=3, crates=90, seed=1, reloads=0):
    """A small day of our own: doors in clusters around the depot, four windows."""
    luck = Random(seed)
    middles = [(luck.gauss(0, 3000), luck.gauss(0, 3000)) for _ in range(4)]
    stops = []
    for number in range(count):
        x, y = luck.choice(middles)
        opens = 3600 * luck.choice([10, 12, 14, 16])
        spot = (x + luck.gauss(0, 600), y + luck.gauss(0, 600))
        stops.append(Stop(str(number), spot, opens, opens + 7200, 240, luck.randint(1, 5)))
    fleet = [Van(str(n), crates, 3600 * 9, 3600 * 19, reloads) for n in range(vans)]
    return Problem(stops, fleet, roads.matrix(Roads(), (0.0, 0.0), stops))
