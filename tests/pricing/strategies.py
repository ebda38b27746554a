"""Baskets and promotions of every kind, as Hypothesis makes them up."""

from uuid import UUID

from hypothesis import strategies as st

from app.pricing import (
    AmountOff,
    Bundle,
    BuyGet,
    FreeDelivery,
    Gift,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    Part,
    PercentOff,
    Step,
    Tiered,
    Where,
)
from tests.pricing.builders import line, promotion

PRODUCTS = [UUID(int=n) for n in range(1, 5)]
CURRENCIES = {"KRW": 10, "EUR": 1, "KWD": 7}
"""With none, two and three decimals: how coarse the prices in it are."""

few = st.integers(1, 3)
percents = st.integers(1, 100)
products = st.sets(st.sampled_from(PRODUCTS), min_size=1).map(frozenset)
prices = st.one_of(st.integers(0, 40), st.integers(0, 3000))


@st.composite
def rules(draw):
    kind = draw(st.integers(0, 10))
    match kind:
        case 0 | 1:
            pay = draw(st.integers(1, 2))
            return NForM(pay + draw(few), pay)
        case 2:
            return NthOff(draw(st.integers(2, 3)), draw(percents))
        case 3:
            return BuyGet(draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(percents))
        case 4:
            gets = draw(products)
            return BuyGet(draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(percents), gets)
        case 5:
            return PercentOff(draw(percents))
        case 6:
            return draw(st.sampled_from([AmountOff, MemberPrice]))(draw(st.integers(1, 2000)))
        case 7:
            return MixAndMatch(draw(st.integers(2, 4)), draw(prices))
        case 8:
            parts = st.builds(Part, products, st.integers(1, 2))
            return Bundle(tuple(draw(st.lists(parts, min_size=2, max_size=3))), draw(prices))
        case 9:
            return Tiered(
                "quantity", (Step(2, 10), Step(draw(st.integers(3, 6)), draw(st.integers(11, 60))))
            )
        case _:
            return Gift(draw(st.sampled_from(PRODUCTS)), draw(st.integers(1, 2)))


@st.composite
def offers(draw, most=3):
    """Of lane 0, for some of the products, now and then limited per order."""
    return [
        promotion(
            draw(rules()),
            *draw(products),
            id=100 + n,
            most_per_order=draw(st.sampled_from([None, None, None, 1, 2])),
        )
        for n in range(draw(st.integers(0, most)))
    ]


@st.composite
def further_offers(draw):
    """What comes on top, what goes with no other, what asks for a minimum, and delivery."""
    some = draw(offers(most=2))
    some.append(
        promotion(
            draw(st.sampled_from([PercentOff(7), AmountOff(300), PercentOff(50)])),
            anything=True,
            id=110,
            lane=1,
            where=Where(minimum_amount=draw(st.integers(0, 4000))),
        )
    )
    some.append(promotion(PercentOff(draw(percents)), anything=True, id=111, lane=draw(few)))
    some.append(promotion(draw(rules()), *draw(products), id=112, alone=draw(st.booleans())))
    excludes = frozenset([UUID(int=100)])
    some.append(promotion(draw(rules()), *draw(products), id=113, excludes=excludes))
    minimum = Where(minimum_amount=draw(st.integers(0, 5000)))
    some.append(promotion(FreeDelivery(), anything=True, id=114, where=minimum))
    return some


@st.composite
def baskets(draw, most=8, step=1):
    """Of up to so many units, a product on several lines, some goods capped by the law."""
    left = draw(st.integers(0, most))
    lines = []
    while left:
        quantity = draw(st.integers(1, left))
        left -= quantity
        lines.append(
            line(
                draw(st.sampled_from(PRODUCTS)),
                quantity,
                draw(prices) * step,
                key=str(len(lines)),
                vat=draw(st.sampled_from(["zero", "low", "high"])),
                deposit=draw(st.sampled_from([0, 0, 15, 25])) * step,
                handover=draw(st.sampled_from(["delivery", "collect", "carry-out"])),
                channel=draw(st.sampled_from(["wall", "web", "till", "agent"])),
            )
        )
    return lines
