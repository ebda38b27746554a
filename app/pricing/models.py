from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.money import Money

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
    handover: str = "delivery"
    printed: bool = False
    """The unit price is the one printed on a poster that still holds."""


class NForM(msgspec.Struct, frozen=True, tag="n-for-m"):
    """Take three, pay for two: the cheapest of every full set are free."""

    take: Annotated[int, Meta(ge=2, le=100)]
    pay: Annotated[int, Meta(ge=1, le=99)]

    def __post_init__(self) -> None:
        if self.pay >= self.take:
            raise ValueError("an offer gives something")


class PercentOff(msgspec.Struct, frozen=True, tag="percent-off"):
    percent: Annotated[int, Meta(ge=1, le=100)]


class AmountOff(msgspec.Struct, frozen=True, tag="amount-off"):
    """So much off every unit, never below nothing."""

    amount: Annotated[Money, Meta(ge=1)]


Rule = NForM | PercentOff | AmountOff


class Promotion(msgspec.Struct, frozen=True):
    id: UUID
    name: dict[str, str]
    rule: Rule
    product_ids: frozenset[UUID]
    from_at: datetime
    until_at: datetime | None = None


class Use(msgspec.Struct, frozen=True):
    """So many units of a line earned a promotion, and `amount` of it is theirs."""

    key: str
    units: int
    amount: Money


class Advantage(msgspec.Struct, frozen=True):
    """What a promotion gives, and exactly which units earned it: a return is settled by it."""

    promotion_id: UUID
    name: dict[str, str]
    rule: Rule
    amount: Money
    uses: list[Use]


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


class VatPart(msgspec.Struct, frozen=True):
    """Of the prices with VAT of one rate: `gross` = `net` + `tax`. `percent` is the rate."""

    vat: Vat
    percent: int
    gross: Money
    net: Money
    tax: Money


class Hint(msgspec.Struct, frozen=True):
    """So many more of the same offer and the next set is full."""

    promotion_id: UUID
    name: dict[str, str]
    missing: int
    product_ids: frozenset[UUID]


class Receipt(msgspec.Struct, frozen=True):
    """total = subtotal − discount + deposits + delivery; the shares sum exactly to each."""

    lines: list[Share]
    subtotal: Money
    advantages: list[Advantage]
    discount: Money
    deposits: Money
    delivery: Money
    total: Money
    vat: list[VatPart]
    hints: list[Hint]
