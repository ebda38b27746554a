"""What a place does not have after all another one sends, and what nobody has waits for a person."""

from tests.checkout.several import TwoStores, bring, deliver, paid_back, parts_of, send, split_order
from tests.checkout.stage import FEE


async def test_who_has_nothing_on_the_shelf_is_stepped_in_for_by_the_next_place(stores):
    third, _ = await stores.one_more_store(5)
    buyer, placed = await split_order(stores, quantity=7)
    before = await parts_of(stores, placed)
    assert set(before) == {stores.place_id, stores.other_place, third}
    fourth, _ = await stores.one_more_store(1)
    worker = await stores.staff("picker", "packer", "driver")
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(stores.place_id)})
    [line] = batch["lines"]

    done = await send(worker, f"/api/v1/picking/picks/{line['id']}/short", {"reason": "not-found"})
    await stores.work()

    parts = await parts_of(stores, placed)
    assert done["state"] == "cancelled"
    assert parts[fourth][1] == "released"
    assert await paid_back(stores, placed) == 0, "it comes all the same"
    assert await stores.faults() == []
    assert (await deliver(stores, fourth, worker)) == 1
    for place in (stores.other_place, third):
        await deliver(stores, place, worker)
    await stores.work()
    whole = (await buyer.track(placed))["order"]
    assert (whole["state"], whole["lines"][0]["delivered_quantity"]) == ("delivered", 7)


async def test_of_what_is_not_there_some_comes_from_elsewhere_some_is_found_and_the_rest_paid_back(
    shop,
):
    stores = await TwoStores.set_up(shop, here=4, there=1)
    buyer, placed = await split_order(stores, quantity=4)
    worker = await stores.staff("picker", "packer", "driver")
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(stores.place_id)})
    [line] = batch["lines"]
    pick, part = f"/api/v1/picking/picks/{line['id']}", line["fulfilment_id"]
    one = {"code": line["gtin"], "quantity": 1}

    await send(worker, f"{pick}/picked", one)
    await send(worker, f"{pick}/short", {"reason": "not-found"})
    await stores.work()
    moved, nothing_yet = await parts_of(stores, placed), await paid_back(stores, placed)
    found = await send(worker, f"{pick}/found")
    await send(worker, f"{pick}/picked", one)
    await send(worker, f"{pick}/short", {"reason": "damaged"})
    sealed = await send(worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})
    await stores.work()

    assert (moved[stores.other_place][1], nothing_yet) == ("released", 0)
    assert found["open"] == 2, "not the one that another place sends by now"
    assert await paid_back(stores, placed) == 249 + 15, "once, for the one that nobody has"
    assert await stores.levels() == {stores.place_id: (0, 0), stores.other_place: (1, 1)}
    late = await send(worker, f"{pick}/found", None, (409,))
    assert late["code"] == "moved-on"
    table = (await worker.get(f"/api/v1/packing/{part}")).json()
    assert [row["short"] for row in table["lines"]] == [1]
    assert await stores.faults() == []
    await deliver(stores, stores.other_place, worker)
    await bring(stores, part, sealed, worker)
    await stores.work()
    whole = (await buyer.track(placed))["order"]
    assert (whole["state"], whole["lines"][0]["delivered_quantity"]) == ("delivered", 3)
    assert await paid_back(stores, placed) == 249 + 15
    assert await stores.faults() == []


async def test_what_nobody_else_has_is_paid_back_for_one_part_and_the_other_comes(stores):
    buyer, placed = await split_order(stores)
    worker = await stores.staff("picker", "packer", "driver")
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(stores.place_id)})
    [line] = batch["lines"]
    assert (await deliver(stores, stores.other_place, worker)) == 1

    await send(worker, f"/api/v1/picking/picks/{line['id']}/short", {"reason": "damaged"})
    await stores.work()

    order = (await buyer.track(placed))["order"]
    assert (order["state"], order["lines"][0]["delivered_quantity"]) == ("delivered", 1)
    assert await paid_back(stores, placed) == 249 + 15, "its share, and not what bringing it cost"


async def test_a_place_that_refuses_is_not_asked_again_and_what_nobody_has_waits_for_a_person(
    stores,
):
    third, _ = await stores.one_more_store(1)
    buyer, placed = await split_order(stores)
    dispatcher = await stores.staff("dispatcher")
    for turn in (1, 2):
        parts = await parts_of(stores, placed)
        refusing = next(
            place
            for place in (third, stores.place_id)
            if parts.get(place, ("", ""))[1] == "released"
        )
        answer = await send(
            dispatcher,
            f"/api/v1/fulfilments/{parts[refusing][0]}/refuse",
            {"reason": "The cold store leaks"},
        )
        await stores.work()
        assert len(answer["sent_by"]) == (1 if turn == 1 else 0)
        assert await stores.faults() == []

    [work] = (await dispatcher.get("/api/v1/sourcing/unfilled")).json()
    assert (work["order_id"], work["missing"]) == (placed["order_id"], [["Halfvolle melk", 1]])
    assert len(work["refused_by"]) == 2
    [case] = await stores.pool.fetch("SELECT state FROM cases.cases")
    assert case["state"] == "open"
    assert (await buyer.track(placed))["order"]["state"] == "confirmed"
    token = placed["track_at"].rpartition("/")[2]
    fewer = {"quantities": {"1": 1}, "total": 249 + 15 + FEE}
    assert (await send(buyer.client, f"/api/v1/orders/{token}/contents", fewer, (409,)))[
        "code"
    ] == "being-sorted-out"

    act = f"/api/v1/sourcing/unfilled/{placed['order_id']}"
    await send(dispatcher, f"{act}/wait")
    back = await send(dispatcher, f"{act}/again", {"place_id": str(third)})
    await stores.work()
    assert back == []
    assert (await parts_of(stores, placed))[third][1] == "released"
    assert (await send(dispatcher, f"{act}/give-up", None, (409,)))["code"] == "not-unfilled"
    worker = await stores.staff("picker", "packer", "driver")
    await deliver(stores, stores.other_place, worker)
    await deliver(stores, third, worker)
    await stores.work()
    assert (await buyer.track(placed))["order"]["state"] == "delivered"
    assert await stores.pool.fetchval("SELECT state FROM cases.cases") == "answered"


async def test_an_order_nobody_can_fill_is_paid_back_whole_when_a_person_says_so(shop):
    stores = await TwoStores.set_up(shop, here=1, there=0)
    buyer, placed = await split_order(stores, quantity=1)
    dispatcher = await stores.staff("dispatcher")
    [(part, _)] = (await parts_of(stores, placed)).values()
    await send(dispatcher, f"/api/v1/fulfilments/{part}/refuse", {"reason": "Flooded"})
    await stores.pool.execute("UPDATE stock.levels SET on_hand = 0")
    await stores.pool.execute("DELETE FROM stock.ledger")
    act = f"/api/v1/sourcing/unfilled/{placed['order_id']}"
    nobody = await send(dispatcher, f"{act}/again", {}, (409,))

    await send(dispatcher, f"{act}/give-up")
    await stores.work()

    assert nobody["code"] == "nobody-has-it"
    assert (await buyer.track(placed))["order"]["state"] == "cancelled"
    assert await paid_back(stores, placed) == placed["total"]
    assert await stores.faults() == []
