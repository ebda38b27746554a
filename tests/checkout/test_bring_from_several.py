"""Each place picks and brings its own part, and none of them waits for another."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from app import checkout, collecting, orders, returns
from app.db import begin
from app.fulfilment import carriers, collect, delivery
from app.returns.models import Wanted
from tests.checkout.several import (
    TwoStores,
    bring,
    deliver,
    gtin_of,
    paid_back,
    send,
    split_order,
)
from tests.checkout.stage import stock_up
from tests.shelf import put_on_shelf
from tests.staff_desk import employ


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
@pytest.mark.parametrize("end", ["collected", "brought", "silent"])
async def test_the_part_that_nobody_took_does_not_hold_up_the_other_and_ends_as_chosen(stores, end):
    buyer, placed = await split_order(stores)
    worker = await stores.staff("picker", "packer", "driver", "clerk")
    again = {"reason": "not-home", "next": "again"}

    await deliver(stores, stores.place_id, worker, fails=again)
    await stores.work()
    first = (await buyer.track(placed))["order"]["state"]
    await deliver(stores, stores.other_place, worker)
    await stores.work()

    order = (await buyer.track(placed))["order"]
    assert (first, order["state"]) == ("not_home", "not_home")
    assert order["lines"][0]["delivered_quantity"] == 1
    async with begin(stores.pool) as db:
        hours = [collecting.Hours(day, time(0, 0), time(23, 59)) for day in range(1, 8)]
        desk = collecting.Desk(hours=hours, ready_minutes=30, on_holidays=True)
        await collecting.set_up(db, stores.place_id, desk)
    path = placed["track_at"].removeprefix("http://shop.test/orders/")
    path = f"/api/v1/orders/{path}/second-try"
    ways = (await buyer.client.get(path)).json()
    page = await buyer.client.get(placed["track_at"].removeprefix("http://shop.test"))
    assert ways["spot"]["place_id"] == str(stores.place_id)
    assert ways["choose_until"]
    assert "/second-try" in page.text
    [sscc] = await stores.pool.fetchrow(
        "SELECT sscc FROM fulfilment.parcels WHERE place_id = $1", stores.place_id
    )
    if end == "silent":
        await stores.pool.execute(
            "UPDATE fulfilment.stops SET choose_until = now() - interval '1 minute' WHERE choose_until IS NOT NULL"
        )
        await delivery.door.end_silent(stores.pool)
    elif end == "collected":
        await send(buyer.client, path, {"collect": True, "part": ways["fulfilment_id"]})
        await stores.work()
        assert (await send(worker, "/api/v1/collecting/parcels", {"code": sscc, "shelf": "A3"}))[
            "ready"
        ]
        await stores.work()
        page = (await buyer.client.get(placed["track_at"].removeprefix("http://shop.test"))).text
        code = collect.code_of(stores.settings.secret, UUID(ways["fulfilment_id"]))
        assert code in page
        found = await send(worker, "/api/v1/collecting/find", {"code": code})
        await send(worker, f"/api/v1/collecting/{found['fulfilment']['id']}/handed-over", {})
    else:
        slot = ways["times"][0]["id"]
        await send(buyer.client, path, {"slot": slot})
        used = await stores.pool.fetchval("SELECT used FROM slots.slots WHERE id = $1", UUID(slot))
        assert used >= 1
        await bring(stores, ways["fulfilment_id"], {"sscc": sscc}, worker)
    await stores.work()

    order = (await buyer.track(placed))["order"]
    assert order["state"] == ("part_delivered" if end == "silent" else "delivered")
    assert await paid_back(stores, placed) == (249 + 15 if end == "silent" else 0)


@pytest.mark.drill
async def test_one_part_comes_back_from_a_carrier_while_the_driver_of_another_is_handed_a_return(
    shop,
):
    """Three places: one part was delivered, one is out, and one a parcel service could not deliver."""
    stores = await TwoStores.set_up(shop)
    third, _ = await stores.one_more_store(1)
    buyer, placed = await split_order(stores, quantity=3)
    order_id = UUID(placed["order_id"])
    worker = await stores.staff("picker", "packer", "driver", "dispatcher")
    await deliver(stores, stores.place_id, worker)
    sealed = {}
    for place in (stores.other_place, third):
        batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(place)})
        for line in batch["lines"]:
            scan = {"code": line["gtin"], "quantity": line["quantity"]}
            await send(worker, f"/api/v1/picking/picks/{line['id']}/picked", scan)
        part = batch["lines"][0]["fulfilment_id"]
        sealed[place] = (
            part,
            await send(worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"}),
        )
    await send(worker, "/api/v1/carriers/bookings", {"fulfilment_id": sealed[third][0]})
    part, tote = sealed[stores.other_place]
    run, stop = await stores.pool.fetchrow(
        "SELECT run_id, id FROM fulfilment.stops WHERE fulfilment_id = $1 AND state = 'planned'",
        UUID(part),
    )
    await send(worker, f"/api/v1/driving/{run}/parcels", {"code": tote["sscc"]})
    await send(worker, f"/api/v1/driving/{run}/depart", {})
    _, driver = await employ(stores.pool, "driver")

    for n, kind in enumerate(("accepted", "in_transit", "returned")):
        sscc = sealed[third][1]["sscc"]
        fact = carriers.Fact(f"{kind}", sscc, kind, datetime.now(UTC) + timedelta(hours=n))
        await carriers.hear(stores.pool, "files", fact)
    await stores.work()
    by_carrier = await paid_back(stores, placed)
    async with begin(stores.pool) as db:
        wanted = Wanted(lines={"1": 1}, cause="changed-mind")
        offer = await returns.offer(db, await orders.read(db, order_id), wanted)
    command = uuid4()
    for _ in range(2):
        async with begin(stores.pool) as db:
            agreed = msgspec.structs.replace(wanted, amount=offer.amount)
            await returns.door.take_back(db, driver, command, run, order_id, agreed)
    await send(worker, f"/api/v1/driving/stops/{stop}/delivered", {"to": "customer"})
    await send(worker, f"/api/v1/driving/{run}/back", {})
    await stores.work()

    assert by_carrier == 249 + 15, "what came back, and nothing else"
    assert await paid_back(stores, placed) == by_carrier + offer.amount
    assert 0 < offer.amount <= 249 + 15
    order = (await buyer.track(placed))["order"]
    assert (order["state"], order["lines"][0]["delivered_quantity"]) == ("part_delivered", 2)
    assert await stores.faults() == []


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
