"""The words of a basket: what is asked of it, what became of that, and what lies in it."""

from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from app.catalog.models import Product
from app.money import Money

NO_EDITION = UUID(int=0)
MOST_OF_ONE = 99
MOST_ITEMS = 999

Handover = Literal["delivery", "collect", "carry-out"]
Origin = Literal["wall", "web", "till", "agent"]
State = Literal["open", "frozen", "ordered", "merged"]

Refusal = Literal[
    "stale",
    "at-most-99",
    "basket-full",
    "not-for-sale",
    "unknown-product",
    "unknown-label",
    "label-retired",
    "not-open-yet",
    "product-changed",
    "price-changed",
    "being-paid",
    "id-used-otherwise",
]


class LineKey(msgspec.Struct, frozen=True):
    """Two of one product that are handed over or priced differently are two lines."""

    product_id: UUID
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION


class Add(msgspec.Struct, kw_only=True, tag="add", tag_field="do"):
    """Relative, so it commutes: some more (or, below zero, fewer) of a product.

    The product is named by exactly one of `label` (what hangs on the wall), `gtin`, `product_id`.
    `seen_product` and `seen_price` are what the shopper was shown and tapped, which settles what
    differs from the poster. With `edition_id` it goes on with a line that is there.
    """

    id: UUID
    cart_id: UUID = NO_EDITION
    quantity: int = 1
    label: str = ""
    gtin: str = ""
    product_id: UUID | None = None
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION
    seen_product: UUID | None = None
    seen_price: Money | None = None
    added_from: Origin = "web"


class Set(msgspec.Struct, kw_only=True, tag="set", tag_field="do"):
    """Absolute: stale when its line has changed since `version`. Zero takes the line out."""

    id: UUID
    line: LineKey
    version: int
    quantity: int
    cart_id: UUID = NO_EDITION


class Remove(msgspec.Struct, kw_only=True, tag="remove", tag_field="do"):
    id: UUID
    line: LineKey
    version: int
    cart_id: UUID = NO_EDITION


Command: TypeAlias = Add | Set | Remove


class ShownLine(msgspec.Struct, kw_only=True):
    """A line as the answer to a command tells it; its names and picture follow by reading.
    `price` is what one cost when it was added, by label or number."""

    product_id: UUID
    handover: Handover
    edition_id: UUID
    quantity: int
    price: Money | None = None


class Differs(msgspec.Struct, kw_only=True):
    """What the poster said and what holds now, when a tap must settle it."""

    printed_product: UUID | None = None
    product_id: UUID | None = None
    printed_price: Money | None = None
    price: Money | None = None


class Outcome(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What one command did: the same, however often it is sent."""

    id: UUID
    version: int
    count: int
    line: ShownLine | None = None
    refused: Refusal | None = None
    differs: Differs | None = None


class Line(msgspec.Struct, kw_only=True):
    """A line as it stands. `price` is what one costs now: the promise of the poster where it holds."""

    product_id: UUID
    handover: Handover
    edition_id: UUID
    quantity: int
    product: Product | None
    """None when the catalogue no longer knows it."""
    price: Money
    current_price: Money
    printed_price: Money | None
    honoured_until: datetime | None
    added_from: Origin
    label: str | None
    version: int
    for_sale: bool
    price_rose: bool
    """The poster promised less and its time has passed: say so before asking more."""


class Cart(msgspec.Struct, kw_only=True):
    """`count` is how many things there are in it, `version` moves forward only."""

    id: UUID
    version: int
    state: State
    count: int
    currency: str
    lines: list[Line]
    coupons: list[str] = []
    """Codes the shopper gave; what they are worth stands on the receipt."""


class Change(msgspec.Struct, kw_only=True):
    """One step of a cart from `version - 1` to `version`, as its watchers hear it: the line it is
    about with its new `quantity`, and the `count` of the whole cart; or `ordered`, the last one.
    """

    version: int
    body: dict[str, Any]


class Snapshot(msgspec.Struct, kw_only=True):
    """A cart for its watchers, when the steps to it are not known."""

    version: int
    count: int
    state: State
    lines: list[ShownLine]
