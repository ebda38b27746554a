"""What must be true of every receipt."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.pricing import Customer, MixAndMatch, NForM, PercentOff, Setting, by_unit, price
from tests.conftest import examples
from tests.pricing.builders import JEANS, NOON, SHIRT, line, promotion
from tests.pricing.splits import most_saved
from tests.pricing.strategies import CURRENCIES, PRODUCTS, baskets, further_offers, offers, prices

MEMBER = Customer(groups=frozenset({"members"}))
fees = st.integers(0, 1000)


def receipt_of(lines, promotions, fee=0):
    return price(lines, promotions, (), MEMBER, at=NOON, setting=Setting(delivery_fee=fee))


@settings(max_examples=examples(25, 8_000))
@given(baskets(), offers())
@example([line(SHIRT, 4, 10), line(JEANS, 3, 7, key="j")],
         [promotion(NForM(3, 2), SHIRT, JEANS, id=100), promotion(NForM(2, 1), SHIRT, id=101),
          promotion(MixAndMatch(3, 15), JEANS, SHIRT, id=102)])  # fmt: skip
def test_no_other_split_of_a_small_basket_is_cheaper(lines, promotions):
    assert receipt_of(lines, promotions).discount == most_saved(lines, promotions)


@settings(max_examples=examples(25, 3_000))
@given(st.data(), fees, st.sampled_from(sorted(CURRENCIES)))
def test_everything_on_the_receipt_adds_up_in_every_currency(data, fee, currency):
    lines = data.draw(baskets(step=CURRENCIES[currency]))
    receipt = receipt_of(lines, data.draw(further_offers()), fee)

    assert sum(share.gross for share in receipt.lines) == receipt.subtotal
    assert sum(share.discount for share in receipt.lines) == receipt.discount
    assert sum(advantage.amount for advantage in receipt.advantages) == receipt.discount
    assert all(sum(u.amount for u in a.uses) == a.amount for a in receipt.advantages)
    assert sum(share.paid for share in receipt.lines) == receipt.subtotal - receipt.discount
    assert sum(part.gross for part in receipt.vat) == receipt.total - receipt.deposits
    assert all(part.net + part.tax == part.gross for part in receipt.vat)
    assert all(0 <= share.paid <= share.gross for share in receipt.lines)
    assert sum(one.delivery for one in receipt.advantages) == fee - receipt.delivery
    assert sum(unit.paid for unit in by_unit(receipt)) == receipt.subtotal - receipt.discount
    assert all(0 <= unit.paid <= unit.price for unit in by_unit(receipt))


@settings(max_examples=examples(25, 2_000))
@given(baskets(), offers())
def test_every_unit_earns_one_promotion_on_goods_at_most(lines, promotions):
    receipt = receipt_of(lines, promotions)

    for share in receipt.lines:
        uses = [use for one in receipt.advantages for use in one.uses if use.key == share.key]
        assert sum(use.units for use in uses) <= share.quantity
        assert sum(use.amount for use in uses) == share.discount


@settings(max_examples=examples(25, 2_000))
@given(baskets(), further_offers(), st.randoms(use_true_random=False), st.data())
def test_neither_order_nor_channel_nor_handover_changes_the_total(lines, promotions, luck, data):
    before = receipt_of(lines, promotions, 395)
    luck.shuffle(promotions)
    luck.shuffle(lines)
    channels = st.sampled_from(["wall", "web", "till", "agent"])
    handovers = st.sampled_from(["delivery", "collect", "carry-out"])
    elsewhere = [
        line(
            one.product_id,
            one.quantity,
            one.unit_price,
            key=one.key,
            vat=one.vat,
            deposit=one.deposit,
            channel=data.draw(channels),
            handover=data.draw(handovers),
        )
        for one in lines
    ]

    after = receipt_of(elsewhere, promotions, 395)

    assert after.total == before.total
    assert after.advantages == before.advantages


@settings(max_examples=examples(25, 3_000))
@given(baskets(), further_offers(), st.sampled_from(PRODUCTS), prices)
def test_one_more_item_never_costs_more_than_its_price(lines, promotions, product, unit_price):
    more = [*lines, line(product, 1, unit_price, key="more")]
    before = receipt_of(lines, promotions, 395) if lines else receipt_of([], [], 395)

    assert receipt_of(more, promotions, 395).total <= before.total + unit_price


@settings(max_examples=examples(10, 200))
@given(baskets(most=3), st.integers(10, 60))
def test_what_may_be_reduced_by_a_quarter_is_never_reduced_by_more(lines, percent):
    wine = [line(PRODUCTS[0], 6, 799, key="wine", most_percent=25)]
    promotions = [
        promotion(NForM(3, 2), PRODUCTS[0], id=100),
        promotion(PercentOff(percent), PRODUCTS[0], id=101),
        promotion(PercentOff(10), anything=True, id=102, lane=1),
    ]

    receipt = receipt_of([*lines, *wine], promotions)

    share = receipt.lines[-1]
    assert share.discount == 6 * (799 * min(percent, 25) // 100)
