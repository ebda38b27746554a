"""What somebody who waits is told, and when they are told again. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.fulfilment.delivery.rules import Point, kilometres
from app.fulfilment.delivery.timetable import driving
from app.fulfilment.delivery.tracking.models import Standing, Whereabouts
from app.routing.models import Roads

NEAR = 3
"""Doors before one's own from which on the van is shown."""
WORTH_A_MAIL = timedelta(minutes=10)

PLANNED = (timedelta(minutes=20), timedelta(minutes=40))
ON_THE_WAY = (timedelta(minutes=10), timedelta(minutes=20))
ALMOST = (timedelta(minutes=5), timedelta(minutes=10))
"""So much before and after the time we reckon with: sooner is rarer than later."""
STEP = timedelta(minutes=5)


def whereabouts(standing: Standing, van: Point | None) -> Whereabouts:
    """The slot as it was promised, then an hour of it, half an hour, a quarter. A window never ends
    before it begins, and begins no sooner than the slot unless the van is under way."""
    if standing.run_state == "planned":
        return Whereabouts(stage="waits", earliest=standing.starts_at, latest=standing.ends_at)
    if standing.run_state != "underway":
        earliest, latest = _window(standing.arrives_at, PLANNED)
        earliest = max(earliest, standing.starts_at)
        return Whereabouts(stage="planned", earliest=earliest, latest=max(latest, earliest + STEP))
    if standing.stops_before > NEAR:
        earliest, latest = _window(standing.arrives_at, ON_THE_WAY)
        return Whereabouts(stage="on_the_way", earliest=earliest, latest=latest)
    earliest, latest = _window(standing.arrives_at, ALMOST)
    away_km = None if van is None else _roughly(kilometres(van, standing_point(standing)))
    return Whereabouts(
        stage="near" if standing.stops_before else "next",
        earliest=earliest,
        latest=latest,
        stops_before=standing.stops_before,
        away_km=away_km,
    )


def standing_point(standing: Standing) -> Point:
    return standing.latitude, standing.longitude


def shown(found: Whereabouts) -> str:
    """In short: while this is the same, the page says the same."""
    return f"{found.stage} {found.earliest:%H%M} {found.latest:%H%M} {found.stops_before}"


def has_moved(told_at: datetime | None, arrives_at: datetime) -> bool:
    return told_at is not None and abs(arrives_at - told_at) > WORTH_A_MAIL


def arrivals_from(
    roads: Roads,
    here: Point,
    left_at: datetime,
    not_before: datetime,
    doors: Sequence[tuple[Point, int]],
) -> list[datetime]:
    """When a van that left one door (or the shop) at `left_at` is at each of the next ones, which are
    (point, seconds there); nobody is visited before their window opens."""
    at, found = left_at, []
    for door, stay_s in doors:
        at = max(at + driving(roads, here, door), not_before)
        found.append(at.replace(microsecond=0))
        at += timedelta(seconds=stay_s)
        here = door
    return found


def _window(at: datetime, around: tuple[timedelta, timedelta]) -> tuple[datetime, datetime]:
    """Rounded outwards to five minutes, so that it does not tremble."""
    return _down(at - around[0]), _down(at + around[1]) + STEP


def _down(at: datetime) -> datetime:
    since = datetime(1970, 1, 1, tzinfo=UTC)
    return at - (at - since) % STEP


def _roughly(distance_km: float) -> float:
    return max(0.5, round(distance_km * 2) / 2)
