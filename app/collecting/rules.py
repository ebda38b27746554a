"""When a desk is open, when an order is ready there, and until when it is kept. Pure."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.collecting.models import Desk, Point, Promise, Spot
from app.errors import Conflict, Unprocessable
from app.slots.rules import holidays_of

DAYS_AHEAD = 21
QUARTER = timedelta(minutes=15)
LATE_BY = timedelta(minutes=30)
"""So much later than was shown is still what was agreed: somebody types an address meanwhile."""


def promise(spot: Spot, now: datetime) -> Promise | None:
    """What a desk can promise for an order of now; None when it does not open these weeks."""
    days = list(openings(spot, now.astimezone(ZoneInfo(spot.time_zone)).date()))
    # Work takes as long as it takes, also in the night the clock is put forward or back.
    ready_by = _ready_by(days, now.astimezone(UTC), timedelta(minutes=spot.desk.ready_minutes))
    if ready_by is None:
        return None
    return Promise(ready_by, keep_until(spot, ready_by))


def keep_until(spot: Spot, ready: datetime) -> datetime:
    """When the desk closes `keep_days` days after an order was ready, or for the last time before."""
    zone = ZoneInfo(spot.time_zone)
    first = ready.astimezone(zone).date()
    last = first + timedelta(days=spot.desk.keep_days)
    closings = [
        closes
        for _, closes in openings(spot, first)
        if closes > ready and closes.astimezone(zone).date() <= last
    ]
    return closings[-1] if closings else ready + timedelta(days=spot.desk.keep_days)


def openings(
    spot: Spot, first: date, days: int = DAYS_AHEAD
) -> Iterator[tuple[datetime, datetime]]:
    """The hours of the coming days in UTC: what the clock at the place says, also in the nights it
    is put forward or back."""
    hours = {one.weekday: one for one in spot.desk.hours}
    for n in range(days):
        day = first + timedelta(days=n)
        one = hours.get(day.isoweekday())
        if one is None:
            continue
        if not spot.desk.on_holidays and day in holidays_of(spot.country, day.year):
            continue
        yield _utc(day, one.opens, spot.time_zone), _utc(day, one.closes, spot.time_zone)


def zone_of(place: Point | Spot) -> ZoneInfo:
    return ZoneInfo(place.time_zone)


def check(desk: Desk) -> None:
    """Raises Unprocessable for hours that are none."""
    days = [one.weekday for one in desk.hours]
    wrong = any(
        one.opens.tzinfo or one.closes.tzinfo or one.opens >= one.closes for one in desk.hours
    )
    if wrong or len(set(days)) < len(days):
        raise Unprocessable(
            "A desk opens before it closes, once a day. Please look at the hours again.",
            code="no-such-hours",
        )


def still(shown: datetime, found: Promise | None) -> Promise:
    """What was shown counts as long as it can be kept. Raises Conflict when it cannot any more."""
    if found is None or found.ready_by > shown + LATE_BY:
        raise Conflict(
            "It will be ready later than we said. Please look at the new time.",
            code="ready-later",
            state={"ready_by": found.ready_by.isoformat()} if found else None,
        )
    return Promise(min(shown, found.ready_by), found.keep_until)


def _ready_by(
    days: Sequence[tuple[datetime, datetime]], now: datetime, work: timedelta
) -> datetime | None:
    """Orders are picked while the place is open: what the evening leaves is done in the morning."""
    for opens, closes in days:
        begins = max(opens, now)
        if begins >= closes:
            continue
        ready = _next_quarter(begins + work)
        if ready < closes:
            return ready
        work = max(timedelta(), work - (closes - begins))
    return None


def _next_quarter(at: datetime) -> datetime:
    past = (at - datetime(at.year, at.month, at.day, tzinfo=at.tzinfo)) % QUARTER
    return at + (QUARTER - past) % QUARTER


def _utc(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
