"""In which order a van visits its doors, and when it gets there."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from math import asin, cos, pi, radians, sin, sqrt
from typing import TypeAlias

from app.fulfilment.delivery.models import Door
from app.fulfilment.models import NextStep, NotDelivered, Run

Point: TypeAlias = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""

EARTH_KM = 6371.0
AT_THE_DOOR = timedelta(minutes=4)
CITY_RADIUS_KM = 4.0
MOST_TRIES = 2
MOST_DOORS_ANEW = 40
"""Above so many the way is not sought from the beginning for each new door."""


def kilometres(one: Point, other: Point) -> float:
    """As the crow flies (haversine)."""
    (lat1, lon1), (lat2, lon2) = one, other
    north, east = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(north) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(east) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def best_order(depot: Point, doors: Sequence[Point]) -> list[int]:
    """Places of `doors` in visiting order: the nearest next, then crossings taken out (2-opt)."""
    return _without_crossings(depot, doors, _nearest_next(depot, doors))


def taken_in(depot: Point, doors: Sequence[Point]) -> list[int]:
    """The same for a long way that was found before: only the last of `doors` is new, and goes where
    it makes the round trip least longer. A single van never has so many; a plan that says so late
    still must not keep everybody waiting."""
    *before, new = range(len(doors))
    way = [depot, *(doors[door] for door in before), depot]
    detours = [
        kilometres(one, doors[new]) + kilometres(doors[new], other) - kilometres(one, other)
        for one, other in itertools.pairwise(way)
    ]
    before.insert(detours.index(min(detours)), new)
    return before


def around_pinned(before: Sequence[Door], way: Sequence[Door]) -> list[Door]:
    """The new way, with pinned doors where they were before: the third stays the third."""
    doors = [door for door in way if not door.pinned]
    for place, door in enumerate(before):
        if door.pinned:
            doors.insert(place, door)
    return doors


def length_km(depot: Point, doors: Sequence[Point]) -> float:
    """The round trip in the order given."""
    way = [depot, *doors, depot]
    return sum(kilometres(way[i], way[i + 1]) for i in range(len(way) - 1))


def next_steps(reason: NotDelivered, *, tries: int) -> list[NextStep]:
    """What may follow when nobody took it: what was refused or damaged goes back. Of what comes
    again the cold part is picked anew."""
    again = reason not in ("refused", "damaged", "age") and tries < MOST_TRIES - 1
    return ["again", "back"] if again else ["back"]


MOST_OFF = timedelta(days=366)


def believable(at: datetime | None, now: datetime) -> datetime | None:
    """What the clock of a phone says, unless it cannot be: then there is none."""
    return at if at is not None and abs(at - now) < MOST_OFF else None


ON_THE_PHONE = timedelta(hours=24)


def forget_at(run: Run) -> datetime:
    """When everything of a run has to be gone from the phone of its driver: a day after the shift."""
    return (run.completed_at or run.ends_at) + ON_THE_PHONE


def demo_point(around: Point, postcode: str, house_number: str) -> Point:
    """A point for an address nobody located: the same one each time, near its neighbours."""
    area = _fractions(postcode[:4])
    angle, distance = 2 * pi * area[0], CITY_RADIUS_KM * sqrt(area[1])
    middle = _away(around, distance * cos(angle), distance * sin(angle))
    return near(middle, postcode, house_number)


def near(area: Point, postcode: str, house_number: str) -> Point:
    """A point for an address of which only the area is known, within some 400 m of its middle."""
    door = _fractions(postcode + house_number)
    return _away(area, 0.6 * (door[0] - 0.5), 0.6 * (door[1] - 0.5))


def _away(point: Point, north_km: float, east_km: float) -> Point:
    latitude = point[0] + north_km / 111.2
    return latitude, point[1] + east_km / (111.2 * cos(radians(point[0])))


def _nearest_next(depot: Point, doors: Sequence[Point]) -> list[int]:
    here, left, order = depot, set(range(len(doors))), []
    while left:
        nearest = min(left, key=lambda door: (kilometres(here, doors[door]), door))
        left.remove(nearest)
        order.append(nearest)
        here = doors[nearest]
    return order


def _without_crossings(depot: Point, doors: Sequence[Point], order: list[int]) -> list[int]:
    """Turn round every stretch that is shorter backwards, until none is left."""
    points = [depot, *doors]
    way = [0, *(door + 1 for door in order), 0]
    apart = [[kilometres(one, other) for other in points] for one in points]
    improved = True
    while improved:
        improved = False
        for first in range(1, len(way) - 2):
            for last in range(first + 1, len(way) - 1):
                before, after = way[first - 1], way[last + 1]
                now = apart[before][way[first]] + apart[way[last]][after]
                turned = apart[before][way[last]] + apart[way[first]][after]
                if turned < now - 1e-9:
                    way[first : last + 1] = way[first : last + 1][::-1]
                    improved = True
    return [point - 1 for point in way[1:-1]]


def _fractions(text: str) -> tuple[float, float]:
    digest = sha256(text.upper().replace(" ", "").encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32, int.from_bytes(digest[4:8], "big") / 2**32
