"""A town with a store that has a collect desk, and somebody who orders there."""

import re
from datetime import time
from uuid import UUID

from app import collecting
from app.collecting import Desk, Hours
from app.db import begin, new_id
from tests.checkout.stage import HOME, Buyer, Stage, stock_up
from tests.shelf import BEER, put_on_shelf
from tests.staff_desk import employ

ALWAYS = [Hours(day, time(0, 0), time(23, 59)) for day in range(1, 8)]
"""Whatever the time is when the tests run; what hours do is tested with a clock of its own."""
WHO = {name: HOME[name] for name in ("name", "email", "phone")}
NO_CLOCK = "0001-01-01T00:00:00+14:00"
"""As a handheld says it whose battery was empty."""
ADDRESSES = re.compile(r"https?://[^\s\"]+")


class Town(Stage):
    """A stage whose place has a desk; what is sold there is collected there."""

    @classmethod
    async def open(cls, shop, *, quantity=10, **desk):
        town = await cls.set_up(shop, quantity=quantity)
        async with begin(town.pool) as db:
            await collecting.set_up(
                db, town.place_id, Desk(hours=ALWAYS, ready_minutes=30, on_holidays=True, **desk)
            )
        town.beer = await put_on_shelf(
            town.pool, BEER, name="Witbier", price=180, age_limit=18, category="beer"
        )
        await stock_up(town.pool, town.place_id, town.beer, quantity)
        return town

    async def collector(self, quantity=2, *, beers=0) -> "Collector":
        client = self.browser()
        who = Collector(self, client, quantity)
        await who.put(self.product_id, quantity)
        if beers:
            await who.put(self.beer, beers)
        return who

    async def desk(self, *roles):
        """A browser in which somebody at the desk has signed in."""
        token, _ = await employ(self.pool, *(roles or ("clerk",)))
        client = self.browser()
        client.cookies.set("staff", token)
        return client

    async def pick_and_pack(self) -> list[str]:
        """All that waits in the place is picked and packed; the numbers of the parcels."""
        picker, packer = await self.desk("picker"), await self.desk("packer")
        started = await picker.post(
            "/api/v1/picking/batches", json={"place_id": str(self.place_id)}, headers=key()
        )
        assert started.status_code == 201, started.text
        lines = started.json()["lines"]
        for line in lines:
            await picker.post(
                f"/api/v1/picking/picks/{line['id']}/picked",
                json={"code": line["gtin"], "quantity": line["quantity"]},
                headers=key(),
            )
        numbers = []
        for id in dict.fromkeys(line["fulfilment_id"] for line in lines):
            sealed = await packer.post(
                f"/api/v1/packing/{id}/parcels", json={"storage": "ambient"}, headers=key()
            )
            assert sealed.status_code == 201, sealed.text
            numbers.append(sealed.json()["sscc"])
        return numbers

    async def shelve(self, *numbers, shelf="A3"):
        clerk = await self.desk("packer")
        answers = [
            await clerk.post(
                "/api/v1/collecting/parcels",
                json={"code": n, "shelf": shelf, "happened_at": NO_CLOCK},
                headers=key(),
            )
            for n in numbers
        ]
        return [answer.json() for answer in answers]

    async def mails(self) -> dict[str, str]:
        rows = await self.pool.fetch("SELECT kind, body_text FROM messaging.messages")
        return {row["kind"]: row["body_text"] for row in rows}

    async def refunded(self) -> int:
        return await self.pool.fetchval(
            "SELECT coalesce(sum(amount), 0)::int FROM payments.refunds WHERE state <> 'void'"
        )

    async def on_hand(self, product_id) -> int:
        return await self.pool.fetchval(
            "SELECT on_hand FROM stock.levels WHERE product_id = $1 AND place_id = $2",
            product_id, self.place_id,
        )  # fmt: skip


class Collector(Buyer):
    async def put(self, product_id, quantity, handover="collect"):
        command = {"do": "add", "id": str(new_id()), "product_id": str(product_id)}
        command |= {"quantity": quantity, "handover": handover}
        answer = await self.client.post("/api/v1/cart/commands", json=command)
        assert answer.status_code == 200, answer.text

    async def points(self, **query):
        return (await self.client.get("/api/v1/collecting/points", params=query)).json()

    async def wish(self, **changes):
        [point] = (await self.points())["points"]
        cart = await self.cart()
        rows = await self.stage.pool.fetch("SELECT id, price, deposit FROM catalog.products")
        costs = {str(row["id"]): row["price"] + row["deposit"] for row in rows}
        return {
            **WHO,
            "cart_version": cart["version"],
            "total": sum(line["quantity"] * costs[line["product_id"]] for line in cart["lines"]),
            "place": point["place_id"],
            "ready_by": point["ready_by"],
            "of_age": True,
        } | changes

    async def send(self, wish):
        return await self.client.post(
            "/api/v1/checkout/collect", json=wish, headers={"Idempotency-Key": self.key}
        )

    async def order_and_pay(self, **changes):
        answer = await self.order(**changes)
        assert answer.status_code == 201, answer.text
        placed = answer.json()
        await self.choose(placed, "pay")
        await self.stage.work()
        return placed

    async def page(self, placed) -> str:
        path = placed["track_at"].removeprefix(self.stage.settings.base_url)
        return (await self.client.get(path, headers={"accept": "text/html"})).text


def key(id: UUID | None = None) -> dict[str, str]:
    return {"Idempotency-Key": str(id or new_id())}
