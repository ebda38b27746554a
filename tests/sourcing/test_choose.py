"""The least costly places send an order, splits and all; and why stands beside it."""

from datetime import time
from itertools import combinations
from math import exp
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.sourcing import Asked, Group, Missing, Source, Weights, choose, distance_m
from app.sourcing.rules import costed, may_send
from tests.sourcing.instances import orders, region

COLA, SOAP = UUID(int=1), UUID(int=2)
NEAR, FAR, FARTHEST = UUID(int=11), UUID(int=12), UUID(int=13)
METRES = {NEAR: 800, FAR: 3_000, FARTHEST: 9_000}


def asked(wanted, stock, **more):
    sources = [
        Source(place_id=place, kind="dark-store", distance_m=METRES[place], stock=there)
        for place, there in stock.items()
    ]
    return Asked(wanted=wanted, sources=sources, **more)


def sends(choice):
    return {part.place_id: part.lines for part in choice.parts}


def test_one_place_with_everything_is_better_than_two_nearer_ones():
    stock = {NEAR: {COLA: 5}, FAR: {SOAP: 5}, FARTHEST: {COLA: 9, SOAP: 9}}

    choice = choose(asked({COLA: 2, SOAP: 1}, stock))

    assert sends(choice) == {FARTHEST: {COLA: 2, SOAP: 1}}
    assert choice.possible
    assert {one.place_id: one.outcome for one in choice.considered} == {
        NEAR: "not enough stock",
        FAR: "not enough stock",
        FARTHEST: "chosen",
    }
    assert choice.instead[0].cost > choice.costs.total


def test_two_pieces_of_which_two_stores_have_one_each_are_sent_by_both():
    choice = choose(asked({COLA: 2}, {NEAR: {COLA: 1}, FAR: {COLA: 1}}))

    assert sends(choice) == {NEAR: {COLA: 1}, FAR: {COLA: 1}}
    assert choice.possible


def test_rules_are_filters_and_weights():
    stock = {NEAR: {COLA: 5}, FAR: {COLA: 5, SOAP: 5}, FARTHEST: {COLA: 9, SOAP: 9}}
    question = asked({COLA: 1}, stock, cold=[COLA], age_limited=[COLA])

    def who(**rules):
        return list(sends(choose(question, Weights(**rules))))

    assert who() == [NEAR]
    assert who(excluded=[NEAR]) == [FAR]
    assert who(only=[FARTHEST]) == [FARTHEST]
    assert who(no_cold=[NEAR]) == [FAR]
    assert who(no_age_limit=[NEAR, FAR]) == [FARTHEST]
    assert choose(question, Weights(excluded=[NEAR])).considered[0].outcome == "ruled out"


def test_a_stores_last_pieces_stay_for_those_who_come_in():
    store = Source(place_id=NEAR, kind="store", distance_m=800, stock={COLA: 3})
    question = Asked(wanted={COLA: 2}, sources=[store])

    choice = choose(question, Weights(safety_stock=2))

    assert choice.missing == [Missing(COLA, 2, 1)]


def test_a_crowded_place_gives_way_to_one_with_time():
    crowded = Source(place_id=NEAR, kind="store", distance_m=800, load=1.0, stock={COLA: 99})
    calm = Source(place_id=FAR, kind="store", distance_m=3_000, stock={COLA: 99})

    assert list(sends(choose(Asked(wanted={COLA: 1}, sources=[crowded, calm])))) == [FAR]


def test_what_nobody_has_is_missing_and_the_rest_is_sent():
    choice = choose(asked({COLA: 2, SOAP: 3}, {NEAR: {COLA: 5, SOAP: 1}}))

    assert not choice.possible
    assert choice.missing == [Missing(SOAP, 3, 1)]
    assert choice.costs.unfilled == 2 * Weights().unfilled_piece


def test_where_nobody_delivers_everything_is_missing():
    assert choose(asked({COLA: 1}, {})).missing == [Missing(COLA, 1, 0)]


def test_two_hundred_orders_cost_what_the_best_of_all_splits_over_two_places_costs():
    places = region()

    for question in orders(200, places, most_lines=12):
        two = choose(question, Weights(most_places=2))
        assert two.costs.total == exactly(question, Weights(), most=2)
        assert choose(question).costs.total <= two.costs.total


