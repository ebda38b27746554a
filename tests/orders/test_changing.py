"""A shopper changes their mind before picking, colleagues leave notes, and all of it can be read."""

from uuid import uuid4

import pytest

from app.db import begin
from tests.checkout.stage import Stage
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
