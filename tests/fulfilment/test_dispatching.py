"""The dispatcher's day: what a move costs before it is made, what stays where it was put, and runs
that follow the plan of the day."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app import slots
from app.db import begin, new_id
from app.errors import Conflict, Unprocessable
from app.fulfilment import delivery
from app.fulfilment.delivery import timetable
from app.fulfilment.delivery.models import Seen
from app.routing import insertion
from app.routing.models import Roads
from tests.fulfilment.builders import NOW, TONIGHT, offending

HOME = (52.0907, 5.1214)
FIVE = datetime(2026, 11, 26, 16, tzinfo=UTC)  # 17:00 in Utrecht
ROADS = Roads()


async def test_a_stop_goes_into_a_second_van_and_what_is_published_can_be_taken_back_until_it_is_loaded(
    world,
):
    orders, dispatcher = await sold(world, 4)
    day = (NOW - timedelta(days=1), NOW + timedelta(days=2))
    await world.act(
        delivery.move_stop, dispatcher, await world.stop_of(orders[1]), van=2, position=1
    )
    run = await world.run_of(orders[0])
    await world.act(delivery.publish, dispatcher, run)
    with pytest.raises(Conflict):
        await world.act(delivery.publish, dispatcher, run)

    assert await world.run_of(orders[1]) != run
    assert [row["position"] for row in await ahead(world, run)] == [1, 2, 3]
    assert await world.act(delivery.publish_day, dispatcher, *day) == {"published": 1}
    assert await world.act(delivery.publish_day, dispatcher, *day) == {"published": 0}
    assert await world.act(delivery.withdraw, dispatcher, run) == {"state": "planned"}
    part = (await world.pick_everything())[0]
    [sscc] = await world.pack(part)
    loaded = await world.pool.fetchval(
        "SELECT run_id FROM fulfilment.stops WHERE fulfilment_id = $1", part
    )
    await world.act(delivery.load, await world.person("driver"), loaded, sscc)
    with pytest.raises(Conflict):
        await world.act(delivery.withdraw, dispatcher, loaded)
    assert await offending(world.pool) == {}


async def test_two_dispatchers_who_move_stops_across_never_lock_each_other_out(world):
    orders, one = await sold(world, 6)
    other = await world.person("dispatcher")
    stops = [await world.stop_of(order) for order in orders]
    for stop in stops[3:]:
        await world.act(delivery.move_stop, one, stop, van=2, position=1)
    across = [(one, stop, 2) for stop in stops[:3]] + [(other, stop, 1) for stop in stops[3:]]

    done = await asyncio.gather(
        *(
            world.act(delivery.move_stop, who, stop, van=van, position=1)
            for who, stop, van in across
        ),
        return_exceptions=True,
    )

    assert [one for one in done if isinstance(one, Exception)] == []
    runs = [await world.run_of(order) for order in orders]
    assert (len(set(runs[:3])), len(set(runs[3:]))) == (1, 1)
    assert runs[0] != runs[3]
    with pytest.raises(Conflict, match="Somebody has moved"):  # it was looked at in van 1
        await world.act(delivery.move_stop, one, stops[0], van=3, position=1, seen=1)
    await world.pool.execute("UPDATE fulfilment.runs SET state = 'underway'")
    with pytest.raises(Conflict):  # the times of a van on the road are not those from the depot
        await world.act(delivery.unpin, one, stops[0])
    assert await offending(world.pool) == {}


async def sold(world, count):
    milk = await world.product("Melk")
    orders = [await world.sell((milk, 1), house_number=str(n)) for n in range(1, count + 1)]
    return orders, await world.person("dispatcher")


async def ahead(world, run):
    rows = await world.pool.fetch(
        """
        SELECT id, order_id, position, arrives_at, pinned FROM fulfilment.stops
         WHERE run_id = $1 AND state = 'planned' ORDER BY position
        """,
        run,
    )
    return [dict(row) for row in rows]


async def test_what_a_move_would_cost_is_what_it_costs_and_it_can_be_undone(world):
    orders, dispatcher = await sold(world, 4)
    run = await world.run_of(orders[0])
    before = await ahead(world, run)
    last = before[-1]

    async with begin(world.pool) as db:
        choices = await delivery.choices(db, last["id"])
        first = await delivery.cost(db, last["id"], 1, 1)
    done = await world.act(delivery.move_stop, dispatcher, last["id"], van=1, position=1)
    moved = await ahead(world, run)
    async with begin(world.pool) as db:
        now = await delivery.cost(db, last["id"], 1, 1)
    was = done["was"]
    await world.act(delivery.move_stop, dispatcher, last["id"], **was)
    after = await ahead(world, run)

    assert {choice.van for choice in choices} == {1, 2}
    assert choices == sorted(choices, key=lambda one: (one.more_late_min, one.more_m))
    assert (first.position, first.late_min, first.as_it_is) == (1, 0, False)
    assert (moved[0]["id"], moved[0]["arrives_at"]) == (last["id"], first.arrives_at)
    assert (moved[0]["pinned"], now.as_it_is, now.more_m) == (True, True, 0)
    assert was == {"van": 1, "position": 4, "pinned": False}
    assert after == before
    assert await offending(world.pool) == {}


async def test_a_pinned_stop_keeps_its_place_while_others_come_and_until_it_is_let_go(world):
    orders, dispatcher = await sold(world, 5)
    run = await world.run_of(orders[0])
    shortest = [row["id"] for row in await ahead(world, run)]
    await world.act(delivery.move_stop, dispatcher, shortest[4], van=1, position=2)

    await world.sell((world.products[0], 1), house_number="77")
    six = await ahead(world, run)
    await world.act(delivery.unpin, dispatcher, shortest[4])

    assert [row["position"] for row in six if row["pinned"]] == [2]
    assert six[1]["id"] == shortest[4]
    assert not any(row["pinned"] for row in await ahead(world, run))

    later = (TONIGHT[1], TONIGHT[1] + timedelta(hours=2))
    await world.pool.execute("UPDATE fulfilment.stops SET arrives_at = $1", TONIGHT[1])
    next_run = await world.run_of(
        await world.sell((world.products[0], 1), window=later, house_number="9")
    )
    [stop] = await ahead(world, next_run)
    loaded = TONIGHT[1] + timedelta(minutes=4) + timetable.LOADING
    assert stop["arrives_at"] > loaded, "the van comes back from its first run before"
    assert await offending(world.pool) == {}


async def test_runs_follow_the_plan_of_the_day_but_for_what_is_pinned_or_published(world):
    orders, dispatcher = await sold(world, 4)
    run = await world.run_of(orders[0])
    await promise(world, {order: (2, 3 - n) for n, order in enumerate(orders)})
    stays = await world.stop_of(orders[0])
    await world.act(delivery.move_stop, dispatcher, stays, van=1, position=1)

    for _ in range(2):
        await delivery.follow_plans(world.pool)
    second = await world.run_of(orders[1])
    await world.act(delivery.publish, dispatcher, second)
    await promise(world, {order: (1, n) for n, order in enumerate(orders)})
    await delivery.follow_plans(world.pool)

    assert [row["id"] for row in await ahead(world, run)] == [stays]
    assert [row["order_id"] for row in await ahead(world, second)] == orders[:0:-1]
    kinds = await world.pool.fetch(
        "SELECT kind FROM jobs.events WHERE aggregate = $1 ORDER BY number", second
    )
    assert [row["kind"] for row in kinds].count("RunFollowedPlan") == 1
    assert {*await offending(world.pool)} == {"slot_plans"}, "this plan was written without holds"


async def promise(world, wanted):
    """The plan of that day, with each order's stop in the tour of that van, in that order."""
    async with begin(world.pool) as db:
        [place] = await db.fetch("SELECT time_zone FROM stock.places WHERE id = $1", world.place)
        day = await db.fetchval(
            "SELECT ($1::timestamptz AT TIME ZONE $2)::date", TONIGHT[0], place["time_zone"]
        )
        plan = await slots.plans.read(db, world.place, day)
        if plan is None:
            vans = [insertion.Van(f"{n}.1", 90, 0, 2**33) for n in (1, 2)]
            draft = insertion.Draft.empty(ROADS, insertion.roads.spot(*HOME), vans)
            await slots.plans.queries.write_new(db, world.place, day, draft)
            plan = await slots.plans.read(db, world.place, day)
        ranked = sorted((van, rank, str(order)) for order, (van, rank) in wanted.items())
        tours = [
            [
                insertion.Stop(key, plan.draft.depot, 0, 1, 240, 1)
                for van, _, key in ranked
                if van == n
            ]
            for n in (1, 2)
        ]
        draft = msgspec.structs.replace(plan.draft, tours=tours)
        assert await slots.plans.queries.write(db, plan, draft)


