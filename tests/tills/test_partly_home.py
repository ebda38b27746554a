"""What was carried out stays sold, whatever becomes of what was to be sent home."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app import fulfilment, stock
from app.db import begin, new_id
from app.fulfilment import Act
from app.orders.rules import link_token
from tests.checkout.stage import open_slot
from tests.shelf import put_on_shelf
from tests.staff_desk import employ
from tests.tills.counter import MILK, WINE, Counter

NUTS = "09521234543244"


@pytest.fixture
async def counter(shop):
    return await Counter.set_up(shop)


async def sell_mixed(counter):
    """Two milk carried out, one sent home, paid in cash: 3 × 2.64 + 3.95."""
    desk = await counter.clerk()
    await desk.scan("3*" + MILK)
    await desk.line("/till/hand-over", to="delivery", quantity="1")
    sold = await desk.pay("cash", slot=counter.stage.slot_id)
    assert sold.status_code == 303
    crates = "SELECT ambient_used + chilled_used + frozen_used FROM slots.slots WHERE id = $1"
    assert await counter.pool.fetchval(crates, counter.stage.slot_id) == 1, "room in a van, too"
    await counter.stage.work()
    return desk


async def test_what_comes_in_before_is_sold_here_for_the_times_after_it(counter):
    nuts = await put_on_shelf(counter.pool, NUTS, name="Pinda's", price=300)
    counter.products[NUTS] = nuts
    later = await open_slot(counter.pool, counter.stage.place_id, in_hours=120)
    zone = counter.stage.settings.zone
    async with begin(counter.pool) as db:
        in_two_days = datetime.now(zone).date() + timedelta(days=2)
        place_id = counter.stage.place_id
        await stock.coming.expect(db, nuts, place_id, 2, in_two_days, to_order=True)
    desk = await counter.clerk()

    looked = await desk.page(f"/till?look={NUTS}")
    await desk.scan("3*" + NUTS, handover="delivery")
    receipt = await desk.page()
    too_many = await desk.pay("cash", slot=later)
    await desk.line("/till/step", NUTS, "delivery", step="-1")
    too_soon = await desk.pay("cash", slot=counter.stage.slot_id)
    sold = await desk.pay("cash", slot=later)

    assert "bezorgd vanaf" in looked
    assert "bezorgd vanaf" in receipt
    codes = [answer.status_code for answer in (too_many, too_soon, sold)]
    assert codes == [409, 409, 303]
    assert await counter.pool.fetchval("SELECT promised FROM stock.expected") == 2
    assert (await counter.order())["state"] == "confirmed"
    assert await counter.faults() == []


async def test_a_picker_who_finds_nothing_pays_back_what_was_to_come_and_no_more(counter):
    await sell_mixed(counter)
    _, person = await employ(counter.pool, "picker")
    async with begin(counter.pool) as db:
        batch = await fulfilment.picking.start(db, Act(new_id(), person), counter.stage.place_id)
    pick = await counter.pool.fetchval("SELECT id FROM fulfilment.picks")

    async with begin(counter.pool) as db:
        await fulfilment.picking.short(db, Act(new_id(), person), pick, reason="not-found")
    await counter.stage.work()
    await counter.stage.make_refunds()

    assert batch
    order = await counter.order()
    assert order["state"] == "part_delivered"
    back = await counter.pool.fetchval("SELECT sum(amount) FROM payments.refunds")
    assert back == 264 + 395
    lines = await counter.pool.fetch(
        "SELECT delivered_quantity FROM orders.lines ORDER BY handover"
    )
    assert [line["delivered_quantity"] for line in lines] == [2, 0]
    assert await counter.faults() == []


async def test_the_tracking_link_does_not_call_off_what_was_taken_along(counter):
    await sell_mixed(counter)
    order = await counter.order()
    token = link_token(counter.stage.settings.secret, UUID(str(order["id"])))
    browser = counter.stage.browser()
    answer = await browser.post(
        f"/api/v1/orders/{token}/cancel", headers={"Idempotency-Key": str(new_id())}
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "taken-along"
    tracked = (await browser.get(f"/api/v1/orders/{token}")).json()
    assert (tracked["can_be_cancelled"], tracked["why_kept"]) == (False, "taken-along")
    page = (await browser.get(f"/orders/{token}")).text
    assert "al meegenomen" in page
    assert f'action="/orders/{token}/cancel"' not in page
    assert await counter.faults() == []


async def test_a_basket_that_lies_at_a_till_is_not_ordered_on_the_phone(counter):
    desk = await counter.clerk()
    await desk.scan(WINE)
    cart_id = await counter.pool.fetchval("SELECT cart_id FROM tills.receipts")
    buyer = await counter.stage.buyer()
    await counter.pool.execute(
        "UPDATE cart.lines SET handover = 'carry-out' WHERE cart_id <> $1", cart_id
    )

    refused = await buyer.order()

    assert refused.status_code == 409
    assert refused.json()["code"] == "at-the-till"


async def test_what_was_carried_out_comes_back_alone_while_the_rest_is_on_its_way_and_after(
    counter,
):
    desk = await sell_mixed(counter)
    order = await counter.order()
    page = f"/till/returns/{order['id']}"
    nos = await counter.pool.fetch("SELECT line_no FROM orders.lines WHERE handover = 'carry-out'")
    lines = "&".join(f"n{row['line_no']}=1" for row in nos)

    async def bring_one():
        offer = await desk.page(f"{page}?{lines}&cause=changed-mind&condition=as-new")
        form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', offer))
        done = await desk.post(page, **form)
        assert done.status_code == 303, done.text
        return await counter.pool.fetchval("SELECT amount FROM returns.returns ORDER BY at DESC")

    assert await bring_one() == 264
    _, person = await employ(counter.pool, "picker")
    async with begin(counter.pool) as db:
        await fulfilment.picking.start(db, Act(new_id(), person), counter.stage.place_id)
        pick = await db.fetchval("SELECT id FROM fulfilment.picks")
        await fulfilment.picking.short(db, Act(new_id(), person), pick, reason="not-found")
    await counter.stage.work()
    assert await bring_one() == 264
    await counter.stage.make_refunds()
    assert await counter.pool.fetchval("SELECT sum(amount) FROM payments.refunds") == 3 * 264 + 395
    assert await counter.faults() == []
