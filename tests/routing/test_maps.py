"""Distances by a routing server: right when it answers, and never missed when it does not."""

import pytest

from app import routing
from app.routing import maps, roads
from app.routing.maps import Osrm, Valhalla
from tests.routing.town_map import METRES_A_SECOND, open_town

ROADS = routing.Roads()
PLACES = [(52.09, 5.12), (52.10, 5.12), (52.10, 5.14)]
SPOTS = [roads.spot(*place) for place in PLACES]


@pytest.fixture
def town():
    with open_town() as opened:
        yield opened


def test_a_spot_on_the_globe_has_its_degrees():
    for place, spot in zip(PLACES, SPOTS, strict=True):
        assert maps.degrees(spot) == pytest.approx(place, abs=1e-9)


@pytest.mark.parametrize("kind", [Osrm, Valhalla])
async def test_metres_and_seconds_are_those_of_the_streets(town, kind):
    found = await routing.Maps(kind(town.url)).measure(SPOTS, ROADS)

    assert found.metres[0][1] == pytest.approx(1_112, abs=1)
    assert found.metres[0][2] == pytest.approx(1_112 + 1_366, abs=3)
    assert found.metres[1][1] == found.seconds[1][1] == 0
    assert found.seconds[0][1] == pytest.approx(1_112 / METRES_A_SECOND + ROADS.start_s, abs=1)


@pytest.mark.parametrize("kind", [Osrm, Valhalla])
async def test_a_whole_day_is_asked_in_pieces_a_server_takes(town, kind):
    many = [roads.spot(52.0 + n / 1000, 5.1) for n in range(120)]

    found = await routing.Maps(kind(town.url)).measure(many, ROADS)

    assert max(sources + targets for _, sources, targets in town.asked) <= 100
    assert len(town.asked) == 9
    assert found.metres[3][117] == pytest.approx(114 * 111.195, abs=2)
    assert found.metres[117][3] == found.metres[3][117]


@pytest.mark.parametrize("mood", ["broken", "slow", "nonsense", "page", "short", "endless"])
async def test_what_is_ill_is_left_alone_after_three_failures_and_asked_again_later(town, mood):
    clock, patience = [1_000.0], 0.2 if mood == "slow" else 5.0
    asked = routing.Maps(Osrm(town.url), timeout_s=patience, now=lambda: clock[0])
    [(_, circuit)] = asked._servers
    town.mood = mood
    states = []
    for _ in range(5):
        assert await asked.measure(SPOTS, ROADS) is None
        states.append(circuit.closed)
    town.mood, asked._timeout_s = "well", 5.0
    resting = await asked.measure(SPOTS, ROADS)
    clock[0] += maps.REST_S
    rested = await asked.measure(SPOTS, ROADS)

    assert states == [True, True, False, False, False]
    assert resting is None
    assert rested is not None
    assert len(town.asked) <= maps.TRIES + 1, "it was left alone"


async def test_the_second_server_answers_for_the_first_and_unknown_ways_are_reckoned(town):
    nobody = "http://127.0.0.1:9"
    both = routing.Maps(Osrm(nobody), Valhalla(town.url))

    found = await both.measure(SPOTS, ROADS)
    town.mood = "none"
    reckoned = await both.measure(SPOTS, ROADS)

    assert found.metres[0][1] == pytest.approx(1_112, abs=1)
    assert {kind for kind, *_ in town.asked} == {"valhalla"}
    assert reckoned == roads.matrix(ROADS, SPOTS[0], [_stop(spot) for spot in SPOTS[1:]])
    assert await routing.Maps.at("", "").measure(SPOTS, ROADS) is None


def _stop(spot):
    return routing.Stop("", spot, 0, 1, 0, 1)
