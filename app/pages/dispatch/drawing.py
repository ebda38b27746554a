"""The runs of a day as a picture: a map from coordinates alone, and a line of time for each van."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import cos, radians
from zoneinfo import ZoneInfo

import msgspec

from app.fulfilment.delivery.models import Board, Sheet, StopRow
from app.slots.plans.models import Shift

WIDTH, HEIGHT, MARGIN = 720.0, 420.0, 28.0
COLOURS = 6


class Dot(msgspec.Struct, frozen=True):
    x: float
    y: float
    label: str
    state: str


class Way(msgspec.Struct, frozen=True):
    """One run on the map: the line it drives and its doors. `colour` counts from 1."""

    colour: int
    line: str
    dots: list[Dot]


class Stretch(msgspec.Struct, frozen=True):
    """In percent of the hours shown."""

    starts: float
    width: float


class Mark(msgspec.Struct, frozen=True):
    """A door on the line of time."""

    at: float
    late: bool


class Ride(msgspec.Struct, frozen=True):
    """A run on the line of its van: from leaving to being back, its window and its doors."""

    out: Stretch
    window: Stretch
    doors: list[Mark]


class Line(msgspec.Struct, frozen=True):
    """One van: its shifts with the breaks between them, and what it drives."""

    number: int
    place: str
    colour: int
    shifts: list[Stretch]
    rides: list[Ride]


class Timeline(msgspec.Struct, frozen=True):
    """`hours` are (percent, moment)."""

    hours: list[tuple[float, datetime]]
    lines: list[Line]


class Scale(msgspec.Struct, frozen=True):
    """The hours shown."""

    starts: datetime
    ends: datetime

    def percent(self, at: datetime) -> float:
        return round(100 * ((at - self.starts) / (self.ends - self.starts)), 2)

    def stretch(self, one: datetime, other: datetime) -> Stretch:
        return Stretch(self.percent(one), round(self.percent(other) - self.percent(one), 2))


def colours(sheets: Sequence[Sheet]) -> dict[tuple[str, int], int]:
    """Each van has its own, in all its runs."""
    vans = dict.fromkeys((sheet.run.place, sheet.run.number) for sheet in sheets)
    return {van: 1 + place % COLOURS for place, van in enumerate(sorted(vans))}


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
    shades = colours(sheets)
    ways = []
    for sheet in sheets:
        depot = at(sheet.run.latitude, sheet.run.longitude)
        doors = [at(stop.latitude, stop.longitude) for stop in sheet.stops]
        line = " ".join(f"{x},{y}" for x, y in [depot, *doors, depot])
        dots = [
            Dot(x, y, str(stop.position), stop.state)
            for (x, y), stop in zip(doors, sheet.stops, strict=True)
        ]
        ways.append(Way(shades[sheet.run.place, sheet.run.number], line, dots))
    return list(depots.values()), ways


def draw_time(board: Board, day: date) -> Timeline:
    """Every van that drives that day, from the first that leaves to the last that is back."""
    sheets = board.sheets
    shades = colours(sheets)
    zones = {sheet.run.place_id: ZoneInfo(sheet.run.time_zone) for sheet in sheets}
    shifts = {
        place_id: _hours_of(board.shifts.get(place_id, []), day, zone)
        for place_id, zone in zones.items()
    }
    moments = [moment for sheet in sheets for moment in _span(board, sheet)]
    driven = {(sheet.run.place_id, sheet.run.number) for sheet in sheets}
    for place_id, number in driven:
        moments += [at for part in shifts[place_id].get(number, []) for at in part]
    starts = min(moments).replace(minute=0, second=0, microsecond=0)
    ends = max(moments).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    scale = Scale(starts, ends)
    lines = []
    for place, number in sorted(shades):
        rides = [one for one in sheets if (one.run.place, one.run.number) == (place, number)]
        parts = shifts[rides[0].run.place_id].get(number, [])
        lines.append(
            Line(
                number,
                place,
                shades[place, number],
                [scale.stretch(*part) for part in parts],
                [_ride(board, sheet, scale) for sheet in rides],
            )
        )
    count = int((ends - starts) / timedelta(hours=1))
    hours = [(round(100 * n / count, 2), starts + timedelta(hours=n)) for n in range(count + 1)]
    return Timeline(hours, lines)


def late_min(sheet: Sheet, now: datetime) -> int:
    """Minutes after the window at the door where it is worst; 0 when all are on time."""
    return max((stop_late_min(sheet, stop, now) for stop in sheet.stops), default=0)


def stop_late_min(sheet: Sheet, stop: StopRow, now: datetime) -> int:
    """A door that is over was as late as it was; one ahead is as late as its van is behind by now."""
    at = stop.arrives_at
    if stop.state != "planned":
        at = stop.happened_at or at
    elif sheet.run.state == "underway" and sheet.next is not None:
        at += max(timedelta(), now - sheet.next.arrives_at)
    return max(0, int((at - sheet.run.ends_at).total_seconds() // 60))


def after_shift_min(board: Board, sheet: Sheet, day: date) -> int:
    """Minutes a van is back after its driver's shift; 0 also where nobody knows its shifts."""
    zone = ZoneInfo(sheet.run.time_zone)
    parts = _hours_of(board.shifts.get(sheet.run.place_id, []), day, zone)
    ends = [over for _, over in parts.get(sheet.run.number, [])]
    if not ends:
        return 0
    over = board.hours[sheet.run.id].back_at - max(ends)
    return max(0, int(over.total_seconds() // 60))


def _ride(board: Board, sheet: Sheet, scale: Scale) -> Ride:
    hours = board.hours[sheet.run.id]
    return Ride(
        scale.stretch(hours.leaves_at, max(hours.back_at, hours.leaves_at)),
        scale.stretch(sheet.run.starts_at, sheet.run.ends_at),
        [
            Mark(scale.percent(one.arrives_at), one.arrives_at > sheet.run.ends_at)
            for one in sheet.stops
        ],
    )


def _span(board: Board, sheet: Sheet) -> list[datetime]:
    hours = board.hours[sheet.run.id]
    doors = [stop.arrives_at for stop in sheet.stops]
    return [hours.leaves_at, hours.back_at, sheet.run.starts_at, sheet.run.ends_at, *doors]


def _hours_of(
    shifts: Sequence[Shift], day: date, zone: ZoneInfo
) -> dict[int, list[tuple[datetime, datetime]]]:
    """Van → when it is out that day, without its break."""

    def at(clock: time) -> datetime:
        return datetime.combine(day, clock, zone).astimezone(UTC)

    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for one in shifts:
        if day.isoweekday() in one.weekdays:
            parts = [(one.starts, one.ends)]
            if one.break_starts is not None and one.break_ends is not None:
                parts = [(one.starts, one.break_starts), (one.break_ends, one.ends)]
            found.setdefault(one.number, []).extend((at(a), at(b)) for a, b in parts)
    return found
