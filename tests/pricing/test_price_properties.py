"""What must be true of every receipt."""

import random
from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.pricing import AmountOff, NForM, PercentOff, price
from app.pricing.offers import Unit, saved
from tests.pricing.builders import NOON, line, promotion

PRODUCTS = [UUID(int=n) for n in range(1, 6)]
prices = st.integers(0, 3000)
rules = st.one_of(
    st.tuples(st.integers(1, 3), st.integers(1, 2)).map(
        lambda pay_and_more: NForM(sum(pay_and_more), pay_and_more[0])
    ),
    st.integers(1, 100).map(PercentOff),
    st.integers(1, 2000).map(AmountOff),
)
products = st.sets(st.sampled_from(PRODUCTS), min_size=1)


@st.composite
def baskets(draw):
    chosen = draw(st.lists(st.sampled_from(PRODUCTS), max_size=6))
    return [
        line(
            product,
            draw(st.integers(1, 4)),
            draw(prices),
            key=str(n),
            vat=draw(st.sampled_from(["zero", "low", "high"])),
            deposit=draw(st.sampled_from([0, 15, 25])),
        )
        for n, product in enumerate(chosen)
    ]


@st.composite
def offers(draw):
    return [
        promotion(draw(rules), *draw(products), id=100 + n) for n in range(draw(st.integers(0, 3)))
    ]


fees = st.integers(0, 1000)


@given(baskets(), offers(), fees)
def test_everything_on_the_receipt_adds_up(lines, promotions, fee):
    receipt = price(lines, promotions, NOON, delivery_fee=fee)

    assert sum(share.gross for share in receipt.lines) == receipt.subtotal
    assert sum(share.discount for share in receipt.lines) == receipt.discount
    assert sum(advantage.amount for advantage in receipt.advantages) == receipt.discount
    assert sum(share.paid for share in receipt.lines) == receipt.subtotal - receipt.discount
    assert sum(part.gross for part in receipt.vat) == receipt.total - receipt.deposits
    assert all(part.net + part.tax == part.gross for part in receipt.vat)
    assert all(0 <= share.paid <= share.gross for share in receipt.lines)


@given(baskets(), offers())
def test_every_unit_earns_one_promotion_at_most_and_only_one_meant_for_it(lines, promotions):
    receipt = price(lines, promotions, NOON)

    meant_for = {promotion.id: promotion.product_ids for promotion in promotions}
    for share in receipt.lines:
        uses = [
            (advantage.promotion_id, use)
            for advantage in receipt.advantages
            for use in advantage.uses
            if use.key == share.key
        ]
        assert sum(use.units for _, use in uses) <= share.quantity
        assert sum(use.amount for _, use in uses) == share.discount
        assert all(share.product_id in meant_for[promotion_id] for promotion_id, _ in uses)
        assert all(sum(u.amount for u in a.uses) == a.amount for a in receipt.advantages)


@given(baskets(), offers(), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_offers_never_matters(lines, promotions, luck):
    before = price(lines, promotions, NOON)
    luck.shuffle(lines)
    luck.shuffle(promotions)

    after = price(lines, promotions, NOON)

    assert after.total == before.total
    assert after.advantages == before.advantages
    assert sorted(after.lines, key=lambda share: share.key) == before.lines


@given(baskets(), offers(), st.sampled_from(PRODUCTS), prices)
def test_one_more_item_never_costs_more_than_its_price(lines, promotions, product, unit_price):
    more = [*lines, line(product, 1, unit_price, key="more")]

    assert price(more, promotions, NOON).total <= price(lines, promotions, NOON).total + unit_price


@given(baskets(), offers())
def test_nobody_pays_more_than_with_the_offers_applied_one_after_another(lines, promotions):
    units = sorted(
        (
            Unit(item.unit_price, item.product_id, item.key)
            for item in lines
            for _ in range(item.quantity)
        ),
        reverse=True,
    )
    cheapest = min(_one_after_another(units, order) for order in permutations(promotions))

    receipt = price(lines, promotions, NOON)

    assert receipt.total - receipt.deposits <= cheapest


@given(st.lists(st.integers(1, 50), min_size=1, max_size=5), st.integers(0, 10_000))
def test_for_small_baskets_no_other_split_is_cheaper(unit_prices, seed):
    luck = random.Random(seed)
    lines = [line(luck.choice(PRODUCTS[:2]), 1, p, key=str(n)) for n, p in enumerate(unit_prices)]
    promotions = [
        promotion(NForM(3, 2), PRODUCTS[0], PRODUCTS[1], id=100),
        promotion(NForM(2, 1), PRODUCTS[0], id=101),
        promotion(PercentOff(40), PRODUCTS[1], id=102),
    ]

    assert price(lines, promotions, NOON).discount == _best_of_all_splits(lines, promotions)


def _one_after_another(units, promotions):
    waiting, total = list(units), sum(unit.price for unit in units)
    for offer in promotions:
        theirs = [unit for unit in waiting if unit.product_id in offer.product_ids]
        if isinstance(offer.rule, NForM):
            theirs = theirs[: len(theirs) // offer.rule.take * offer.rule.take]
        total -= saved(offer, theirs)
        for unit in theirs:
            waiting.remove(unit)
    return total


def _best_of_all_splits(lines, promotions):
    """Tries every promotion for every unit."""
    best = 0
    units = sorted(
        (Unit(item.unit_price, item.product_id, item.key) for item in lines), reverse=True
    )
    for code in range((len(promotions) + 1) ** len(units)):
        given_to = [[] for _ in promotions]
        possible = True
        for unit in units:
            code, choice = divmod(code, len(promotions) + 1)
            if choice:
                possible &= unit.product_id in promotions[choice - 1].product_ids
                given_to[choice - 1].append(unit)
        full = all(
            not isinstance(offer.rule, NForM) or len(theirs) % offer.rule.take == 0
            for offer, theirs in zip(promotions, given_to, strict=True)
        )
        if possible and full:
            gain = sum(saved(o, theirs) for o, theirs in zip(promotions, given_to, strict=True))
            best = max(best, gain)
    return best
