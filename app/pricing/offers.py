"""Which promotions count for a basket, and for which of its lines. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from app.pricing.models import Coupon, Customer, Line, Offer, Setting
from app.pricing.promotion import (
    ANYWHERE,
    MEMBERS,
    Bundle,
    BuyGet,
    Gift,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    Promotion,
    Where,
    amounts_in,
    runs,
)

SETS = NForM | BuyGet | NthOff | MixAndMatch | Bundle
"""Kinds that weigh units against each other. What may be reduced by so much only is in none of
them: 25 % off at most is not "3 for 2", and one free bottle among five is still a free bottle."""


def offers_for(
    lines: Sequence[Line],
    promotions: Sequence[Promotion],
    coupons: Sequence[Coupon],
    customer: Customer,
    setting: Setting,
    at: datetime,
) -> list[Offer]:
    """In the order of their ids. A promotion that cannot count here, e.g. because its amounts are
    of another currency, is left out: one slip must not close the shop."""
    basket = _basket(lines)
    codes = {coupon.promotion_id: coupon.code for coupon in coupons}
    clock = at.astimezone(ZoneInfo(setting.time_zone))
    offers = []
    for promotion in promotions:
        wanted = promotion.product_ids
        if (wanted and wanted.isdisjoint(basket.ids)) or not runs(promotion, at):
            continue
        if _counts(promotion, codes, customer, setting, clock):
            offer = _offer(promotion, basket, codes.get(promotion.id, ""))
            if offer.keys:
                offers.append(offer)
    return sorted(offers, key=lambda offer: offer.promotion_id)


class Basket(NamedTuple):
    lines: Sequence[Line]
    of_product: Mapping[UUID, list[Line]]
    ids: frozenset[UUID]
    """Two sets are compared without hashing any id again, which takes most of the time."""


def _basket(lines: Sequence[Line]) -> Basket:
    of_product: dict[UUID, list[Line]] = {}
    for line in lines:
        of_product.setdefault(line.product_id, []).append(line)
    return Basket(lines, of_product, frozenset(of_product))


def _counts(
    promotion: Promotion,
    codes: Mapping[UUID, str],
    customer: Customer,
    setting: Setting,
    clock: datetime,
) -> bool:
    where = promotion.where
    if isinstance(promotion.rule, MemberPrice) and MEMBERS not in customer.groups:
        return False
    if amounts_in(promotion) and promotion.currency not in ("", setting.currency):
        return False
    if promotion.id in customer.used_up:
        return False
    if where == ANYWHERE:
        return True
    return (
        (not where.places or setting.place_id in where.places)
        and (not where.groups or not where.groups.isdisjoint(customer.groups))
        and (not where.weekdays or _day(where, clock) in where.weekdays)
        and _within(clock.time(), where.from_time, where.until_time)
        and not (where.first_order and customer.orders)
        and (not where.coupon or promotion.id in codes)
    )


def _day(where: Where, clock: datetime) -> int:
    """Of the week. A night belongs to the day on which it began: Friday from 22:00 to 02:00 ends on
    Saturday, and the first hours of Friday are Thursday's."""
    start, end = where.from_time or time.min, where.until_time or time.max
    began_before = end <= start and clock.time() < end
    return (clock - timedelta(days=began_before)).isoweekday()


def _within(now: time, start: time | None, end: time | None) -> bool:
    start, end = start or time.min, end or time.max
    return start <= now < end if start < end else now >= start or now < end


def _offer(promotion: Promotion, basket: Basket, code: str) -> Offer:
    where, rule = promotion.where, promotion.rule
    keys = _keys(promotion, basket)
    others: list[list[str]] = []
    match rule:
        case Bundle(parts=parts):
            others = [_of_products(part.product_ids, basket, where, sets=True) for part in parts]
        case BuyGet(gets=gets) if gets:
            others = [_of_products(gets, basket, where, sets=True)]
        case Gift(product_id=product_id):
            others = [_of_products(frozenset([product_id]), basket, ANYWHERE, sets=False)]
    return Offer(
        promotion_id=promotion.id,
        name=promotion.name,
        rule=rule,
        keys=keys,
        others=others,
        lane=promotion.lane,
        most=promotion.most_per_order,
        minimum_amount=where.minimum_amount,
        minimum_quantity=_least(promotion),
        excludes=sorted(promotion.excludes),
        alone=promotion.alone,
        code=code if where.coupon else "",
        version=promotion.version,
        by_the_rest=isinstance(rule, Gift),
    )


def _least(promotion: Promotion) -> int:
    """A gift with something that is named comes with one of that, other than itself."""
    named = isinstance(promotion.rule, Gift) and bool(promotion.product_ids)
    return max(promotion.where.minimum_quantity, int(named))


def _keys(promotion: Promotion, basket: Basket) -> list[str]:
    sets = isinstance(promotion.rule, SETS)
    if promotion.product_ids:
        return _of_products(promotion.product_ids, basket, promotion.where, sets=sets)
    return _fitting(basket.lines, promotion.where, sets=sets)


def _of_products(ids: frozenset[UUID], basket: Basket, where: Where, *, sets: bool) -> list[str]:
    theirs = [line for id in basket.ids & ids for line in basket.of_product[id]]
    return _fitting(theirs, where, sets=sets)


def _fitting(lines: Iterable[Line], where: Where, *, sets: bool) -> list[str]:
    least = 100 if sets else 1
    able = [line for line in lines if line.most_percent >= least]
    if where is not ANYWHERE and where != ANYWHERE:
        able = [line for line in able if _fits(line, where)]
    return sorted([line.key for line in able])


def _fits(line: Line, where: Where) -> bool:
    return (
        (not where.brands or line.brand in where.brands)
        and (not where.categories or line.category in where.categories)
        and (not where.walls or line.wall in where.walls)
        and (not where.channels or line.channel in where.channels)
        and (not where.handovers or line.handover in where.handovers)
    )