def exactly(question, weights, *, most):
    """By trying every set of at most `most` of all places, with sums of its own."""
    best = None
    for size in range(1, most + 1):
        for chosen in combinations(question.sources, size):
            opened = sum(
                weights.parcel
                + round(weights.kilometre * one.distance_m / 1000)
                + round(weights.crowding * one.load**2)
                for one in chosen
            )
            cost = opened + sum(
                _line(question.wanted[product], product, chosen, weights)
                for product in question.wanted
            )
            best = cost if best is None else min(best, cost)
    return best


def _line(wanted, product, chosen, weights):
    prices = []
    for one in chosen:
        there = min(wanted, one.stock.get(product, 0))
        price = weights.dark_store_piece
        if one.kind == "store" and there:
            risk = weights.risk * exp(-0.5 * (one.stock[product] - there))
            price = weights.store_piece + round(risk)
        prices += [price] * there
    cheapest = sorted(prices)[:wanted]
    return sum(cheapest) + weights.unfilled_piece * (wanted - len(cheapest))


@given(
    some.dictionaries(some.integers(1, 5), some.integers(1, 4), min_size=1),
    some.lists(some.dictionaries(some.integers(1, 5), some.integers(0, 4)), max_size=6),
)
def test_nobody_sends_more_than_they_have_and_nothing_is_sent_twice(wanted, stocks):
    sources = [
        Source(
            place_id=UUID(int=100 + n),
            kind="store",
            distance_m=1000 * n,
            stock={UUID(int=product): pieces for product, pieces in stock.items()},
        )
        for n, stock in enumerate(stocks)
    ]
    question = Asked(wanted={UUID(int=p): n for p, n in wanted.items()}, sources=sources)

    choice = choose(question)

    has = {source.place_id: source.stock for source in sources}
    for product, pieces in question.wanted.items():
        sent = [part.lines.get(product, 0) for part in choice.parts]
        lacking = sum(
            one.wanted - one.available for one in choice.missing if one.product_id == product
        )
        assert sum(sent) + lacking == pieces
    for part in choice.parts:
        assert all(0 < n <= has[part.place_id][product] for product, n in part.lines.items())
    assert msgspec.json.decode(msgspec.json.encode(choice), type=type(choice)) == choice


def test_utrecht_to_amsterdam_is_thirty_five_kilometres():
    assert distance_m((52.0907, 5.1214), (52.3676, 4.9041)) == pytest.approx(34_180, abs=300)


def test_groups_of_places_have_rules_of_their_own():
    stock = {NEAR: {COLA: 5}, FAR: {COLA: 5}, FARTHEST: {COLA: 9}}
    question = asked({COLA: 2}, stock, cold=[COLA], age_limited=[COLA])
    evening = msgspec.structs.replace(
        question,
        sources=[msgspec.structs.replace(one, leaves_at=time(19)) for one in question.sources],
    )

    def who(about=question, **rules):
        group = Group(name="close by", place_ids=[NEAR, FAR], **rules)
        return list(sends(choose(about, Weights(groups=[group]))))

    assert who() == [NEAR]
    assert who(surcharge=500) == [FARTHEST]
    assert who(safety_stock=4) == [FARTHEST]
    assert who(sends=False) == who(cold=False) == who(age_limited=False) == [FARTHEST]
    assert who(closes=time(18)) == [NEAR], "nobody knows yet when it leaves"
    assert who(evening, closes=time(18)) == who(evening, opens=time(20)) == [FARTHEST]
    assert who(evening, opens=time(8), closes=time(20)) == [NEAR]


def test_what_was_chosen_costs_what_choosing_it_said():
    for question in orders(60, region(), most_lines=9):
        choice = choose(question)
        assert costed(question, choice.parts, Weights()) == choice.costs


def test_whether_a_place_may_send_does_not_depend_on_what_it_has():
    question = asked({COLA: 2}, {NEAR: {}, FAR: {COLA: 5}}, cold=[COLA])

    assert may_send(question, Weights(), NEAR)
    assert not may_send(question, Weights(no_cold=[NEAR]), NEAR)
    assert not may_send(question, Weights(), FARTHEST)