def test_a_van_leaves_as_late_as_it_can_and_waits_where_it_comes_early():
    door, next_door = (52.1, 5.13), (52.11, 5.13)

    trip = timetable.trip(ROADS, HOME, [door, next_door], FIVE)
    late = timetable.trip(ROADS, HOME, [door], FIVE, free_at=FIVE)

    assert trip.arrivals[0] == FIVE
    assert trip.leaves_at == FIVE - timetable.driving(ROADS, HOME, door)
    assert trip.arrivals[1] == FIVE + timedelta(minutes=4) + timetable.driving(
        ROADS, door, next_door
    )
    assert trip.back_at > trip.arrivals[1]
    assert late.arrivals == [FIVE + timetable.driving(ROADS, HOME, door)]


def leg(minutes, *, to=(52.11, 5.13), opens_at=FIVE - timedelta(hours=1)):
    return timetable.Leg((52.10, 5.13), to, FIVE, FIVE + timedelta(minutes=minutes), opens_at)


def test_how_fast_a_town_is_is_learned_from_many_doors_and_not_from_breaks_or_waits():
    at_the_door = timedelta(minutes=4)
    usual = 4 + timetable.driving(ROADS, (52.10, 5.13), (52.11, 5.13)).total_seconds() / 60
    legs = [
        *[leg(usual + n % 3) for n in range(40)],
        leg(90),
        leg(1),
        leg(9, to=(52.1001, 5.13)),
        leg(9, opens_at=FIVE + timedelta(minutes=30)),
    ]

    speeds = [timetable.speed_of(one, ROADS, at_the_door) for one in legs]
    known = [speed for speed in speeds if speed is not None]
    roads = timetable.learned(ROADS, known)

    assert (len(known), speeds[40:]) == (40, [None] * 4)
    assert timetable.stay_of(leg(usual + 6), ROADS) == 600, "what the way does not explain"
    assert [timetable.stay_of(one, ROADS) for one in legs[40:42]] == [None, None]
    assert 15 < roads.km_per_hour < 24
    assert timetable.learned(ROADS, known[:29]) is None
    assert timetable.learned(ROADS, [900.0] * 30).km_per_hour == 60


