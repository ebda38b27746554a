"""The runs of a day as a picture: a map from coordinates alone, and a line of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import cos, radians

import msgspec

from app.fulfilment.delivery.models import Sheet
from app.fulfilment.delivery.rules import AT_THE_DOOR

WIDTH, HEIGHT, MARGIN = 720.0, 420.0, 28.0
COLOURS = 6


class Dot(msgspec.Struct, frozen=True):
    x: float
    y: float
    label: str
    state: str


class Way(msgspec.Struct, frozen=True):
    """One van on the map: the line it drives and its doors. `colour` counts from 1."""

    colour: int
    line: str
    dots: list[Dot]


class Bar(msgspec.Struct, frozen=True):
    """One van on the line of time, in percent of the day shown."""

    starts: float
    width: float
    stops: list[float]


def colour(place: int) -> int:
    return 1 + place % COLOURS


def draw_map(sheets: Sequence[Sheet]) -> tuple[list[Dot], list[Way]]:
    """Depots and ways, fitted into WIDTH × HEIGHT with north up and no direction stretched."""
    points = [
        *((sheet.run.latitude, sheet.run.longitude) for sheet in sheets),
        *((stop.latitude, stop.longitude) for sheet in sheets for stop in sheet.stops),
    ]
    if not points:
        return [], []
    middle = cos(radians(sum(point[0] for point in points) / len(points)))
    north, south = max(point[0] for point in points), min(point[0] for point in points)
    west, east = min(point[1] for point in points), max(point[1] for point in points)
    scale = min(
        (WIDTH - 2 * MARGIN) / max((east - west) * middle, 0.001),
        (HEIGHT - 2 * MARGIN) / max(north - south, 0.001),
    )
    left = (WIDTH - (east - west) * middle * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2

    def at(latitude: float, longitude: float) -> tuple[float, float]:
        x = left + (longitude - west) * middle * scale
        return round(x, 1), round(top + (north - latitude) * scale, 1)

    depots = {
        sheet.run.place: Dot(*at(sheet.run.latitude, sheet.run.longitude), sheet.run.place, "depot")
        for sheet in sheets
    }
    ways = []
    for place, sheet in enumerate(sheets):
        depot = at(sheet.run.latitude, sheet.run.longitude)
        doors = [at(stop.latitude, stop.longitude) for stop in sheet.stops]
        line = " ".join(f"{x},{y}" for x, y in [depot, *doors, depot])
        dots = [
            Dot(x, y, str(stop.position), stop.state)
            for (x, y), stop in zip(doors, sheet.stops, strict=True)
        ]
        ways.append(Way(colour(place), line, dots))
    return list(depots.values()), ways


def hours(sheets: Sequence[Sheet]) -> tuple[datetime, datetime]:
    """From the first window to the last door or window, in whole hours."""
    first = min(sheet.run.starts_at for sheet in sheets)
    last = max(
        max([sheet.run.ends_at, *(stop.arrives_at + AT_THE_DOOR for stop in sheet.stops)])
        for sheet in sheets
    )
    starts = first.replace(minute=0, second=0, microsecond=0)
    ends = last.replace(minute=0, second=0, microsecond=0)
    return starts, ends + timedelta(hours=1) if ends < last else ends


def bar(sheet: Sheet, starts: datetime, ends: datetime) -> Bar:
    def percent(at: datetime) -> float:
        return round(100 * ((at - starts) / (ends - starts)), 2)

    left = percent(sheet.run.starts_at)
    return Bar(
        left,
        round(percent(sheet.run.ends_at) - left, 2),
        [percent(stop.arrives_at) for stop in sheet.stops],
    )


def late_min(sheet: Sheet) -> int:
    """Minutes after the window at the last door; 0 when all are on time."""
    latest = max((stop.arrives_at for stop in sheet.stops), default=sheet.run.starts_at)
    return max(0, int((latest - sheet.run.ends_at).total_seconds() // 60))
