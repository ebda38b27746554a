from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

State = Literal["held", "confirmed", "released", "expired", "taken"]
Arrival = Literal["received", "returned", "counted"]
"""counted: it was there, although the books said otherwise."""
Channel = Literal["wall", "web", "till", "agent"]
"""Who sells it: a place can keep pieces back from some of them."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A store or dark store: goods lie here and leave from here."""

    id: UUID
    code: str
    name: str
    kind: Literal["store", "dark-store"]
    street: str
    postcode: str
    city: str
    country: str
    time_zone: str
    latitude: float
    longitude: float
    open: bool


class Line(msgspec.Struct, frozen=True):
    """So many pieces of a product at a place."""

    product_id: UUID
    place_id: UUID
    quantity: int


class Request(msgspec.Struct, frozen=True):
    """Hold these goods for `holder`, all or none, until `until` unless confirmed before."""

    hold_id: UUID
    holder: UUID
    lines: tuple[Line, ...]
    until: datetime
    channel: Channel = "web"
    leaves_on: date | None = None
    """The day at its place on which it is brought: what comes in before may be promised as well.
    None when it must be there now."""


class Level(msgspec.Struct, frozen=True):
    """What is free of a product at a place, before what is kept back from a channel."""

    spot: tuple[UUID, UUID]
    available: int
    kept_back: dict[Channel, int] = {}


class Coming(msgspec.Struct, frozen=True):
    """What is announced for a place and not promised to anybody yet."""

    id: UUID
    spot: tuple[UUID, UUID]
    due_on: date
    free: int


class Awaited(msgspec.Struct, frozen=True):
    """Pieces promised out of what is announced."""

    expected_id: UUID
    spot: tuple[UUID, UUID]
    quantity: int


class Promise(msgspec.Struct, frozen=True):
    """What a hold is written with: all its goods, and those of them that have yet to come in."""

    request: Request
    goods: Mapping[tuple[UUID, UUID], int]
    awaited: tuple[Awaited, ...] = ()


class Reserved(msgspec.Struct, frozen=True, tag="reserved"):
    hold_id: UUID


class Short(msgspec.Struct, frozen=True):
    product_id: UUID
    place_id: UUID
    wanted: int
    available: int


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Nothing is held. `short` names what there is too little of; it is empty when the hold of
    this id ended before (it expired or was released), and needs a new id."""

    hold_id: UUID
    short: tuple[Short, ...] = ()


class Hold(msgspec.Struct, frozen=True):
    id: UUID
    holder: UUID
    state: State
    expires_at: datetime
    version: int


class HeldLine(msgspec.Struct, frozen=True):
    """`picked` is None while the goods still have to be picked. `short` of them were not there when
    somebody counted."""

    product_id: UUID
    place_id: UUID
    quantity: int
    picked: int | None
    short: int = 0


Supply = Literal["plenty", "few", "gone"]
