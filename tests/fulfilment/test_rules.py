"""Numbers, ways and steps, as the standards and a picker's legs want them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.db import new_id
from app.errors import Conflict, Malformed
from app.fulfilment import rules
from app.fulfilment.delivery import rules as ways
from app.fulfilment.packing import rules as numbers
from app.fulfilment.packing.bars import gs1_128
from app.fulfilment.picking.rules import default_location

UTRECHT = (52.0907, 5.1214)


def test_the_number_of_a_parcel_is_the_one_in_the_gs1_example():
    assert numbers.sscc(123456789, "0614141") == "006141411234567890"


def test_serials_that_outgrow_their_digits_go_on_in_the_extension_digit():
    first, later = numbers.sscc(0), numbers.sscc(10**9)

    assert (first[0], later[0]) == ("0", "1")
    assert first[1:-1] == later[1:-1]


@pytest.mark.parametrize(
    "text",
    [
        "006141411234567890",
        "00006141411234567890",
        "(00) 0 0614141 123456789 0",
        "HTTPS://SHOP.EXAMPLE/00/006141411234567890",
    ],
)
def test_a_parcel_is_known_however_its_label_was_read(text):
    assert numbers.read_sscc(text) == "006141411234567890"


@pytest.mark.parametrize("text", ["006141411234567891", "", "12", "https://elsewhere/01/1"])
def test_what_is_no_parcel_number_is_refused(text):
    with pytest.raises(Malformed):
        numbers.read_sscc(text)


def test_bars_have_eleven_modules_a_character_and_thirteen_at_the_end():
    assert sum(gs1_128("00006141411234567890")) == 11 * (2 + 10 + 1) + 13


def test_a_product_without_a_place_always_stands_at_the_same_one():
    product = new_id()

    assert default_location(product, "dairy", "chilled") == default_location(
        product, "dairy", "chilled"
    )
    assert default_location(product, "dairy", "frozen").aisle >= 16


@given(some.lists(some.tuples(some.floats(52, 52.2), some.floats(5, 5.3)), max_size=12))
def test_a_way_visits_every_door_once_and_is_no_longer_than_as_they_came(doors):
    way = ways.best_order(UTRECHT, doors)

    assert sorted(way) == list(range(len(doors)))


def test_a_new_door_on_a_long_way_goes_where_it_costs_least():
    depot, row = (52.1, 5.3), [(52.0, 5.0 + step / 100) for step in range(1, 60)]

    assert ways.taken_in(depot, [*row, (52.0, 5.255)]) == [*range(25), 59, *range(25, 59)]
    assert ways.taken_in(depot, row[:1]) == [0]


def test_the_way_past_six_doors_is_at_most_a_tenth_longer_than_the_shortest():
    doors = [ways.demo_point(UTRECHT, f"35{n:02}AB", str(n)) for n in range(11, 17)]
    best = min(ways.length_km(UTRECHT, way) for way in itertools.permutations(doors))

    found = ways.length_km(UTRECHT, [doors[n] for n in ways.best_order(UTRECHT, doors)])

    assert found <= best * 1.1


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres():
    assert ways.kilometres((52.0, 5.0), (53.0, 5.0)) == pytest.approx(111.2, abs=0.1)


def test_every_state_but_the_last_ones_leads_on():
    states = {before for before, _ in rules.TRANSITIONS} | set(rules.TRANSITIONS.values())

    assert {state for state in states if not rules.allowed(state)} == {
        "delivered",
        "returned",
        "cancelled",
    }


def test_what_is_not_in_the_table_is_refused_with_what_is_allowed():
    with pytest.raises(Conflict) as refusal:
        rules.after("released", "deliver")

    assert refusal.value.state == {"state": "released", "allowed": ["start", "cancel", "refuse"]}


@given(some.integers(0, 100_000), some.integers(1, 99), some.data())
def test_units_paid_back_one_by_one_sum_to_what_was_paid(paid, quantity, data):
    first = data.draw(some.integers(0, quantity))

    parts = rules.owed(paid, quantity, 0, first) + rules.owed(
        paid, quantity, first, quantity - first
    )

    assert parts == paid
    assert rules.owed(paid, quantity, 0, 1) * quantity >= paid


@pytest.mark.parametrize(
    ("parts", "order"),
    [
        ([("released", 0), ("picking", 0)], "in_fulfilment"),
        ([("packed", 0), ("delivered", 0)], "packed"),
        ([("packed", 1)], "not_home"),
        ([("out_for_delivery", 1)], "on_the_way"),
        ([("delivered", 0), ("returned", 0)], "part_delivered"),
        ([("delivered", 0), ("cancelled", 0)], "delivered"),
        ([("returned", 0)], "cancelled"),
    ],
)
def test_an_order_is_as_far_as_the_slowest_part_of_it(parts, order):
    assert rules.order_state(parts) == order
