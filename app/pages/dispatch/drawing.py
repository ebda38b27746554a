"""The runs of a day as a line of time for each van."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from app.fulfilment.delivery.models import Board, Sheet, StopRow
from app.pages.dispatch.mapping import colours
from app.slots.plans.models import Shift

HOURS_OFF = timedelta(hours=6)
"""A phone that says so has a wrong clock."""


class Stretch(msgspec.Struct, frozen=True):
    """In percent of the hours shown."""

    starts: float
    width: float


class Mark(msgspec.Struct, frozen=True):
    """A door on the line of time."""

    at: float
    late: bool
    state: str


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
    now: float | None = None
    """Where the hand of the clock is, when it is today."""


class Scale(msgspec.Struct, frozen=True):
    """The hours shown."""

    starts: datetime
    ends: datetime

    def percent(self, at: datetime) -> float:
        return round(100 * ((at - self.starts) / (self.ends - self.starts)), 2)

    def stretch(self, one: datetime, other: datetime) -> Stretch:
        return Stretch(self.percent(one), round(self.percent(other) - self.percent(one), 2))


def draw_time(board: Board, day: date, now: datetime) -> Timeline:
    """Every van that drives that day, from the first that leaves to the last that is back."""
    sheets = board.sheets
    shades = colours(sheets)
    zones = {sheet.run.place_id: ZoneInfo(sheet.run.time_zone) for sheet in sheets}
    shifts = {
        place_id: _hours_of(board.shifts.get(place_id, []), day, zone)
        for place_id, zone in zones.items()
    }
    moments = [moment for sheet in sheets for moment in _span(board, sheet, behind(sheet, now))]
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
                [_ride(board, sheet, scale, behind(sheet, now)) for sheet in rides],
            )
        )
    count = int((ends - starts) / timedelta(hours=1))
    hours = [(round(100 * n / count, 2), starts + timedelta(hours=n)) for n in range(count + 1)]
    hand = scale.percent(now) if starts <= now <= ends else None
    return Timeline(hours, lines, hand)


def late_min(sheet: Sheet, now: datetime) -> int:
    """Minutes after the window at the door where it is worst; 0 when all are on time."""
    return max((stop_late_min(sheet, stop, now) for stop in sheet.stops), default=0)


def stop_late_min(sheet: Sheet, stop: StopRow, now: datetime) -> int:
    """A door that is over was as late as it was; one ahead is as late as its van is behind by now."""
    at = stop.arrives_at
    if stop.state != "planned":
        at = _moment(stop)
    else:
        at += behind(sheet, now)
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


def behind(sheet: Sheet, now: datetime) -> timedelta:
    """How far a van on the road is behind its plan, as far as anybody can see."""
    if sheet.run.state != "underway" or sheet.next is None:
        return timedelta()
    return max(timedelta(), now - sheet.next.arrives_at)


def _ride(board: Board, sheet: Sheet, scale: Scale, late_by: timedelta) -> Ride:
    hours = board.hours[sheet.run.id]
    return Ride(
        scale.stretch(hours.leaves_at, max(hours.back_at, hours.leaves_at)),
        scale.stretch(sheet.run.starts_at, sheet.run.ends_at),
        [
            Mark(scale.percent(at), at > sheet.run.ends_at, one.state)
            for one in sheet.stops
            for at in [_moment(one) + (late_by if one.state == "planned" else timedelta())]
        ],
    )


def _moment(stop: StopRow) -> datetime:
    """When somebody was there, by a clock that can be believed, else when the van is to be there."""
    at = stop.happened_at if stop.state != "planned" else None
    return at if at is not None and abs(at - stop.arrives_at) < HOURS_OFF else stop.arrives_at


def _span(board: Board, sheet: Sheet, late_by: timedelta) -> list[datetime]:
    hours = board.hours[sheet.run.id]
    doors = [_moment(stop) + late_by for stop in sheet.stops]
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
