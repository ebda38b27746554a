from datetime import datetime
from itertools import groupby
from typing import Literal
from uuid import UUID

import msgspec

from app.cart.models import Measured
from app.catalog.models import Product
from app.money import Money


class Code(msgspec.Struct, frozen=True):
    """What was scanned or typed: a printed label, or a product's number, or both."""

    label: str = ""
    gtin: str = ""
    measured: Measured | None = None
    """What the sticker of a pack from the store's own scale says beside that."""


class Seen(msgspec.Struct, kw_only=True):
    """What a code means today: the label it hangs on, and the product it sells."""

    code: Code
    state: Literal["live", "waiting", "retired", "unknown"]
    """Of the label; a product's number alone is live while we know it. A waiting one hangs, or
    will, at a site that is not open yet."""
    product: Product | None
    """What is sold here now."""
    printed_product: Product | None = None
    """What the number on the label means, when that is something else."""
    price: Money = 0
    """What one costs now: the poster's promise while it holds."""
    printed_price: Money | None = None
    honoured_until: datetime | None = None
    price_rose: bool = False
    wall_code: str | None = None
    wall_name: str = ""
    place_hint: str = ""
    edition_id: UUID | None = None
    opens_at: datetime | None = None
    """When a waiting label begins to sell; None when nobody has said so."""
    time_zone: str | None = None
    """Of the clock on the platform where it hangs."""


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a link leads (RFC 9264, 4.2.3)."""

    href: str
    title: str
    type: str
    hreflang: list[str] = []


class Linkset(msgspec.Struct, frozen=True):
    """All links of one number (RFC 9264, 4.2): link type → targets, beside `anchor` and
    `description`."""

    linkset: list[dict[str, str | list[Target]]]


class SupportedLinkType(msgspec.Struct, frozen=True):
    namespace: str
    prefix: str


class Resolver(msgspec.Struct, frozen=True, rename="camel"):
    """What this resolver can do (GS1-Conformant Resolver Standard 1.2, description file)."""

    name: str
    resolver_root: str
    supported_primary_keys: list[str]
    supported_link_type: list[SupportedLinkType]
    link_type_default_can_be_linkset: bool
    json_ld_context_location: str


class ScannedLine(msgspec.Struct, kw_only=True):
    """The line a scan changed, as a phone shows it at once."""

    product_id: UUID
    handover: str
    edition_id: UUID
    label: str
    quantity: int
    name: str
    picture: str | None
    price: Money
    currency: str


class Scanned(msgspec.Struct, kw_only=True):
    """Where the basket is after a scan; a repeat of the scan gives the same answer."""

    kind: Literal["line"] = "line"
    id: UUID
    version: int
    count: int
    line: ScannedLine


class WallListed(msgspec.Struct, kw_only=True):
    """Of the code that names no product but a whole wall: where its list opens. It changes nothing."""

    kind: Literal["list"] = "list"
    id: UUID
    address: str
    name: str


class LookFirst(msgspec.Struct, kw_only=True):
    """What the poster said and what holds now: a tap sends it back as seen."""

    product: Product | None
    printed_product: Product | None
    price: Money | None
    printed_price: Money | None


class Hanging(msgspec.Struct, kw_only=True):
    """A wall that sells now, for somebody who stands somewhere else."""

    code: str
    name: str
    place_hint: str
    city: str
    codes: int
    products: list[Product]


class OnShelf(msgspec.Struct, kw_only=True):
    """One label of a wall: `address` is where its code leads, `price` what one costs now."""

    address: str
    label: str
    panel: int
    shelf: int
    place: int
    product: Product
    price: Money
    price_rose: bool


class Shelf(msgspec.Struct, kw_only=True):
    """What stands in one shelf of a panel, or belongs to one category."""

    panel: int
    shelf: int
    labels: list[OnShelf]


class WallToRead(msgspec.Struct, kw_only=True):
    """A wall as a list, by category or shelf by shelf, for who cannot see or reach it."""

    code: str
    name: str
    place_hint: str
    city: str
    open: bool
    opens_at: datetime | None
    time_zone: str
    labels: list[OnShelf]

    @property
    def shelves(self) -> list[Shelf]:
        return [
            Shelf(panel=panel, shelf=shelf, labels=list(labels))
            for (panel, shelf), labels in groupby(
                self.labels, key=lambda one: (one.panel, one.shelf)
            )
        ]

    @property
    def categories(self) -> dict[str, list[OnShelf]]:
        """In the order in which somebody meets them who walks along the wall."""
        found: dict[str, list[OnShelf]] = {}
        for one in self.labels:
            found.setdefault(one.product.category, []).append(one)
        return found
