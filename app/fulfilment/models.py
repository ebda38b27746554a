"""The words of picking, packing and driving."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from app.staff.models import Person

State = Literal[
    "released",
    "refused",
    "picking",
    "picked",
    "packed",
    "loaded",
    "out_for_delivery",
    "delivered",
    "failed",
    "returned",
    "cancelled",
]
"""refused: its place cannot do it, and no other could either. failed: nobody took it; its parcels
are still in the van."""

Storage = Literal["ambient", "chilled", "frozen"]
ShortReason = Literal["not-found", "damaged", "expired", "too-few", "wrong-price", "other"]
NotDelivered = Literal["not-home", "refused", "address", "damaged", "access", "age"]
NextStep = Literal["again", "back"]
"""again: with the next van of that window. back: into the shop, and the money returns."""
Receiver = Literal["customer", "neighbour"]
DeviceTime: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""By the clock of a phone, which may be wrong; it says its offset."""

RunState = Literal["planned", "published", "underway", "completed"]


class Act(msgspec.Struct, frozen=True):
    """Who does something, under which command id, and when by the clock of their phone."""

    id: UUID
    person: Person
    happened_at: datetime | None = None


class Fulfilment(msgspec.Struct, frozen=True, kw_only=True):
    """What one place does for one order."""

    order_id: UUID
    id: UUID
    place_id: UUID
    order_number: str
    state: State
    window_starts_at: datetime
    window_ends_at: datetime
    pick_by: datetime
    batch_id: UUID | None
    tote: int | None
    attempts: int
    version: int


class Location(msgspec.Struct, frozen=True, order=True):
    """Where a product stands, in walking order."""

    aisle: int
    bay: int
    shelf: int


class LineToPick(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order before it has a pick; without a spot of its own it gets the default."""

    line_no: int
    product_id: UUID
    quantity: int
    storage: Storage
    category: str
    weight_g: int
    aisle: int | None
    bay: int | None
    shelf: int | None

    @property
    def location(self) -> Location | None:
        if self.aisle is None or self.bay is None or self.shelf is None:
            return None
        return Location(self.aisle, self.bay, self.shelf)


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order, to be taken from the shelf of one place."""

    order_id: UUID
    id: UUID
    fulfilment_id: UUID
    line_no: int
    product_id: UUID
    quantity: int
    picked: int
    short: int
    short_reason: ShortReason | None
    delivered: int
    state: Literal["open", "picked", "short"]
    storage: Storage
    weight_g: int
    aisle: int
    bay: int
    shelf: int
    resourced: int = 0
    """Of the short ones, sent by another place instead."""

    @property
    def open(self) -> int:
        return self.quantity - self.picked - self.short


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One tote or bag with a number of its own (SSCC, 18 digits); in exactly one place."""

    order_id: UUID
    id: UUID
    fulfilment_id: UUID
    sscc: str
    number: int
    storage: Storage
    weight_g: int
    place_id: UUID | None
    run_id: UUID | None
    delivered_at: datetime | None
    emptied_at: datetime | None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One van leaving one place for one window of time."""

    id: UUID
    place_id: UUID
    starts_at: datetime
    ends_at: datetime
    number: int
    state: RunState
    driver_id: UUID | None
    departed_at: datetime | None
    completed_at: datetime | None
    version: int


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One door of a run. `happened_at` is by the phone's clock, `received_at` by ours."""

    order_id: UUID
    id: UUID
    fulfilment_id: UUID
    run_id: UUID
    position: int
    state: Literal["planned", "delivered", "failed", "dropped"]
    latitude: float
    longitude: float
    arrives_at: datetime
    handed_to: Receiver | None
    age_checked: bool
    reason: NotDelivered | None
    next_step: NextStep | None
    happened_at: datetime | None
    received_at: datetime | None
