"""A picker cannot take the wrong thing, twice the same thing, or more than there is."""

import asyncio

import pytest

from app import fulfilment, orders
from app.db import begin, new_id
from app.errors import Conflict, Malformed
from app.fulfilment import picking
from tests.fulfilment.builders import offending


async def lines_of(world, picker):
    batch = await world.act(picking.start, picker, world.place)
    async with begin(world.pool) as db:
        return (await picking.pick_list(db, batch)).lines


async def test_another_product_is_refused_and_nothing_is_picked(world):
    milk, bread = await world.product("Melk"), await world.product("Brood")
    await world.sell((milk, 1))
    picker = await world.person("picker")
    [line] = await lines_of(world, picker)

    with pytest.raises(Conflict) as refusal:
        await world.act(picking.pick, picker, line.id, code=bread.gtin, quantity=1)

    assert refusal.value.code == "wrong-item"
    assert await world.pool.fetchval("SELECT sum(picked) FROM fulfilment.picks") == 0


@pytest.mark.parametrize(
    "scanned",
    [
        "9521234543213",
        "09521234543213",
        "HTTPS://SHOP.EXAMPLE/KK56AR7/01/09521234543213",
        "]C10109521234543213",
        "(01)09521234543213",
    ],
)
async def test_every_spelling_of_the_right_code_is_the_right_code(world, scanned):
    milk = await world.product("Melk")
    await world.sell((milk, 1))
    picker = await world.person("picker")
    [line] = await lines_of(world, picker)

    done = await world.act(picking.pick, picker, line.id, code=scanned, quantity=1)

    assert done["state"] == "picked"


async def test_what_is_no_code_is_said_to_be_none(world):
    milk = await world.product("Melk")
    await world.sell((milk, 1))
    picker = await world.person("picker")
    [line] = await lines_of(world, picker)

    with pytest.raises(Malformed):
        await world.act(picking.pick, picker, line.id, code="hello", quantity=1)


async def test_a_scan_sent_ten_times_counts_once(world):
    milk = await world.product("Melk")
    await world.sell((milk, 3))
    picker = await world.person("picker")
    [line] = await lines_of(world, picker)

    command = new_id()
    for _ in range(10):
        await world.act(picking.pick, picker, line.id, code=milk.gtin, quantity=1, id=command)

    assert await world.pool.fetchval("SELECT picked FROM fulfilment.picks") == 1


async def test_two_pickers_at_the_last_piece_one_of_them_hears_that_it_is_done(world):
    milk = await world.product("Melk")
    await world.sell((milk, 1))
    one, other = await world.person("picker"), await world.person("picker")
    [line] = await lines_of(world, one)

    answers = await asyncio.gather(
        *(
            world.act(picking.pick, picker, line.id, code=milk.gtin, quantity=1)
            for picker in (one, other)
        ),
        return_exceptions=True,
    )

    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refused) == 1
    assert await world.level(milk) == (49, 0)


async def test_two_pickers_who_start_at_once_never_share_an_order(world):
    milk = await world.product("Melk")
    orders = [await world.sell((milk, 1)) for _ in range(4)]
    pickers = [await world.person("picker") for _ in range(4)]

    await asyncio.gather(
        *(world.act(picking.start, picker, world.place, None, 1) for picker in pickers)
    )

    batches = await world.pool.fetch("SELECT DISTINCT batch_id FROM fulfilment.fulfilments")
    assert len(batches) == len(orders)
    with pytest.raises(Conflict):
        await world.act(picking.start, pickers[0], world.place)


async def test_a_short_pick_is_paid_back_and_the_rest_goes_on(world):
    milk = await world.product("Melk", price=149, deposit=25)
    order = await world.sell((milk, 3))
    picker = await world.person("picker")
    [line] = await lines_of(world, picker)

    await world.act(picking.pick, picker, line.id, code=None, quantity=2)
    done = await world.act(picking.short, picker, line.id, reason="damaged")

    assert done["state"] == "picked"
    assert await world.refunds(order) == 0, "it may be found after all"
    assert await world.level(milk) == (50, 3), "what is damaged is sold to nobody else"

    await world.pack(line.fulfilment_id)

    assert await world.refunds(order) == 149 + 25
    assert await world.level(milk) == (47, 0)
    assert await offending(world.pool) == {}


