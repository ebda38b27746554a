"""The words of a basket: what is asked of it, what became of that, and what lies in it."""

from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid5

import msgspec

from app.catalog.models import Product
from app.db import NOTHING
from app.money import Money

NO_EDITION = NOTHING
_STICKERS = UUID("73746963-6b65-7273-6f6e-7061636b7321")
_OF_A_STICKER = 5
"""The kind of id that stickers get; editions of posters have ids made by the clock."""
MOST_OF_ONE = 99
MOST_ITEMS = 999
MOST_COUPONS = 10
MOST_ON_A_LINE = 200
"""Letters of a note about one product."""

Handover = Literal["delivery", "collect", "carry-out"]
Origin = Literal["wall", "web", "till", "agent"]
State = Literal["open", "frozen", "ordered", "merged"]

Refusal = Literal[
    "stale",
    "at-most-99",
    "limited",
    "basket-full",
    "not-for-sale",
    "unknown-product",
    "unknown-label",
    "label-retired",
    "not-open-yet",
    "product-changed",
    "price-changed",
    "being-paid",
    "too-many-coupons",
    "id-used-otherwise",
]


class LineKey(msgspec.Struct, frozen=True):
    """Two of one product that are handed over or priced differently are two lines."""

    product_id: UUID
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION


class Measured(msgspec.Struct, frozen=True):
    """What the sticker of a pack from the store's own scale says: its weight or its price."""

    kind: Literal["g", "price"]
    value: int

    @property
    def edition_id(self) -> UUID:
        """Packs that weigh or cost the same are one line, any other pack is another."""
        return uuid5(_STICKERS, f"{self.kind}/{self.value}")


def is_of_a_sticker(edition_id: UUID) -> bool:
    """A line of packs that were weighed one by one, not of a poster."""
    return edition_id.version == _OF_A_STICKER


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
    measured: Measured | None = None
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


class HandOver(msgspec.Struct, kw_only=True, tag="hand-over", tag_field="do"):
    """The whole line goes another way home, and becomes one with what goes that way already."""

    id: UUID
    line: LineKey
    version: int
    handover: Handover
    cart_id: UUID = NO_EDITION


class Split(msgspec.Struct, kw_only=True, tag="split", tag_field="do"):
    """So many of a line go another way: two carried out, one sent home."""

    id: UUID
    line: LineKey
    version: int
    handover: Handover
    quantity: int
    cart_id: UUID = NO_EDITION


class Merge(msgspec.Struct, kw_only=True, tag="merge", tag_field="do"):
    """All of a product at one price go one way: the lines of it become one."""

    id: UUID
    product_id: UUID
    version: int
    handover: Handover
    edition_id: UUID = NO_EDITION
    cart_id: UUID = NO_EDITION


class AttachCoupon(msgspec.Struct, kw_only=True, tag="attach-coupon", tag_field="do"):
    """Shown and kept; whether it counts, and for how much, the prices say."""

    id: UUID
    code: str
    cart_id: UUID = NO_EDITION


class DetachCoupon(msgspec.Struct, kw_only=True, tag="detach-coupon", tag_field="do"):
    id: UUID
    code: str
    cart_id: UUID = NO_EDITION


class Note(msgspec.Struct, kw_only=True, tag="note", tag_field="do"):
    """A word for whoever picks the basket, or about the product of a `line` of it; the last one
    stands, an empty one takes it away."""

    id: UUID
    text: str
    line: LineKey | None = None
    cart_id: UUID = NO_EDITION


Move: TypeAlias = HandOver | Split | Merge
Word: TypeAlias = AttachCoupon | DetachCoupon | Note
Command: TypeAlias = Add | Set | Remove | Move | Word


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
    measured_g: int | None = None
    """What one pack weighs, by its own sticker."""
    note: str = ""
    """What its shopper says about this product, however it is handed over."""
    price_rose: bool
    """The poster promised less and its time has passed: say so before asking more."""

    @property
    def is_for_a_till(self) -> bool:
        """Weight or price stand on the sticker of one pack, and a phone reads whatever somebody made
        up: it counts for the pack in a clerk's hand, and not for another one that is brought."""
        told = is_of_a_sticker(self.edition_id) and self.added_from != "till"
        return told and self.handover != "carry-out"


class Cart(msgspec.Struct, kw_only=True):
    """`count` is how many things there are in it, `version` moves forward only."""

    id: UUID
    version: int
    state: State
    count: int
    currency: str
    lines: list[Line]
    coupons: list[str] = []
    """Codes that were shown, in that order; what they are worth stands on the receipt."""
    note: str = ""
    saved: list[Line] = []
    """Laid aside: in no sum and in no order."""
    age_limit: int | None = None
    """The highest of its lines: somebody of this age must be at the door."""


class Change(msgspec.Struct, kw_only=True):
    """One step of a cart from `version - 1` to `version`, as its watchers hear it: the line it is
    about with its new `quantity`, or several in `lines`, and the `count` of the whole cart; or
    which `coupons` or that the `note` changed, of the cart or of the line in `noted`; or `merged` or `ordered`, the last one.
    """

    version: int
    body: dict[str, Any]


Role = Literal["look", "help"]
"""What somebody else may do in a basket: see it, or put things in and take them out as well."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else's look at a basket. `cart_id` is None while a till waits for one."""

    id: UUID
    cart_id: UUID | None
    role: Role
    until_at: datetime
    opened_at: datetime


class Bought(msgspec.Struct, frozen=True):
    """Something that was bought before: how many of it, and what one cost then."""

    product_id: UUID
    handover: Handover
    quantity: int
    price: Money
    weighed: bool = False
    """A pack with a sticker of its own, which nobody can have a second time."""


Lacking = Literal[
    "", "not-for-sale", "weighed", "none-left", "limited", "at-most-99", "basket-full"
]
"""Why less of it came back into the basket than was bought before; empty where all did."""


class BroughtAgain(msgspec.Struct, frozen=True):
    """`added` of `asked` are in the basket; `price` is what one cost then."""

    product_id: UUID
    handover: Handover
    asked: int
    added: int
    why: Lacking
    price: Money


class Again(msgspec.Struct, frozen=True):
    """What became of buying the same once more, by the `command` that undoes it."""

    command: UUID
    lines: list[BroughtAgain]
    until: datetime
    """Until when it can be undone."""
    undone: bool = False


class SharedLine(msgspec.Struct, frozen=True):
    """Of a copy behind a link: what and how many, and nothing of whose it was."""

    product_id: UUID
    handover: Handover
    quantity: int


class Snapshot(msgspec.Struct, kw_only=True):
    """A cart for its watchers, when the steps to it are not known."""

    version: int
    count: int
    state: State
    lines: list[ShownLine]
