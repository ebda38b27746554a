"""An order is collected: chosen, paid, picked, shelved, found by its code, and handed over once."""

import asyncio
import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import fulfilment, orders, returns
from app.db import begin, new_id
from app.fulfilment import exports
from app.returns.models import Desk, Wanted
from tests.checkout.stage import Buyer, stock_up
from tests.fulfilment.collect.stage import NO_CLOCK, Town, key
from tests.shelf import SHIRT, put_on_shelf
from tests.staff_desk import employ

CLOCKS = (NO_CLOCK, "9999-12-31T23:59:59-14:00")


async def test_an_order_is_collected_by_whoever_shows_its_code_and_of_two_desks_one_hands_it_over(
    shop,
):
    town = await Town.open(shop)
    buyer = await town.collector(2, beers=1)
    offered = await buyer.points(postcode="9999 XX")
    placed = await buyer.order_and_pay()
    order = (await buyer.track(placed))["order"]
    waited = await refused_and_taken_up_again(town, placed)
    [sscc] = await town.pick_and_pack()
    first, again = await town.shelve(sscc), await town.shelve(sscc, shelf="B1")
    await town.work()
    mail = (await town.mails())["ReadyForCollection"]
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", mail)[0]

    assert offered["delivered"] is False
    assert offered["points"][0]["missing"] == []
    assert order["starts_at"] == offered["points"][0]["ready_by"]
    assert order["address"]["street"] == ""
    assert waited == ([], "released"), (
        "nobody else is asked: it waits for a person at its own place"
    )
    assert (first[0]["ready"], again[0]["shelf"]) == (True, "B1")
    assert code in await buyer.page(placed)

    one, other = await town.desk(), await town.desk("supervisor")
    found = (await one.post("/api/v1/collecting/find", json={"code": code.lower()})).json()
    by_name = await other.post(
        "/api/v1/collecting/find", json={"number": placed["number"], "name": "janssen"}
    )
    stranger = await other.post(
        "/api/v1/collecting/find", json={"number": placed["number"], "name": "Jansen"}
    )
    address = f"/api/v1/collecting/{found['fulfilment']['id']}/handed-over"
    unseen = await one.post(address, json={}, headers=key())
    race = await asyncio.gather(
        *(desk.post(address, json={"age_checked": True}, headers=key()) for desk in (one, other))
    )

    assert by_name.json()["fulfilment"]["id"] == found["fulfilment"]["id"]
    assert found["shelves"] == {"1": "B1"}
    assert (stranger.status_code, stranger.json()["code"]) == (404, "no-such-order")
    assert (unseen.status_code, unseen.json()["code"]) == (409, "age-check")
    assert sorted(answer.status_code for answer in race) == [200, 409]
    refused = next(answer.json() for answer in race if answer.status_code == 409)
    assert refused["code"] == "collected-already"
    await town.work()
    assert await town.order_states() == ["delivered"]
    assert (
        await town.pool.fetchval("SELECT count(*) FROM fulfilment.acts WHERE action = 'collect'")
        == 1
    )
    assert "OrderDelivered" in await town.mails()
    assert await town.faults() == []


async def refused_and_taken_up_again(town, placed):
    dispatcher = await town.desk("dispatcher")
    part = await town.pool.fetchval("SELECT id FROM fulfilment.fulfilments")
    refused = await dispatcher.post(
        f"/api/v1/fulfilments/{part}/refuse", json={"reason": "Leaks"}, headers=key()
    )
    await town.work()
    faults = await town.faults()
    again = await dispatcher.post(
        f"/api/v1/sourcing/unfilled/{placed['order_id']}/again", json={}, headers=key()
    )
    await town.work()
    assert (again.status_code, faults) == (200, []), again.text
    state = await town.pool.fetchval("SELECT state FROM fulfilment.fulfilments")
    return refused.json()["sent_by"], state


