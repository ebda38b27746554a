"""Plans of routes: found in a process of their own, believed only when another code agrees."""

import time

import msgspec
import pytest

from app import routing
from app.routing import insertion, roads, verify
from app.routing.insertion import Gap
from app.routing.models import Draft, Plan, Problem, Tour, Van
from tests.routing import slot_day
from tests.routing.instances import a_day


def inserted(day):
    """A plan without any search: what fits, in the order of its coming."""
    draft = Draft.empty(routing.Roads(), (0.0, 0.0), day.vans)
    for stop in day.stops:
        [gap] = insertion.gaps(draft, [stop])
        draft = insertion.insert(draft, gap, stop) if gap else draft
    return insertion.problem_of(draft)


async def test_a_small_day_is_planned_true_and_no_worse_from_a_plan_that_is_known():
    problem = a_day(24, vans=4)

    first = await routing.improve(problem, seconds=0.3)
    again = await routing.improve(problem, seconds=0.3, start=first)

    assert verify.faults(problem, first) == []
    assert again is None or verify.metres(problem, again) < verify.metres(problem, first)


@pytest.mark.drill
async def test_one_van_that_comes_back_for_more_brings_what_two_would_have_to():
    alone = a_day(20, vans=1, crates=25)
    reloading = a_day(20, vans=1, crates=25, reloads=4)

    some = await routing.improve(alone, seconds=0.3, all_of_them=False)
    everything = await routing.improve(reloading, seconds=0.3, all_of_them=False)

    assert some.left
    assert len(everything.left) < len(some.left)
    assert len(everything.tours[0].trips) > 1
    assert verify.faults(reloading, everything) == []


async def test_a_van_under_way_goes_on_from_where_it_is():
    day = a_day(6, vans=1)
    here = Van("1", 90, 3600 * 9, 3600 * 19, from_spot=(2500.0, 2500.0))
    stops = list(day.stops)
    matrix = roads.matrix(routing.Roads(), (0.0, 0.0), stops, [here])
    problem = Problem(stops, [here], matrix)

    plan = await routing.improve(problem, seconds=0.2)

    assert verify.faults(problem, plan) == []
    first = plan.tours[0].trips[0][0]
    assert verify.drive(problem, plan.tours[0]).metres >= matrix.metres[-1][first + 1]


async def test_a_pinned_stop_rides_in_its_own_van_however_much_farther_that_is():
    day = a_day(14, vans=3)
    stops = [
        msgspec.structs.replace(stop, only=str(number % 2)) if number < 6 else stop
        for number, stop in enumerate(day.stops)
    ]
    problem = Problem(stops, day.vans, day.matrix)
    loose = await routing.improve(day, seconds=0.2)

    plan = await routing.improve(problem, seconds=0.2)

    assert verify.faults(problem, plan) == []
    rides = {stop: tour.van for tour in plan.tours for trip in tour.trips for stop in trip}
    assert [rides[number] for number in range(6)] == [0, 1, 0, 1, 0, 1]
    assert any("pinned" in fault for fault in verify.faults(problem, loose))
    assert verify.metres(problem, plan) >= verify.metres(day, loose)
    draft = Draft.empty(routing.Roads(), (0.0, 0.0), day.vans)
    [gap] = insertion.gaps(draft, [stops[1]])
    assert gap.tour == 1
    assert not insertion.fits(insertion.insert(draft, Gap(0, 2, 0), stops[1]), 2)


@pytest.mark.parametrize(
    ("break_it", "wrong"),
    [
        (lambda trip: [[*trip, trip[0]]], "times"),
        (lambda trip: [trip[1:]], "times"),
        (lambda trip: [trip[::-1]], "late"),
        (lambda trip: [trip[:2], trip[2:]], "comes back"),
    ],
)
def test_the_verifier_finds_what_is_wrong(break_it, wrong):
    problem, plan = inserted(a_day(16, vans=1))
    [tour] = plan.tours

    broken = Plan([Tour(tour.van, break_it(tour.trips[0]))], plan.left)

    assert any(wrong in fault for fault in verify.faults(problem, broken))


def test_an_overloaded_van_or_one_out_too_long_is_found():
    problem, plan = inserted(a_day(16, vans=1))
    small = msgspec.structs.replace(problem.vans[0], crates=2)
    short = msgspec.structs.replace(problem.vans[0], ends_s=problem.vans[0].starts_s + 60)

    for van, wrong in ((small, "carries"), (short, "back")):
        with_it = msgspec.structs.replace(problem, vans=[van])
        assert any(wrong in fault for fault in verify.faults(with_it, plan))


@pytest.mark.drill
async def test_a_search_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(routing.improving, "GRACE_S", -29.5)
    started = time.monotonic()

    assert await routing.improve(a_day(10), seconds=30) is None
    assert time.monotonic() - started < 20


@pytest.mark.drill
async def test_people_choose_times_and_every_promise_is_kept_where_as_large_a_cap_breaks_some():
    asked = list(slot_day.requests(90, 1))
    empty = slot_day.empty_day(vans=1)

    async def improve(draft):
        return await slot_day.improve_for(draft, 0.3)

    draft = await slot_day.by_certificate(asked, empty, improve)
    problem, plan = insertion.problem_of(draft)
    promised = len(problem.stops)
    cap = list(slot_day.by_cap(asked, promised // 6))
    matrix = roads.matrix(empty.roads, empty.depot, cap)
    served = await routing.improve(Problem(cap, empty.vans, matrix), seconds=0.5, all_of_them=False)

    assert verify.faults(problem, plan) == []
    assert len(cap) > 0.8 * promised
    assert served.left, "so many can be promised only to the right people"


def test_the_chord_is_the_great_circle_within_a_city():
    one, other = roads.spot(52.0, 5.0), roads.spot(52.1, 5.0)

    assert roads.metres(routing.Roads(factor=1.0), one, other) == pytest.approx(11_119, abs=2)
