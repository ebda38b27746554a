"""A basket whose goods go home two ways, the stores it is ordered from, and their people."""

from uuid import UUID

from app import collecting
from app.collecting import Desk
from app.db import begin
from tests.checkout.several import send
from tests.checkout.stage import FEE, HOME, open_place, stock_up
from tests.fulfilment.collect.stage import ALWAYS, Collector, Town


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


class TwoPlaces(OneStore):
    """One brings home, and the other has the only desk."""

    desk_at = None

    @classmethod
    async def open(cls, shop, *, quantity=10, at_desk=10, **desk):
        town = await super().open(shop, quantity=quantity)
        town.desk_at = await open_place(town.pool, areas=("9700", "9799"))
        async with begin(town.pool) as db:
            await collecting.set_up(db, town.place_id, Desk(hours=ALWAYS, open=False))
            await collecting.set_up(
                db, town.desk_at, Desk(hours=ALWAYS, ready_minutes=30, on_holidays=True, **desk)
            )
        for product in (town.product_id, town.beer):
            await stock_up(town.pool, town.desk_at, product, at_desk)
        return town

    async def levels(self):
        """Place → what is there of the milk, and how much of that is promised."""
        rows = await self.pool.fetch(
            "SELECT place_id, on_hand, reserved FROM stock.levels WHERE product_id = $1",
            self.product_id,
        )
        found = {row["place_id"]: (row["on_hand"], row["reserved"]) for row in rows}
        return found[self.place_id], found[self.desk_at]


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
