"""Each place picks and brings its own part, and none of them waits for another."""

import asyncio

import msgspec
import pytest

from app import checkout
from tests.checkout.several import TwoStores, deliver, gtin_of, paid_back, send, split_order
from tests.checkout.stage import stock_up
from tests.shelf import put_on_shelf


@pytest.mark.drill
async def test_money_that_is_held_is_taken_once_all_that_comes_is_packed(shop):
    state = shop.app.state
    state.settings = msgspec.structs.replace(state.settings, takes_money="packed")
    stores = await TwoStores.set_up(shop)
    buyer, placed = await split_order(stores)
    worker = await stores.staff("picker", "packer", "driver")
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(stores.place_id)})
    [line] = batch["lines"]
    await deliver(stores, stores.other_place, worker)
    await stores.work()
    taken = checkout.Shop.at(stores.pool, stores.settings)
    await checkout.take_money(taken)
    still_held = await stores.pool.fetchval("SELECT state FROM payments.intents")

    await send(worker, f"/api/v1/picking/picks/{line['id']}/short", {"reason": "not-found"})
    await stores.work()
    await checkout.take_money(taken)

    assert still_held == "authorised"
    captured = await stores.pool.fetchval("SELECT sum(amount)::int FROM payments.captures")
    assert captured == placed["total"] - 249 - 15
    assert (await buyer.track(placed))["order"]["state"] == "delivered"
    assert await stores.faults() == []


async def test_one_part_that_nobody_takes_goes_back_and_is_paid_back_while_the_other_is_picked(
    stores,
):
    buyer, placed = await split_order(stores)
    worker = await stores.staff("picker", "packer", "driver")
    refused = {"reason": "refused", "next": "back"}

    await deliver(stores, stores.place_id, worker, fails=refused)
    await stores.work()
    half = (await buyer.track(placed))["order"]
    back = await paid_back(stores, placed)
    faults = await stores.faults()
    await deliver(stores, stores.other_place, worker)
    await stores.work()

    assert (half["state"], back, faults) == ("in_fulfilment", 249 + 15, [])
    order = (await buyer.track(placed))["order"]
    assert (order["state"], order["lines"][0]["delivered_quantity"]) == ("part_delivered", 1)
    assert await paid_back(stores, placed) == 249 + 15
    assert (await stores.levels())[stores.place_id] == (1, 0), "it can be sold again"


@pytest.mark.drill
async def test_the_part_that_comes_again_tomorrow_does_not_hold_up_the_other(stores):
    buyer, placed = await split_order(stores)
    worker = await stores.staff("picker", "packer", "driver")
    again = {"reason": "not-home", "next": "again"}

    await deliver(stores, stores.place_id, worker, fails=again)
    await stores.work()
    first = (await buyer.track(placed))["order"]["state"]
    await deliver(stores, stores.other_place, worker)
    await stores.work()

    order = (await buyer.track(placed))["order"]
    assert (first, order["state"]) == ("in_fulfilment", "not_home")
    assert order["lines"][0]["delivered_quantity"] == 1


@pytest.mark.drill
async def test_pickers_who_start_at_both_places_at_once_never_wait_in_a_circle(shop):
    """Six orders, and each of them has a piece here and a piece there."""
    stores = await TwoStores.set_up(shop)
    worker = await stores.staff("picker")
    for number in range(6):
        product = await put_on_shelf(stores.pool, gtin_of(number), price=249, deposit=15)
        for place in (stores.place_id, stores.other_place):
            await stock_up(stores.pool, place, product, 1)
        buyer = await stores.buyer(quantity=2, product_id=product)
        await buyer.choose((await buyer.order()).json(), "pay")
    await stores.work()

    batches = await asyncio.gather(
        *(
            send(worker, "/api/v1/picking/batches", {"place_id": str(place)})
            for place in (stores.place_id, stores.other_place)
        )
    )

    assert [len(batch["lines"]) for batch in batches] == [6, 6]
    assert await stores.order_states() == ["in_fulfilment"] * 6
    assert await stores.faults() == []
