"""The nearest place that has it all sends it; nobody else, and never half."""

from uuid import UUID

import pytest

from app.sourcing import Missing, choose, distance_m

COLA, SOAP = UUID(int=1), UUID(int=2)
NEAR, FAR, FARTHEST = UUID(int=11), UUID(int=12), UUID(int=13)
PLACES = [FARTHEST, NEAR, FAR]
DISTANCES = {NEAR: 800, FAR: 3_000, FARTHEST: 9_000}


def test_the_nearest_place_with_everything_sends_it():
    levels = {NEAR: {COLA: 5}, FAR: {COLA: 5, SOAP: 5}, FARTHEST: {COLA: 9, SOAP: 9}}

    choice = choose({COLA: 2, SOAP: 1}, PLACES, levels, DISTANCES)

    assert [(part.place_id, part.lines) for part in choice.parts] == [(FAR, {COLA: 2, SOAP: 1})]
    assert [(one.place_id, one.outcome) for one in choice.considered] == [
        (NEAR, "not enough stock"),
        (FAR, "chosen"),
        (FARTHEST, "farther than the chosen one"),
    ]


def test_what_nobody_has_enough_of_is_named():
    levels = {NEAR: {COLA: 5, SOAP: 1}, FAR: {COLA: 5, SOAP: 2}}

    choice = choose({COLA: 2, SOAP: 3}, PLACES, levels, DISTANCES)

    assert not choice.possible
    assert choice.missing == [Missing(SOAP, 3, 2)]


def test_what_is_never_together_at_one_place_is_named_as_the_best_place_lacks_it():
    choice = choose({COLA: 1, SOAP: 1}, PLACES, {NEAR: {COLA: 1}, FAR: {SOAP: 1}}, DISTANCES)

    assert choice.missing == [Missing(SOAP, 1, 0)]


def test_without_distances_the_preferred_place_comes_first():
    levels = {place: {COLA: 5} for place in PLACES}

    assert choose({COLA: 1}, PLACES, levels).parts[0].place_id == FARTHEST


def test_where_nobody_delivers_everything_is_missing():
    assert choose({COLA: 1}, [], {}).missing == [Missing(COLA, 1, 0)]


def test_utrecht_to_amsterdam_is_thirty_five_kilometres():
    assert distance_m((52.0907, 5.1214), (52.3676, 4.9041)) == pytest.approx(34_180, abs=300)
