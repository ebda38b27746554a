"""A slot is promised only as long as a van can come: the plan of the day keeps every promise."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from math import dist
from uuid import UUID

import msgspec
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app import routing, slots
from app.db import begin, new_id
from app.errors import Conflict
from app.jobs import Register, Task
from app.jobs.worker import step_once
from app.routing import insertion, verify
from app.routing.maps import Osrm
from app.slots.models import Need, Template
from app.slots.plans import Shift, rules
from tests.routing.town_map import open_town
from tests.slots.builders import used
from tests.stock.builders import offending

MIDNIGHT = datetime(2030, 5, 6, tzinfo=UTC)
NOON = Template(starts=time(12), ends=time(14), cutoff=time(9), capacity=200)
LATER = Template(starts=time(14), ends=time(16), cutoff=time(9), capacity=200)
HOME = (52.0907, 5.1214)


def door(luck, crates=1):
    return Need(ambient_crates=crates, point=(HOME[0] + luck % 7 / 200, HOME[1] + luck % 11 / 150))


async def a_day(db, place, *templates, vans=1, crates=200):
    """The slots of one day in 2030 at a place with so many vans."""
    hours = {"starts": time(11), "ends": time(17)}
    shifts = [
        Shift(place_id=place.id, number=n, crates=crates, **hours) for n in range(1, vans + 1)
    ]
    await slots.plans.add_vans(db, shifts)
    await slots.plan(db, place, 1, templates, now=MIDNIGHT)
    rows = await db.fetch("SELECT id FROM slots.slots ORDER BY starts_at")
    return [row["id"] for row in rows]


AT_ONCE = asyncio.Semaphore(6)


async def hold(pool, slot, holder, need):
    async with AT_ONCE, begin(pool) as db:
        until = datetime.now(UTC) + timedelta(minutes=15)
        return await slots.hold(db, slot, holder, until, need=need, at=MIDNIGHT)


async def the_plan(db, place):
    return await slots.plans.read(db, place.id, MIDNIGHT.date())


async def promised(db):
    return await db.fetchval("SELECT sum(used)::int FROM slots.slots")


async def test_promises_end_where_the_van_would_be_late_and_each_of_them_is_in_the_plan(
    db, pool, place
):
    [noon] = await a_day(db, place, NOON)

    asked = await asyncio.gather(
        *(hold(pool, noon, new_id(), door(n)) for n in range(40)), return_exceptions=True
    )

    held = [one for one in asked if not isinstance(one, Exception)]
    assert {refusal.code for refusal in asked if isinstance(refusal, Conflict)} == {"slot-full"}
    assert len(held) + sum(isinstance(one, Conflict) for one in asked) == 40
    assert 5 < len(held) < 30, "two hours, some five minutes a door"
    problem, plan = insertion.problem_of((await the_plan(db, place)).draft)
    assert verify.faults(problem, plan) == []
    assert {stop.key for stop in problem.stops} == {str(one.holder) for one in held}
    assert await used(db, noon) == len(held)
    assert await offending(db) == {}


async def test_what_nobody_can_bring_in_time_is_shown_as_full(db, pool, place):
    noon, later = await a_day(db, place, NOON, LATER, crates=3)
    await slots.plans.write_points(db, "test", [("NL", "3511", *HOME)])
    await hold(pool, noon, new_id(), door(1, crates=2))

    small = await slots.offered(db, "3511 ED", MIDNIGHT)
    large = await slots.offered(db, "3511 ED", MIDNIGHT, need=Need(ambient_crates=2))

    assert [offer.fullness for offer in small] == ["free", "free"]
    assert [(offer.fullness, offer.left) for offer in large] == [("full", 0), ("free", 200)]
    assert [offer.id for offer in large] == [noon, later], "loaded anew in between"


async def test_crates_and_picker_minutes_run_out_before_orders_do(db, pool, place):
    cold = msgspec.structs.replace(NOON, frozen_crates=3, picker_minutes=30)
    [noon] = await a_day(db, place, cold)

    answers = await asyncio.gather(
        *(hold(pool, noon, new_id(), Need(frozen_crates=1, picker_minutes=1)) for _ in range(12)),
        return_exceptions=True,
    )
    await hold(pool, noon, new_id(), Need(ambient_crates=9, picker_minutes=27))
    with pytest.raises(Conflict):
        await hold(pool, noon, new_id(), Need(picker_minutes=1))

    assert Counter(isinstance(answer, Conflict) for answer in answers) == {False: 3, True: 9}
    assert await offending(db) == {}


async def test_another_time_moves_the_stop_and_what_ends_leaves_the_plan(db, pool, place):
    noon, later = await a_day(db, place, NOON, LATER)
    holders = [new_id() for _ in range(6)]
    for number, holder in enumerate(holders):
        await hold(pool, noon, holder, door(number))

    await asyncio.gather(*(hold(pool, later, holder, door(1)) for holder in holders[:3]))
    async with begin(pool) as connection:
        await slots.release(connection, holders[0])
    await db.execute("UPDATE slots.holds SET expires_at = now() WHERE holder = $1", holders[1])
    await slots.expire(pool)

    stops = insertion.stops_of((await the_plan(db, place)).draft)
    assert {stop.key for stop in stops} == {str(holder) for holder in holders[2:]}
    assert (await used(db, noon), await used(db, later)) == (3, 1)
    assert await offending(db) == {}


async def test_the_last_gap_of_the_day_is_promised_to_one_of_many(db, pool, place):
    [noon] = await a_day(db, place, NOON, crates=1)

    answers = await asyncio.gather(
        *(hold(pool, noon, new_id(), door(n)) for n in range(10)), return_exceptions=True
    )

    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert len(insertion.stops_of((await the_plan(db, place)).draft)) == 1


def test_between_two_windows_a_van_stands_at_the_place_and_is_loaded():
    windows = [(MIDNIGHT.replace(hour=h), MIDNIGHT.replace(hour=h + 2)) for h in (16, 11, 14, 20)]

    vans = rules.empty(HOME, [_shift()], MIDNIGHT.date(), UTC, windows).vans

    hours = [
        (
            van.key,
            *(
                datetime.fromtimestamp(at, UTC).strftime("%H:%M")
                for at in (van.starts_s, van.ends_s)
            ),
        )
        for van in vans
    ]
    assert hours == [
        ("1.1.1", "11:00", "13:00"),
        ("1.2.1", "13:30", "15:55"),
        ("1.2.2", "16:05", "17:00"),
    ]


async def test_without_vans_or_a_known_address_only_the_slot_itself_has_limits(db, pool, place):
    [noon] = await a_day(db, place, NOON)

    held = await hold(pool, noon, new_id(), Need(ambient_crates=1))

    assert not held.planned
    assert insertion.stops_of((await the_plan(db, place)).draft) == []
    assert await offending(db) == {}


async def test_a_day_on_which_somebody_was_promised_a_time_before_there_were_vans_gets_no_plan(
    db, pool, place
):
    await slots.plan(db, place, 2, [NOON], now=MIDNIGHT)
    today, _ = [
        row["id"] for row in await db.fetch("SELECT id FROM slots.slots ORDER BY starts_at")
    ]
    await hold(pool, today, new_id(), door(1, crates=3))

    await a_day(db, place, NOON, crates=3)
    await slots.plan(db, place, 2, [NOON], now=MIDNIGHT)

    assert await the_plan(db, place) is None, "it would promise three crates again"
    tomorrow = (MIDNIGHT + timedelta(days=1)).date()
    assert (await slots.plans.read(db, place.id, tomorrow)).draft.vans


async def test_a_better_plan_keeps_promises_made_while_it_was_looked_for(
    db, pool, place, monkeypatch
):
    noon, later = await a_day(db, place, NOON, LATER, vans=2)
    for number in range(14):
        await hold(pool, noon if number % 2 else later, new_id(), door(number * 5))
    await _shuffle(db, place)
    before = insertion.length_m((await the_plan(db, place)).draft)
    late_comer = new_id()

    async def search(*args, **named):
        found = await routing.improving.improve(*args, **named)
        await hold(pool, noon, late_comer, door(3))
        return found

    monkeypatch.setattr(routing, "improve", search)
    await slots.plans.want_better(pool)
    row = await db.fetchrow("SELECT id, body FROM jobs.tasks")
    task = Task(row["id"], "", row["body"], "", 0, 0, None, None)
    with open_town() as town:
        maps = routing.Maps(Osrm(town.url))
        outcome = await slots.plans.improve(pool, task, seconds=0.3, maps=maps)

    now = (await the_plan(db, place)).draft
    assert "->" in outcome
    assert insertion.length_m(now) < before
    assert str(late_comer) in {stop.key for stop in insertion.stops_of(now)}
    assert town.asked == [("osrm", 15, 15)]
    assert verify.faults(*insertion.problem_of(now)) == []
    assert await offending(db) == {}


async def test_a_search_that_is_killed_leaves_every_promise_and_is_looked_for_again(
    db, pool, place
):
    noon, later = await a_day(db, place, NOON, LATER)
    for number in range(5):
        await hold(pool, noon if number % 2 else later, new_id(), door(number * 5))
    before = await the_plan(db, place)
    await slots.plans.want_better(pool)
    register = Register()
    register.step(slots.plans.IMPROVE, slots.plans.improver(routing.Maps()))

    async def kill_it():
        while True:
            for process in psutil.Process().children():
                with suppress(psutil.Error):  # one that has just gone
                    if "app.routing.solving" in process.cmdline():
                        return process.kill()
            await asyncio.sleep(0.005)

    async with asyncio.timeout(60):
        await asyncio.gather(step_once(pool, register), kill_it())

    assert await the_plan(db, place) == before
    row = await db.fetchrow("SELECT state, note FROM jobs.tasks")
    assert (row["state"], row["note"][:12]) == ("waiting", "SearchFailed"), "somebody looks again"
    assert await offending(db) == {}


async def _shuffle(db, place):
    """The same promises, in each window by both vans in turn: true, and long."""
    plan = await the_plan(db, place)
    stops = sorted(insertion.stops_of(plan.draft), key=lambda stop: stop.key)
    noon, later = (
        [stop for stop in stops if stop.opens_s == opens]
        for opens in sorted({stop.opens_s for stop in stops})
    )
    draft = msgspec.structs.replace(
        plan.draft, tours=[noon[0::2], later[0::2], noon[1::2], later[1::2]]
    )
    assert all(insertion.fits(draft, tour) for tour in range(4))
    assert await slots.plans.queries.write(db, plan, draft)


async def test_a_door_somebody_wants_in_a_van_stays_in_it_where_promises_allow(db, pool, place):
    noon, _ = await a_day(db, place, NOON, LATER, vans=2)
    holders = [new_id() for _ in range(4)]
    for number, holder in enumerate(holders):
        await hold(pool, noon, holder, door(number))
    at = MIDNIGHT.replace(hour=10)

    async with begin(pool) as connection:
        pinned = await slots.plans.pin(connection, place.id, at, holders[0], 2)
        nobody = await slots.plans.pin(connection, place.id, at, new_id(), 2)
        no_van = await slots.plans.pin(connection, place.id, at, holders[1], 9)
    trips = await slots.plans.trips(db, place.id, at)
    draft = (await the_plan(db, place)).draft
    async with begin(pool) as connection:
        await slots.plans.pin(connection, place.id, at, holders[0], None)

    assert (pinned, nobody, no_van) == (True, False, False)
    assert [trips[holder][0] for holder in holders[:2]] == [2, 1]
    only = {stop.key: stop.only for stop in insertion.stops_of(draft)}
    assert [only[str(holder)] for holder in holders[:2]] == ["2", ""]
    assert verify.faults(*insertion.problem_of(draft)) == []
    stops = insertion.stops_of((await the_plan(db, place)).draft)
    assert {stop.only for stop in stops} == {""}
    assert await offending(db) == {}


def test_roads_as_a_server_knows_them_count_for_a_plan_and_teach_what_is_usual():
    draft = rules.empty(HOME, [_shift()] * 6, MIDNIGHT.date(), UTC)
    for number in range(30):
        [gap] = insertion.gaps(draft, [_stop(number)])
        draft = insertion.insert(draft, gap, _stop(number))
    spots = routing.roads.spots_of(draft.depot, insertion.stops_of(draft), draft.vans)
    far = [[int(1.6 * dist(one, other)) for other in spots] for one in spots]
    quick = [[way // 9 for way in row] for row in far]
    near = rules.Measured.of(routing.Matrix(far, quick), spots, draft.roads)
    slow = [[way * 60 for way in row] for row in far]
    late = rules.Measured.of(routing.Matrix(far, slow), spots, draft.roads)

    assert near.length_m(draft) == pytest.approx(
        1.6 / 1.35 / 1.1 * insertion.length_m(draft), rel=0.01
    )
    assert late.length_m(draft) > 100 * near.length_m(draft), "to be late is worse than any detour"
    assert rules.factor_of(near.matrix, spots)[0] == pytest.approx(1.6, abs=0.01)
    assert rules.factor_of(routing.Matrix([far[0][:9]], []), spots[:9]) is None
    assert rules.on_roads(draft, routing.Roads(1.0, 30.0)).roads.factor == 1.0
    assert rules.on_roads(draft, routing.Roads(3.0, 5.0)) is draft, "promises were made before"


def test_a_better_plan_that_serves_fewer_is_never_taken():
    draft = rules.empty(HOME, [_shift()], MIDNIGHT.date(), UTC)
    stops = [_stop(n) for n in range(4)]
    for stop in stops:
        [gap] = insertion.gaps(draft, [stop])
        draft = insertion.insert(draft, gap, stop)
    one_fewer = insertion.without(draft, [stops[-1].key])
    full = [msgspec.structs.replace(van, crates=3) for van in draft.vans[:1]]
    nothing_left = [msgspec.structs.replace(van, crates=0) for van in draft.vans[1:]]
    better = msgspec.structs.replace(one_fewer, vans=full + nothing_left)

    assert insertion.length_m(better) < insertion.length_m(draft)
    assert rules.merged(draft, better) is None


@settings(max_examples=25)
@given(
    some.lists(some.tuples(some.integers(0, 999), some.booleans(), some.booleans()), max_size=30)
)
def test_whatever_comes_and_goes_the_plan_passes_the_verifier(asked):
    draft = rules.empty(HOME, [_shift()], MIDNIGHT.date(), UTC)
    for number, (luck, late, leaves) in enumerate(asked):
        stop = _stop(luck, key=str(number), late=late)
        [gap] = insertion.gaps(draft, [stop])
        if gap is not None:
            draft = insertion.insert(draft, gap, stop)
        if leaves and number:
            draft = insertion.without(draft, [str(number // 2)])

    assert verify.faults(*insertion.problem_of(draft)) == []


def _shift():
    return Shift(
        place_id=UUID(int=1), number=1, starts=time(11), ends=time(17), crates=40,
        break_starts=time(13), break_ends=time(13, 30),
    )  # fmt: skip


def _stop(luck, *, key=None, late=False):
    opens = int(MIDNIGHT.timestamp()) + 3600 * (14 if late else 12)
    spot = routing.roads.spot(*door(luck).point)
    return routing.Stop(key or str(luck), spot, opens, opens + 7000, 240, 1)