async def test_what_is_found_after_all_is_picked_and_nothing_goes_back(world):
    milk, bread = await world.product("Melk"), await world.product("Brood")
    order = await world.sell((milk, 2), (bread, 1))
    picker = await world.person("picker")
    lines = {line.name: line for line in await lines_of(world, picker)}
    await world.act(picking.pick, picker, lines["Brood"].id, code=None, quantity=1)
    assert await world.level(bread) == (49, 0)
    out = await world.act(picking.take_out, picker, lines["Brood"].id)
    with pytest.raises(Conflict) as empty:
        await world.act(picking.take_out, picker, lines["Brood"].id)
    await world.act(picking.pick, picker, lines["Brood"].id, code=None, quantity=1)
    done = await world.act(picking.short, picker, lines["Melk"].id, reason="not-found")
    assert (out["open"], empty.value.code, done["state"]) == (1, "nothing-picked", "picked")

    found = await world.act(picking.found, picker, lines["Melk"].id)
    assert found == {"state": "picking", "open": 2}
    with pytest.raises(Conflict) as twice:
        await world.act(picking.found, picker, lines["Melk"].id)
    await world.act(picking.pick, picker, lines["Melk"].id, code=milk.gtin, quantity=1)
    await world.act(picking.short, picker, lines["Melk"].id, reason="too-few")
    await world.pack(lines["Melk"].fulfilment_id)
    with pytest.raises(Conflict) as packed:
        await world.act(picking.found, picker, lines["Melk"].id)

    assert (twice.value.code, packed.value.code) == ("nothing-short", "moved-on")
    assert await world.refunds(order) == milk.price, "only for the one that stayed missing"
    assert (await world.level(milk), await world.level(bread)) == ((48, 0), (49, 0))
    assert await offending(world.pool) == {}


async def test_an_order_of_which_nothing_is_there_is_cancelled_and_paid_back_whole(world):
    milk = await world.product("Melk", price=149)
    order = await world.sell((milk, 1), delivery=399)
    picker = await world.person("picker")
    [line] = await lines_of(world, picker)

    await world.act(picking.short, picker, line.id, reason="not-found")

    assert await world.state(order) == ("cancelled", "cancelled")
    assert await world.refunds(order) == 149 + 399


async def test_what_is_called_off_a_moment_before_is_not_picked(world):
    milk = await world.product("Melk")
    order = await world.sell((milk, 1))
    picker = await world.person("picker")
    async with begin(world.pool) as db:
        await orders.call_off(db, order, "changed-mind")
    with pytest.raises(Conflict):
        await world.act(picking.start, picker, world.place)
    await world.cancel(order)

    assert await world.state(order) == ("cancelled", "cancelled")


async def test_a_step_that_no_longer_fits_says_which_do(world):
    milk = await world.product("Melk")
    await world.sell((milk, 1))
    picker = await world.person("picker")
    [line] = await lines_of(world, picker)
    await world.act(picking.pick, picker, line.id, code=None, quantity=1)

    with pytest.raises(Conflict) as refusal:
        await world.act(picking.pick, picker, line.id, code=None, quantity=1)

    assert refusal.value.state == {
        "state": "picked",
        "allowed": ["found", "take_out", "seal", "finish_packing"],
    }


async def test_the_same_confirmation_heard_twice_makes_one_piece_of_work(world):
    milk = await world.product("Melk")
    order = await world.sell((milk, 1))

    await world.release(order)

    async with begin(world.pool) as db:
        assert len(await fulfilment.of_order(db, order)) == 1
