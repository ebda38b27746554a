"""The words of a sale: what is priced, for whom and where, and the receipt that comes of it."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.money import Money
from app.pricing.promotion import Channel, Handover, Rule

Vat = Literal["zero", "low", "high"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the basket under one key. `unit_price` is what one unit costs before promotions,
    with VAT and without deposit: where a poster promises a lower price, already that one."""

    key: str
    product_id: UUID
    quantity: int
    unit_price: Money
    vat: Vat
    deposit: Money = 0
    handover: Handover = "delivery"
    printed: bool = False
    """The unit price is the one printed on a poster that still holds."""
    brand: str = ""
    category: str = ""
    wall: str = ""
    channel: Channel = "web"
    most_percent: int = 100
    """What the law allows to take off: 25 for alcohol (Alcoholwet, art. 2a), 0 where advertising by
    price is forbidden. Below 100 it is in no set and nothing comes on top."""


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """What pricing has to know of somebody; nothing of who they are."""

    groups: frozenset[str] = frozenset()
    orders: int = 0
    """How many they have placed before."""
    used_up: frozenset[UUID] = frozenset()
    """Promotions they have had as often as one person may."""


NOBODY = Customer()


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Where the sale happens."""

    currency: str = "EUR"
    time_zone: str = "Europe/Amsterdam"
    place_id: UUID | None = None
    delivery_fee: Money = 0


class Coupon(msgspec.Struct, frozen=True):
    """A code somebody gave that opens a promotion, and may still be used."""

    code: str
    promotion_id: UUID


class Offer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A promotion as it counted for one basket: which lines it was for, and what it asked of them.
    It stands on the receipt, so that what is kept after a return can be priced by it years later.
    """

    promotion_id: UUID
    name: dict[str, str]
    rule: Rule
    keys: list[str]
    others: list[list[str]] = []
    """The lines of each part of a bundle, or those that buying `keys` makes cheaper."""
    lane: int = 0
    most: int | None = None
    minimum_amount: Money = 0
    minimum_quantity: int = 0
    excludes: list[UUID] = []
    alone: bool = False
    code: str = ""
    version: int = 1
    by_the_rest: bool = False
    """Of a gift: what it gives does not count for what it asks. Receipts from before do not say so."""


class Use(msgspec.Struct, frozen=True):
    """So many units of a line earned a promotion, and `amount` of it is theirs."""

    key: str
    units: int
    amount: Money


class Advantage(msgspec.Struct, frozen=True):
    """What a promotion gives, and exactly which units earned it: a return is settled by it.
    `delivery` is what it takes off bringing it; `code` the coupon that opened it."""

    promotion_id: UUID
    name: dict[str, str]
    rule: Rule
    amount: Money
    uses: list[Use]
    delivery: Money = 0
    code: str = ""
    version: int = 1


class Share(msgspec.Struct, frozen=True):
    """A line's part of the receipt: gross − discount = paid; deposit comes on top."""

    key: str
    product_id: UUID
    quantity: int
    unit_price: Money
    vat: Vat
    gross: Money
    discount: Money
    paid: Money
    deposit: Money
    printed: bool = False
    most_percent: int = 100


class VatPart(msgspec.Struct, frozen=True):
    """Of the prices with VAT of one rate: `gross` = `net` + `tax`. `percent` is the rate."""

    vat: Vat
    percent: int
    gross: Money
    net: Money
    tax: Money


class Hint(msgspec.Struct, frozen=True):
    """What is missing for the next advantage: so many units, or so much money."""

    promotion_id: UUID
    name: dict[str, str]
    missing: int
    product_ids: frozenset[UUID]
    missing_amount: Money = 0
    delivery: bool = False
    """It is the delivery that becomes free."""


class Receipt(msgspec.Struct, frozen=True):
    """total = subtotal − discount + deposits + delivery; the shares sum exactly to each.
    `fee` is what bringing it costs without an advantage, `offers` what counted at the time."""

    lines: list[Share]
    subtotal: Money
    advantages: list[Advantage]
    discount: Money
    deposits: Money
    delivery: Money
    total: Money
    vat: list[VatPart]
    hints: list[Hint]
    fee: Money = 0
    offers: list[Offer] = []


class UnitShare(msgspec.Struct, frozen=True):
    """One unit of a line: what it costs, what it earned of which promotion, what was paid for it."""

    key: str
    number: int
    price: Money
    earned: list[tuple[UUID, Money]]
    paid: Money


Cause = Literal["changed-mind", "short", "damaged", "missing", "recalled"]
"""The first is the shopper's own reason, in the others the shop has failed."""


class Return(msgspec.Struct, frozen=True):
    """So many units of each line, by its key, and why."""

    units: dict[str, Annotated[int, Meta(ge=1)]]
    cause: Cause = "changed-mind"


class Tender(msgspec.Struct, frozen=True):
    """A means of payment, in the order in which money goes back to them."""

    id: str
    paid: Money
    refunded: Money = 0


class TenderPart(msgspec.Struct, frozen=True):
    id: str
    amount: Money


class Refund(msgspec.Struct, frozen=True):
    """`paid` − `kept_costs` was the rule for the shopper's own reasons; `shares` is what was paid
    for all that came back, `before` what had gone back already."""

    amount: Money
    tenders: list[TenderPart]
    paid: Money
    kept_costs: Money
    shares: Money
    before: Money
