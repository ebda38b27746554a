"""An order that two places fill: a piece may come back while the other is still out, together never
more than was paid, and each counts where it was filled."""

from uuid import uuid4

import pytest

from app import returns
from app.db import begin
from tests.checkout.several import TwoStores, deliver, paid_back, send, split_order
from tests.checkout.stage import FEE

PRICE = 249 + 15


@pytest.fixture
async def stores(shop):
    return await TwoStores.set_up(shop)


async def wrong(buyer, placed, amount=None, units=1):
    path = placed["track_at"].removeprefix("http://shop.test")
    wish = {"lines": {"1": units}, "cause": "damaged", "amount": amount}
    answer = await buyer.client.post(
        f"/api/v1{path}/returns", json=wish, headers={"Idempotency-Key": str(uuid4())}
    )
    return answer.status_code, answer.json()


async def test_one_comes_back_while_the_other_is_out_and_each_counts_where_it_was_filled(stores):
    buyer, placed = await split_order(stores)
    worker = await stores.staff("picker", "packer", "driver", "agent", "supervisor")
    too_early = await wrong(buyer, placed, PRICE)
    await deliver(stores, stores.other_place, worker)
    await stores.work()

    both = await wrong(buyer, placed, 2 * PRICE, units=2)
    one = await wrong(buyer, placed, PRICE)
    twice = await wrong(buyer, placed, PRICE)
    await deliver(stores, stores.place_id, worker)
    await stores.work()
    # With the last of it goes back what bringing it cost.
    wish = {"lines": {"1": 1}, "cause": "damaged", "amount": PRICE + FEE}
    order = f"/api/v1/staff/orders/{placed['order_id']}"
    other = await send(worker, f"{order}/returns", wish)
    kind = {"amount": 1, "reason": "It came in two parts"}
    more = await send(worker, f"{order}/goodwill", kind, expect=(403, 409))

    assert (too_early[0], too_early[1]["code"]) == (409, "not-delivered")
    assert (both[0], both[1]["code"]) == (409, "more-than-left")
    assert (one[0], one[1]["settled"], one[1]["amount"]) == (200, True, PRICE)
    assert (twice[0], twice[1]["code"]) == (409, "more-than-left")
    assert other["amount"] == PRICE + FEE
    assert await paid_back(stores, placed) == placed["total"]
    assert more["code"] == "not-paid"
    assert await stores.faults() == []


async def test_what_came_back_is_counted_at_the_place_that_filled_it(shop):
    stores = await TwoStores.set_up(shop, here=1, there=2)
    names = {}
    for name, place in (("Hier", stores.place_id), ("Daar", stores.other_place)):
        await stores.pool.execute("UPDATE stock.places SET name = $2 WHERE id = $1", place, name)
        names[place] = name
    buyer, placed = await split_order(stores)
    worker = await stores.staff("picker", "packer", "driver")
    await deliver(stores, stores.other_place, worker)
    await stores.work()
    # It is an order of the first place, as if its time had been chosen there.
    await stores.pool.execute("UPDATE orders.orders SET place_id = $1", stores.place_id)
    await wrong(buyer, placed, PRICE)

    async with begin(stores.pool) as db:
        by_place = await returns.by_place(db, 30)
        walks = await returns.complaints_by_batch(db, 30)

    assert [(one.label, one.units) for one in by_place] == [("Daar", 1)]
    assert [(one.label, one.units, one.at is not None) for one in walks] == [("Daar", 1, True)]
