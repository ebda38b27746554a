"""One receipt at a counter: scanned, carried out or sent home, paid, printed."""

from uuid import uuid4

import pytest

from app import staff
from app.db import begin
from app.errors import Malformed, NotAllowed
from tests.staff_desk import employ
from tests.tills.counter import MILK, WINE, Counter


@pytest.fixture
async def counter(shop):
    return await Counter.set_up(shop)


async def test_cash_for_what_is_carried_out_leaves_the_shelf_and_lies_in_the_drawer(counter):
    desk = await counter.clerk()

    await desk.scan("2*" + MILK)
    assert "€ 5,28" in (await desk.page("/till")).replace("\xa0", " ")
    sold = await desk.pay("cash", given="10")
    receipt = await desk.page(sold.headers["location"])

    assert sold.status_code == 303
    assert tuple(await counter.in_store()) == (8, 0)
    order = await counter.order()
    assert (order["state"], order["total"], order["email"]) == ("delivered", 528, "")
    assert "<svg" in receipt
    drawer = await counter.pool.fetch("SELECT kind, amount, rounding FROM tills.drawer ORDER BY id")
    assert [tuple(row) for row in drawer] == [("float", 10000, 0), ("sale", 530, 2)]
    await counter.stage.work()
    assert await counter.pool.fetchval("SELECT count(*) FROM messaging.messages") == 0
    assert await counter.faults() == []


async def test_a_repeated_press_of_a_button_sells_once(counter):
    desk = await counter.clerk()
    scan = str(uuid4())
    for _ in range(3):
        await desk.scan(command=scan)
    pay = str(uuid4())
    first = await desk.pay("cash", command=pay)
    again = await desk.client.post(
        "/till/pay",
        data={"command": pay, "cart_version": 1, "total": 264, "given": "50", "tender": "cash"},
    )

    assert first.headers["location"] == again.headers["location"]
    assert await counter.pool.fetchval("SELECT count(*) FROM orders.orders") == 1
    assert (await counter.in_store())["on_hand"] == 9
    assert await counter.faults() == []


async def test_two_carried_out_and_one_sent_home_are_one_receipt_and_one_order(counter):
    desk = await counter.clerk()
    await desk.scan("3*" + MILK)
    await desk.line("/till/hand-over", to="delivery", quantity="1")

    sold = await desk.pay("card", slot=counter.stage.slot_id)
    page = await desk.page(sold.headers["location"])
    pay_at = page.split('class="button big" href="')[1].split('"')[0]
    assert (await counter.order())["state"] == "placed"
    await desk.client.post(pay_at, data={"choice": "pay"})
    await desk.post(f"{sold.headers['location']}/ask")

    order = await counter.order()
    assert order["state"] == "confirmed"
    assert order["place_id"] == counter.stage.place_id
    lines = await counter.pool.fetch(
        "SELECT handover, quantity, delivered_quantity FROM orders.lines ORDER BY handover"
    )
    assert [tuple(line) for line in lines] == [("carry-out", 2, 2), ("delivery", 1, 0)]
    assert tuple(await counter.in_store()) == (8, 0)
    await counter.stage.work()
    assert await counter.pool.fetchval("SELECT sum(quantity) FROM fulfilment.picks") == 1
    assert await counter.faults() == []


async def test_a_card_that_does_not_work_gives_goods_and_receipt_back(counter):
    desk = await counter.clerk()
    await desk.scan()
    sold = await desk.pay("card")
    assert (await counter.in_store())["reserved"] == 1

    await desk.post(f"{sold.headers['location']}/give-up")

    assert tuple(await counter.in_store()) == (10, 0)
    assert (await desk.pay("cash")).status_code == 303
    numbers = await counter.pool.fetch("SELECT number, state FROM tills.receipts")
    assert [tuple(row) for row in numbers] == [(1, "paid")]
    assert await counter.faults() == []


async def test_a_proof_of_age_is_looked_at_before_wine_is_sold(counter):
    desk = await counter.clerk()
    await desk.scan(WINE)

    refused = await desk.pay("cash")
    little = await desk.pay("cash", age_checked="1", given="1")
    sold = await desk.pay("cash", age_checked="1")

    assert 'name="age_checked" value="1" checked' in little.text
    assert (refused.status_code, sold.status_code) == (409, 303)
    acts = await counter.pool.fetch("SELECT act FROM staff.audit")
    assert "till.age_checked" in [row["act"] for row in acts]


async def test_what_lies_on_the_counter_is_sold_although_the_books_have_none(counter):
    await counter.pool.execute("UPDATE stock.levels SET reserved = 0")
    desk = await counter.clerk()
    await desk.scan("12*" + MILK)

    refused = await desk.pay("cash")
    ticked = (await desk.pay("cash", age_checked="1")).text
    sold = await desk.pay("cash", found="1")

    assert 'name="found" value="1">' in ticked  # offered, and not ticked by us
    assert (refused.status_code, sold.status_code) == (409, 303)
    assert tuple(await counter.in_store()) == (0, 0)
    assert await counter.faults() == []


async def test_too_little_money_and_a_price_that_moved_sell_nothing(counter):
    desk = await counter.clerk()
    await desk.scan()

    little = await desk.pay("cash", given="1")
    moved = await desk.pay("cash", total="200")

    assert (little.status_code, moved.status_code) == (409, 409)
    assert await counter.pool.fetchval("SELECT count(*) FROM orders.orders") == 0
    assert tuple(await counter.in_store()) == (10, 0)
    assert await counter.faults() == []


