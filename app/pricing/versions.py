"""A promotion as the shop keeps it, and how it came to be what it is."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from app.pricing.promotion import Channel, Promotion

State = Literal["draft", "published", "stopped"]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`promotion` is None for one that cannot be read, and `fault` says why: it is sold without."""

    id: UUID
    name: dict[str, str]
    from_at: datetime | None
    until_at: datetime | None
    state: State
    version: int
    used: int
    promotion: Promotion | None
    fault: str = ""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    state: State
    body: dict[str, Any]
    at: datetime
    by: str
    """Empty: nobody at a desk, e.g. the shell."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Codes that were made together; `used` is how many orders have one of them."""

    id: UUID
    promotion_id: UUID
    name: str
    codes: int
    used: int
    made_at: datetime


class PriceList(msgspec.Struct, frozen=True, kw_only=True):
    """Prices of some products for the sales it is about: what is None is any."""

    id: UUID
    name: str
    channel: Channel | None
    place_id: UUID | None
    customer_group: str | None
    currency: str
    from_at: datetime
    until_at: datetime | None
    made_at: datetime
    ended_at: datetime | None
    made_by: str
    ended_by: str
    products: int
