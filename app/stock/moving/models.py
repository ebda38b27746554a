from datetime import datetime
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
