from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec

from app.fulfilment.models import Fulfilment, Parcel, Storage

Reason = Literal["damaged", "wrong", "not-wanted", "age", "recalled"]
"""Why something stays at the desk. age: who came is too young for it, or could not show otherwise."""
REASONS: tuple[Reason, ...] = get_args(Reason)


class Refused(msgspec.Struct, frozen=True):
    """So many of a picked line are not taken home."""

    pick_id: UUID
    quantity: int
    reason: Reason


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order stands that is collected: `ready_at` once it waits behind the desk, `ended_at`
    once it was handed over or put back."""

    order_id: UUID
    fulfilment_id: UUID
    ready_by: datetime
    keep_until: datetime
    ready_at: datetime | None
    ended_at: datetime | None
    age_checked: bool


class OnShelf(msgspec.Struct, frozen=True):
    number: int
    storage: Storage
    shelf: str | None
    sscc: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An order in the list of a desk: to be shelved, ready, or to be put back on the shelves."""

    fulfilment_id: UUID
    order_number: str
    place_id: UUID
    place: str
    time_zone: str
    what: Literal["shelve", "ready", "clear"]
    ready_by: datetime
    keep_until: datetime
    pieces: int
    parcels: list[OnShelf]


class DeskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is handed over: `picked` pieces of it are there. `name` and `gtin` are of what is
    really in the tote, `instead_of` is the ordered product it replaces."""

    pick_id: UUID
    line_no: int
    product_id: UUID
    name: str
    gtin: str
    picture: str | None
    instead_of: str | None
    gtin_instead_of: str | None
    storage: Storage
    age_limit: int | None
    quantity: int
    picked: int
    short: int
    delivered: int
    refused: int
    stopped: bool


class AtDesk(msgspec.Struct, frozen=True, kw_only=True):
    """One order on the counter. The name is there to be asked for, and nothing else of the person."""

    fulfilment: Fulfilment
    standing: Standing
    place: str
    time_zone: str
    name: str
    lines: list[DeskLine]
    parcels: list[Parcel]
    shelves: dict[int, str]

    @property
    def age_limit(self) -> int | None:
        ages = [line.age_limit or 0 for line in self.lines if line.picked]
        return max(ages, default=0) or None
