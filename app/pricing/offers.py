"""Which unit earns which promotion, so that the shopper saves the most. Pure.

Units are looked at from dear to cheap. A promotion by the unit saves what it saves; one by the set
is filled in that order, because full sets of neighbours make the dearest units free. Remembering
for every set how full it is, and for every way of being full the best that was saved, finds the
optimum without trying every split (dynamic programming over units and fill levels).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias, assert_never
from uuid import UUID

from app.money import Money
from app.pricing.models import AmountOff, NForM, PercentOff, Promotion

WAYS = 512
"""Fill levels remembered at a time. Offers that share products rarely come to 50; where a stranger
mix would, the best are kept, and the receipt is still right, only perhaps not the very cheapest."""


class Unit(NamedTuple):
    price: Money
    product_id: UUID
    key: str


Fill: TypeAlias = tuple[int, ...]
Trail: TypeAlias = "tuple[Trail, Promotion | None] | None"


class Way(NamedTuple):
    saved: Money
    trail: Trail


def assign(units: Sequence[Unit], promotions: Sequence[Promotion]) -> dict[UUID, list[Unit]]:
    """The units each promotion uses, from dear to cheap; every unit in at most one of them."""
    used: dict[UUID, list[Unit]] = {}
    for group in _sharing_products(units, promotions):
        products = frozenset[UUID]().union(*(promotion.product_ids for promotion in group))
        theirs = sorted(unit for unit in units if unit.product_id in products)[::-1]
        for unit, promotion in zip(theirs, _cheapest(theirs, group), strict=True):
            if promotion is not None:
                used.setdefault(promotion.id, []).append(unit)
    return used


def saved(promotion: Promotion, units: Sequence[Unit]) -> Money:
    """What a promotion takes off the units it uses, which come from dear to cheap."""
    match promotion.rule:
        case NForM(take=take, pay=pay):
            return sum(unit.price for n, unit in enumerate(units) if n % take >= pay)
        case PercentOff() | AmountOff():
            return sum(off_one(promotion.rule, unit.price) for unit in units)
        case _:
            assert_never(promotion.rule)


def off_one(rule: PercentOff | AmountOff, price: Money) -> Money:
    """Rounded down, so that the shop never promises more than it gives."""
    match rule:
        case PercentOff(percent=percent):
            return price * percent // 100
        case AmountOff(amount=amount):
            return min(amount, price)
        case _:
            assert_never(rule)


def _sharing_products(
    units: Sequence[Unit], promotions: Sequence[Promotion]
) -> list[list[Promotion]]:
    """Promotions that want the same units must be weighed together; the others need not."""
    basket = {unit.product_id for unit in units}
    groups: list[tuple[frozenset[UUID], list[Promotion]]] = []
    for promotion in promotions:
        products = promotion.product_ids & basket
        if products:
            near = [group for group in groups if group[0] & products]
            groups = [group for group in groups if not group[0] & products]
            together = [other for group in near for other in group[1]]
            groups.append((products.union(*(group[0] for group in near)), [*together, promotion]))
    return [sorted(members, key=lambda promotion: promotion.id) for _, members in groups]


def _cheapest(units: Sequence[Unit], promotions: Sequence[Promotion]) -> list[Promotion | None]:
    sets = [promotion for promotion in promotions if isinstance(promotion.rule, NForM)]
    empty: Fill = (0,) * len(sets)
    ways: dict[Fill, Way] = {empty: Way(0, None)}
    for unit in units:
        alone = _best_alone(unit, promotions)
        further: dict[Fill, Way] = {}
        for fill, way in ways.items():
            choices = [(alone[0], fill, alone[1]), *_into_sets(unit, fill, sets)]
            for promotion, filled, gain in choices:
                if filled not in further or further[filled].saved < way.saved + gain:
                    further[filled] = Way(way.saved + gain, (way.trail, promotion))
        ways = _the_best(further, empty)
    # A set that is not full earns nothing, so only the way on which all are full or empty counts.
    return _walked(ways[empty].trail)


def _best_alone(unit: Unit, promotions: Sequence[Promotion]) -> tuple[Promotion | None, Money]:
    best: tuple[Promotion | None, Money] = (None, 0)
    for promotion in promotions:
        rule = promotion.rule
        if not isinstance(rule, NForM) and unit.product_id in promotion.product_ids:
            off = off_one(rule, unit.price)
            best = (promotion, off) if off > best[1] else best
    return best


def _into_sets(
    unit: Unit, fill: Fill, sets: Sequence[Promotion]
) -> Iterator[tuple[Promotion, Fill, Money]]:
    for n, promotion in enumerate(sets):
        rule = promotion.rule
        assert isinstance(rule, NForM)
        if unit.product_id in promotion.product_ids:
            gain = unit.price if fill[n] >= rule.pay else 0
            yield promotion, (*fill[:n], (fill[n] + 1) % rule.take, *fill[n + 1 :]), gain


def _the_best(ways: Mapping[Fill, Way], empty: Fill) -> dict[Fill, Way]:
    if len(ways) <= WAYS:
        return dict(ways)
    best = sorted(ways.items(), key=lambda item: -item[1].saved)[:WAYS]
    return {empty: ways[empty], **dict(best)}


def _walked(trail: Trail) -> list[Promotion | None]:
    steps = []
    while trail is not None:
        trail, promotion = trail
        steps.append(promotion)
    return steps[::-1]