async def test_parked_and_gone_on_with_and_voided_for_a_reason(counter):
    desk = await counter.clerk()
    await desk.scan("20*" + MILK)
    await desk.post("/till/park")
    await desk.scan(WINE)
    parked = await counter.pool.fetchval("SELECT id FROM tills.receipts WHERE state = 'parked'")

    busy = await desk.post("/till/resume", receipt=str(parked))
    no_reason = await desk.post("/till/void", reason="")
    await desk.post("/till/void", reason="Klant liep weg")
    resumed = await desk.post("/till/resume", receipt=str(parked))

    assert (busy.status_code, no_reason.status_code, resumed.status_code) == (409, 400, 303)
    assert "Halfvolle melk" in await desk.page()
    assert await counter.faults() == []


async def test_a_dented_tin_costs_less_for_a_reason_and_much_less_needs_a_supervisor(counter):
    desk = await counter.clerk()
    boss = await counter.clerk("clerk", "supervisor", number=2)
    for one in (desk, boss):
        await one.scan()

    too_much = await desk.line("/till/price", price="0,50", reason="Deuk")
    dearer = await desk.line("/till/price", price="9,99", reason="Deuk")
    fine = await desk.line("/till/price", price="2,00", reason="Deuk")
    bold = await boss.line("/till/price", price="0,50", reason="Deuk")
    await desk.pay("cash")

    codes = [answer.status_code for answer in (too_much, dearer, fine, bold)]
    assert codes == [403, 409, 303, 303]
    assert (await counter.order())["total"] == 215
    reasons = await counter.pool.fetch("SELECT reason FROM staff.audit WHERE act = 'till.override'")
    assert {"249 -> 200: Deuk", "249 -> 50: Deuk"} == {row["reason"] for row in reasons}


async def test_a_supervisor_agrees_at_the_clerks_screen_by_pin_or_badge(counter):
    desk = await counter.clerk()
    _, boss = await employ(counter.pool, "supervisor")
    login = f"robin-{boss.id}"
    async with begin(counter.pool) as db:
        await staff.change_pin(db, login, "271828")
        badge = await staff.new_badge(db, login)
    await desk.scan()
    wish = {"price": "0,50", "reason": "Deuk"}
    dear = {"reason": "Klant liep weg"}

    asked = await desk.line("/till/price", **wish)
    wrong = await desk.line("/till/price", **wish, approver=login, pin="314159")
    agreed = await desk.line("/till/price", **wish, approver=login, pin="271828")
    sold = (await desk.pay("cash")).headers["location"]
    undone = await desk.post(f"{sold}/take-back", reason="Verkeerd", approver=badge.lower())
    await desk.scan("25*" + MILK)
    many = [await desk.post("/till/void", **dear), await desk.line("/till/remove", **dear)]
    void = await desk.post("/till/void", **dear, approver=badge)

    codes = [answer.status_code for answer in (asked, wrong, agreed, undone, *many, void)]
    assert codes == [403, 403, 303, 303, 403, 403, 303]
    assert all('name="reason" value="Klant liep weg"' in answer.text for answer in many)
    assert 'action="/till/void" data-plain' in many[0].text
    assert 'name="price" value="0,50"' in asked.text
    assert 'data-coin="5"' in asked.text
    trail = await counter.pool.fetch(
        "SELECT act, reason FROM staff.audit WHERE person_id = $1 ORDER BY at", boss.id
    )
    assert [tuple(row) for row in trail] == [
        ("till.agreed", "249 -> 50: Deuk"),
        ("till.agreed", "take back: Verkeerd"),
        ("till.agreed", "void of 6225: Klant liep weg"),
    ]
    assert {row["act"] for row in await counter.pool.fetch("SELECT act FROM staff.audit")} >= {
        "till.override",
        "till.take_back",
        "till.void",
    }
    async with begin(counter.pool) as db:
        await staff.new_badge(db, login)
        for easy in ("12345", "111112", "abcdef"):
            with pytest.raises(Malformed):
                await staff.change_pin(db, login, easy)
    with pytest.raises(NotAllowed):
        await staff.approve(counter.pool, "supervisor", badge, "", "::1")


async def test_a_price_check_beside_the_receipt_says_where_it_is(counter):
    desk = await counter.clerk()
    await desk.scan(WINE)

    page = await desk.page(f"/till?look={MILK}")

    assert "Donkere winkel" in page
    assert await counter.pool.fetchval("SELECT sum(items) FROM cart.carts") == 1


async def test_a_paid_receipt_is_undone_by_a_supervisor_alone(counter):
    desk = await counter.clerk()
    boss = await counter.clerk("clerk", "supervisor", number=2)
    for one in (desk, boss):
        await one.scan()
    mine, theirs = await desk.pay("cash"), await boss.pay("cash")

    refused = await desk.post(f"{mine.headers['location']}/take-back", reason="Verkeerd")
    done = await boss.post(f"{theirs.headers['location']}/take-back", reason="Verkeerd")
    await counter.stage.make_refunds()
    await counter.stage.work()

    assert (refused.status_code, done.status_code) == (403, 303)
    assert tuple(await counter.in_store()) == (9, 0)
    states = await counter.stage.order_states()
    assert sorted(states) == ["cancelled", "delivered"]
    assert await counter.pool.fetchval("SELECT sum(amount) FROM tills.drawer") == 20265
    assert await counter.faults() == []
