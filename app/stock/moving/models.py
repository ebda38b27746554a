from datetime import date, datetime
from uuid import UUID

import msgspec


class Transfer(msgspec.Struct, frozen=True):
    """Under way from one place to another."""

    id: UUID
    from_place: str
    to_place: str
    sent_at: datetime
    lines: list["Sent"]


class Sent(msgspec.Struct, frozen=True):
    product_id: UUID
    gtin: str
    quantity: int


class Expected(msgspec.Struct, frozen=True):
    """So many are coming in, on a day of that place."""

    id: UUID
    product_id: UUID
    place_id: UUID
    place: str
    quantity: int
    due_on: date