async def test_what_stays_at_the_desk_is_paid_back_and_what_nobody_comes_for_goes_back(shop):
    town = await Town.open(shop)
    part, none = await town.collector(2, beers=1), await town.collector(1)
    first, second = await part.order_and_pay(), await none.order_and_pay()
    await town.shelve(*await town.pick_and_pack())
    desk = await town.desk()
    sought = {"number": first["number"], "name": "Min Janssen"}
    found = (await desk.post("/api/v1/collecting/find", json=sought)).json()
    milk, beer = sorted(found["lines"], key=lambda line: line["age_limit"] or 0)
    address, id = f"/api/v1/collecting/{found['fulfilment']['id']}/handed-over", key()
    wish = {
        "refused": [
            {"pick_id": milk["pick_id"], "quantity": 1, "reason": "damaged"},
            {"pick_id": beer["pick_id"], "quantity": 1, "reason": "age"},
        ]
    }
    too_many = {"refused": [{"pick_id": milk["pick_id"], "quantity": 3, "reason": "damaged"}]}

    refused = await desk.post(address, json=too_many, headers=key())
    done = [(await desk.post(address, json=wish, headers=id)).json() for _ in range(2)]
    await town.pool.execute(
        "UPDATE fulfilment.collections SET ready_by = now() - interval '5 days', keep_until = now()"
        " WHERE ended_at IS NULL"
    )
    await asyncio.gather(*(put_back(town) for _ in range(3)))
    await town.work()

    assert refused.json()["code"] == "not-so-many"
    assert done == [{"state": "delivered", "handed_over": 1, "paid_back": 249 + 15 + 180}] * 2
    orders = {number: await track(buyer, placed) for number, buyer, placed in
              ((1, part, first), (2, none, second))}  # fmt: skip
    assert orders[1]["state"] == "delivered"
    assert (orders[2]["state"], orders[2]["why_cancelled"]) == ("cancelled", "not-collected")
    assert await town.refunded() == 249 + 15 + 180 + 249 + 15
    assert await town.on_hand(town.beer) == 10, "nothing is wrong with what is too strong for them"
    assert await town.on_hand(town.product_id) == 10 - 2, "one drunk, one broken, one back"
    papers = await town.pool.fetch("SELECT kind, total FROM orders.documents ORDER BY total")
    assert sum(paper["total"] for paper in papers) == 249 + 15, "what was taken home, on paper too"
    late = await desk.post("/api/v1/collecting/find",
                           json={"number": second["number"], "name": "Min Janssen"})  # fmt: skip
    too_late = await desk.post(
        f"/api/v1/collecting/{late.json()['fulfilment']['id']}/handed-over", json={}, headers=key()
    )
    assert too_late.json()["code"] == "kept-no-longer"
    [to_clear] = (await desk.get("/api/v1/collecting")).json()
    assert to_clear["what"] == "clear"
    address = f"/api/v1/collecting/{to_clear['fulfilment_id']}/cleared"
    cleared = [(await desk.post(address, headers=key())).status_code for _ in range(2)]
    assert cleared == [200, 409]
    assert await town.faults() == []


async def test_one_basket_goes_one_way_and_what_was_promised_is_kept_or_refused(shop):
    town = await Town.open(shop)
    mixed, late, till = await town.collector(1), await town.collector(1), await town.collector(1)
    await mixed.put(town.product_id, 1, "delivery")
    await till.put(town.product_id, 1, "carry-out")
    answers = [
        await mixed.order(),
        await till.order(),
        await late.order(ready_by="2020-01-01T00:00:00Z"),
    ]
    late.key = str(new_id())
    answers.append(await late.order(place=str(town.slot_id)))
    to_the_door = await Buyer.wish(late)
    delivered = await late.client.post("/api/v1/checkout", json=to_the_door, headers=key())

    codes = [answer.json()["code"] for answer in answers]
    assert codes == ["another-way", "at-the-till", "ready-later", "no-desk"]
    assert delivered.json()["code"] == "another-way", "what is collected never becomes a delivery"
    assert answers[2].json()["state"]["ready_by"] > "2026"
    assert await town.reserved() == 0
    assert await town.faults() == []


async def test_an_order_that_is_collected_is_changed_called_off_and_ended_by_desk_or_clock_once(
    shop,
):
    town = await Town.open(shop)
    buyer, off, last = await town.collector(1), await town.collector(1), await town.collector(1)
    placed, regretted = await buyer.order_and_pay(), await off.order_and_pay()
    token = placed["track_at"].rpartition("/")[2]
    more = {"quantities": {"1": 2}, "added": [{"product_id": str(town.beer), "quantity": 1}]}
    moved = await buyer.client.post(
        f"/api/v1/orders/{token}/slot", json={"slot": str(town.slot_id)}, headers=key()
    )
    amended = await buyer.client.post(f"/api/v1/orders/{token}/contents/look", json=more)
    asked = await buyer.client.post(
        f"/api/v1/orders/{token}/contents",
        json=more | {"total": amended.json()["receipt"]["total"]},
        headers=key(),
    )
    await buyer.choose({"pay_at": asked.json()["pay_at"]}, "pay")
    await off.cancel(regretted)
    await town.work()
    changed = (await buyer.track(placed))["order"]

    await last.order_and_pay()
    await town.shelve(*await town.pick_and_pack())
    await town.pool.execute(
        "UPDATE fulfilment.collections SET ready_by = now() - interval '5 days', keep_until = now()"
        " WHERE ended_at IS NULL"
    )
    desk = await town.desk()
    waiting = (await desk.get("/api/v1/collecting")).json()
    answers = await asyncio.gather(
        *(
            desk.post(
                f"/api/v1/collecting/{one['fulfilment_id']}/handed-over",
                json={"age_checked": True},
                headers=key(),
            )
            for one in waiting
        ),
        put_back(town),
    )
    await town.work()

    assert (moved.status_code, moved.json()["code"]) == (409, "is-collected")
    assert {line["handover"] for line in changed["lines"]} == {"collect"}
    assert [line["quantity"] for line in changed["lines"]] == [2, 1]
    assert [one["what"] for one in waiting] == ["ready", "ready"]
    handed = sum(answer.status_code == 200 for answer in answers[:2])
    states = await town.order_states()
    assert states.count("delivered") == handed
    assert states.count("cancelled") == 3 - handed
    assert await town.faults() == []


