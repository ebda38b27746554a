"""One basket, one order, one payment: part of it is brought home, part of it is collected."""

from uuid import UUID

from tests.checkout.several import bring, send
from tests.checkout.stage import FEE, HOME
from tests.fulfilment.collect.stage import Collector, Town


class Both(Collector):
    """Has some of it brought, and comes for the rest."""

    async def wish(self, **changes):
        points = (await self.points())["points"]
        [point] = [one for one in points if one["place_id"] == str(self.stage.desk_at)]
        cart = await self.cart()
        rows = await self.stage.pool.fetch("SELECT id, price, deposit FROM catalog.products")
        costs = {str(row["id"]): row["price"] + row["deposit"] for row in rows}
        return {
            **HOME,
            "cart_version": cart["version"],
            "total": FEE + sum(one["quantity"] * costs[one["product_id"]] for one in cart["lines"]),
            "slot": str(self.stage.slot_id),
            "collect": {"place": point["place_id"], "ready_by": point["ready_by"]},
            "of_age": True,
        } | changes

    async def send(self, wish):
        return await self.client.post(
            "/api/v1/checkout", json=wish, headers={"Idempotency-Key": self.key}
        )


class OneStore(Town):
    """It brings home and has a desk."""

    @property
    def desk_at(self):
        return self.place_id

    async def both(self, brought=1, collected=1, *, beers=0):
        who = Both(self, self.browser(), brought + collected)
        await who.put(self.product_id, brought, "delivery")
        await who.put(self.product_id, collected)
        if beers:
            await who.put(self.beer, beers)
        return who

    async def worker(self, *roles):
        return await self.desk(*(roles or ("picker", "packer", "driver", "clerk")))


async def batch_at(worker, place_id):
    """What waits there to be picked."""
    batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(place_id)})
    return batch["lines"]


async def pick(worker, line):
    scan = {"code": line["gtin"], "quantity": line["quantity"]}
    await send(worker, f"/api/v1/picking/picks/{line['id']}/picked", scan)


async def ways(stage, placed):
    rows = await stage.pool.fetch(
        "SELECT id, way, state FROM fulfilment.fulfilments WHERE order_id = $1",
        UUID(placed["order_id"]),
    )
    return {row["way"]: (row["id"], row["state"]) for row in rows}


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
    first, second = await batch_at(worker, town.place_id)
    await pick(worker, first)
    assert await town.on_hand(town.product_id) == 1, "the other one still waits for its own way"
    assert await town.reserved() == 1
    await pick(worker, second)
    brought, collected = (str(parts[way][0]) for way in ("delivery", "collect"))
    sealed = await send(worker, f"/api/v1/packing/{brought}/parcels", {"storage": "ambient"})
    await bring(town, brought, sealed, worker)
    await town.work()
    half = (await buyer.track(placed))["order"]
    assert half["state"] == "in_fulfilment"
    assert [line["delivered_quantity"] for line in half["lines"]] == [1, 0]
    kept = await send(worker, f"/api/v1/packing/{collected}/parcels", {"storage": "ambient"})
    await town.shelve(kept["sscc"])
    await town.work()
    assert "ReadyForCollection" in await town.mails()
    await send(worker, f"/api/v1/collecting/{collected}/handed-over", {"age_checked": True})
    await town.work()

    whole = (await buyer.track(placed))["order"]
    assert whole["state"] == "delivered"
    assert [line["delivered_quantity"] for line in whole["lines"]] == [1, 1]
    assert await town.on_hand(town.product_id) == 0
    assert await town.refunded() == 0
    assert await town.faults() == []
