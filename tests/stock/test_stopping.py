"""A recalled product: off the walls, out of baskets, not picked, not handed over; buyers are told."""

import asyncio

import httpx
import pytest

from app import consequences, stock
from app.db import begin, new_id
from app.errors import Conflict
from app.fulfilment.picking import pick, start
from app.jobs import Register
from app.jobs.worker import run_dry
from app.live import Hub
from app.stock import stopping
from app.stock.models import Refused
from tests.checkout.stage import Stage, faults_in
from tests.fulfilment.builders import World
from tests.shelf import put_on_shelf
from tests.stock.builders import ask, open_place, reserve

MESSAGE = "Er kan glas in zitten. Breng het terug."


async def stop(pool, product_id):
    async with begin(pool) as db:
        return await stopping.stop_sale(db, product_id, "glass", MESSAGE)


async def test_a_stopped_product_is_sold_by_nobody_until_it_is_sold_again(shop, pool):
    stage = await Stage.set_up(shop)
    buyer = await stage.buyer()
    wish = await buyer.wish()

    await stop(pool, stage.product_id)

    refused = await buyer.send(wish)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-for-sale")
    late = stage.browser()
    command = {"do": "add", "id": str(new_id()), "product_id": str(stage.product_id)}
    assert (await late.post("/api/v1/cart/commands", json=command)).status_code == 409
    [at_the_counter] = await reserve(pool, ask((stage.product_id, stage.place_id, 1)))
    assert isinstance(at_the_counter, Refused)
    assert (await stock.available(pool, [stage.product_id]))[stage.product_id] == 0
    assert (await late.get(f"/api/v1/products/{stage.product_id}")).json()["on_sale"] is False

    async with begin(pool) as db:
        with pytest.raises(Conflict):
            await stopping.stop_sale(db, stage.product_id, "again", MESSAGE)
        await stopping.resume_sale(db, stage.product_id)
    buyer.key = str(new_id())
    assert (await buyer.order()).status_code == 201
    assert await stage.faults() == []


async def test_it_is_not_picked_and_its_buyers_are_written_to_once(db, pool, settings):
    world = World(pool, await open_place(db, "U1"))
    milk, bread = await world.product("Melk"), await world.product("Brood")
    with_milk = await world.sell((milk, 2), (bread, 1))
    await world.sell((bread, 1))
    person = await world.person("picker")
    await world.act(start, person, world.place)
    id = await stop(pool, milk.id)

    picks = await pool.fetch("SELECT id FROM fulfilment.picks WHERE product_id = $1", milk.id)
    with pytest.raises(Conflict, match="recalled"):
        await world.act(pick, person, picks[0]["id"], code=None, quantity=1)

    register = Register()
    consequences.register(register, settings)
    await tell_again(pool, id)
    await run_dry(pool, register)
    mails = await pool.fetch(
        "SELECT about, body_text FROM messaging.messages WHERE kind = 'SaleStopped'"
    )
    assert [mail["about"] for mail in mails] == [with_milk]
    assert MESSAGE in mails[0]["body_text"]


async def test_what_is_left_is_told_on_its_page_at_once(served, pool):
    place_id = await open_place(pool, "U1")
    product_id = await put_on_shelf(pool)
    async with begin(pool) as db:
        await stock.receive(db, [stock.Line(product_id, place_id, 8)])

    another_process = Hub(pool, served.settings.redis_url, {})
    await another_process.open()
    async with httpx.AsyncClient(base_url=served.url, timeout=10) as client:
        address = f"/api/v1/products/{product_id}/supply/events"
        async with client.stream("GET", address) as answer:
            lines = answer.aiter_lines()
            assert '"plenty"' in await next_supply(lines)
            async with asyncio.timeout(20):
                await reserve(pool, ask((product_id, place_id, 8)))  # in another process
                assert '"gone"' in await next_supply(lines)
        seen = (await client.get(f"/api/v1/products/{product_id}/supply")).json()
    await another_process.close()
    assert (seen["supply"], seen["words"]) == ("gone", "Vandaag op")
    assert await faults_in(pool) == []


async def next_supply(lines):
    async for line in lines:
        if line.startswith("data:"):
            return line
    raise AssertionError("the stream has ended")


async def tell_again(pool, stop_id):
    """The event as a web process tells it, which knows who wants to hear."""
    await pool.execute(
        """
        WITH delivery AS (
            INSERT INTO jobs.deliveries (consumer, aggregate, number)
            VALUES ('mail about a recall', $1, 1)
                ON CONFLICT DO NOTHING
        )
        INSERT INTO jobs.backlogs (consumer, aggregate)
        VALUES ('mail about a recall', $1)
            ON CONFLICT DO NOTHING
        """,
        stop_id,
    )
