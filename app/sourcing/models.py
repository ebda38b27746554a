from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Weight = Annotated[int, Meta(ge=0, le=10_000_000)]
Clock = Annotated[time, Meta(tz=False, examples=["08:00:00"])]


class Part(msgspec.Struct, frozen=True):
    """What one place sends: product → pieces."""

    place_id: UUID
    lines: dict[UUID, int]


class Missing(msgspec.Struct, frozen=True):
    """So many were wanted of a product, and no more than `available` can be sent."""

    product_id: UUID
    wanted: int
    available: int


class Considered(msgspec.Struct, frozen=True):
    """Why a place was chosen or not: how far it is, and how many products it lacks."""

    place_id: UUID
    distance_m: int | None
    lacking: int
    outcome: Literal["chosen", "not enough stock", "dearer than the chosen one", "ruled out"]


class Costs(msgspec.Struct, frozen=True):
    """What a choice costs, in cents: shipments and their distance, crowding of the places, picking
    with the risk that it is not there after all, and what nobody sends."""

    parcels: int = 0
    distance: int = 0
    load: int = 0
    picking: int = 0
    unfilled: int = 0

    @property
    def total(self) -> int:
        return self.parcels + self.distance + self.load + self.picking + self.unfilled


class Alternative(msgspec.Struct, frozen=True):
    place_ids: list[UUID]
    cost: int


class Choice(msgspec.Struct, frozen=True):
    """Who sends what. `missing` says what nobody sends; with most of the order missing there may
    be no parts at all. `instead` are the best three other choices."""

    parts: list[Part]
    missing: list[Missing]
    considered: list[Considered]
    costs: Costs = Costs()
    instead: list[Alternative] = []

    @property
    def possible(self) -> bool:
        return bool(self.parts) and not self.missing


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Places with rules of their own, beside those for all; of several groups every rule counts.

    `surcharge` is what one more shipment from there costs more, in cents. Of a product, `safety_stock`
    pieces stay there. Goods must leave between `opens` and `closes`, by the clock of the place.
    """

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    place_ids: list[UUID]
    surcharge: Weight = 0
    safety_stock: Annotated[int, Meta(ge=0, le=1000)] = 0
    opens: Clock | None = None
    closes: Clock | None = None
    sends: bool = True
    cold: bool = True
    age_limited: bool = True


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules: costs in cents, and places that are out of the question.

    `parcel` is one more shipment; `store_piece` and `dark_store_piece` are the picking of a piece;
    `risk` is what it costs when the last piece on a store's shelf is not there. Of a product,
    `safety_stock` pieces stay in each store. A place of `no_cold` sends nothing chilled or frozen, one
    of `no_age_limit` nothing that is not for everybody. `most_places` None is as many as needed.
    """

    parcel: Weight = 400
    kilometre: Weight = 12
    crowding: Weight = 200
    store_piece: Weight = 30
    dark_store_piece: Weight = 15
    risk: Weight = 150
    unfilled_piece: Weight = 1200
    safety_stock: Annotated[int, Meta(ge=0, le=1000)] = 0
    most_places: Annotated[int, Meta(ge=1, le=20)] | None = None
    excluded: list[UUID] = []
    only: list[UUID] | None = None
    no_cold: list[UUID] = []
    no_age_limit: list[UUID] = []
    groups: Annotated[list[Group], Meta(max_length=50)] = []


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A place that could send: how far it is, how full its day is (0 to 1), when the goods would leave
    by its own clock (None: nobody knows yet), what it has."""

    place_id: UUID
    kind: Literal["store", "dark-store"]
    distance_m: int | None = None
    load: float = 0.0
    leaves_at: time | None = None
    stock: dict[UUID, int]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an order wants and who has it. Who is preferred stands first in `sources`: with equal
    costs they send it."""

    wanted: dict[UUID, int]
    sources: list[Source]
    cold: list[UUID] = []
    age_limited: list[UUID] = []


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided for an order, and what it was decided on."""

    order_id: UUID
    attempt: int
    rules_version: int
    asked: Asked
    decided: Choice
    refused_by: list[UUID]
    made_at: datetime


class Unfilled(msgspec.Struct, frozen=True):
    order_id: UUID
    missing: list[Missing]
    opened_at: datetime
    waits_until: datetime | None = None


class Version(msgspec.Struct, frozen=True):
    """Who made which version of the rules, and when."""

    version: int
    made_at: datetime
    made_by: str


class Compared(msgspec.Struct, frozen=True):
    """One past order that other places would have sent: places and cents, then and now."""

    order_id: UUID
    places_before: list[UUID]
    places_after: list[UUID]
    cost_before: int
    cost_after: int


class Trial(msgspec.Struct, frozen=True):
    """Past orders decided once more: as they were, and as they would have been."""

    orders: int
    cost_before: int
    cost_after: int
    shipments_before: int
    shipments_after: int
    unfilled_before: int
    unfilled_after: int
    by_place: dict[UUID, int]
    """Place → pieces it would have sent."""
    by_place_before: dict[UUID, int] = {}
    metres_before: int = 0
    """From the places to the addresses, as the crow flies."""
    metres_after: int = 0
    split_before: int = 0
    """Orders from more than one place."""
    split_after: int = 0
    changed: int = 0
    """Orders that other places would have sent; the first of them stand in `examples`."""
    examples: list[Compared] = []
