"""A van stands still at the side of the road: what was handed over stays so, and the others are
reached in the time they were promised."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from app import orders, slots
from app.db import begin, new_id
from app.errors import Conflict
from app.fulfilment import delivery
from app.fulfilment.delivery import rules, sharing
from app.fulfilment.delivery.breakdown import _best, _choices, _meant
from app.fulfilment.delivery.models import Broken, Door, Helper
from app.routing import roads, verify
from app.routing.models import Plan, Problem, Roads, Stop, Tour, Van
from tests.fulfilment.builders import NOW, TONIGHT, offending
from tests.fulfilment.builders import world as open_world
from tests.fulfilment.test_desks import Desk
from tests.staff_desk import open_shop

THREE = datetime(2026, 11, 26, 14, tzinfo=UTC)  # 15:00 in Utrecht
HOME = (52.0907, 5.1214)
HOUR = timedelta(hours=1)


async def test_a_van_breaks_down_and_another_takes_over_while_what_is_done_stays_done(world):
    milk = await world.product("Melk")
    sold = [await world.sell((milk, 1), house_number=str(number)) for number in range(1, 6)]
    dispatcher = await world.person("dispatcher")
    driver, run = await world.on_the_road(*sold)
    first = await world.pool.fetchval(
        "SELECT id FROM fulfilment.stops WHERE run_id = $1 ORDER BY position LIMIT 1", run
    )
    await world.act(delivery.deliver, driver, first)

    async with begin(world.pool) as db:
        [spare] = await delivery.meaning(db, run, TONIGHT[0])
        [late] = await delivery.meaning(db, run, TONIGHT[1])
    for command in [new_id()] * 2:
        await world.act(
            delivery.take_over, dispatcher, run, id=command, van=spare.van, at=TONIGHT[0]
        )

    assert (spare.van, len(spare.doors), spare.late_min) == (2, 4, 0)
    assert late.late_min > 40, "four doors, each after the window"
    rows = await world.pool.fetch(
        "SELECT id, run_id, state, arrives_at FROM fulfilment.stops ORDER BY arrives_at"
    )
    assert [row["state"] for row in rows if row["run_id"] == run] == ["delivered"]
    moved = [row for row in rows if row["run_id"] != run]
    assert [row["arrives_at"] for row in moved] == spare.arrivals
    with pytest.raises(Conflict):
        await world.act(delivery.take_over, dispatcher, run, van=3, at=TONIGHT[0])
    for row in moved:
        await world.act(delivery.deliver, driver, row["id"])
    assert {await world.state(order) for order in sold} == {("delivered", "delivered")}
    assert await offending(world.pool) == {}


async def test_at_three_in_the_afternoon_over_the_desk(database_url, pool):
    """The window is from an hour ago to an hour from now, as 14:00 to 16:00 is at three."""
    world = await open_world(pool)
    milk = await world.product("Halfvolle melk")
    window = (NOW - HOUR, NOW + HOUR)
    sold = [await world.sell((milk, 1), window=window, house_number=str(n)) for n in range(1, 7)]
    driver, run = await world.on_the_road(*sold)
    first = await world.pool.fetch(
        "SELECT id FROM fulfilment.stops WHERE run_id = $1 ORDER BY position LIMIT 2", run
    )
    await world.act(delivery.deliver, driver, first[0]["id"], at=NOW - HOUR / 3)
    await world.act(
        delivery.fail, driver, first[1]["id"], reason="not-home", next_step="again", at=NOW
    )
    done = await rows(world, "state <> 'planned'")

    async with open_shop(database_url) as shop:
        dispatcher = Desk(await shop.desk("dispatcher"))
        day = window[0].astimezone(ZoneInfo("Europe/Amsterdam")).date()
        await dispatcher.open(f"/dispatch?day={day}")
        link = re.search(r'href="(/dispatch/runs/[^"]*/breakdown)"', dispatcher.page)[1]
        await dispatcher.open(link)
        assert "2 van 6 stops gedaan" in dispatcher.page
        assert "Op tijd" in dispatcher.page
        before = await rows(world, "true")
        await dispatcher.open(link)
        assert await rows(world, "true") == before, "looking changes nothing"
        await dispatcher.send("/breakdown")
        assert dispatcher.status == 200

    assert await rows(world, "state <> 'planned'") == done
    ahead = await rows(world, "state = 'planned'")
    [helper] = {row["run_id"] for row in ahead}
    assert (len(ahead), helper != run) == (4, True)
    assert all(window[0] <= row["arrives_at"] <= window[1] for row in ahead)
    assert await faults(world, ahead, window) == []
    parcels = await pool.fetch("SELECT run_id FROM fulfilment.parcels WHERE delivered_at IS NULL")
    assert {row["run_id"] for row in parcels} == {helper, run}, "who was not home is for later"
    assert await offending(pool) == {}


async def rows(world, which):
    return [
        dict(row)
        for row in await world.pool.fetch(
            f"SELECT * FROM fulfilment.stops WHERE {which} ORDER BY run_id, position"  # noqa: S608
        )
    ]


async def faults(world, ahead, window):
    """What the verifier says of one van that goes on from where the other stands."""
    async with begin(world.pool) as db:
        broken = await delivery.queries.last_point(db, await _broken(world))
        depot = await delivery.queries.depot(db, world.place)
        usual = await slots.plans.roads_of(db, world.place)
    hours = [int(at.timestamp()) for at in window]
    stops = [
        Stop(str(n), roads.spot(row["latitude"], row["longitude"]), *hours, 240, 1)
        for n, row in enumerate(ahead)
    ]
    starts = int(ahead[0]["arrives_at"].timestamp()) - roads.seconds(
        usual, roads.metres(usual, roads.spot(*broken), stops[0].spot)
    )
    van = Van("1", 90, starts - 1, hours[1] + 3600, from_spot=roads.spot(*broken))
    matrix = roads.matrix(usual, roads.spot(*depot), stops, [van])
    problem = Problem(stops, [van], matrix)
    return verify.faults(problem, Plan([Tour(0, [list(range(len(stops)))])]))


async def _broken(world):
    return await world.pool.fetchval("SELECT id FROM fulfilment.runs WHERE state = 'completed'")


def told(*points, at=THREE, **more):
    return [(Door(new_id(), new_id(), *point, **more), at) for point in points]


def broken(ahead, *, opens_at=THREE - HOUR, ends_at=THREE + HOUR, stands=HOME):
    return Broken(roads=Roads(), stands=stands, ahead=ahead, opens_at=opens_at, ends_at=ends_at)


def test_who_comes_before_the_window_opens_waits_at_the_door():
    early = Helper(None, 2, THREE - 3 * HOUR, HOME, [])

    meant = _best(early, broken(told((52.1, 5.13), (52.11, 5.13))))

    assert meant.arrivals[0] == THREE - HOUR
    assert meant.arrivals[1] > THREE - HOUR + rules.AT_THE_DOOR
    assert meant.late_min == 0


def test_a_helper_brings_its_own_people_what_is_due_before_it_drives_across_the_town():
    near = [(52.0907 + n / 500, 5.1214) for n in range(4)]
    far = (52.14, 5.21)
    helper = Helper(new_id(), 2, THREE + HOUR / 2, HOME, told(*near))

    there = broken(told(far), stands=far)
    meant, at_once = _best(helper, there), _meant(helper, there, 0)

    assert meant.first == 4
    assert meant.meets_at > meant.arrivals[3]
    assert meant.late_min < at_once.late_min


def test_what_one_van_has_no_room_for_is_shared_and_who_is_pinned_keeps_their_place():
    doors = told(*[(52.0907 + n / 300, 5.1214 + n / 300) for n in range(1, 7)], crates=4)
    pinned = told((52.088, 5.12), pinned=True)
    small = Helper(new_id(), 2, THREE, HOME, pinned, crates=14)
    other = Helper(new_id(), 3, THREE, (52.08, 5.11), told((52.087, 5.118), crates=2), crates=16)
    van = broken(doors)

    shared = sharing.share(van, [small, other])

    assert _choices(van, [small, other]) == [], "24 crates fit into neither"
    assert shared.left == []
    assert [part.van for part in shared.parts] == [2, 3]
    assert shared.parts[0].doors[0] == pinned[0][0].id
    assert shared.parts[0].first == 1
    brought = [id for part in shared.parts for id in part.doors]
    assert len(brought) == len(set(brought)) == 8
    assert all(part.late_min == 0 for part in shared.parts)
    wide = msgspec.structs.replace(small, crates=40)
    assert len(sharing.share(van, [wide, other]).parts) == 1, "no more vans than it takes"


def test_who_nobody_reaches_in_time_is_left_and_without_any_van_there_is_nothing_to_share():
    near, far = told((52.0917, 5.1224)), told((52.6, 5.9))
    helper = Helper(None, 2, THREE, HOME, [])

    shared = sharing.share(broken([*near, *far]), [helper])

    assert [door.id for door in shared.left] == [far[0][0].id]
    assert [part.doors for part in shared.parts] == [[near[0][0].id]]
    assert sharing.share(broken(far), [helper]) is None
    assert sharing.share(broken(near), []) is None
    late = Helper(new_id(), 4, THREE + 2 * HOUR, HOME, told((52.1, 5.2)))
    assert sharing.share(broken(near), [late]) is None, "it would be late with its own"


async def test_two_vans_share_and_who_is_not_reached_has_a_case_and_chooses(database_url, pool):
    """Vans of three crates: the second has room for two more, a spare one takes the rest."""
    world = await open_world(pool)
    milk = await world.product("Halfvolle melk")
    window = (NOW - HOUR, NOW + HOUR)
    numbers = range(1, 7)
    sold = [await world.sell((milk, 1), window=window, house_number=str(n)) for n in numbers]
    dispatcher = await world.person("dispatcher")
    for order in sold[:1]:
        await world.act(
            delivery.move_stop, dispatcher, await world.stop_of(order), van=2, position=1
        )
    parts = await world.pick_everything()
    for part in parts:
        await world.pack(part)
    driver = await world.person("driver")
    for row in await world.pool.fetch(
        "SELECT stop.run_id, parcel.sscc FROM fulfilment.parcels AS parcel"
        "  JOIN fulfilment.stops AS stop USING (order_id)"
    ):
        await world.act(delivery.load, driver, row["run_id"], row["sscc"])
    runs = await world.pool.fetch("SELECT id FROM fulfilment.runs ORDER BY number")
    for row in runs:
        await world.act(delivery.depart, driver, row["id"])
    run = runs[0]["id"]
    await world.pool.execute(  # vans of three crates each
        "INSERT INTO slots.vans (id, place_id, number, weekdays, starts, ends, crates)"
        " SELECT gen_random_uuid(), $1, n, '{1,2,3,4,5,6,7}', '00:00', '23:59', 3 FROM generate_series(1, 3) AS n",
        world.place,
    )
    await world.pool.execute(  # too far for any window
        "UPDATE fulfilment.stops SET latitude = 53.2, longitude = 6.5 WHERE order_id = $1", sold[5]
    )

    async with begin(world.pool) as db:
        assert await delivery.meaning(db, run, NOW) == []
        seen = await delivery.shared(db, run, NOW)
    async with open_shop(database_url) as shop:
        desk = Desk(await shop.desk("dispatcher"))
        await desk.open(f"/dispatch/runs/{run}/breakdown")
        assert "2 bussen verdelen het" in desk.page
        assert "1 deur wordt niet bereikt" in desk.page
        await desk.send("/share")
        assert desk.status == 200

    assert (len(seen.parts), len(seen.left)) == (2, 1)
    took = "SELECT count(DISTINCT run_id) FROM fulfilment.stops WHERE state = 'planned'"
    assert await pool.fetchval(took) == 2
    letter = orders.letters.letter_about(
        await orders.read(pool, sold[5]), "OrderNotHome", "", "Europe/Amsterdam",
        stranded=await orders.queries.stranded(pool, sold[5]),
    )  # fmt: skip
    assert "ging kapot" in letter.paragraphs[0], "it does not say that nobody was home"
    assert await world.state(sold[5]) == ("failed", "not_home")
    [case] = await world.pool.fetch("SELECT order_id, kind FROM cases.cases")
    assert (case["order_id"], case["kind"]) == (sold[5], "late")
    async with begin(world.pool) as db:
        order = await orders.read(db, sold[5])
        ways = await delivery.door.ways(db, order)
    assert (ways.out, ways.stranded, ways.money_back) == (False, True, True)
    with pytest.raises(Conflict):
        await world.act(delivery.share_out, dispatcher, run)
    await world.comes_again(sold[5])
    for order in sold[:5]:
        await world.act(delivery.deliver, driver, await world.stop_of(order))
    assert {await world.state(order) for order in sold[:5]} == {("delivered", "delivered")}
    assert await world.state(sold[5]) == ("packed", "not_home")
    assert await offending(world.pool) == {}