async def test_what_drivers_tell_makes_a_pin_and_the_speed_of_a_place(world):
    orders, _ = await sold(world, 1)
    driver, _ = await world.on_the_road(*orders)
    stop, here = await world.stop_of(orders[0]), None
    row = await world.pool.fetchrow("SELECT latitude, longitude FROM fulfilment.stops")
    here = (row["latitude"] + 0.004, row["longitude"])

    def seen(latitude, longitude, accuracy_m=8):
        return Seen(latitude=latitude, longitude=longitude, accuracy_m=accuracy_m)

    async def learn(*at, **more):
        async with begin(world.pool) as db:
            return await delivery.learn_door(db, stop, seen(*at, **more))

    assert not await learn(*here), "not there yet"
    code = slots.read_postcode("3531 CJ")
    for command in [new_id()] * 2:
        await world.act(delivery.deliver, driver, stop, id=command, seen=seen(*here))
    assert await world.pool.fetchval("SELECT count(*) FROM slots.doors") == 1
    assert not await learn(*here, accuracy_m=400)
    assert not await learn(0.0, 0.0)
    assert not await learn(float("nan"), here[1])
    async with begin(world.pool) as db:
        alone = await slots.plans.pinned(db, code, "1")
        await slots.plans.learn_door(db, code, "1 ", new_id(), (here[0] + 0.0002, here[1]))
        pin = await slots.plans.pinned(db, code, "1")
        await slots.plans.learn_stays(db, [(code, "1", new_id(), 600) for _ in range(3)])
    again = await world.sell((world.products[0], 1), house_number="1")
    await delivery.learn_roads(world.pool)

    assert alone is None, "one phone may be wrong, however often it says so"
    assert pin == pytest.approx((here[0] + 0.0001, here[1]))
    *at, stays_s = await world.pool.fetchrow(
        "SELECT latitude, longitude, at_the_door_s FROM fulfilment.stops WHERE order_id = $1", again
    )
    assert at == pytest.approx(pin)
    assert stays_s == 600, "four stairs, three times"

    dispatcher, corner = await world.person("dispatcher"), (here[0] - 0.001, here[1])
    with pytest.raises(Unprocessable):
        await world.act(delivery.say_where, dispatcher, stop, (51.0, 5.1))
    await world.act(delivery.say_where, dispatcher, stop, corner)
    async with begin(world.pool) as db:
        assert await slots.locate(db, "3531CJ", "1") == corner, "a word is enough"
    await world.act(delivery.forget_door, dispatcher, stop)
    async with begin(world.pool) as db:
        assert await slots.plans.pinned(db, code, "1") is None
        assert await slots.stay(db, "3531 CJ", "1") == 240
    async with begin(world.pool) as db:
        assert await slots.plans.roads_of(db, world.place) == Roads(), "too little is known"


async def test_a_household_that_orders_twice_is_rung_once(world):
    """No plan knows the second order; the first was put into the second van."""
    [first, _], dispatcher = await sold(world, 2)
    await world.act(delivery.move_stop, dispatcher, await world.stop_of(first), van=2, position=1)

    second = await world.sell((world.products[0], 1), house_number="1")

    assert await world.run_of(second) == await world.run_of(first)
    assert await offending(world.pool) == {}
