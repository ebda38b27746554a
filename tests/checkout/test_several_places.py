"""An order that no place has all of comes from several, in the window that was promised, whole."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import pytest

from app import cart, orders, slots
from app.db import begin
from app.staff import cookie_name
from app.orders.models import Line, Sent
from app.scan import rules as scans
from tests.checkout.stage import FEE, Stage, open_place, open_slot, stock_up
from tests.shelf import SHIRT, put_on_shelf
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


async def deliver(stage, place_id, worker):
    """What a place has to do for the order, by handheld: picked, packed, loaded, driven, handed over."""
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(place_id)})
    for line in batch["lines"]:
        scan = {"code": line["gtin"], "quantity": line["quantity"]}
        await send(worker, f"/api/v1/picking/picks/{line['id']}/picked", scan)
    part = batch["lines"][0]["fulfilment_id"]
    sealed = await send(worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})
    run, stop = await stage.pool.fetchrow(
        "SELECT run_id, id FROM fulfilment.stops WHERE fulfilment_id = $1 AND state = 'planned'",
        UUID(part),
    )
    await send(worker, f"/api/v1/driving/{run}/parcels", {"code": sealed["sscc"]})
    await send(worker, f"/api/v1/driving/{run}/depart", {})
    await send(worker, f"/api/v1/driving/stops/{stop}/delivered", {"to": "customer"})
    await send(worker, f"/api/v1/driving/{run}/back", {})
    return len(batch["lines"])


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
