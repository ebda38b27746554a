"""The two parts of an order are picked, brought and handed over each in its own time."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from app import checkout, fulfilment
from app.fulfilment import carriers
from tests.checkout.several import bring, send
from tests.checkout.stage import FEE, open_place, open_slot, stock_up
from tests.checkout.two_ways import OneStore, TwoPlaces, batch_at, pick, ways


async def test_one_milk_comes_home_and_one_is_collected_from_the_same_store_paid_once(shop):
    town = await OneStore.open(shop, quantity=2)
    buyer = await town.both(1, 1)
    placed = await buyer.order_and_pay()

    assert placed["total"] == 2 * (249 + 15) + FEE
    assert await town.reserved() == 2
    parts = await ways(town, placed)
    assert {way: state for way, (_, state) in parts.items()} == {
        "delivery": "released",
        "collect": "released",
    }
    order = (await buyer.track(placed))["order"]
    assert order["slot_id"] == str(town.slot_id)
    assert order["pick_up"]["place_id"] == str(town.place_id)
    assert await town.faults() == []

    worker = await town.worker()
    waiting = (await worker.get("/picking", headers={"accept-language": "en"})).text
    assert re.search(r"To be collected, ready by \d", waiting)
    assert re.search(r"To be delivered \d", waiting)
    first, second = await batch_at(worker, town.place_id)
    await pick(worker, first)
    assert await town.on_hand(town.product_id) == 1, "the other one still waits for its own way"
    assert await town.reserved() == 1
    await pick(worker, second)
    brought, collected = (str(parts[way][0]) for way in ("delivery", "collect"))
    sealed = await send(worker, f"/api/v1/packing/{brought}/parcels", {"storage": "ambient"})
    page = await bring(town, brought, sealed, worker, while_out=lambda: buyer.page(placed))
    await town.work()
    assert "Zeg deze code aan de deur" in page, "although the other part is still being packed"
    assert "wat thuis komt" in (await town.mails())["OrderOnTheWay"]
    half = (await buyer.track(placed))["order"]
    assert half["state"] == "in_fulfilment"
    assert [line["delivered_quantity"] for line in half["lines"]] == [1, 0]
    kept = await send(worker, f"/api/v1/packing/{collected}/parcels", {"storage": "ambient"})
    await town.shelve(kept["sscc"])
    await town.work()
    assert "ReadyForCollection" in await town.mails()
    waits = await buyer.page(placed)
    assert "Eén deel is bezorgd" in waits
    assert "Bewaard tot" in waits
    await send(worker, f"/api/v1/collecting/{collected}/handed-over", {"age_checked": True})
    await town.work()

    whole = (await buyer.track(placed))["order"]
    assert whole["state"] == "delivered"
    over = await buyer.page(placed)
    assert "Bewaard tot" not in over, "it is collected"
    assert [line["delivered_quantity"] for line in whole["lines"]] == [1, 1]
    assert await town.on_hand(town.product_id) == 0
    assert await town.refunded() == 0
    assert await town.faults() == []


async def test_a_carrier_has_the_part_that_is_brought_and_its_shopper_hears_of_it_then(shop):
    town = await OneStore.open(shop, quantity=2)
    placed = await (await town.both(1, 1)).order_and_pay()
    worker = await town.worker("picker", "packer", "clerk", "dispatcher")
    parts = await ways(town, placed)
    for line in await batch_at(worker, town.place_id):
        await pick(worker, line)
    sealed = {
        way: await send(worker, f"/api/v1/packing/{id}/parcels", {"storage": "ambient"})
        for way, (id, _) in parts.items()
    }
    await send(worker, "/api/v1/carriers/bookings", {"fulfilment_id": str(parts["delivery"][0])})
    await town.work()
    before = await town.mails()

    for n, kind in enumerate(("accepted", "in_transit")):
        at = datetime.now(UTC) + timedelta(hours=n)
        sscc = sealed["delivery"]["sscc"]
        await carriers.hear(town.pool, "files", carriers.Fact(kind, sscc, kind, at))
        await town.work()
    told = (await town.mails())["OrderOnTheWay"]
    await town.shelve(sealed["collect"]["sscc"])
    collected = parts["collect"][0]
    await send(worker, f"/api/v1/collecting/{collected}/handed-over", {"age_checked": True})
    await town.work()

    assert "OrderOnTheWay" not in before
    assert "Een pakketdienst heeft wat thuis komt" in told
    count = "SELECT count(*) FROM messaging.messages WHERE kind = 'OrderOnTheWay'"
    assert await town.pool.fetchval(count) == 1
    assert await town.faults() == []


async def ready(town, placed, worker):
    """Both parts are picked; the one for the desk is packed and waits on its shelf."""
    parts = await ways(town, placed)
    for place in dict.fromkeys((town.place_id, town.desk_at)):
        for line in await batch_at(worker, place):
            await pick(worker, line)
    brought, collected = (str(parts[way][0]) for way in ("delivery", "collect"))
    kept = await send(worker, f"/api/v1/packing/{collected}/parcels", {"storage": "ambient"})
    await town.shelve(kept["sscc"])
    return brought, collected


async def test_nobody_comes_for_one_part_and_that_alone_is_paid_back(shop):
    town = await TwoPlaces.open(shop)
    buyer = await town.both(1, 2)
    placed = await buyer.order_and_pay()
    worker = await town.worker()
    brought, _ = await ready(town, placed, worker)
    sealed = await send(worker, f"/api/v1/packing/{brought}/parcels", {"storage": "ambient"})
    await town.pool.execute(
        "UPDATE fulfilment.collections SET ready_by = now() - interval '5 days', keep_until = now()"
    )
    await fulfilment.collect.put_back(town.pool)
    await town.work()
    early = (await town.refunded(), await town.faults())
    await bring(town, brought, sealed, worker)
    await town.work()

    order = (await buyer.track(placed))["order"]
    assert early == (2 * (249 + 15), [])
    assert order["state"] == "part_delivered"
    assert [line["delivered_quantity"] for line in order["lines"]] == [1, 0]
    assert await town.refunded() == 2 * (249 + 15), "not what bringing the other part cost"
    assert await town.levels() == ((9, 0), (10, 0)), "back on the shelf"
    papers = await town.pool.fetch("SELECT total FROM orders.documents")
    assert sum(paper["total"] for paper in papers) == placed["total"] - 2 * (249 + 15)
    assert await town.faults() == []


async def test_what_the_desk_cannot_keep_waits_for_a_person_and_never_becomes_a_delivery(shop):
    town = await OneStore.open(shop)
    other = await open_place(town.pool)
    slot = await open_slot(town.pool, other)
    await town.pool.execute(
        "UPDATE slots.slots AS slot SET starts_at = first.starts_at, ends_at = first.ends_at,"
        " cutoff_at = first.cutoff_at FROM slots.slots AS first WHERE first.id = $1 AND slot.id = $2",
        town.slot_id, slot,
    )  # fmt: skip
    await stock_up(town.pool, other, town.product_id, 5)
    buyer = await town.both(1, 1)
    placed = await buyer.order_and_pay()
    parts = await ways(town, placed)
    dispatcher = await town.desk("dispatcher")
    why = {"reason": "Leaks"}

    kept = await send(dispatcher, f"/api/v1/fulfilments/{parts['collect'][0]}/refuse", why)
    await town.work()
    between = (await ways(town, placed), await town.faults())
    await send(dispatcher, f"/api/v1/sourcing/unfilled/{placed['order_id']}/again", {})
    await town.work()
    sent = await send(dispatcher, f"/api/v1/fulfilments/{parts['delivery'][0]}/refuse", why)
    await town.work()

    assert kept["sent_by"] == [], "the other place has some, but nobody goes there"
    assert between[0]["collect"] == (parts["collect"][0], "refused")
    assert between[0]["delivery"][1] == "released"
    assert between[1] == []
    assert sent["sent_by"] == [str(other)], "a van may come from there"
    assert (await ways(town, placed))["collect"][1] == "released"
    rows = await town.pool.fetch(
        "SELECT place_id, sum(reserved)::int AS kept FROM stock.levels GROUP BY place_id"
    )
    assert {row["place_id"]: row["kept"] for row in rows} == {town.place_id: 1, other: 1}
    assert await town.faults() == []


async def test_what_is_not_on_the_shelf_of_the_desk_is_paid_back_and_the_rest_comes(shop):
    town = await OneStore.open(shop)
    buyer = await town.both(1, 1)
    placed = await buyer.order_and_pay()
    worker = await town.worker()
    parts = await ways(town, placed)
    lines = {line["fulfilment_id"]: line for line in await batch_at(worker, town.place_id)}
    brought = str(parts["delivery"][0])

    missing = lines[str(parts["collect"][0])]
    await send(worker, f"/api/v1/picking/picks/{missing['id']}/short", {"reason": "not-found"})
    await pick(worker, lines[brought])
    sealed = await send(worker, f"/api/v1/packing/{brought}/parcels", {"storage": "ambient"})
    await bring(town, brought, sealed, worker)
    await town.work()

    order = (await buyer.track(placed))["order"]
    assert [line["delivered_quantity"] for line in order["lines"]] == [1, 0]
    assert await town.refunded() == 249 + 15
    assert await town.faults() == []


async def test_money_that_is_held_is_taken_once_both_parts_are_packed(shop):
    state = shop.app.state
    state.settings = msgspec.structs.replace(state.settings, takes_money="packed")
    town = await OneStore.open(shop)
    buyer = await town.both(1, 1)
    placed = await buyer.order_and_pay()
    worker = await town.worker()
    brought, _ = await ready(town, placed, worker)
    await town.work()
    counter = checkout.Shop.at(town.pool, town.settings)
    await checkout.take_money(counter)
    held = await town.pool.fetchval("SELECT state FROM payments.intents")

    await send(worker, f"/api/v1/packing/{brought}/parcels", {"storage": "ambient"})
    await town.work()
    await checkout.take_money(counter)

    assert held == "authorised"
    assert (
        await town.pool.fetchval("SELECT sum(amount)::int FROM payments.captures")
        == placed["total"]
    )
    assert await town.faults() == []


async def test_money_is_taken_at_once_where_a_part_is_kept_longer_than_a_bank_holds_it(shop):
    state = shop.app.state
    state.settings = msgspec.structs.replace(state.settings, takes_money="packed")
    town = await TwoPlaces.open(shop, keep_days=14)
    buyer = await town.both(1, 1)

    await buyer.order_and_pay()

    assert await town.pool.fetchval("SELECT state FROM payments.intents") == "captured"


async def test_nobody_is_home_for_one_part_and_another_time_is_chosen_while_the_other_waits(shop):
    town = await OneStore.open(shop)
    buyer = await town.both(1, 1)
    placed = await buyer.order_and_pay()
    worker = await town.worker()
    brought, collected = await ready(town, placed, worker)
    sealed = await send(worker, f"/api/v1/packing/{brought}/parcels", {"storage": "ambient"})

    await bring(town, brought, sealed, worker, fails={"reason": "not-home", "next": "again"})
    await town.work()
    missed = (await buyer.track(placed))["order"]["state"]
    page = await buyer.page(placed)
    await send(worker, f"/api/v1/collecting/{collected}/handed-over", {"age_checked": True})
    second_try = f"/api/v1/orders/{placed['track_at'].rpartition('/')[2]}/second-try"
    ways = (await buyer.client.get(second_try)).json()
    await send(buyer.client, second_try, {"slot": ways["times"][0]["id"]})
    await bring(town, brought, sealed, worker)
    await town.work()

    assert ways["spot"] is None, "something else of it is collected there"
    assert missed == "not_home"
    assert "second-try" in page
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page), "what waits at the desk can be collected"
    assert (await buyer.track(placed))["order"]["state"] == "delivered"
    assert await town.faults() == []
