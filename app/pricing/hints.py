"""What is missing for the next advantage. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app.money import Money
from app.pricing.models import Hint, Line, Offer
from app.pricing.promotion import (
    AmountOff,
    Bundle,
    BuyGet,
    FreeDelivery,
    Gift,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    PercentOff,
    Tiered,
)
from app.pricing.settling import counted


def hints(lines: Sequence[Line], offers: Sequence[Offer], used: Mapping[str, int]) -> list[Hint]:
    """Of units that earn something already none is a reason for a hint: two shirts of "3 for 2"
    are, one is not. Where money is missing it is told how much."""
    waiting = Counter({line.key: line.quantity - used[line.key] for line in lines})
    products = {line.key: line.product_id for line in lines}
    basket = {line.key: line for line in lines}
    found = []
    for offer in offers:
        missing, amount = _missing(offer, basket, waiting)
        if missing or amount:
            found.append(
                Hint(
                    offer.promotion_id,
                    offer.name,
                    missing,
                    _wanted(offer, products, waiting),
                    amount,
                    isinstance(offer.rule, FreeDelivery),
                )
            )
    return found


def _missing(
    offer: Offer, basket: Mapping[str, Line], waiting: Mapping[str, int]
) -> tuple[int, Money]:
    """Units, and money."""
    quantity, amount = counted(offer, basket)
    rule = offer.rule
    if not quantity:
        return 0, 0
    if amount < offer.minimum_amount or quantity < offer.minimum_quantity:
        return max(0, offer.minimum_quantity - quantity), max(0, offer.minimum_amount - amount)
    if isinstance(rule, Tiered):
        reached = quantity if rule.by == "quantity" else amount
        further = [step.start - reached for step in rule.steps if step.start > reached]
        step = further[0] if further else 0
        return (step, 0) if rule.by == "quantity" else (0, step)
    return _units_missing(offer, waiting), 0


def _units_missing(offer: Offer, waiting: Mapping[str, int]) -> int:
    """Only where the units still missing would be the cheap ones, or the last of their set."""
    rule = offer.rule
    there = sum(waiting[key] for key in offer.keys)
    match rule:
        case NForM(take=take, pay=pay):
            return _to_full(there, take, pay)
        case NthOff(nth=nth):
            return _to_full(there, nth, nth - 1)
        case BuyGet(buy=buy, get=get) if not rule.gets:
            return _to_full(there, buy + get, buy)
        case BuyGet(buy=buy, get=get):
            return get if there >= buy and not _any(offer.others[0], waiting) else 0
        case MixAndMatch(take=take):
            return _to_full(there, take, take - 1)
        case Gift(units=units):
            return 0 if offer.others[0] else units
        case Bundle(parts=parts):
            lacks = [
                max(0, part.quantity - sum(waiting[key] for key in keys))
                for part, keys in zip(parts, offer.others, strict=True)
            ]
            return sum(lacks) if sum(lacks) == 1 else 0
        case PercentOff() | AmountOff() | MemberPrice() | Tiered() | FreeDelivery():
            return 0


def _to_full(there: int, size: int, begins_at: int) -> int:
    return size - there % size if there % size >= begins_at else 0


def _any(keys: Iterable[str], waiting: Mapping[str, int]) -> bool:
    return any(waiting[key] for key in keys)


def _wanted(
    offer: Offer, products: Mapping[str, UUID], waiting: Mapping[str, int]
) -> frozenset[UUID]:
    """What more of would help, as far as it is known from the basket."""
    match offer.rule:
        case Gift(product_id=product_id):
            return frozenset([product_id])
        case BuyGet(gets=gets) if gets:
            return gets
        case Bundle(parts=parts):
            lacking = (
                part.product_ids
                for part, keys in zip(parts, offer.others, strict=True)
                if part.quantity > sum(waiting[key] for key in keys)
            )
            return frozenset[UUID]().union(*lacking)
        case _:
            return frozenset(products[key] for key in offer.keys if key in products)
