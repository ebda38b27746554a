from datetime import datetime, time
from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money

Fullness = Literal["free", "filling", "full"]


class Serving(msgspec.Struct, frozen=True):
    """A place that delivers to an area; who has the lower priority is asked first."""

    place_id: UUID
    priority: int


class Zone(msgspec.Struct, frozen=True):
    """A place delivers to the areas from the first to the last, both included: "3511" to "3589"."""

    place_id: UUID
    first_area: str
    last_area: str
    priority: int = 1
    country: str = "NL"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery slot somebody can still choose. `left` orders fit in; times are aware UTC and
    `time_zone` says how to show them; `fee` is with VAT."""

    id: UUID
    place_id: UUID
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    time_zone: str
    fee: Money
    left: int
    fullness: Fullness


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    place_id: UUID
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    capacity: int
    used: int
    fee: Money


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One order's room in a slot."""

    id: UUID
    slot_id: UUID
    holder: UUID
    state: Literal["held", "confirmed", "released", "expired"]
    expires_at: datetime
    version: int


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One slot of a place's week, in the place's own local time; weekdays are ISO, 1 is Monday."""

    starts: time
    ends: time
    cutoff: time
    capacity: int
    fee: Money = 0
    cutoff_days_before: int = 0
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


class Window(msgspec.Struct, frozen=True):
    """A slot as it falls on one day, in UTC."""

    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    capacity: int
    fee: Money
