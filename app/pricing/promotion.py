"""What a promotion is: what it gives (its kind), for what and when (its conditions), its limits.

A kind says in its constructor what makes no sense, in a sentence for whoever writes promotions.
"""

from datetime import datetime, time
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from app.money import Money

Percent = Annotated[int, Meta(ge=1, le=100)]
Count = Annotated[int, Meta(ge=1, le=999)]
Price = Annotated[Money, Meta(ge=0, le=10**12)]
Off = Annotated[Money, Meta(ge=1, le=10**12)]


class NForM(msgspec.Struct, frozen=True, tag="n-for-m"):
    """Take three, pay for two: the cheapest of every full set are free."""

    take: Annotated[int, Meta(ge=2, le=100)]
    pay: Annotated[int, Meta(ge=1, le=99)]

    def __post_init__(self) -> None:
        if self.pay >= self.take:
            raise ValueError("An offer gives something: fewer are paid than taken.")


class BuyGet(msgspec.Struct, frozen=True, tag="buy-get"):
    """Buy two, get one so much off (100: free). `gets` are other products; without them the
    cheapest of the same ones."""

    buy: Count
    get: Count = 1
    percent: Percent = 100
    gets: frozenset[UUID] = frozenset()


class NthOff(msgspec.Struct, frozen=True, tag="nth-off"):
    """The second at half price: of every `nth` the cheapest is so much off."""

    nth: Annotated[int, Meta(ge=2, le=100)] = 2
    percent: Percent = 50


class PercentOff(msgspec.Struct, frozen=True, tag="percent-off"):
    """Off every unit, rounded down; on top of others, off the whole basket."""

    percent: Percent


class AmountOff(msgspec.Struct, frozen=True, tag="amount-off"):
    """So much off every unit, never below nothing; on top of others, off the whole basket."""

    amount: Off


class MemberPrice(msgspec.Struct, frozen=True, tag="member-price"):
    """Each for this price, where it is the lower one, for whoever is a member."""

    price: Price


class MixAndMatch(msgspec.Struct, frozen=True, tag="mix-and-match"):
    """Any three of these for this price."""

    take: Annotated[int, Meta(ge=2, le=100)]
    price: Price


class Part(msgspec.Struct, frozen=True):
    product_ids: Annotated[frozenset[UUID], Meta(min_length=1)]
    quantity: Annotated[int, Meta(ge=1, le=20)] = 1


class Bundle(msgspec.Struct, frozen=True, tag="bundle"):
    """A sandwich, a drink and an apple for this price: so many of each part."""

    parts: Annotated[tuple[Part, ...], Meta(min_length=2, max_length=6)]
    price: Price

    @property
    def product_ids(self) -> frozenset[UUID]:
        return frozenset[UUID]().union(*(part.product_ids for part in self.parts))


class Step(msgspec.Struct, frozen=True):
    start: Annotated[int, Meta(ge=1, le=10**12)]
    """Units, or an amount of money."""
    percent: Percent


class Tiered(msgspec.Struct, frozen=True, tag="tiered"):
    """More off the more is bought: from six 10 %, from twelve 20 %, off each of them."""

    by: Literal["quantity", "amount"]
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=10)]

    def __post_init__(self) -> None:
        pairs = zip(self.steps, self.steps[1:], strict=False)
        if not all(a.start < b.start and a.percent < b.percent for a, b in pairs):
            raise ValueError("Every step starts later and gives more than the one before it.")


class FreeDelivery(msgspec.Struct, frozen=True, tag="free-delivery"):
    """The order is brought for nothing."""


class Gift(msgspec.Struct, frozen=True, tag="gift"):
    """So many of this product for nothing, once its conditions are met by the rest."""

    product_id: UUID
    units: Annotated[int, Meta(ge=1, le=20)] = 1


Rule: TypeAlias = (
    NForM
    | BuyGet
    | NthOff
    | PercentOff
    | AmountOff
    | MemberPrice
    | MixAndMatch
    | Bundle
    | Tiered
    | FreeDelivery
    | Gift
)

