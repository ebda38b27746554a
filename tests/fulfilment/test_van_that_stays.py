"""A van is loaded and does not start: its totes stand in the shop again, what is cold first, and another
van brings them in the time people were promised."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from app.db import begin, new_id
from app.errors import Conflict
from app.fulfilment import delivery, exports
from app.fulfilment.delivery.tracking import keep_told
from app.jobs import Event
from tests.fulfilment.builders import NOW, TONIGHT, offending
from tests.fulfilment.builders import world as open_world
from tests.fulfilment.test_desks import Desk
from tests.staff_desk import open_shop

HOUR = timedelta(hours=1)


async def loaded(world, *sold, ago=HOUR):
    """All of it in its van, for an hour."""
    for part in await world.pick_everything():
        await world.pack(part)
    driver = await world.person("driver")
    run = await world.run_of(sold[0])
    rows = await world.pool.fetch(
        "SELECT stop.run_id, parcel.sscc FROM fulfilment.parcels AS parcel"
        "  JOIN fulfilment.stops AS stop USING (order_id)"
    )
    for row in rows:
        await world.act(
            delivery.load, driver, row["run_id"], row["sscc"], at=datetime.now(UTC) - ago
        )
    return driver, run


async def totes(world):
    rows = await world.pool.fetch("SELECT * FROM fulfilment.parcels ORDER BY sscc")
    return [dict(row) for row in rows]


async def stops(world):
    rows = await world.pool.fetch(
        "SELECT id, run_id, position, arrives_at, state FROM fulfilment.stops ORDER BY id"
    )
    return [dict(row) for row in rows]


async def hear(world, run, kind="RunTookOver"):
    async with begin(world.pool) as db:
        await keep_told(db, Event(run, 9, "run", kind, {}, NOW))
    return await world.pool.fetchval(
        "SELECT count(*) FROM jobs.events WHERE kind = 'OrderTimeMoved'"
    )


async def test_it_is_seen_done_once_told_to_nobody_and_taken_back(database_url, pool):
    world = await open_world(pool)
    ice = await world.product("IJs", storage="frozen")
    sold = [await world.sell((ice, 1), house_number=str(n)) for n in range(1, 5)]
    dispatcher = await world.person("dispatcher")
    await world.act(delivery.move_stop, dispatcher, await world.stop_of(sold[3]), van=2, position=1)
    driver, run = await loaded(world, *sold)
    other = await world.run_of(sold[3])
    for one in (run, other):
        await hear(world, one, "RunPublished")
    was, where = await totes(world), await stops(world)

    async with open_shop(database_url) as shop:
        desk = Desk(await shop.desk("dispatcher"))
        day = TONIGHT[0].astimezone().date()
        await desk.open(f"/dispatch?day={day}")
        link = re.search(rf'href="(/dispatch/runs/{run}/breakdown)"', desk.page)[1]
        await desk.open(link)
        assert "3 kratten" in desk.page
        assert "60 min" in desk.page, "how long the ice is out of the cold"
        assert await stops(world) == where, "looking changes nothing"
        page = desk.page
        for _ in range(2):  # twice pressed is once
            desk.page = page
            await desk.send("/breakdown", van="2")
            assert desk.status == 200

        assert {await world.state(order) for order in sold[:3]} == {("packed", "packed")}
        assert await world.state(sold[3]) == ("loaded", "packed")
        out = [one for one in await totes(world) if one["place_id"]]
        assert [abs(one["stood_s"] - 3600) < 60 for one in out] == [True] * 3
        assert {one["run_id"] for one in await stops(world)} == {other}
        assert await hear(world, other) == 0, "nobody's time has moved"
        with pytest.raises(Conflict, match="Another van brings this"):
            await world.act(delivery.depart, driver, run)
        with pytest.raises(Conflict):
            await world.act(delivery.load, driver, run, out[0]["sscc"])

        await desk.open(f"/dispatch?day={day}")
        page = desk.page
        for _ in range(2):
            desk.page = page
            await desk.send("/undo")
            assert desk.status == 200
        assert await stops(world) == where
        assert await totes(world) == was
        assert {await world.state(order) for order in sold} == {("loaded", "packed")}
        await desk.open(f"/dispatch?day={day}")
        assert "/undo" not in desk.page
    steps = await told_as_epcis(world)
    assert steps == ["loading", "unloading", "loading"]
    assert await offending(pool) == {}

    await world.act(delivery.depart, driver, run)
    for order in sold[:3]:
        await world.act(delivery.deliver, driver, await world.stop_of(order))
    assert {await world.state(order) for order in sold[:3]} == {("delivered", "delivered")}


async def told_as_epcis(world):
    async with begin(world.pool) as db:
        told = await exports.actions.epcis(db, world.place, NOW.astimezone().date())
    [first] = await world.pool.fetch("SELECT sscc FROM fulfilment.parcels ORDER BY sscc LIMIT 1")
    return [
        event.biz_step
        for event in told.epcis_body.event_list
        if any(first["sscc"] in epc for epc in getattr(event, "epc_list", []) or [])
    ]


async def test_what_was_out_of_the_cold_has_less_time_and_once_loaded_again_there_is_no_way_back(
    world,
):
    ice = await world.product("IJs", storage="frozen")
    sold = await world.sell((ice, 1))
    driver, run = await loaded(world, sold, ago=4 * HOUR)
    dispatcher, command = await world.person("dispatcher"), new_id()
    await world.act(delivery.take_over, dispatcher, run, id=command, van=2, left=False)
    helper = await world.run_of(sold)
    [tote] = await totes(world)

    await world.act(delivery.load, driver, helper, tote["sscc"])

    with pytest.raises(Conflict):
        await world.act(delivery.undo, dispatcher, command)
    await world.act(delivery.depart, driver, helper)
    with pytest.raises(Conflict, match="out of the cold"):
        await world.act(delivery.deliver, driver, await world.stop_of(sold))


async def test_two_dispatchers_and_a_driver_who_leaves_at_that_moment(world):
    milk = await world.product("Melk")
    sold = [await world.sell((milk, 1), house_number=str(n)) for n in range(1, 4)]
    driver, run = await loaded(world, *sold)
    one, other = [await world.person("dispatcher") for _ in range(2)]

    ended = await asyncio.gather(
        world.act(delivery.take_over, one, run, van=2, left=False),
        world.act(delivery.take_over, other, run, van=2, left=False),
        world.act(delivery.depart, driver, run),
        return_exceptions=True,
    )

    assert [type(end) for end in ended].count(Conflict) == 2, ended
    left = not isinstance(ended[2], Conflict)
    states = {await world.state(order) for order in sold}
    assert states == {("out_for_delivery", "on_the_way") if left else ("packed", "packed")}
    assert len({one["run_id"] for one in await stops(world)}) == 1
    assert await offending(world.pool) == {}


async def test_who_nobody_reaches_chooses_unless_their_order_is_not_packed_yet(world):
    milk = await world.product("Melk")
    window = (NOW - HOUR, NOW + HOUR)
    sold = [await world.sell((milk, 1), window=window, house_number=str(n)) for n in range(1, 4)]
    _, run = await loaded(world, *sold)
    dispatcher = await world.person("dispatcher")
    await world.pool.execute(  # too far for any window
        "UPDATE fulfilment.stops SET latitude = 53.2, longitude = 6.5 WHERE order_id = $1", sold[2]
    )
    async with begin(world.pool) as db:
        seen = await delivery.shared(db, run, NOW)
        await db.execute(
            "UPDATE fulfilment.fulfilments SET state = 'picked' WHERE order_id = $1", sold[2]
        )
        assert await delivery.shared(db, run, NOW) is None
        await db.execute(
            "UPDATE fulfilment.fulfilments SET state = 'loaded' WHERE order_id = $1", sold[2]
        )

    command = new_id()
    with pytest.raises(Conflict):
        await world.act(delivery.share_out, dispatcher, run)
    await world.act(delivery.share_out, dispatcher, run, id=command, left=False)

    assert len(seen.left) == 1
    assert await world.state(sold[2]) == ("failed", "not_home")
    assert {await world.state(order) for order in sold[:2]} == {("packed", "packed")}
    with pytest.raises(Conflict):
        await world.act(delivery.undo, dispatcher, command)
    await world.comes_again(sold[2])
    assert await world.state(sold[2]) == ("packed", "not_home")
    assert await offending(world.pool) == {}
