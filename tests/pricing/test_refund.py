"""What goes back when something comes back."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Unprocessable
from app.pricing import (
    Customer,
    FreeDelivery,
    MixAndMatch,
    NForM,
    PercentOff,
    Return,
    Setting,
    Tender,
    Where,
    price,
    refund,
)
from tests.conftest import examples
from tests.pricing.builders import JEANS, NOON, SHIRT, SOCKS, line, promotion, three_for_two
from tests.pricing.strategies import CURRENCIES, baskets, further_offers

THREE = [line(SHIRT, key="A"), line(SHIRT, key="B"), line(SHIRT, unit_price=1000, key="C")]
OFFER = three_for_two(SHIRT)
TENDERS = [Tender("card", 2500), Tender("gift card", 1500)]


def bought(lines=THREE, promotions=(OFFER,), **setting):
    return price(lines, promotions, at=NOON, setting=Setting(**setting))


def back(*keys, cause="changed-mind"):
    return Return({key: keys.count(key) for key in keys}, cause)


def test_who_returns_what_was_free_gets_nothing_back_and_the_receipt_says_why():
    settled = refund(bought(), back("C"), tenders=TENDERS)

    assert (settled.paid, settled.kept_costs, settled.amount) == (4000, 4000, 0)
    assert settled.tenders == []


def test_who_returns_a_shirt_that_was_paid_pays_the_free_one_out_of_it():
    settled = refund(bought(), back("A"), tenders=TENDERS)

    assert (settled.kept_costs, settled.amount) == (3000, 1000)
    assert settled.tenders[0].id == "card"


@pytest.mark.parametrize("order", list(permutations("ABC")))
def test_all_three_in_any_order_bring_what_each_tender_paid(order):
    receipt, earlier, given_back = bought(), [], {"card": 0, "gift card": 0}
    for key in order:
        left = [Tender(one.id, one.paid, given_back[one.id]) for one in TENDERS]
        settled = refund(receipt, back(key), earlier=earlier, tenders=left)
        for part in settled.tenders:
            given_back[part.id] += part.amount
        earlier.append(back(key))

    assert given_back == {"card": 2500, "gift card": 1500}


@pytest.mark.parametrize("cause", ["short", "damaged", "missing", "recalled"])
def test_where_the_shop_failed_the_share_goes_back_and_no_advantage_is_taken_away(cause):
    receipt = bought([line(quantity=3, unit_price=2000)])

    settled = refund(receipt, back("1", cause=cause))

    assert settled.amount == 1334


def test_free_delivery_is_not_taken_back_when_the_shop_failed_but_it_is_for_a_change_of_mind():
    free = promotion(FreeDelivery(), anything=True, where=Where(minimum_amount=5000))
    receipt = bought([line(quantity=3, unit_price=2000)], [free], delivery_fee=395)

    assert receipt.delivery == 0
    assert refund(receipt, back("1", cause="damaged")).amount == 2000
    assert refund(receipt, back("1")).amount == 2000 - 395


def test_what_is_kept_is_priced_by_the_best_offer_of_the_time_also_one_that_was_not_used():
    tenth_off = promotion(PercentOff(10), SHIRT, id=101)
    receipt = bought([line(quantity=3, unit_price=2000)], [OFFER, tenth_off])

    assert receipt.total == 4000
    assert refund(receipt, back("1")).amount == 4000 - 2 * 1800


def test_by_the_right_of_withdrawal_a_unit_brings_its_share_in_any_case():
    settled = refund(bought(), back("C"), at_least_the_share=True)

    assert settled.amount == 800


def test_a_set_that_falls_apart_never_costs_more_than_was_paid():
    receipt = bought([line(SOCKS, 3, 300)], [promotion(MixAndMatch(3, 500), SOCKS)])
    first = refund(receipt, back("3"))

    assert (first.kept_costs, first.amount) == (600, 0)
    assert refund(receipt, back("3", "3"), earlier=[back("3")]).amount == 500


def test_after_a_coupon_the_kept_ones_keep_their_coupon():
    tenth_off = promotion(PercentOff(10), anything=True, id=101, lane=1)
    receipt = bought([line(SHIRT, 1), line(JEANS, 1, 5000)], [tenth_off])

    assert refund(receipt, back("2")).amount == 4500


@pytest.mark.parametrize("units", [{"A": 2}, {"D": 1}])
def test_more_than_was_bought_is_refused_in_a_sentence(units):
    with pytest.raises(Unprocessable, match="More comes back than was bought"):
        refund(bought(), Return(units))


def test_a_tender_never_gets_more_than_it_paid():
    left = [Tender("card", 2500, 2400), Tender("gift card", 1500)]

    settled = refund(bought(), back("A"), tenders=left)

    assert [(part.id, part.amount) for part in settled.tenders] == [
        ("card", 100),
        ("gift card", 900),
    ]


@settings(max_examples=examples(40, 2_500))
@given(st.data(), st.sampled_from(sorted(CURRENCIES)), st.booleans())
def test_all_returned_in_any_order_for_any_causes_sums_to_what_was_paid(data, currency, withdrawn):
    lines = data.draw(baskets(most=6, step=CURRENCIES[currency]))
    receipt = price(
        lines,
        data.draw(further_offers()),
        (),
        Customer(groups=frozenset({"members"})),
        at=NOON,
        setting=Setting(delivery_fee=395, currency=currency),
    )
    units = [share.key for share in receipt.lines for _ in range(share.quantity)]
    causes = st.sampled_from(["changed-mind", "changed-mind", "short", "damaged", "recalled"])
    first = data.draw(st.integers(0, receipt.total))
    tenders = {"card": first, "gift card": receipt.total - first}
    refunded, earlier = dict.fromkeys(tenders, 0), []
    for key in data.draw(st.permutations(units)):
        one = back(key, cause=data.draw(causes))
        left = [Tender(id, paid, refunded[id]) for id, paid in tenders.items()]
        settled = refund(receipt, one, earlier=earlier, tenders=left, at_least_the_share=withdrawn)
        assert settled.amount >= 0
        assert settled.amount == sum(part.amount for part in settled.tenders)
        for part in settled.tenders:
            refunded[part.id] += part.amount
            assert 0 < refunded[part.id] <= tenders[part.id]
        earlier.append(one)

    assert not units or refunded == tenders


@settings(max_examples=examples(25, 1_000))
@given(st.data())
def test_where_the_shop_failed_at_least_the_share_goes_back(data):
    lines = data.draw(baskets(most=6).filter(bool))
    receipt = price(lines, data.draw(further_offers()), at=NOON)
    share = data.draw(st.sampled_from(receipt.lines))

    settled = refund(receipt, back(share.key, cause="missing"))

    assert settled.amount >= (share.paid + share.deposit) // share.quantity


def test_nform_is_used_from_the_receipt_even_when_the_offer_has_ended():
    ended = promotion(NForM(3, 2), SHIRT, until_at=NOON.replace(hour=13))

    assert refund(bought(promotions=[ended]), back("A")).amount == 1000