Channel = Literal["wall", "web", "till", "agent"]
Handover = Literal["delivery", "collect", "carry-out"]
Weekday = Annotated[int, Meta(ge=1, le=7)]
"""ISO: 1 is Monday."""
MEMBERS = "members"


class Where(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a promotion counts. What is left empty says nothing; all that is said must hold.

    Brands, categories, walls, channels and handovers say which lines it is for; the others
    whether it counts at all. A minimum counts everything in the basket that it is for at full
    price, whatever that earns elsewhere, so that buying more never costs more.
    """

    brands: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    walls: frozenset[str] = frozenset()
    channels: frozenset[Channel] = frozenset()
    handovers: frozenset[Handover] = frozenset()
    places: frozenset[UUID] = frozenset()
    groups: frozenset[str] = frozenset()
    weekdays: frozenset[Weekday] = frozenset()
    from_time: time | None = None
    until_time: time | None = None
    """By the clock of the place; an end before its start is on the next morning."""
    minimum_amount: Annotated[Money, Meta(ge=0, le=10**12)] = 0
    minimum_quantity: Annotated[int, Meta(ge=0, le=999)] = 0
    first_order: bool = False
    coupon: bool = False
    """Only for whoever brings one of its coupons."""


ANYWHERE = Where()


class Promotion(msgspec.Struct, frozen=True):
    """`product_ids`: what it is for; empty is everything its conditions leave.

    Lane 0 gives on goods: every unit is used by one of its promotions once. Promotions of lanes 1
    to 9 come on top, one per lane, in that order, off what the whole basket still costs. `alone`
    goes with no other, `excludes` names those it does not go with.
    """

    id: UUID
    name: dict[str, str]
    rule: Rule
    product_ids: frozenset[UUID]
    from_at: datetime
    until_at: datetime | None = None
    where: Where = ANYWHERE
    lane: Annotated[int, Meta(ge=0, le=9)] = 0
    alone: bool = False
    excludes: frozenset[UUID] = frozenset()
    most_per_order: Annotated[int, Meta(ge=1, le=999)] | None = None
    """Sets, or units where it gives by the unit."""
    most_per_customer: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    most_in_total: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    """Orders."""
    currency: str = ""
    """Of the amounts in it; empty where there are none, or any will do."""
    version: int = 1

    def __post_init__(self) -> None:
        if self.lane and not isinstance(self.rule, PercentOff | AmountOff | Tiered):
            raise ValueError("On top of others there is a percentage or an amount only.")
        if isinstance(self.rule, Bundle) and self.product_ids != self.rule.product_ids:
            raise ValueError("A bundle is for the products of its parts.")
        if self.until_at is not None and self.until_at <= self.from_at:
            raise ValueError("It ends after it starts.")


def amounts_in(promotion: Promotion) -> bool:
    """Whether money stands in it, so that it belongs to one currency."""
    rule = promotion.rule
    return (
        isinstance(rule, AmountOff | MemberPrice | MixAndMatch | Bundle)
        or (isinstance(rule, Tiered) and rule.by == "amount")
        or promotion.where.minimum_amount > 0
    )


def for_everybody(promotion: Promotion) -> bool:
    """Whether a poster or a product's page may promise it: nothing is asked of who buys, nor of
    what else they buy, and no day or hour is left out."""
    return promotion.where == ANYWHERE and not isinstance(promotion.rule, MemberPrice | Gift)


def by_the_clock(promotion: Promotion) -> bool:
    """Whether the hour or the day of the week in the place counts."""
    where = promotion.where
    return bool(where.weekdays or where.from_time or where.until_time)


def asks_who(promotion: Promotion) -> bool:
    """Whether it is for some customers only, by their groups."""
    return bool(promotion.where.groups) or isinstance(promotion.rule, MemberPrice)


def runs(promotion: Promotion, at: datetime) -> bool:
    return promotion.from_at <= at and (promotion.until_at is None or at < promotion.until_at)
