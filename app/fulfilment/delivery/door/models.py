from datetime import datetime
from uuid import UUID

import msgspec

from app.collecting.models import Spot
from app.fulfilment.models import Receiver
from app.slots.models import Offer


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """How it is known that something was handed over; `file` names the picture until it is
    forgotten."""

    kind: str
    file: str | None
    words: str
    handed_to: Receiver | None
    happened_at: datetime


class GoingBack(msgspec.Struct, frozen=True, kw_only=True):
    """What comes back with a van."""

    order_id: UUID
    product_id: UUID
    quantity: int
    becomes: str


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What the shopper wants after nobody was home: another time, to come for it, or without either
    the money back."""

    order_id: UUID
    fulfilment_id: UUID
    slot_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    collect: bool = False

    @property
    def money_back(self) -> bool:
        return self.slot_id is None and not self.collect


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """What can become of what nobody took: times it can come again, a desk it can be collected at
    (`ready_by` to `keep_until`), or the money back, as long as it was not chosen otherwise. Each
    costs nothing more; who does not choose until `choose_until` has the money back. `place` names
    where it is, and `pieces` are what was in it: an order may have come in parts."""

    fulfilment_id: UUID
    place: str
    pieces: int
    out: bool
    """The van still has it."""
    stranded: bool
    """Somebody may have been home: its van broke down."""
    times: list[Offer]
    spot: Spot | None
    ready_by: datetime | None
    keep_until: datetime | None
    money_back: bool
    chosen: Chosen | None
    choose_until: datetime | None
