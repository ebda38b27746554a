"""An order that no place has all of comes from several, in the window that was promised, whole."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app import checkout, collecting, orders, returns, slots
from app.checkout import rules as checkout_rules
from app.db import begin
from app.fulfilment import carriers, collect, delivery
from app.orders.models import Line
from app.returns.models import Wanted
from app.staff import cookie_name
from tests.checkout.stage import FEE, Stage, open_place, open_slot, stock_up
from tests.shelf import put_on_shelf
from tests.staff_desk import employ


class TwoStores(Stage):
    """One piece of the milk here, one there; both come in the same window."""

    @classmethod
    async def set_up(cls, shop, *, here=1, there=1, capacity=1000):
        stage = await super().set_up(shop, quantity=here, capacity=capacity)
        stage.other_place, stage.other_slot = await stage.one_more_store(there, capacity=capacity)
        return stage

    async def one_more_store(self, pieces, *, product_id=None, capacity=1000):
        place = await open_place(self.pool)
        slot = await open_slot(self.pool, place, capacity=capacity)
        await self.pool.execute(
            """
            UPDATE slots.slots AS slot
               SET starts_at = first.starts_at, ends_at = first.ends_at, cutoff_at = first.cutoff_at
              FROM slots.slots AS first
             WHERE first.id = $1 AND slot.id = $2
            """,
            self.slot_id, slot,
        )  # fmt: skip
        if pieces:
            await stock_up(self.pool, place, product_id or self.product_id, pieces)
        return place, slot

    async def staff(self, *roles):
        """A handheld of somebody with these roles."""
        token, _ = await employ(self.pool, *roles)
        client = self.browser()
        client.cookies.set(cookie_name(self.settings), token)
        return client

    async def levels(self):
        rows = await self.pool.fetch(
            "SELECT place_id, on_hand, reserved FROM stock.levels WHERE product_id = $1",
            self.product_id,
        )
        return {row["place_id"]: (row["on_hand"], row["reserved"]) for row in rows}

    async def pays(self, placed, buyer):
        await buyer.choose(placed, "pay")
        await self.work()


@pytest.fixture
async def stores(shop):
    stage = await TwoStores.set_up(shop)
    yield stage
    assert await stage.faults() == []


async def send(client, path, body=None, expect=(200, 201)):
    answer = await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code in expect, answer.text
    return answer.json()


async def deliver(stage, place_id, worker, *, fails=None):
    """What a place has to do for the order, by handheld: picked, packed, loaded, driven, handed over,
    or brought in vain."""
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(place_id)})
    for line in batch["lines"]:
        scan = {"code": line["gtin"], "quantity": line["quantity"]}
        await send(worker, f"/api/v1/picking/picks/{line['id']}/picked", scan)
    part = batch["lines"][0]["fulfilment_id"]
    sealed = await send(worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})
    await bring(stage, part, sealed, worker, fails=fails)
    return len(batch["lines"])


async def bring(stage, part, sealed, worker, *, fails=None, refused=()):
    run, stop = await stage.pool.fetchrow(
        "SELECT run_id, id FROM fulfilment.stops WHERE fulfilment_id = $1 AND state = 'planned'",
        UUID(part),
    )
    await send(worker, f"/api/v1/driving/{run}/parcels", {"code": sealed["sscc"]})
    await send(worker, f"/api/v1/driving/{run}/depart", {})
    if fails:
        await send(worker, f"/api/v1/driving/stops/{stop}/failed", fails)
    else:
        handed = {"to": "customer", "refused": list(refused)}
        await send(worker, f"/api/v1/driving/stops/{stop}/delivered", handed)
    await send(worker, f"/api/v1/driving/{run}/back", {})


async def test_one_here_and_one_there_are_two_from_scan_to_doorstep(stores):
    buyer = await stores.buyer(quantity=2)
    times = (
        await buyer.client.get("/checkout?postcode=3511ab", headers={"Accept-Language": "en"})
    ).text
    assert str(stores.slot_id) in times or str(stores.other_slot) in times
    assert "2 places bring a part each" in times

    placed = (await buyer.order()).json()

    assert placed["total"] == 2 * (249 + 15) + FEE, "one fee: it is one order"
    assert await stores.levels() == {stores.place_id: (1, 1), stores.other_place: (1, 1)}
    used = await stores.pool.fetch("SELECT used FROM slots.slots")
    assert [row["used"] for row in used] == [1, 1], "both have room for it in the same window"

    await stores.pays(placed, buyer)
    worker = await stores.staff("picker", "packer", "driver")
    page = await buyer.client.get(
        placed["track_at"].removeprefix("http://shop.test"), headers={"Accept-Language": "en"}
    )
    assert "Comes from 2 places, in 2 deliveries" in page.text
    assert await deliver(stores, stores.place_id, worker) == 1
    await stores.work()
    half = await buyer.track(placed)
    assert half["order"]["state"] == "in_fulfilment"
    assert half["order"]["lines"][0]["delivered_quantity"] == 1
    assert await stores.faults() == []
    assert await deliver(stores, stores.other_place, worker) == 1
    await stores.work()

    whole = await buyer.track(placed)
    assert whole["order"]["state"] == "delivered"
    assert whole["order"]["lines"][0]["delivered_quantity"] == 2
    assert await stores.levels() == {stores.place_id: (0, 0), stores.other_place: (0, 0)}
    decided = await stores.pool.fetchval("SELECT decided FROM sourcing.decisions")
    assert len(decided["parts"]) == 2


async def split_order(stage, quantity=2):
    buyer = await stage.buyer(quantity=quantity)
    placed = (await buyer.order()).json()
    await stage.pays(placed, buyer)
    return buyer, placed


async def parts_of(stage, placed):
    rows = await stage.pool.fetch(
        "SELECT place_id, id, state FROM fulfilment.fulfilments WHERE order_id = $1",
        UUID(placed["order_id"]),
    )
    return {row["place_id"]: (row["id"], row["state"]) for row in rows}


async def paid_back(stage, placed):
    return await stage.pool.fetchval(
        """
        SELECT coalesce(sum(refund.amount), 0)::int
          FROM payments.refunds AS refund
          JOIN payments.intents AS intent ON intent.id = refund.intent_id
         WHERE intent.order_id = $1
        """,
        UUID(placed["order_id"]),
    )


async def test_the_last_piece_at_two_places_goes_to_two_buyers_and_never_to_three(shop):
    stores = await TwoStores.set_up(shop)
    buyers = [await stores.buyer() for _ in range(3)]
    wishes = [await buyer.wish() for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 1}
    assert await stores.levels() == {stores.place_id: (1, 1), stores.other_place: (1, 1)}
    places = await stores.pool.fetch("SELECT place_id FROM orders.orders")
    assert {row["place_id"] for row in places} == {stores.place_id, stores.other_place}
    [refused] = [answer.json() for answer in answers if answer.status_code == 409]
    assert (refused["code"], refused["state"]["products"][0]["available"]) == ("out-of-stock", 0)
    assert await stores.faults() == []


async def test_ten_who_want_both_pieces_and_ten_repeats_of_one_are_one_order(shop):
    stores = await TwoStores.set_up(shop, capacity=2)
    buyers = [await stores.buyer(quantity=2) for _ in range(10)]
    wishes = [await buyer.wish() for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True)),
        *(buyers[0].send(wishes[0]) for _ in range(9)),
    )

    orders_made = {answer.json()["order_id"] for answer in answers if answer.status_code == 201}
    assert len(orders_made) == 1
    assert {answer.status_code for answer in answers} == {201, 409}
    assert await stores.levels() == {stores.place_id: (1, 1), stores.other_place: (1, 1)}
    assert await stores.pool.fetchval("SELECT sum(used)::int FROM slots.slots") == 2
    assert await stores.faults() == []


async def test_without_room_at_the_second_place_nothing_is_promised(stores):
    await stores.pool.execute(
        "UPDATE slots.slots SET capacity = 1, used = 0 WHERE id = $1", stores.other_slot
    )
    async with begin(stores.pool) as db:
        until = await db.fetchval("SELECT now() + interval '1 hour'")
        await slots.hold(db, stores.other_slot, uuid4(), until)
    buyer = await stores.buyer(quantity=2)

    answer = await buyer.order()

    assert (answer.status_code, answer.json()["code"]) == (409, "out-of-stock")
    assert await stores.reserved() == 0
    page = await buyer.client.get("/checkout?postcode=3511ab", headers={"Accept-Language": "en"})
    assert "full" in page.text


async def test_called_off_everything_is_free_at_both_places(stores):
    buyer, placed = await split_order(stores)

    cancelled = await buyer.cancel(placed)
    await stores.work()

    assert cancelled.json()["order"]["state"] == "cancelled"
    assert {state for _, state in (await parts_of(stores, placed)).values()} == {"cancelled"}
    assert await stores.levels() == {stores.place_id: (1, 0), stores.other_place: (1, 0)}
    assert await stores.pool.fetchval("SELECT sum(used)::int FROM slots.slots") == 0
    assert await paid_back(stores, placed) == placed["total"]


async def test_fewer_is_one_delivery_and_another_time_moves_both(stores):
    buyer, placed = await split_order(stores)
    token = placed["track_at"].rpartition("/")[2]
    later = []
    for place in (stores.place_id, stores.other_place):
        later.append(await open_slot(stores.pool, place, in_hours=54))
    await stores.pool.execute(
        """
        UPDATE slots.slots AS slot
           SET starts_at = first.starts_at, ends_at = first.ends_at
          FROM slots.slots AS first
         WHERE first.id = $1 AND slot.id = $2
        """,
        *later,
    )
    order = (await buyer.track(placed))["order"]
    mine = later[0] if order["place_id"] == str(stores.place_id) else later[1]

    moved = await send(buyer.client, f"/api/v1/orders/{token}/slot", {"slot": str(mine)})
    await stores.work()
    windows = await stores.pool.fetch(
        "SELECT window_starts_at FROM fulfilment.fulfilments WHERE state = 'released'"
    )
    one = {"quantities": {"1": 1}, "total": 249 + 15 + FEE}
    await send(buyer.client, f"/api/v1/orders/{token}/contents", one)
    await stores.work()

    used = await stores.pool.fetch("SELECT id FROM slots.slots WHERE used > 0")
    assert moved["order"]["slot_id"] == str(mine)
    assert len({row["window_starts_at"] for row in windows}) == 1
    assert len(windows) == 2
    assert len(used) == 1, "the place that sends nothing any more has its room back"
    states = Counter(state for _, state in (await parts_of(stores, placed)).values())
    assert states == {"released": 1, "cancelled": 1}
    assert await stores.reserved() == 1


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


async def test_what_is_collected_never_becomes_a_delivery_from_somewhere_else(stores):
    _buyer, placed = await split_order(stores, quantity=1)
    [(place, (part, _))] = (await parts_of(stores, placed)).items()
    await stores.pool.execute("UPDATE orders.lines SET handover = 'collect'")
    dispatcher = await stores.staff("dispatcher")

    answer = await send(dispatcher, f"/api/v1/fulfilments/{part}/refuse", {"reason": "Leaks"})
    await stores.work()

    assert answer["sent_by"] == [], "the other place has one, but nobody goes there"
    assert (await parts_of(stores, placed)) == {place: (part, "refused")}
    act = f"/api/v1/sourcing/unfilled/{placed['order_id']}"
    await send(dispatcher, f"{act}/again", {})
    await stores.work()
    assert (await parts_of(stores, placed)) == {place: (part, "released")}
    await stores.pool.execute("UPDATE orders.lines SET handover = 'delivery'")


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


@given(
    some.lists(some.tuples(some.integers(1, 3), some.integers(1, 4)), min_size=1, max_size=5),
    some.lists(some.integers(0, 5), min_size=3, max_size=3),
)
def test_every_piece_of_every_line_is_sent_by_exactly_one_place(bought, luck):
    """Two lines of one product, whoever has how many of it: what others send and what is left for the
    order's own place is what was bought."""
    places = [UUID(int=n) for n in (1, 2, 3)]
    lines = [line_of(no, product, n) for no, (product, n) in enumerate(bought, 1)]
    wanted = Counter()
    for line in lines:
        wanted[line.product_id] += line.quantity
    goods = {place: {} for place in places}
    for product, pieces in wanted.items():
        left = pieces
        for place, most in zip(places[1:], luck[1:], strict=True):
            goods[place][product] = min(left, most)
            left -= goods[place][product]
        goods[places[0]][product] = left

    elsewhere = checkout_rules.elsewhere(lines, goods, places[0])

    for place in places[1:]:
        sent = Counter()
        for part in elsewhere:
            if part.place_id == place:
                sent[lines[part.line_no - 1].product_id] += part.quantity
        assert sent == +Counter(goods[place])
    for line in lines:
        away = sum(part.quantity for part in elsewhere if part.line_no == line.line_no)
        assert 0 <= away <= line.quantity
    assert all(part.place_id != places[0] and part.quantity > 0 for part in elsewhere)


def line_of(number, product, quantity):
    return Line(
        line_no=number, product_id=UUID(int=100 + product), edition_id=UUID(int=0), gtin="", name="",
        picture=None, handover="delivery", quantity=quantity, unit_price=100, discount=0,
        paid=100 * quantity, vat="low", deposit=0, age_limit=None, storage="ambient",
    )  # fmt: skip


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


def gtin_of(number):
    digits = f"095212346{number:04}"
    weighed = sum(int(digit) * (3, 1)[n % 2] for n, digit in enumerate(digits))
    return f"{digits}{-weighed % 10}"
