from datetime import datetime
from uuid import UUID

import msgspec


class Stop(msgspec.Struct, frozen=True):
    """`message` is what those who bought it are told."""

    id: UUID
    product_id: UUID
    gtin: str
    reason: str
    message: str
    stopped_at: datetime
