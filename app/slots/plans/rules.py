"""Shifts of a day, and how much air a promise keeps."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.routing import insertion, roads
from app.routing.models import Draft, Roads, Stop, Van
from app.slots.models import Need, Slot
from app.slots.plans.models import Shift

AIR = 1.1
"""Promises are made for drives a tenth longer than they should be ..."""
LAST_PART = 0.1
"""... and for the window without its last tenth: what a day brings is not known yet."""
ROADS = Roads(factor=1.35 * AIR)


def empty(point: tuple[float, float], shifts: Sequence[Shift], day: date, zone: ZoneInfo) -> Draft:
    vans = [van for shift in shifts for van in _vans(shift, day, zone)]
    return Draft.empty(ROADS, roads.spot(*point), vans)


def stop(holder: str, slot: Slot, need: Need) -> Stop:
    """The door of an order in a slot, as early within its window as a promise has to be."""
    assert need.point is not None, "who has no point has no stop"
    opens, closes = int(slot.starts_at.timestamp()), int(slot.ends_at.timestamp())
    return Stop(
        holder,
        roads.spot(*need.point),
        opens,
        int(closes - LAST_PART * (closes - opens)),
        need.at_the_door_s,
        need.crates,
    )


def merged(now: Draft, better: Draft) -> Draft | None:
    """The better plan, made while orders came and went: without those that went, with those that
    came. None when not all of them fit, or it has become no shorter: then the plan stays as it is."""
    wanted = {stop.key: stop for stop in insertion.stops_of(now)}
    known = {stop.key for stop in insertion.stops_of(better)}
    draft = insertion.without(better, known - wanted.keys())
    for key in wanted.keys() - known:
        [gap] = insertion.gaps(draft, [wanted[key]])
        if gap is None:
            return None
        draft = insertion.insert(draft, gap, wanted[key])
    true = all(insertion.fits(draft, tour) for tour in range(len(draft.tours)))
    same = {stop.key: stop for stop in insertion.stops_of(draft)} == wanted
    shorter = insertion.length_m(draft) < insertion.length_m(now)
    return draft if true and same and shorter else None


def _vans(shift: Shift, day: date, zone: ZoneInfo) -> list[Van]:
    """With a break it is two shifts; in the night the clock changes, as long as it really is."""
    if day.isoweekday() not in shift.weekdays:
        return []
    ends = [shift.ends] if shift.break_starts is None else [shift.break_starts, shift.ends]
    starts = [shift.starts] if shift.break_ends is None else [shift.starts, shift.break_ends]
    return [
        Van(f"{shift.number}.{part}", shift.crates, _at(day, begins, zone), _at(day, over, zone))
        for part, (begins, over) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def _at(day: date, clock: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, clock, zone).astimezone(UTC).timestamp())


def local_day(slot: Slot, zone: ZoneInfo) -> date:
    return slot.starts_at.astimezone(zone).date()
