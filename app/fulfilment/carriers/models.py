from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.http.bounds import NO_CONTROLS
from app.stock.models import Place

State = Literal["wanted", "announced", "accepted", "in_transit", "failed", "delivered", "returned"]
"""wanted: the carrier was not told yet. failed: nobody took it, the carrier tries again."""
Kind = Literal["accepted", "in_transit", "failed", "delivered", "returned"]
Plain = Annotated[str, Meta(min_length=1, max_length=80, pattern=NO_CONTROLS)]


class Fact(msgspec.Struct, frozen=True):
    """What a carrier tells of a parcel. `id` names the fact at the carrier, so that hearing it twice
    is hearing it once; `reference` and `track_at` (https) are how a shopper follows it there."""

    id: Plain
    sscc: Annotated[str, Meta(pattern=r"^[0-9]{18}$")]
    kind: Kind
    at: Annotated[datetime, Meta(tz=True)]
    reference: Plain | None = None
    track_at: Annotated[str, Meta(max_length=300, pattern=r"^https://[!-~]+$")] | None = None

    def __post_init__(self) -> None:
        if not 2000 <= self.at.year < 2200:
            raise ValueError("a time nobody lives in")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    street: str
    postcode: str
    city: str
    country: str
    phone: str = ""


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel as its carrier has to know it, no more."""

    sscc: str
    order_number: str
    number: int
    of: int
    weight_g: int
    sender: Address
    receiver: Address
    leave_with: str
    """Until when it should be there, RFC 3339."""


class Announced(msgspec.Struct, frozen=True):
    """The carrier knows of it, and calls it so."""

    reference: str
    track_at: str | None = None


class ReturnLabel(msgspec.Struct, frozen=True, kw_only=True):
    """`code` says all to who may know it; `word` is what it is, in this language."""

    sscc: str
    code: str
    word: str
    to: Place
    base_url: str
    language: str


class Due(msgspec.Struct, frozen=True):
    order_id: UUID
    parcel_id: UUID
    attempts: int


class Consignment(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel in the hands of a carrier, or on its way there."""

    order_id: UUID
    parcel_id: UUID
    fulfilment_id: UUID
    order_number: str
    number: int
    sscc: str
    carrier: str
    state: State
    reference: str | None
    track_at: str | None
    attempts: int
    problem: str | None


class Bookable(msgspec.Struct, frozen=True, kw_only=True):
    """A packed order that could be given to a carrier."""

    fulfilment_id: UUID
    order_number: str
    place: str
    time_zone: str
    postcode: str
    city: str
    parcels: int
    window_ends_at: datetime
