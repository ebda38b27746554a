"""When a promotion counts, what it goes with, and how often."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.errors import Unprocessable
from app.pricing import (
    AmountOff,
    Customer,
    NForM,
    PercentOff,
    Setting,
    Where,
    price,
)
from tests.pricing.builders import JEANS, NOON, SHIRT, SOCKS, line, promotion, three_for_two

SHOP, OTHER_SHOP = UUID(int=70), UUID(int=71)
BASKET = [line(SHIRT, 1, 2000, brand="Twine", category="tops", wall="utrecht-5", channel="wall")]


def discount(*promotions, lines=BASKET, customer=Customer(), at=NOON, **setting):  # noqa: B008
    return price(lines, promotions, (), customer, at=at, setting=Setting(**setting)).discount


@pytest.mark.parametrize(
    ("where", "counts"),
    [
        (Where(brands={"Twine"}), True),
        (Where(brands={"Loom"}), False),
        (Where(categories={"tops"}), True),
        (Where(categories={"tops"}, brands={"Loom"}), False),
        (Where(walls={"utrecht-5"}), True),
        (Where(walls={"seoul-2"}), False),
        (Where(channels={"wall"}), True),
        (Where(channels={"till", "web"}), False),
        (Where(handovers={"delivery"}), True),
        (Where(handovers={"carry-out"}), False),
        (Where(places={SHOP}), True),
        (Where(places={OTHER_SHOP}), False),
        (Where(groups={"students"}), True),
        (Where(groups={"staff"}), False),
        (Where(weekdays={1}), True),  # noon is on a Monday
        (Where(weekdays={6, 7}), False),
        (Where(from_time=time(13), until_time=time(14)), True),  # 12:00 UTC is 13:00 in Utrecht
        (Where(from_time=time(12), until_time=time(13)), False),
        (Where(from_time=time(22), until_time=time(6)), False),
        (Where(minimum_amount=2000), True),
        (Where(minimum_amount=2001), False),
        (Where(minimum_quantity=2), False),
    ],
)
def test_all_that_is_said_must_hold(where, counts):
    offer = promotion(PercentOff(50), anything=True, where=where)
    student = Customer(groups=frozenset({"students"}))

    assert discount(offer, customer=student, place_id=SHOP) == (1000 if counts else 0)


def test_a_night_offer_lasts_until_the_next_morning():
    night = promotion(PercentOff(50), where=Where(from_time=time(22), until_time=time(6)))
    zone = ZoneInfo("Asia/Seoul")
    hours = [21, 22, 23, 0, 5, 6]

    given = [
        discount(night, at=datetime(2026, 11, 23, hour, tzinfo=zone), time_zone="Asia/Seoul")
        for hour in hours
    ]

    assert given == [0, 1000, 1000, 1000, 1000, 0]


def test_a_night_belongs_to_the_day_on_which_it_began():
    friday = Where(weekdays={5}, from_time=time(22), until_time=time(2))
    offer, zone = promotion(PercentOff(50), where=friday), ZoneInfo("Europe/Amsterdam")

    given = [
        discount(offer, at=datetime(2026, 11, day, hour, tzinfo=zone))
        for day, hour in [(27, 1), (27, 22), (28, 1), (28, 2), (28, 22)]  # the 27th is a Friday
    ]

    assert given == [0, 1000, 1000, 0, 0]


def test_on_top_comes_after_the_offers_on_goods_lane_by_lane():
    tenth = promotion(PercentOff(10), anything=True, id=101, lane=1)
    five = promotion(AmountOff(500), anything=True, id=102, lane=2)

    receipt = price([line(SHIRT, 3)], [five, three_for_two(), tenth], at=NOON)

    assert [one.amount for one in receipt.advantages] == [2000, 400, 500]
    assert receipt.total == 3100


def test_in_one_lane_only_the_better_one_comes_on_top():
    tenth = promotion(PercentOff(10), anything=True, id=101, lane=1)
    five = promotion(AmountOff(500), anything=True, id=102, lane=1)

    assert discount(tenth, five, lines=[line(SHIRT, 2)]) == 500
    assert discount(tenth, five, lines=[line(SHIRT, 3)]) == 600


def test_what_stands_alone_counts_only_where_it_is_the_best_of_all():
    alone = promotion(PercentOff(40), anything=True, id=101, alone=True)
    tenth = promotion(PercentOff(10), anything=True, id=102, lane=1)

    assert discount(alone, tenth, three_for_two(), lines=[line(SHIRT, 3)]) == 2400
    assert discount(alone, tenth, three_for_two(), lines=[line(SHIRT, 2)]) == 1600
    assert discount(alone, tenth, three_for_two(), lines=[line(SHIRT, 6)]) == 4800
    assert discount(alone, tenth, three_for_two(), lines=[line(SHIRT, 5)]) == 4000


def test_two_that_exclude_each_other_are_never_on_one_receipt():
    shirts = three_for_two(SHIRT, id=100)
    jeans = promotion(PercentOff(50), JEANS, id=101, excludes=frozenset({shirts.id}))
    lines = [line(SHIRT, 3), line(JEANS, 1, 3000)]

    receipt = price(lines, [shirts, jeans], at=NOON)

    assert [one.promotion_id for one in receipt.advantages] == [shirts.id]


def test_an_offer_limited_per_order_gives_the_dearest_units():
    two_shirts = promotion(PercentOff(50), SHIRT, SOCKS, most_per_order=2)
    once = promotion(NForM(3, 2), id=101, most_per_order=1)

    assert discount(two_shirts, lines=[line(SHIRT, 1), line(SOCKS, 3, 500)]) == 1250
    assert discount(once, lines=[line(SHIRT, 9)]) == 2000


def test_who_has_had_it_as_often_as_one_may_does_not_get_it_again():
    offer = promotion(PercentOff(50), most_per_customer=1)

    assert discount(offer, customer=Customer(used_up=frozenset({offer.id}))) == 0


def test_alcohol_is_reduced_by_a_quarter_at_most_so_there_is_no_three_for_two():
    wine = [line(SHIRT, 6, 1000, most_percent=25)]

    assert discount(three_for_two(), lines=wine) == 0
    assert discount(promotion(PercentOff(40)), lines=wine) == 6 * 250
    assert discount(promotion(PercentOff(10), anything=True, lane=1), lines=wine) == 0
    assert discount(promotion(PercentOff(20)), lines=[line(SHIRT, most_percent=0)]) == 0


def test_amounts_of_another_currency_are_left_out_and_the_others_still_count():
    euros = promotion(AmountOff(500), currency="EUR")
    tenth = promotion(PercentOff(10), id=101, currency="EUR")

    assert discount(euros, tenth, currency="KRW") == 200
    assert discount(euros, tenth, currency="EUR") == 500


def test_a_minimum_counts_at_full_price_so_that_a_second_offer_never_takes_the_first_away():
    tenth = promotion(
        PercentOff(10), anything=True, id=101, lane=1, where=Where(minimum_amount=6000)
    )

    assert discount(three_for_two(), tenth, lines=[line(SHIRT, 3)]) == 2000 + 400


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (line(quantity=0), "Of one product there can be 1 to {most} in a basket."),
        (line(quantity=-3), "Of one product there can be 1 to {most} in a basket."),
        (line(quantity=10**9), "Of one product there can be 1 to {most} in a basket."),
        (line(unit_price=-1), "A price is never below zero, nor beyond counting."),
        (line(unit_price=10**18), "A price is never below zero, nor beyond counting."),
        (line(deposit=-25), "A price is never below zero, nor beyond counting."),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_one_sentence(wrong, sentence):
    with pytest.raises(Unprocessable) as refused:
        price([wrong], [three_for_two()], at=NOON)

    assert refused.value.sentence == sentence


def test_a_line_stands_in_a_basket_once():
    with pytest.raises(Unprocessable):
        price([line(), line()], [], at=NOON)


def test_an_offer_runs_for_its_period_only():
    with pytest.raises(ValueError, match="ends after it starts"):
        promotion(PercentOff(5), from_at=NOON, until_at=NOON - timedelta(days=1))
