from datetime import date, datetime
from uuid import UUID

import msgspec

from app.fulfilment.models import Pick, State, Way
from app.orders.models import Wish


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Orders of one place that have to be picked by the same time."""

    place_id: UUID
    place: str
    time_zone: str
    pick_by: datetime
    window_starts_at: datetime
    window_ends_at: datetime
    way: Way
    orders: int
    pieces: int


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A cart with up to six totes, one order in each; `done` of `pieces` are picked or short."""

    id: UUID
    place_id: UUID
    place: str
    picker_id: UUID
    picker: str | None
    created_at: datetime
    orders: int
    pieces: int
    done: int


class PickListLine(Pick, frozen=True, kw_only=True):
    """A pick as the picker sees it: with what to look for and the tote to put it in."""

    name: str
    gtin: str
    codes: list[str]
    """Every code that is this product, 14 digits each, so that a handheld can check without a signal."""
    item_number: str | None
    """What a label of the shop's scale begins with, for goods that are weighed."""
    delivered_on: date
    """The day at its place: no date on a pack may be before it."""
    picture: str | None
    age_limit: int | None
    note: str
    """What the shopper wrote for whoever handles the order."""
    substitution: Wish
    order_number: str
    fulfilment_state: State
    tote: int


class PickList(msgspec.Struct, frozen=True):
    """In walking order; `next` is the first the picker can do something about."""

    batch: Batch
    lines: list[PickListLine]

    @property
    def next(self) -> PickListLine | None:
        return next((line for line in self.lines if line.open), None)