async def put_back(town):
    await fulfilment.collect.put_back(town.pool)


async def track(buyer, placed):
    return (await buyer.track(placed))["order"]


async def test_what_came_instead_is_handed_over_and_taken_back_under_its_own_name(shop):
    """And a clock that cannot be, of a handheld whose battery was empty, is no time at all."""
    town = await Town.open(shop)
    other = await put_on_shelf(town.pool, SHIRT, name="Volle melk", price=249, deposit=15)
    await stock_up(town.pool, town.place_id, other, 10)
    buyer = await town.collector(3)
    placed = await buyer.order_and_pay(substitution="similar")
    token = placed["track_at"].rpartition("/")[2]
    worker = await town.desk("picker", "packer", "clerk")

    async def send(path, body, status=200):
        answer = await worker.post(path, json=body, headers=key())
        assert answer.status_code == status, answer.text
        return answer.json()

    batches, place = "/api/v1/picking/batches", {"place_id": str(town.place_id)}
    for never in CLOCKS:
        await send(batches, place | {"pick_by": never}, 400)
    [line] = (await send(batches, place, 201))["lines"]
    pick = f"/api/v1/picking/picks/{line['id']}"
    offer = {"product_id": str(other), "quantity": 2, "happened_at": CLOCKS[1]}
    offered = await send(f"{pick}/substitutes", offer, 201)
    answer = f"/api/v1/orders/{token}/substitutes/{offered['substitute']}"
    await buyer.client.post(answer, json={"yes": True}, headers=key())
    scan = {"code": line["gtin"], "quantity": 1, "happened_at": CLOCKS[0]}
    await send(f"{pick}/picked", scan)
    sealed = await send(
        f"/api/v1/packing/{line['fulfilment_id']}/parcels", {"storage": "ambient"}, 201
    )
    await town.shelve(sealed["sscc"])
    await town.pool.execute(
        "UPDATE catalog.texts SET name = 'Half-skimmed' WHERE product_id = $1 AND language = 'en'",
        UUID(line["product_id"]),
    )
    sought = {"number": placed["number"], "name": "Min Janssen"}
    lines = (await send("/api/v1/collecting/find", sought))["lines"]
    page = (
        await worker.get(
            f"/collecting/{line['fulfilment_id']}",
            headers={"accept": "text/html", "accept-language": "en"},
        )
    ).text
    form = {"command": str(new_id()), f"q-{lines[1]['pick_id']}": "1"}
    await worker.post(f"/collecting/{line['fulfilment_id']}/hand-over", data=form)
    await town.work()
    await bring_back(town, UUID(placed["order_id"]), 2)

    assert [(one["picked"], one["gtin"], one["instead_of"]) for one in lines] == [
        (1, line["gtin"], None),
        (2, SHIRT, lines[0]["name"]),
    ]
    assert "instead of Half-skimmed" in page, "in the words of the clerk"
    clocks = await town.pool.fetch("SELECT happened_at, received_at FROM fulfilment.acts")
    assert all(
        abs(row["happened_at"] - row["received_at"]) < timedelta(minutes=1) for row in clocks
    )
    zone = ZoneInfo("Europe/Amsterdam")
    async with begin(town.pool) as db:
        document = await exports.epcis(db, town.place_id, datetime.now(zone).date())
    told = [
        {one.epc_class[-14:]: one.quantity for one in event.quantity_list}
        for event in document.epcis_body.event_list
        if event.biz_step == "receiving"
    ]
    assert told == [{SHIRT: 1}, {line["gtin"]: 1, SHIRT: 1}]
    assert await town.faults() == []


async def bring_back(town, order_id, pieces):
    """At the counter of the same place."""
    _, clerk = await employ(town.pool, "clerk")
    counter = Desk(channel="till", place_id=town.place_id, by=clerk.id)
    wanted = Wanted(lines={"1": pieces}, cause="wrong")
    async with begin(town.pool) as db:
        offer = await returns.offer(db, await orders.read(db, order_id), wanted)
        agreed = msgspec.structs.replace(wanted, amount=offer.amount)
        await returns.take(db, order_id, new_id(), agreed, counter)
