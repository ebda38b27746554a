from datetime import datetime, time
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from app.http.bounds import Line


class Hours(msgspec.Struct, frozen=True):
    """One day of the week (ISO, 1 is Monday) by the clock of the place; a day without is closed."""

    weekday: Annotated[int, Meta(ge=1, le=7)]
    opens: Annotated[time, Meta(examples=["09:00:00"])]
    closes: Annotated[time, Meta(examples=["18:00:00"])]


class Desk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a place hands orders over. `ready_minutes` of open time go by until an order is ready;
    it is kept until the desk closes `keep_days` days after that."""

    hours: Annotated[list[Hours], Meta(max_length=7)]
    ready_minutes: Annotated[int, Meta(ge=0, le=2880)] = 120
    keep_days: Annotated[int, Meta(ge=1, le=14)] = 3
    on_holidays: bool = False
    hint: Line = ""
    """Where it is, e.g. "left of the entrance"."""
    open: bool = True


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A place with a desk."""

    place_id: UUID
    name: str
    street: str
    postcode: str
    city: str
    country: str
    time_zone: str
    latitude: float
    longitude: float
    desk: Desk


class Promise(msgspec.Struct, frozen=True):
    """From when on somebody may come, and until when it is kept. Aware UTC."""

    ready_by: datetime
    keep_until: datetime


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """Where a basket could be collected. `missing` are products there is too little of; times are
    aware UTC and `time_zone` says how to show them; `distance_m` is as the crow flies, None where
    nobody knows from where."""

    place_id: UUID
    name: str
    street: str
    postcode: str
    city: str
    time_zone: str
    hint: str
    hours: list[Hours]
    ready_by: datetime
    keep_until: datetime
    distance_m: int | None
    missing: list[UUID] = []
