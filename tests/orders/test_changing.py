"""A shopper changes their mind before picking, colleagues leave notes, and all of it can be read."""

import asyncio
import re
from uuid import uuid4

import pytest

from app.db import begin
from app.fulfilment import Act, picking
from app.pricing import AmountOff, NForM, Where
from tests.checkout.stage import FEE, Stage, open_slot, stock_up
from tests.checkout.test_coupons import DEPOSIT, PRICE, run, uses
from tests.shelf import MILK, put_on_shelf
from tests.staff_desk import employ


@pytest.fixture
async def stage(shop):
    return await Stage.set_up(shop)


async def change(buyer, placed, key=None, **changes):
    token = placed["track_at"].rpartition("/")[2]
    headers = {"Idempotency-Key": key or str(uuid4())}
    address = f"/api/v1/orders/{token}/changes"
    return await buyer.client.post(address, json=changes, headers=headers)


async def test_another_door_and_a_remark_until_picking_starts(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    key = str(uuid4())

    answers = [
        await change(buyer, placed, key, note="Bel de buren", house_number="14") for _ in range(2)
    ]
    now = (await buyer.track(placed))["order"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (now["note"], now["address"]["house_number"], now["version"]) == (
        "Bel de buren",
        "14",
        2,
    )
    assert now["contact"]["name"] == "Min Janssen"

    await buyer.choose(placed, "pay")
    await stage.work()
    await stage.advance(placed, "in_fulfilment")
    late = await change(buyer, placed, note="Toch niet")
    assert (late.status_code, late.json()["code"]) == (409, "order-moved-on")
    assert (await change(buyer, placed, postcode="1011 AA")).status_code == 400
    assert await stage.faults() == []


async def test_colleagues_read_what_happened_and_add_to_it(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    desk = stage.browser()
    token, _ = await employ(stage.pool, "dispatcher")
    from app import staff

    desk.cookies.set(staff.cookie_name(stage.settings), token)
    address = f"/api/v1/staff/orders/{placed['order_id']}"

    said = await desk.post(
        f"{address}/notes",
        json={"text": "Belde: graag na zes uur."},
        headers={"Idempotency-Key": str(uuid4())},
    )
    kinds = [one["kind"] for one in (await desk.get(f"{address}/history")).json()]

    assert said.status_code == 201
    for kind in ("OrderPlaced", "StockHeld", "PaymentCaptured", "OrderConfirmed", "note"):
        assert kind in kinds
    assert (await buyer.client.get(f"{address}/history")).status_code == 401
    assert "graag na zes uur" not in str(await buyer.track(placed))
    async with begin(stage.pool) as db:
        assert await db.fetchval("SELECT count(*) FROM orders.notes") == 1


async def paid(stage, quantity=2):
    buyer = await stage.buyer(quantity=quantity)
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    return buyer, placed


async def contents(buyer, placed, key=None, **change):
    token = placed["track_at"].rpartition("/")[2]
    headers = {"Idempotency-Key": key or str(uuid4())}
    address = f"/api/v1/orders/{token}/contents"
    return await buyer.client.post(address, json=change, headers=headers)


async def picks(stage):
    rows = await stage.pool.fetch("SELECT line_no, quantity FROM fulfilment.picks ORDER BY line_no")
    return [tuple(row) for row in rows]


async def test_less_is_paid_back_and_not_picked(stage):
    buyer, placed = await paid(stage, quantity=3)
    one = 249 + 15
    key = str(uuid4())

    unseen = await contents(buyer, placed, quantities={"1": 1}, total=1)
    answers = [
        await contents(buyer, placed, key, quantities={"1": 1}, total=one + FEE) for _ in range(2)
    ]
    nothing = await contents(buyer, placed, quantities={"1": 0}, total=0)
    await stage.work()
    await stage.make_refunds()

    assert (unseen.status_code, unseen.json()["code"]) == (409, "total-changed")
    assert [answer.json()["change"]["state"] for answer in answers] == ["made", "made"]
    assert answers[0].json()["change"]["difference"] == -2 * one
    assert nothing.json()["code"] == "nothing-left"
    now = (await buyer.track(placed))["order"]
    assert (now["lines"][0]["quantity"], now["sums"]["total"]) == (1, one + FEE)
    assert await stage.reserved() == 1
    assert await picks(stage) == [(1, 1)]
    assert await stage.pool.fetchval("SELECT sum(amount)::int FROM payments.refunds") == 2 * one
    subjects = await stage.pool.fetch("SELECT subject FROM messaging.messages")
    assert f"Bestelling {placed['number']} is gewijzigd" in [row["subject"] for row in subjects]
    assert await stage.faults() == []


async def test_more_is_held_at_once_and_comes_once_it_is_paid(stage):
    buyer, placed = await paid(stage, quantity=1)
    bread = await put_on_shelf(stage.pool, "09521234543220", name="Brood", price=300)
    await stock_up(stage.pool, stage.place_id, bread, 2)
    wish = {
        "quantities": {"1": 2},
        "added": [{"product_id": str(bread), "quantity": 2}],
        "total": 2 * 264 + 600 + FEE,
    }

    asked = await contents(buyer, placed, **wish)
    again = await contents(buyer, placed, **wish)
    held, before = await stage.reserved(), (await buyer.track(placed))["order"]
    await buyer.choose({"pay_at": asked.json()["pay_at"]}, "pay")
    await stage.work()

    assert asked.json()["change"]["state"] == "waiting", asked.text
    assert (again.status_code, again.json()["code"]) == (409, "change-waits")
    assert (held, before["sums"]["total"]) == (1 + 1 + 2, 264 + FEE)
    now = (await buyer.track(placed))["order"]
    assert [(line["name"], line["quantity"]) for line in now["lines"]] == [
        ("Halfvolle melk", 2),
        ("Brood", 2),
    ]
    assert now["sums"]["total"] == wish["total"]
    assert await stage.reserved() == 4
    assert await picks(stage) == [(1, 2), (2, 2)]
    assert await stage.faults() == []
    await buyer.cancel(placed)
    await stage.work()
    await stage.make_refunds()
    assert await stage.reserved() == 0
    assert await stage.faults() == []


async def test_what_is_not_paid_or_comes_too_late_leaves_the_order_as_it_was(stage):
    buyer, placed = await paid(stage, quantity=1)
    token = placed["track_at"].rpartition("/")[2]
    wish = {"quantities": {"1": 3}, "total": 3 * 264 + FEE}

    too_many = await contents(buyer, placed, quantities={"1": 60}, total=60 * 264 + FEE)
    first = await contents(buyer, placed, **wish)
    await buyer.client.post(f"/api/v1/orders/{token}/contents/let-go")
    let_go = await stage.reserved()
    late = await contents(buyer, placed, **wish)
    await stage.advance(placed, "in_fulfilment")
    await buyer.choose({"pay_at": late.json()["pay_at"]}, "pay")
    await stage.work()
    await stage.reconcile()
    await stage.make_refunds()

    assert too_many.json()["code"] == "out-of-stock"
    assert first.json()["change"]["state"] == "waiting"
    assert let_go == 1
    assert (await buyer.track(placed))["order"]["sums"]["total"] == 264 + FEE
    assert await stage.pool.fetchval("SELECT sum(amount)::int FROM payments.refunds") == 528
    assert await stage.reserved() == 1
    refused = await contents(buyer, placed, **wish)
    assert refused.json()["code"] == "order-moved-on"
    assert await stage.faults() == []


async def test_money_that_comes_for_a_change_that_was_let_go_goes_back(stage):
    buyer, placed = await paid(stage, quantity=1)
    token = placed["track_at"].rpartition("/")[2]
    asked = await contents(buyer, placed, quantities={"1": 3}, total=3 * 264 + FEE)

    await buyer.choose({"pay_at": asked.json()["pay_at"]}, "never")  # and nobody told us yet
    await buyer.client.post(f"/api/v1/orders/{token}/contents/let-go")
    for _ in range(2):
        await stage.reconcile()
        await stage.work()
    await stage.make_refunds()

    assert await stage.pool.fetchval("SELECT sum(amount)::int FROM payments.refunds") == 528
    assert await stage.faults() == []


async def test_a_picker_who_starts_at_once_walks_with_the_order_as_it_is_by_then(stage):
    """The worker has not told the place yet: the list is made right under the order's lock."""
    buyer, placed = await paid(stage, quantity=3)
    _, person = await employ(stage.pool, "picker")

    await contents(buyer, placed, quantities={"1": 2}, total=2 * 264 + FEE)
    async with begin(stage.pool) as db:
        batch = await picking.start(db, Act(uuid4(), person, None), stage.place_id)
        [line] = (await picking.pick_list(db, batch)).lines
    async with begin(stage.pool) as db:
        await picking.pick(db, Act(uuid4(), person, None), line.id, code=None, quantity=2)
    await stage.work()
    await stage.make_refunds()

    assert line.quantity == 2
    assert tuple(await stage.pool.fetchrow("SELECT on_hand, reserved FROM stock.levels")) == (8, 0)
    assert await stage.faults() == []


async def test_what_stays_keeps_the_offer_it_was_sold_with(stage):
    offer = await run(stage, NForM(3, 2), lane=0)
    buyer = await stage.buyer(quantity=3)
    placed = (await buyer.order(total=2 * 249 + 3 * 15 + FEE)).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    await stage.pool.execute("UPDATE pricing.promotions SET state = 'stopped'")

    token = placed["track_at"].rpartition("/")[2]
    address = f"/api/v1/orders/{token}/contents/look"
    six = (await buyer.client.post(address, json={"quantities": {"1": 6}})).json()
    two = (await buyer.client.post(address, json={"quantities": {"1": 2}})).json()

    assert six["receipt"]["total"] == 4 * 249 + 6 * 15 + FEE
    assert (two["receipt"]["total"], two["difference"]) == (2 * 249 + 2 * 15 + FEE, -15)
    assert six["receipt"]["advantages"][0]["promotion_id"] == str(offer.id)


async def test_a_coupon_that_was_not_earned_is_not_had_by_changing_the_order(stage):
    for code in ("BIGONE", "SMALLONE"):
        least = 2 * PRICE if code == "BIGONE" else 0
        where = Where(coupon=True, minimum_amount=least)
        await run(stage, AmountOff(100), code=code, most=1, lane=1, where=where)
    one = PRICE + DEPOSIT
    sold = []
    for code, off in (("BIGONE", 0), ("SMALLONE", 100)):
        buyer = await stage.buyer()
        placed = (await buyer.order(coupon=code, total=one + FEE - off)).json()
        await buyer.choose(placed, "pay")
        await stage.work()
        sold.append((buyer, placed))

    with_it, without = [
        (await contents(buyer, placed, quantities={"1": 3}, total=1)).json()["state"]["receipt"]
        for buyer, placed in reversed(sold)
    ]

    assert (with_it["discount"], without["discount"]) == (100, 0)
    assert await uses(stage) == 1
    assert await stage.faults() == []


async def test_another_time_never_costs_more_and_is_where_the_van_goes(stage):
    buyer, placed = await paid(stage, quantity=1)
    token = placed["track_at"].rpartition("/")[2]
    cheap = await open_slot(stage.pool, stage.place_id, fee=95, in_hours=40)
    dear = await open_slot(stage.pool, stage.place_id, fee=995, in_hours=50)
    full = await open_slot(stage.pool, stage.place_id, capacity=0, in_hours=60)
    totals = []

    for slot in (cheap, dear, full):
        headers = {"Idempotency-Key": str(uuid4())}
        address = f"/api/v1/orders/{token}/slot"
        answer = await buyer.client.post(address, json={"slot": str(slot)}, headers=headers)
        order = (await buyer.track(placed))["order"]
        totals.append((answer.status_code, order["sums"]["total"], order["slot_id"]))
    await stage.work()
    await stage.make_refunds()

    assert totals == [
        (200, 264 + 95, str(cheap)),
        (200, 264 + 95, str(dear)),
        (409, 264 + 95, str(dear)),
    ]
    window = await stage.pool.fetchrow(
        """
        SELECT work.window_starts_at = sold.starts_at AS same, run.starts_at = sold.starts_at AS van
          FROM fulfilment.fulfilments AS work
          JOIN orders.orders AS sold ON sold.id = work.order_id
          JOIN fulfilment.stops AS stop ON stop.fulfilment_id = work.id
          JOIN fulfilment.runs AS run ON run.id = stop.run_id
         WHERE stop.state <> 'dropped'
        """
    )
    assert tuple(window) == (True, True)
    assert await stage.faults() == []


async def test_a_shopper_looks_at_the_new_total_and_then_agrees_to_it(stage):
    buyer, placed = await paid(stage, quantity=2)
    path = placed["track_at"].removeprefix("http://shop.test")
    page = (await buyer.client.get(path)).text
    form = (await buyer.client.get(f"{path}/change")).text

    seen = await buyer.client.post(
        f"{path}/change", data={"do": "look", "q-1": "2", "code": MILK, "command": str(uuid4())}
    )
    agreed = filled(seen.text)
    to_pay = await buyer.client.post(f"{path}/change", data=agreed | {"do": "change", "q-1": "3"})
    waits = (await buyer.client.get(path)).text
    await buyer.client.post(f"{path}/change", data={"do": "let-go"})
    wrong = await buyer.client.post(f"{path}/change", data={"do": "look", "code": "09521234543999"})

    assert f"{path}/change" in page
    assert 'name="q-1"' in form
    assert 'value="3"' in seen.text
    assert agreed["total"] == str(3 * 264 + FEE)
    assert to_pay.status_code == 303
    assert "wacht op betaling" in waits
    assert to_pay.headers["location"] in waits
    assert wrong.status_code in (400, 404)
    assert await stage.reserved() == 2
    assert await stage.faults() == []


def filled(page):
    form = page[page.index('class="change"') :]
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in ("command", "total")
    }


async def test_of_a_change_and_a_picker_in_the_same_moment_one_comes_first(stage):
    """Both want the same order on connections of their own; nobody picks what is paid back."""
    buyer, placed = await paid(stage, quantity=3)
    _, person = await employ(stage.pool, "picker")

    async def start():
        async with begin(stage.pool) as db:
            return await picking.start(db, Act(uuid4(), person, None), stage.place_id)

    changed, batch = await asyncio.gather(
        contents(buyer, placed, quantities={"1": 2}, total=2 * 264 + FEE), start()
    )
    await stage.work()
    async with begin(stage.pool) as db:
        [line] = (await picking.pick_list(db, batch)).lines
    ordered = (await buyer.track(placed))["order"]["lines"][0]["quantity"]

    assert changed.status_code in (200, 409), changed.text
    assert line.quantity == ordered == (2 if changed.status_code == 200 else 3)
    assert await stage.reserved() == ordered
    await stage.make_refunds()
    assert await stage.faults() == []
