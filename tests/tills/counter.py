"""A store with a till in it, a dark store around the corner, and people who work there."""

import re
from uuid import UUID, uuid4

from app import stock
from app.checkout import Shop
from app.db import begin, new_id
from app.stock.models import Place
from tests.checkout.stage import HOME, Stage, faults_in, stock_up
from tests.shelf import put_on_shelf
from tests.staff_desk import employ

__all__ = ["HOME", "Counter", "Shop", "code_of", "faults_in"]

MILK, WINE = "09521234543213", "09521234543237"


class Counter:
    def __init__(self, stage: Stage, store_id: UUID, products: dict[str, UUID]):
        self.stage, self.pool, self.shop = stage, stage.pool, stage.shop
        self.store_id, self.products = store_id, products

    @classmethod
    async def set_up(cls, shop, *, here=10):
        stage = await Stage.set_up(shop, quantity=20, price=249, deposit=15)
        store = Place(
            id=new_id(), code="stadshart", name="Perron Stadshart", kind="store", street="Plein 1",
            postcode="3511 AA", city="Utrecht", country="NL", time_zone="Europe/Amsterdam",
            latitude=52.09, longitude=5.12, open=True,
        )  # fmt: skip
        async with begin(stage.pool) as db:
            await stock.add_places(db, [store])
        wine = await put_on_shelf(
            stage.pool, WINE, name="Rode wijn", price=599, vat="high", age_limit=18
        )
        for product in (stage.product_id, wine):
            await stock_up(stage.pool, store.id, product, here)
        return cls(stage, store.id, {MILK: stage.product_id, WINE: wine})

    async def clerk(self, *roles, number=1, float_="100,00"):
        """A browser at an opened till."""
        client = self.stage.browser()
        token, person = await employ(self.pool, *(roles or ("clerk",)))
        client.cookies.set("staff", token)
        client.headers["Accept"] = "text/html"
        desk = Desk(self, client, person)
        answer = await desk.post("/till/set-up", place=str(self.store_id), number=str(number))
        client.cookies.set("till", answer.cookies["till"])
        if float_:
            assert (await desk.post("/till/open", amount=float_)).status_code == 303
        return desk

    async def in_store(self, gtin=MILK):
        return await self.pool.fetchrow(
            "SELECT on_hand, reserved FROM stock.levels WHERE product_id = $1 AND place_id = $2",
            self.products[gtin], self.store_id,
        )  # fmt: skip

    async def price_becomes(self, price, gtin=MILK):
        id = self.products[gtin]
        await self.pool.execute("UPDATE catalog.products SET price = $2 WHERE id = $1", id, price)
        await self.pool.execute(
            "UPDATE catalog.prices SET until_at = now() WHERE product_id = $1", id
        )
        await self.pool.execute(
            "INSERT INTO catalog.prices (product_id, amount) VALUES ($1, $2)", id, price
        )

    async def order(self):
        return await self.pool.fetchrow("SELECT * FROM orders.orders ORDER BY placed_at DESC")

    async def faults(self):
        return await faults_in(self.pool)


class Desk:
    def __init__(self, counter, client, person):
        self.counter, self.client, self.person = counter, client, person

    async def post(self, path, **fields):
        fields.setdefault("command", str(uuid4()))
        return await self.client.post(path, data=fields)

    async def scan(self, code=MILK, **more):
        return await self.post("/till/scan", code=code, **more)

    async def line(self, path, gtin=MILK, handover="carry-out", **fields):
        product = str(self.counter.products[gtin])
        return await self.post(path, product_id=product, handover=handover, **fields)

    async def page(self, path="/till"):
        return (await self.client.get(path)).text

    async def pay(self, tender, *, slot=None, **fields):
        """Everything the page of payment would send."""
        path = f"/till/pay?postcode=3511AB&slot={slot}" if slot else "/till/pay"
        page = await self.page(path)
        shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        home = {**HOME, "email": ""} if slot else {}
        given = {"given": "50"} if tender == "cash" else {}
        return await self.post(
            "/till/pay", **{**shown, **home, **given, "tender": tender, **fields}
        )

    async def card_goes_through(self, sold):
        """It is held to the terminal, and the till hears of it; returns the printed receipt."""
        path = sold.headers["location"]
        pay_at = (await self.page(path)).split('class="button big" href="')[1].split('"')[0]
        await self.client.post(pay_at, data={"choice": "pay"})
        await self.post(f"{path}/ask")
        return (await self.page(path)).replace("\xa0", " ")


async def code_of(buyer, role="help"):
    """What the customer's phone shows to whoever shall help."""
    page = (await buyer.client.post("/basket/pairing", data={"role": role})).text
    letters = re.search(r'code-typed number"[^>]*>([0-9A-Z]{4}) ([0-9A-Z]{4})<', page)
    return letters[1] + letters[2]
