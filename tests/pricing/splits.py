"""The best split of a small basket over its promotions, by trying all of them.

It shares nothing with the engine: for every promotion and every set of units it is written down what
that set may earn, and every way of giving the sets out is tried.
"""

from functools import cache
from itertools import combinations

from app.pricing import (
    AmountOff,
    Bundle,
    BuyGet,
    Gift,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    PercentOff,
    Tiered,
)

NEVER = -(10**9)


def most_saved(lines, promotions):
    """`lines` with their quantities, `promotions` of lane 0 without conditions."""
    units = [(one.unit_price, one.product_id) for one in lines for _ in range(one.quantity)]
    everything = (1 << len(units)) - 1
    best = [0] * (everything + 1)
    for promotion in promotions:
        worth = _worth_of_sets(units, promotion)
        best = [
            max(best[whole ^ part] + worth[part] for part in _parts_of(whole))
            for whole in range(everything + 1)
        ]
    return best[everything]


def _parts_of(whole):
    part = whole
    while True:
        yield part
        if part == 0:
            return
        part = (part - 1) & whole


def _worth_of_sets(units, promotion):
    """What each set of units earns when exactly they are used: as few groups as there may be."""
    groups = _groups(units, promotion)
    most = promotion.most_per_order or len(units)

    @cache
    def worth(members, left):
        if not members:
            return 0
        if not left:
            return NEVER
        lowest = members & -members
        return max(
            (
                gain + worth(members & ~group, left - 1)
                for group, gain in groups.items()
                if group & lowest and group & ~members == 0
            ),
            default=NEVER,
        )

    if isinstance(promotion.rule, Gift):
        limit = promotion.rule.units * (promotion.most_per_order or 1)
    else:
        limit = most
    return [worth(members, limit) for members in range(1 << len(units))]


def _groups(units, promotion):
    """Every group of units that may earn together, and what it earns."""
    groups = {}
    for size in range(1, len(units) + 1):
        for chosen in combinations(range(len(units)), size):
            gain = _gain([units[n] for n in chosen], promotion, units)
            if gain is not None:
                groups[sum(1 << n for n in chosen)] = gain
    return groups


def _gain(group, promotion, basket):  # noqa: C901
    rule, ids = promotion.rule, promotion.product_ids
    prices = sorted(price for price, _ in group)
    inside = all(product in ids for _, product in group)
    alone = len(group) == 1 and inside
    match rule:
        case NForM(take=take, pay=pay):
            return sum(prices[: take - pay]) if inside and len(group) == take else None
        case NthOff(nth=nth, percent=percent):
            return prices[0] * percent // 100 if inside and len(group) == nth else None
        case BuyGet(buy=buy, get=get, percent=percent, gets=gets) if not gets:
            full = inside and len(group) == buy + get
            return sum(price * percent // 100 for price in prices[:get]) if full else None
        case BuyGet():
            return _bought_and_got(group, ids, rule)
        case MixAndMatch(take=take, price=price):
            return sum(prices) - price if inside and len(group) == take else None
        case Bundle(parts=parts, price=price):
            wanted = [part.product_ids for part in parts for _ in range(part.quantity)]
            fits = len(group) == len(wanted) and _can_be_matched(group, wanted)
            return sum(prices) - price if fits else None
        case PercentOff(percent=percent):
            return prices[0] * percent // 100 if alone else None
        case AmountOff(amount=amount):
            return min(amount, prices[0]) if alone else None
        case MemberPrice(price=price):
            return max(0, prices[0] - price) if alone else None
        case Tiered(steps=steps):
            there = sum(product in ids for _, product in basket)
            reached = [step.percent for step in steps if step.start <= there]
            return prices[0] * reached[-1] // 100 if alone and reached else None
        case Gift(product_id=product_id):
            given = promotion.rule.units * (promotion.most_per_order or 1)
            theirs = sum(product == product_id for _, product in basket if product in ids)
            bought = sum(product in ids for _, product in basket) > min(given, theirs)
            gift = len(group) == 1 and group[0][1] == product_id
            return prices[0] if gift and bought else None


def _bought_and_got(group, ids, rule):
    gains = [
        sum(group[n][0] * rule.percent // 100 for n in got)
        for size in range(1, rule.get + 1)
        if len(group) == rule.buy + size
        for got in combinations(range(len(group)), size)
        if all(group[n][1] in rule.gets for n in got)
        and all(group[n][1] in ids for n in range(len(group)) if n not in got)
    ]
    return max(gains, default=None)


def _can_be_matched(group, wanted):
    if not group:
        return True
    (_, product), *rest = group
    return any(
        product in ids and _can_be_matched(rest, [*wanted[:n], *wanted[n + 1 :]])
        for n, ids in enumerate(wanted)
    )
