"""The best set of offers for a basket, lane by lane. Pure.

Lane 0 gives on goods and its optimum is found first: whatever comes on top takes a share of what is
left, or an amount off it, so less left is never dearer in the end. For the same reason the best of
each further lane can be taken by itself. Offers that do not go together are tried in every way of
leaving out as few as possible.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.money import Money, allot
from app.pricing.assigning import Ready, Used, assign, ready
from app.pricing.models import Advantage, Line, Offer, Use
from app.pricing.plays import Unit, possible
from app.pricing.promotion import (
    AmountOff,
    FreeDelivery,
    Gift,
    MemberPrice,
    PercentOff,
    Tiered,
)

RIVALS = 9
"""So many offers that exclude each other are weighed in every combination; of more, the first."""


class Settled(NamedTuple):
    advantages: list[Advantage]
    delivery: Money
    off: Money
    used: Counter[str]
    """Units of each line that an offer of lane 0 took."""


def settle(lines: Sequence[Line], offers: Sequence[Offer], fee: Money) -> Settled:
    """What these lines earn of these offers. The same in any order of either."""
    units = units_of(lines)
    quantities = {line.key: line.quantity for line in lines}
    basket = {line.key: line for line in lines}
    holding = [
        one
        for offer in offers
        if possible(offer, quantities) and (one := _holding(offer, basket)) is not None
    ]
    ways = [_one_way(units, lines, chosen, fee) for chosen in _going_together(holding)]
    return max(ways, key=lambda way: way.off + fee - way.delivery)


def units_of(lines: Sequence[Line]) -> list[Unit]:
    """From dear to cheap."""
    ordered = sorted(
        (Unit(line.unit_price, line.product_id, line.key, line.most_percent), line.quantity)
        for line in lines
    )
    return [unit for unit, quantity in reversed(ordered) for _ in range(quantity)]


def counted(offer: Offer, basket: Mapping[str, Line]) -> tuple[int, Money]:
    """How many units an offer is for lie in the basket, and what they cost at full price. What it
    gives is none of them: else a gift of 20 would be one for whoever takes nothing but it for 20."""
    quantity = amount = 0
    for key in offer.keys:
        line = basket.get(key)
        if line is not None:
            quantity += line.quantity
            amount += line.quantity * line.unit_price
    given = _given(offer, basket)
    return quantity - len(given), amount - sum(given)


def _given(offer: Offer, basket: Mapping[str, Line]) -> list[Money]:
    """The prices of what a gift gives, as far as it is among what the offer is for: the dearest."""
    if not offer.by_the_rest or not isinstance(offer.rule, Gift):
        return []
    both = [basket[key] for key in offer.others[0] if key in basket and key in offer.keys]
    prices = sorted((line.unit_price for line in both for _ in range(line.quantity)), reverse=True)
    return prices[: offer.rule.units * (offer.most or 1)]


def _holding(offer: Offer, basket: Mapping[str, Line]) -> Ready | None:
    """None when its minimum or its first tier is not reached."""
    tiers = offer.rule if isinstance(offer.rule, Tiered) else None
    if not (offer.minimum_amount or offer.minimum_quantity or tiers):
        return ready(offer)
    quantity, amount = counted(offer, basket)
    if amount < offer.minimum_amount or quantity < offer.minimum_quantity:
        return None
    if tiers is None:
        return ready(offer)
    reached = quantity if tiers.by == "quantity" else amount
    steps = [step.percent for step in tiers.steps if step.start <= reached]
    return ready(offer, steps[-1]) if steps else None


def _going_together(offers: Sequence[Ready]) -> list[list[Ready]]:
    """Every set of offers that go together and to which none can be added."""
    alone = [[one] for one in offers if one.offer.alone]
    social = [one for one in offers if not one.offer.alone]
    excluded = frozenset(id for one in social for id in one.offer.excludes)
    at_odds = [one for one in social if one.offer.excludes or one.offer.promotion_id in excluded]
    if not at_odds:
        return [social, *alone]
    peaceful = [one for one in social if one not in at_odds]
    groups: list[list[Ready]] = [[]]
    for one in at_odds[:RIVALS]:
        groups += [[*group, one] for group in groups if not any(_at_odds(one, o) for o in group)]
    return [[*peaceful, *group] for group in _largest(groups)] + alone


def _at_odds(one: Ready, other: Ready) -> bool:
    return (
        other.offer.promotion_id in one.offer.excludes
        or one.offer.promotion_id in other.offer.excludes
    )


def _largest(groups: Sequence[list[Ready]]) -> list[list[Ready]]:
    ids = [frozenset(one.offer.promotion_id for one in group) for group in groups]
    return [
        group for group, mine in zip(groups, ids, strict=True) if not any(mine < one for one in ids)
    ]


def _one_way(
    units: Sequence[Unit], lines: Sequence[Line], offers: Sequence[Ready], fee: Money
) -> Settled:
    goods = [one for one in offers if not one.offer.lane]
    taken = assign(units, [one for one in goods if not isinstance(one.offer.rule, FreeDelivery)])
    advantages = [_advantage(one.offer, used) for one, used in taken]
    used = Counter(unit.key for _, units in taken for unit, _ in units)
    advantages = [one for one in advantages if one.amount > 0]
    if any(one.offer.lane for one in offers):
        advantages += _on_top(lines, advantages, offers)
    free = next((one.offer for one in goods if isinstance(one.offer.rule, FreeDelivery)), None)
    if free is not None and fee:
        advantages.append(_told(free, 0, [], delivery=fee))
        fee = 0
    return Settled(advantages, fee, sum(one.amount for one in advantages), used)


def _advantage(offer: Offer, used: Used) -> Advantage:
    """A set's advantage is everybody's who is in it: each unit bears its part by its price.
    Alone, each bears what it earned."""
    amount = sum(off for _, off in used)
    by_itself = isinstance(offer.rule, PercentOff | AmountOff | MemberPrice | Tiered | Gift)
    pieces: Counter[str] = Counter()
    bears: Counter[str] = Counter()
    for unit, off in used:
        pieces[unit.key] += 1
        bears[unit.key] += off if by_itself else unit.price
    keys = sorted(pieces)
    parts = allot(amount, [bears[key] for key in keys])
    uses = [Use(key, pieces[key], part) for key, part in zip(keys, parts, strict=True)]
    return _told(offer, amount, uses)


def _on_top(
    lines: Sequence[Line], advantages: Sequence[Advantage], offers: Sequence[Ready]
) -> list[Advantage]:
    left = {line.key: line.unit_price * line.quantity for line in lines if line.most_percent >= 100}
    quantities = {line.key: line.quantity for line in lines}
    for use in (use for one in advantages for use in one.uses if use.key in left):
        left[use.key] -= use.amount
    given = []
    for lane in sorted({one.offer.lane for one in offers if one.offer.lane}):
        whole = sum(left.values())
        rivals = [one for one in offers if one.offer.lane == lane]
        best = max(rivals, key=lambda one: _off_all(one, whole))
        amount = _off_all(best, whole)
        if amount:
            uses = _spread(amount, left, quantities)
            given.append(_told(best.offer, amount, uses))
            for use in uses:
                left[use.key] -= use.amount
    return given


def _off_all(one: Ready, whole: Money) -> Money:
    """Its kinds give off one unit what they give off a whole basket: a share, or an amount."""
    assert one.each is not None, "on top there is a percentage or an amount only"
    rule = one.offer.rule
    if isinstance(rule, AmountOff):
        return min(rule.amount, whole)
    return one.each(Unit(whole, one.offer.promotion_id, ""))


def _spread(amount: Money, left: Mapping[str, Money], quantities: Mapping[str, int]) -> list[Use]:
    keys = sorted(key for key in left if left[key])
    parts = allot(amount, [left[key] for key in keys])
    return [Use(key, quantities[key], part) for key, part in zip(keys, parts, strict=True) if part]


def _told(offer: Offer, amount: Money, uses: list[Use], *, delivery: Money = 0) -> Advantage:
    return Advantage(
        offer.promotion_id,
        offer.name,
        offer.rule,
        amount,
        uses,
        delivery,
        offer.code,
        offer.version,
    )
