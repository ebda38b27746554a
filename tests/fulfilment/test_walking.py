"""The way past the shelves, and who shares a cart: never longer than it has to be, nobody left."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as some

from app.db import new_id
from app.fulfilment.models import Pick
from app.fulfilment.picking import walking
from tests.benchmarks.picking import a_day_of_orders, walked

WALKS = some.lists(
    some.dictionaries(
        some.tuples(some.integers(0, 2), some.integers(1, 6)),
        some.tuples(some.floats(0, 30), some.floats(0, 30)).map(lambda both: tuple(sorted(both))),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=14,
)


def a_pick(aisle, bay=1, storage="ambient"):
    return Pick(
        order_id=new_id(),
        id=new_id(),
        fulfilment_id=new_id(),
        line_no=1,
        product_id=new_id(),
        quantity=1,
        picked=0,
        short=0,
        short_reason=None,
        delivered=0,
        state="open",
        storage=storage,
        weight_g=0,
        aisle=aisle,
        bay=bay,
        shelf=1,
    )


def test_a_picker_goes_up_one_aisle_and_down_the_next_and_takes_frozen_last():
    picks = [
        a_pick(16, storage="frozen"),
        a_pick(2, bay=1),
        a_pick(1, bay=5),
        a_pick(13, storage="chilled"),
        a_pick(2, bay=9),
        a_pick(1, bay=2),
    ]

    way = [(pick.aisle, pick.bay) for pick in walking.in_order(picks)]

    assert way == [(1, 2), (1, 5), (2, 9), (2, 1), (13, 1), (16, 1)]


@given(WALKS)
def test_the_way_is_the_shortest_of_all_that_walk_aisles_through_or_back(walks):
    [walk, *_] = walks

    assert abs(walking.metres(walk) - min(every_way(walk))) < 1e-6


def every_way(walk):
    """In each aisle through it, or in and out again; it has to end in front."""
    for turns in itertools.product((False, True), repeat=len(walk)):
        metres, behind, at = 0.0, False, 0
        for aisle, through in zip(sorted(walk), turns, strict=True):
            first, last = walk[aisle]
            metres += abs(aisle[1] - at) * walking.ACROSS_M
            at = aisle[1]
            back = 2 * (walking.AISLE_M - first) if behind else 2 * last
            metres += walking.AISLE_M if through else back
            behind ^= through
        if not behind:
            yield metres + at * walking.ACROSS_M


@given(WALKS, some.integers(1, 6))
def test_every_order_is_on_one_cart_and_the_most_pressing_on_the_first(walks, most):
    carts = walking.carts(walks, most)
    first = walking.first_cart(walks, len(walks) // 2 + 1, most)

    assert sorted(each for cart in carts for each in cart) == list(range(len(walks)))
    assert all(len(cart) <= most for cart in carts)
    assert 0 in first
    assert len(first) == len(set(first)) == min(most, len(walks))


def test_carts_by_savings_are_walked_shorter_than_as_the_orders_came():
    walks = a_day_of_orders(random.Random(7), orders=72)
    as_they_came = [range(n, n + 6) for n in range(0, 72, 6)]

    assert walked(walks, walking.carts(walks, 6)) < 0.92 * walked(walks, as_they_came)


def test_the_list_goes_the_way_that_was_counted():
    walks = a_day_of_orders(random.Random(11), orders=30)
    for walk in walks:
        picks = [
            a_pick(number, round(at / walking.BAY_M + 0.5), tuple(walking.AISLES)[section])
            for (section, number), stretch in walk.items()
            for at in stretch
        ]
        random.Random(5).shuffle(picks)
        assert abs(on_foot(walking.in_order(picks)) - walking.metres(walk)) < 1e-6


def on_foot(picks):
    """Metres, from the table through the picks in this order and back; between two aisles by
    whichever end is nearer, and out of the last one in front."""
    metres, aisle, at = 0.0, 0, 0.0
    for pick in [*picks, None]:
        there = (pick.bay - 0.5) * walking.BAY_M if pick else 0.0
        number = pick.aisle if pick else 0
        if number == aisle:
            metres += abs(there - at)
        else:
            front, behind = at + there, 2 * walking.AISLE_M - at - there
            metres += abs(number - aisle) * walking.ACROSS_M + (
                front if pick is None else min(front, behind)
            )
        aisle, at = number, there
    return metres
