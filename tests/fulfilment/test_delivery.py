"""At the door: handed over once, never to the wrong person, and never lost when nobody is home."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.db import new_id
from app.errors import Conflict
from app.fulfilment import delivery, packing
from tests.fulfilment.builders import TONIGHT, offending


async def test_a_delivery_sent_again_is_the_same_delivery_with_both_clocks_kept(world):
    milk = await world.product("Melk")
    order = await world.sell((milk, 1))
    driver, _ = await world.on_the_road(order)
    command, at_the_door = new_id(), datetime.now(UTC) - timedelta(hours=1)

    stop = await world.stop_of(order)
    for _ in range(3):
        await world.act(delivery.deliver, driver, stop, id=command, at=at_the_door)

    row = await world.pool.fetchrow("SELECT happened_at, received_at FROM fulfilment.stops")
    assert row["happened_at"] == at_the_door
    assert row["received_at"] > at_the_door + timedelta(minutes=59)
    events = await world.pool.fetchval("SELECT count(*) FROM jobs.events WHERE kind = 'Delivered'")
    assert events == 1


async def test_delivered_and_not_home_at_the_same_moment_ends_delivered(world):
    """Somebody came running after all; the other way round it is refused."""
    milk = await world.product("Melk")
    order = await world.sell((milk, 1))
    driver, _ = await world.on_the_road(order)
    stop = await world.stop_of(order)

    delivered, failed = await asyncio.gather(
        world.act(delivery.deliver, driver, stop),
        world.act(delivery.fail, driver, stop, reason="not-home", next_step="again"),
        return_exceptions=True,
    )

    assert delivered == {"state": "delivered"}
    assert isinstance(failed, Conflict) or failed == {"state": "failed", "next": "again"}
    assert await world.state(order) == ("delivered", "delivered")
    assert await offending(world.pool) == {}


@pytest.mark.parametrize("handed", [{"to": "neighbour", "age_checked": True}, {"to": "customer"}])
async def test_beer_is_for_the_shopper_in_person_after_a_look_at_their_age(world, handed):
    beer = await world.product("Witbier", age_limit=18)
    order = await world.sell((beer, 1))
    driver, _ = await world.on_the_road(order)

    with pytest.raises(Conflict) as refusal:
        await world.act(delivery.deliver, driver, await world.stop_of(order), **handed)

    assert refusal.value.code == "age-check"


async def test_nobody_home_and_tomorrow_it_comes_again_in_the_same_parcels(world):
    bread = await world.product("Brood")
    order = await world.sell((bread, 1))
    driver, run = await world.on_the_road(order)
    [before] = await world.pool.fetch("SELECT sscc FROM fulfilment.parcels")

    stop = await world.stop_of(order)
    await world.act(delivery.fail, driver, stop, reason="not-home", next_step="again")
    assert await world.state(order) == ("failed", "not_home")
    await world.act(delivery.come_back, driver, run)
    assert await world.state(order) == ("failed", "not_home")
    assert await offending(world.pool) == {}, "it waits in the shop for a word"
    await world.comes_again(order)
    assert await world.state(order) == ("packed", "not_home")

    again = await world.run_of(order)
    assert await world.pool.fetchval(
        "SELECT starts_at FROM fulfilment.runs WHERE id = $1", again
    ) == TONIGHT[0] + timedelta(days=1)
    await world.act(delivery.load, driver, again, before["sscc"])
    await world.act(delivery.depart, driver, again)
    await world.act(delivery.deliver, driver, await world.stop_of(order))
    assert await world.state(order) == ("delivered", "delivered")
    assert await offending(world.pool) == {}


async def test_cold_goods_that_go_back_are_paid_back_and_never_sold_again(world):
    milk = await world.product("Melk", storage="chilled", price=149)
    bread = await world.product("Brood", price=250)
    order = await world.sell((milk, 2), (bread, 1), delivery=399)
    driver, run = await world.on_the_road(order)
    stop = await world.stop_of(order)

    with pytest.raises(Conflict) as refusal:
        await world.act(delivery.fail, driver, stop, reason="refused", next_step="again")
    assert refusal.value.state == {"allowed": ["back"]}
    await world.act(delivery.fail, driver, stop, reason="not-home", next_step="back")
    await world.act(delivery.come_back, driver, run)

    assert await world.state(order) == ("returned", "cancelled")
    assert await world.refunds(order) == 2 * 149 + 250 + 399
    assert (await world.level(milk), await world.level(bread)) == ((48, 0), (50, 0))
    assert await offending(world.pool) == {}


@pytest.mark.parametrize("left", [2, 1])
async def test_what_was_cold_is_picked_anew_for_the_second_try_or_paid_back(world, left):
    milk = await world.product("Melk", storage="chilled", price=149, pieces=2 + left)
    bread = await world.product("Brood", price=250)
    order = await world.sell((milk, 2), (bread, 1))
    driver, run = await world.on_the_road(order)
    await world.act(
        delivery.fail, driver, await world.stop_of(order), reason="not-home", next_step="again"
    )

    await world.act(delivery.come_back, driver, run)
    await world.comes_again(order)

    anew = left == 2
    assert await world.state(order) == ("released" if anew else "packed", "not_home")
    assert await offending(world.pool) == {}
    assert await world.refunds(order) == (0 if anew else 2 * 149)
    driver, run = await world.on_the_road(order, picked=None if anew else [])
    await world.act(delivery.deliver, driver, await world.stop_of(order))
    await world.act(delivery.come_back, driver, run)
    assert await world.state(order) == ("delivered", "delivered")
    assert await world.level(milk) == ((0, 0) if anew else (1, 0))
    assert await offending(world.pool) == {}


async def test_the_van_waits_for_what_is_not_loaded_unless_it_is_left_behind(world):
    milk = await world.product("Melk")
    orders = [await world.sell((milk, 1), house_number=number) for number in ("1", "2")]
    parts = await world.pick_everything()
    parcels = [await world.pack(part) for part in parts]
    driver, run = await world.person("driver"), await world.run_of(orders[0])
    await world.act(delivery.load, driver, run, parcels[0][0])

    with pytest.raises(Conflict) as refusal:
        await world.act(delivery.depart, driver, run)
    assert refusal.value.code == "not-loaded"
    await world.act(delivery.depart, driver, run, leave_behind=True)

    states = sorted([(await world.state(order))[0] for order in orders])
    assert states == ["out_for_delivery", "packed"]
    assert await offending(world.pool) == {}


async def test_a_parcel_of_another_van_is_refused_at_the_van(world):
    milk = await world.product("Melk")
    order = await world.sell((milk, 1))
    late = await world.sell(
        (milk, 1), window=(TONIGHT[0] + timedelta(hours=2), TONIGHT[1] + timedelta(hours=2))
    )
    for part in await world.pick_everything():
        await world.pack(part)
    sscc = await world.pool.fetchval(
        "SELECT sscc FROM fulfilment.parcels WHERE order_id = $1", late
    )

    with pytest.raises(Conflict) as refusal:
        await world.act(
            delivery.load, await world.person("driver"), await world.run_of(order), sscc
        )

    assert refusal.value.code == "wrong-van"


async def test_two_packers_who_close_the_same_tote_fill_it_once(world):
    milk = await world.product("Melk")
    await world.sell((milk, 2))
    [part] = await world.pick_everything()
    packers = [await world.person("packer") for _ in range(2)]

    answers = await asyncio.gather(
        *(world.act(packing.seal, packer, part, "ambient") for packer in packers),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert await world.pool.fetchval("SELECT count(*) FROM fulfilment.parcels") == 1
    assert await offending(world.pool) == {}
