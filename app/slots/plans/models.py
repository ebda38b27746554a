from datetime import date, time
from typing import Literal
from uuid import UUID

import msgspec

from app.routing.models import Draft


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """One shift of a van of a place, in its local time; weekdays are ISO. The break is at the place."""

    place_id: UUID
    number: int
    starts: time
    ends: time
    crates: int
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    break_starts: time | None = None
    break_ends: time | None = None


class DayPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A place's day: who drives where as far as promised. `day` is a date at the place."""

    place_id: UUID
    day: date
    version: int
    draft: Draft


class Point(msgspec.Struct, frozen=True):
    """Where an address is, and how well that is known."""

    latitude: float
    longitude: float
    exact: Literal["postcode", "area"]


class PointsOf(msgspec.Struct, frozen=True):
    """How many postcodes of a country came from one source."""

    country: str
    source: str
    points: int
