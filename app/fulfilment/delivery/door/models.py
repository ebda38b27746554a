from datetime import datetime
from uuid import UUID

import msgspec

from app.fulfilment.models import Receiver


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
    """What the shopper wants after nobody was home: another time, or without one the money back."""

    order_id: UUID
    fulfilment_id: UUID
    slot_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
