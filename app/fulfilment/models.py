"""The words of picking, packing and driving."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from app.money import Money
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

Way = Literal["delivery", "collect", "carrier"]
"""delivery: by a van of ours. carrier: by a parcel service."""

Storage = Literal["ambient", "chilled", "frozen"]
ShortReason = Literal["not-found", "damaged", "expired", "too-few", "wrong-price", "other"]
NotDelivered = Literal["not-home", "refused", "address", "damaged", "access", "age"]
FailReason = NotDelivered | Literal["breakdown"]
"""breakdown: its van did not go any more, and no other came in time."""
NextStep = Literal["again", "back"]
"""again: with the next van of that window. back: into the shop, and the money returns."""
Receiver = Literal["customer", "neighbour", "safe-place"]
RefusalCause = Literal["not-wanted", "damaged", "wrong", "missing", "age", "recalled", "warm"]
"""Why a line stays in the van though its order is handed over. not-wanted and age are on the
shopper's side, in the others the shop has failed."""
DeviceTime: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""By the clock of a phone, which may be wrong; it says its offset."""

RunState = Literal["planned", "published", "underway", "completed"]
AT_THE_PLACE: tuple[RunState, ...] = ("planned", "published")
"""It has not left yet."""


class Act(msgspec.Struct, frozen=True):
    """Who does something, under which command id, and when by the clock of their phone."""

    id: UUID
    person: Person
    happened_at: datetime | None = None
    clock_off_s: int = 0
    """How far that clock was behind ours when it told of this, as far as anybody knows."""

    @property
    def at(self) -> datetime:
        """When it was by our clock, as well as is known: never still to come."""
        now = datetime.now(UTC)
        if self.happened_at is None:
            return now
        return min(now, self.happened_at + timedelta(seconds=self.clock_off_s))


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
    way: Way = "delivery"

    @property
    def is_collected(self) -> bool:
        """Its shopper comes for this part."""
        return self.way == "collect"


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
    nominal_g: int | None = None
    dated: bool = False

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
    replaces: UUID | None = None
    """The pick of what was ordered, when this is a substitute for it."""
    offered: int = 0
    replaced: int = 0
    paid_back_for: int = 0
    paid_back: Money = 0
    nominal_g: int | None = None
    """What one weighs as it was sold, when it is weighed; `weighed_g` is what all picked ones do."""
    weighed_g: int = 0
    dated: bool = False
    best_before: date | None = None

    @property
    def open(self) -> int:
        """What the picker still has to do something about; not what waits for the shopper's word."""
        return self.quantity - self.picked - self.short - self.replaced - self.offered

    @property
    def missing(self) -> int:
        """Not there, and sent by nobody else."""
        return self.short - self.resourced

    @property
    def gone(self) -> int:
        """What was ordered and is not brought by anybody: missing, or replaced."""
        return self.missing + self.replaced


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
    loaded_at: datetime | None = None
    stood_s: int = 0
    """Seconds out of the cold room before it went back there; in `loaded_at` they are counted."""


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
    reason: FailReason | None
    next_step: NextStep | None
    happened_at: datetime | None
    received_at: datetime | None
