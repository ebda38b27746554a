"""Each kind of promotion, as a shopper meets it."""

import msgspec
import pytest

from app.pricing import (
    AmountOff,
    Bundle,
    BuyGet,
    Coupon,
    Customer,
    FreeDelivery,
    Gift,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    Part,
    PercentOff,
    Rule,
    Setting,
    Step,
    Tiered,
    Where,
    price,
)
from tests.pricing.builders import JEANS, NOON, SHIRT, SOCKS, line, promotion

MEMBER = Customer(groups=frozenset({"members"}))


def discount(lines, *promotions, customer=MEMBER, coupons=(), **setting):
    return price(lines, promotions, coupons, customer, at=NOON, setting=Setting(**setting)).discount


def test_the_second_at_half_price():
    offer = promotion(NthOff(2, 50), SHIRT, SOCKS)

    assert discount([line(SHIRT, 1, 2000), line(SOCKS, 2, 500)], offer) == 250
    assert discount([line(SHIRT, 2, 2000), line(SOCKS, 2, 500)], offer) == 1000 + 250


def test_buy_two_shirts_and_get_socks_at_half_price():
    offer = promotion(BuyGet(2, 1, 50, frozenset({SOCKS})), SHIRT)

    assert discount([line(SHIRT, 3), line(SOCKS, 2, 500)], offer) == 250
    assert discount([line(SHIRT, 4), line(SOCKS, 2, 500)], offer) == 500
    assert discount([line(SHIRT, 1), line(SOCKS, 2, 500)], offer) == 0


def test_buy_two_get_one_free_of_the_same():
    assert discount([line(SHIRT, 7)], promotion(BuyGet(2, 1))) == 2 * 2000


def test_any_three_for_one_price_when_that_is_less():
    offer = promotion(MixAndMatch(3, 1000), SHIRT, SOCKS)

    assert discount([line(SHIRT, 1, 900), line(SOCKS, 2, 400)], offer) == 700
    assert discount([line(SOCKS, 3, 300)], offer) == 0


def test_a_shirt_with_jeans_for_one_price():
    parts = (Part(frozenset({SHIRT})), Part(frozenset({JEANS, SOCKS}), 2))
    offer = promotion(Bundle(parts, 3000), SHIRT, JEANS, SOCKS)

    lines = [line(SHIRT, 1, 2000), line(JEANS, 1, 2500), line(SOCKS, 1, 500)]
    assert discount(lines, offer) == 2000
    assert discount(lines[:2], offer) == 0


@pytest.mark.parametrize(("bottles", "percent"), [(5, 0), (6, 10), (11, 10), (12, 20)])
def test_more_off_the_more_is_bought(bottles, percent):
    offer = promotion(Tiered("quantity", (Step(6, 10), Step(12, 20))), SHIRT)

    assert discount([line(SHIRT, bottles, 1000)], offer) == bottles * 10 * percent


def test_more_off_the_more_is_spent():
    offer = promotion(Tiered("amount", (Step(5000, 5), Step(10000, 10))), SHIRT)

    assert discount([line(SHIRT, 2)], offer) == 0
    assert discount([line(SHIRT, 3)], offer) == 300
    assert discount([line(SHIRT, 5)], offer) == 1000


def test_delivery_is_free_from_fifty_euros_and_before_that_it_is_told_how_much_is_missing():
    offer = promotion(FreeDelivery(), anything=True, where=Where(minimum_amount=5000))

    near = price([line(SHIRT, 2)], [offer], at=NOON, setting=Setting(delivery_fee=395))
    there = price([line(SHIRT, 3)], [offer], at=NOON, setting=Setting(delivery_fee=395))

    assert (near.delivery, near.hints[0].missing_amount) == (395, 1000)
    assert (there.delivery, there.total, there.hints) == (0, 6000, [])
    assert there.advantages[0].delivery == 395


def test_socks_for_nothing_with_forty_euros_of_shirts_once_per_order():
    offer = promotion(Gift(SOCKS), SHIRT, where=Where(minimum_amount=4000))

    assert discount([line(SHIRT, 2), line(SOCKS, 2, 500)], offer) == 500
    assert discount([line(SHIRT, 1), line(SOCKS, 2, 500)], offer) == 0
    hint = price([line(SHIRT, 2)], [offer], at=NOON).hints[0]
    assert (hint.missing, hint.product_ids) == (1, {SOCKS})


def test_a_gift_is_not_what_pays_for_itself():
    for_much = promotion(Gift(SHIRT), anything=True, where=Where(minimum_amount=2000))
    with_itself = promotion(Gift(SHIRT), SHIRT)

    assert discount([line(SHIRT, 1)], for_much) == discount([line(SHIRT, 1)], with_itself) == 0
    assert discount([line(SHIRT, 2)], for_much) == discount([line(SHIRT, 2)], with_itself) == 2000
    assert discount([line(SHIRT, 1), line(JEANS, 1, 2000)], for_much) == 2000


def test_members_pay_their_price_where_it_is_lower():
    offer = promotion(MemberPrice(1500), SHIRT, SOCKS)
    lines = [line(SHIRT, 2), line(SOCKS, 1, 500)]

    assert discount(lines, offer) == 1000
    assert discount(lines, offer, customer=Customer()) == 0


def test_a_promotion_by_coupon_is_for_whoever_brings_one():
    offer = promotion(PercentOff(50), where=Where(coupon=True))
    coupon = Coupon("7Q2M-KX9D-0RTA", offer.id)

    assert discount([line(SHIRT)], offer) == 0
    receipt = price([line(SHIRT)], [offer], [coupon], at=NOON)
    assert receipt.discount == 1000
    assert receipt.advantages[0].code == coupon.code


def test_an_advantage_of_the_first_order_is_for_who_has_never_ordered():
    offer = promotion(AmountOff(500), where=Where(first_order=True))

    assert discount([line(SHIRT)], offer) == 500
    assert discount([line(SHIRT)], offer, customer=Customer(orders=1)) == 0


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ({"type": "n-for-m", "take": 2, "pay": 3}, "fewer are paid than taken"),
        ({"type": "percent-off", "percent": 101}, "<= 100"),
        ({"type": "percent-off", "percent": 0}, ">= 1"),
        ({"type": "amount-off", "amount": -5}, ">= 1"),
        ({"type": "mix-and-match", "take": 10**9, "price": 1}, "<= 100"),
        ({"type": "bundle", "parts": [], "price": 1}, "length >= 2"),
        ({"type": "tiered", "by": "quantity", "steps": [[3, 20], [6, 10]]}, "Expected `object`"),
        (
            {
                "type": "tiered",
                "by": "quantity",
                "steps": [{"start": 3, "percent": 20}, {"start": 6, "percent": 10}],
            },
            "gives more than the one before it",
        ),
        ({"type": "moon-phase"}, "Invalid value 'moon-phase'"),
    ],
)
def test_what_makes_no_sense_is_no_promotion(rule, wrong):
    with pytest.raises(msgspec.ValidationError, match=wrong):
        msgspec.convert(rule, Rule)


def test_on_top_of_others_there_is_a_percentage_or_an_amount_only():
    with pytest.raises(ValueError, match="On top of others"):
        promotion(NForM(3, 2), lane=1)
