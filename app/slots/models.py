from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money

Storage = Literal["ambient", "chilled", "frozen"]
Fullness = Literal["free", "filling", "full"]
Arm = Literal["leaf", "plain"]
"""Of the experiment with the green hint: shown leaves, or not."""


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


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What an order takes of a slot, beside its place in it: crates by storage class, minutes of a
    picker, and a van at `point` (latitude, longitude; None where nobody knows it)."""

    ambient_crates: int = 0
    chilled_crates: int = 0
    frozen_crates: int = 0
    picker_minutes: int = 0
    point: tuple[float, float] | None = None
    at_the_door_s: int = 240

    @property
    def crates(self) -> int:
        """In the van they stand together; an order is never nothing."""
        return max(1, self.ambient_crates + self.chilled_crates + self.frozen_crates)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery slot somebody can still choose. `left` orders fit in; times are aware UTC and
    `time_zone` says how to show them; `fee` is with VAT, and none is asked for goods from
    `free_from` on. `left` is 0 also where no van could come any more. `near` says that a van is
    near anyway then; only half of the carts are shown that, to see whether it helps."""

    id: UUID
    place_id: UUID
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    time_zone: str
    fee: Money
    left: int
    fullness: Fullness
    free_from: Money | None = None
    near: bool = False


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    place_id: UUID
    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    capacity: int
    used: int
    fee: Money
    free_from: Money | None = None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A slot of one of the places that deliver somewhere; `day` is a date at the place."""

    slot: Slot
    day: date
    time_zone: str
    has_room: bool


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One order's room in a slot."""

    id: UUID
    slot_id: UUID
    holder: UUID
    state: Literal["held", "confirmed", "released", "expired"]
    expires_at: datetime
    version: int
    planned: bool = False
    beside: UUID | None = None

    @property
    def order(self) -> UUID:
        """Whose it is: one of several places has room for it under a name of its own."""
        return self.beside or self.holder


class Found(msgspec.Struct, frozen=True):
    """What the experiment with the green hint has shown so far: orders of one arm whose time is
    confirmed, and how much farther the vans drove for one of them, on average."""

    arm: Arm
    orders: int
    detour_m: float | None


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One slot of a place's week, in the place's own local time; weekdays are ISO, 1 is Monday.

    Orders are taken until `cutoff`, and never after there is time left for picking and driving.
    Crates and minutes without a number have no limit; nobody pays the fee for goods of `free_from`.
    """

    starts: time
    ends: time
    cutoff: time | None = None
    capacity: int
    fee: Money = 0
    cutoff_days_before: int = 0
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    picking_minutes: int = 0
    driving_minutes: int = 0
    ambient_crates: int | None = None
    chilled_crates: int | None = None
    frozen_crates: int | None = None
    picker_minutes: int | None = None
    free_from: Money | None = None


class Window(msgspec.Struct, frozen=True):
    """A slot as it falls on one day, in UTC."""

    starts_at: datetime
    ends_at: datetime
    cutoff_at: datetime
    template: Template
