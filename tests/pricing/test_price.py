"""What a basket costs, and who earned what."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.pricing import AmountOff, NForM, PercentOff, Setting, Use, price
from tests.pricing.builders import JEANS, NOON, SHIRT, SOCKS, line, promotion, three_for_two


def test_two_shirts_taken_in_store_and_one_sent_home_still_earn_the_offer():
    taken = line(quantity=2, key="taken", handover="carry-out")
    sent = line(quantity=1, key="sent", handover="delivery")

    receipt = price([taken, sent], [three_for_two()], at=NOON)

    assert receipt.total == 4000
    assert receipt.advantages[0].uses == [Use("sent", 1, 667), Use("taken", 2, 1333)]
    assert [share.paid for share in receipt.lines] == [2667, 1333]


@pytest.mark.parametrize(("shirts", "free"), [(1, 0), (2, 0), (3, 1), (5, 1), (6, 2), (9, 3)])
def test_each_full_set_of_three_frees_one_shirt(shirts, free):
    receipt = price([line(quantity=shirts, unit_price=2000)], [three_for_two()], at=NOON)

    assert receipt.total == (shirts - free) * 2000


def test_of_a_mixed_set_the_cheapest_is_free():
    lines = [line(SHIRT, 2, 2000), line(SOCKS, 1, 500)]

    receipt = price(lines, [three_for_two(SHIRT, SOCKS)], at=NOON)

    assert receipt.discount == 500


def test_sets_are_made_so_that_the_shopper_pays_least():
    lines = [line(SHIRT, 3, 3000), line(SOCKS, 3, 1000)]

    receipt = price(lines, [three_for_two(SHIRT, SOCKS)], at=NOON)

    assert receipt.discount == 3000 + 1000


def test_a_percentage_is_rounded_down_for_each_unit():
    receipt = price([line(JEANS, 2, 999)], [promotion(PercentOff(10), JEANS)], at=NOON)

    assert receipt.discount == 2 * 99


def test_an_amount_off_never_makes_a_unit_cheaper_than_nothing():
    assert price([line(SOCKS, 2, 30)], [promotion(AmountOff(50), SOCKS)], at=NOON).total == 0


def test_a_unit_earns_one_promotion_and_the_better_one():
    half_price = promotion(PercentOff(50), id=101)

    receipt = price([line(quantity=4)], [three_for_two(), half_price], at=NOON)

    assert receipt.total == 4 * 1000
    assert [advantage.promotion_id for advantage in receipt.advantages] == [half_price.id]


def test_units_left_over_from_a_set_earn_the_other_offer():
    tenth_off = promotion(PercentOff(10), id=101)

    receipt = price([line(quantity=4)], [three_for_two(), tenth_off], at=NOON)

    assert receipt.discount == 2000 + 200
    assert sum(use.units for advantage in receipt.advantages for use in advantage.uses) == 4


def test_four_for_three_and_three_for_two_share_the_shirts_between_them():
    four_for_two = promotion(NForM(4, 2), id=101)

    receipt = price([line(quantity=7)], [three_for_two(), four_for_two], at=NOON)

    assert receipt.discount == 2000 * (1 + 2)


def test_a_promotion_counts_from_its_first_moment_until_just_before_its_last():
    today = promotion(PercentOff(50), from_at=NOON, until_at=NOON + timedelta(hours=1))
    moments = [NOON - timedelta(seconds=1), NOON, NOON + timedelta(hours=1)]

    assert [price([line()], [today], at=at).discount for at in moments] == [0, 1000, 0]


def test_deposits_and_delivery_come_on_top_and_earn_nothing():
    bottle = line(SOCKS, 2, 200, deposit=25, vat="low")

    receipt = price(
        [bottle], [promotion(PercentOff(50), SOCKS)], at=NOON, setting=Setting(delivery_fee=495)
    )

    assert (receipt.subtotal, receipt.discount) == (400, 200)
    assert (receipt.deposits, receipt.delivery) == (50, 495)
    assert receipt.total == 200 + 50 + 495


def test_vat_is_told_per_rate_and_delivery_follows_the_goods():
    lines = [line(SHIRT, 1, 1210, vat="high"), line(SOCKS, 1, 1090, vat="low")]

    receipt = price(lines, [], at=NOON, setting=Setting(delivery_fee=230))

    low, high = receipt.vat
    assert (low.gross, low.net, low.tax) == (1199, 1100, 99)
    assert (high.gross, high.net, high.tax) == (1331, 1100, 231)


def test_a_printed_price_is_what_the_unit_costs_and_the_receipt_says_so():
    receipt = price([line(unit_price=1500, printed=True)], [], at=NOON)

    assert receipt.total == 1500
    assert receipt.lines[0].printed


@pytest.mark.parametrize(("shirts", "missing"), [(1, []), (2, [1]), (3, []), (5, [1])])
def test_one_more_for_free_is_hinted_at_only_when_it_is_free(shirts, missing):
    receipt = price([line(quantity=shirts)], [three_for_two()], at=NOON)

    assert [hint.missing for hint in receipt.hints] == missing


def test_units_that_earn_something_else_are_no_reason_for_a_hint():
    nearly_free = promotion(PercentOff(90), id=101)

    assert price([line(quantity=2)], [three_for_two(), nearly_free], at=NOON).hints == []


def test_an_empty_basket_costs_nothing():
    receipt = price([], [three_for_two()], at=NOON)

    assert (receipt.total, receipt.advantages, receipt.lines) == (0, [], [])


def test_a_huge_basket_with_many_overlapping_offers_still_gets_a_true_receipt():
    products = [UUID(int=1000 + n) for n in range(12)]
    offers = [promotion(NForM(3 + n % 4, 2), *products[n : n + 4], id=200 + n) for n in range(10)]
    lines = [line(product, 9, 100 + 37 * n) for n, product in enumerate(products)]

    receipt = price(lines, offers, at=NOON)

    assert receipt.total == sum(share.paid for share in receipt.lines)
    assert 0 < receipt.discount < receipt.subtotal
