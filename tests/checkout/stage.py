"""A small shop with one dark store: goods on its shelf, a zone around it, a slot this evening."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx

from app import checkout, consequences, orders, payments, slots, stock
from app.checkout.jobs import register as register_checkout
from app.db import begin, new_id
from app.jobs import Register
from app.jobs.worker import hear_once, step_once
from app.stock.models import Line, Place
from tests.shelf import put_on_shelf

HOME = {
    "name": "Min Janssen",
    "email": "min@example.nl",
    "phone": "06 12345678",
    "street": "Oudegracht",
    "house_number": "12 bis",
    "postcode": "3511 AB",
    "city": "Utrecht",
}
FEE = 395


async def open_place(pool, *, areas=("3500", "3599")) -> UUID:
    place = Place(
        id=new_id(), code=f"D{uuid4().hex[:6]}", name="Donkere winkel", kind="dark-store",
        street="Kade 1", postcode="3511 AA", city="Utrecht", country="NL",
        time_zone="Europe/Amsterdam", latitude=52.09, longitude=5.12, open=True,
    )  # fmt: skip
    async with begin(pool) as db:
        await stock.add_places(db, [place])
        await slots.add_zones(db, [slots.Zone(place.id, *areas)])
    return place.id


async def open_slot(pool, place_id, *, capacity=1000, fee=FEE, in_hours=30) -> UUID:
    id, starts_at = new_id(), datetime.now(UTC) + timedelta(hours=in_hours)
    await pool.execute(
        """
        INSERT INTO slots.slots (id, place_id, starts_at, ends_at, cutoff_at, capacity, fee)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        id, place_id, starts_at, starts_at + timedelta(hours=2), starts_at - timedelta(hours=5),
        capacity, fee,
    )  # fmt: skip
    return id


async def stock_up(pool, place_id, product_id, quantity) -> None:
    async with begin(pool) as db:
        await stock.receive(db, [Line(product_id, place_id, quantity)])


class Stage:
    """What a test of the checkout stands on."""

    def __init__(self, shop, pool, place_id, slot_id, product_id):
        self.shop, self.pool, self.settings = shop, pool, shop.app.state.settings
        self.place_id, self.slot_id, self.product_id = place_id, slot_id, product_id
        self.register = Register()
        consequences.register(self.register, self.settings)
        register_checkout(self.register, self.settings, httpx.ASGITransport(shop.app))

    @classmethod
    async def set_up(cls, shop, *, quantity=10, capacity=1000, price=249, deposit=15):
        pool = shop.app.state.pool
        place_id = await open_place(pool)
        slot_id = await open_slot(pool, place_id, capacity=capacity)
        product_id = await put_on_shelf(pool, price=price, deposit=deposit)
        await stock_up(pool, place_id, product_id, quantity)
        return cls(shop, pool, place_id, slot_id, product_id)

    def browser(self) -> httpx.AsyncClient:
        """Somebody new, without a basket."""
        transport = httpx.ASGITransport(self.shop.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=self.settings.base_url)

    async def buyer(self, quantity=1, product_id=None) -> "Buyer":
        client = self.browser()
        await add(client, product_id or self.product_id, quantity)
        return Buyer(self, client, quantity)

    async def work(self) -> None:
        """The worker does all that is due now."""
        while await hear_once(self.pool, self.register) or await step_once(
            self.pool, self.register
        ):
            pass

    async def reconcile(self) -> None:
        await self.pool.execute(
            "UPDATE payments.intents SET ask_at = now() WHERE ask_at IS NOT NULL"
        )
        await checkout.reconcile(checkout.Shop.at(self.pool, self.settings))

    async def make_refunds(self) -> None:
        await payments.make_refunds(self.pool, payments.providers(self.settings, self.pool))

    async def advance(self, placed, to) -> None:
        async with begin(self.pool) as db:
            await orders.advance(db, UUID(placed["order_id"]), to)

    async def time_passes(self) -> None:
        """Payments are past their end, as far as the books go."""
        await self.pool.execute(
            "UPDATE payments.intents SET expires_at = now() - interval '1 minute'"
        )
        await self.pool.execute(
            "UPDATE payments.test_payments SET expires_at = now() - interval '1 minute'"
        )

    async def price_becomes(self, price) -> None:
        await self.pool.execute("UPDATE catalog.products SET price = $1", price)
        await self.pool.execute("UPDATE catalog.prices SET until_at = now() WHERE until_at IS NULL")
        await self.pool.execute(
            "INSERT INTO catalog.prices (product_id, amount) VALUES ($1, $2)",
            self.product_id, price,
        )  # fmt: skip

    async def order_states(self) -> list[str]:
        rows = await self.pool.fetch("SELECT state FROM orders.orders ORDER BY placed_at")
        return [row["state"] for row in rows]

    async def reserved(self) -> int:
        return await self.pool.fetchval("SELECT sum(reserved)::int FROM stock.levels")

    async def faults(self) -> list[str]:
        return await faults_in(self.pool)


async def faults_in(pool) -> list[str]:
    """What the views that watch the books find."""
    views = await pool.fetch(
        "SELECT table_name FROM information_schema.views WHERE table_schema = 'checks'"
    )
    found = []
    for view in views:
        name = view["table_name"]
        rows = await pool.fetch(f'SELECT * FROM checks."{name}"')  # noqa: S608
        found += [f"{name}: {dict(row)}" for row in rows]
    return found


class Buyer:
    def __init__(self, stage, client, quantity):
        self.stage, self.client, self.quantity = stage, client, quantity
        self.key = str(uuid4())

    async def cart(self):
        return (await self.client.get("/api/v1/cart")).json()

    async def wish(self, **changes):
        product = await self.stage.pool.fetchrow(
            "SELECT price, deposit FROM catalog.products WHERE id = $1", self.stage.product_id
        )
        fee = await self.stage.pool.fetchval(
            "SELECT fee FROM slots.slots WHERE id = $1", self.stage.slot_id
        )
        cart = await self.cart()
        return {
            **HOME,
            "cart_version": cart["version"],
            "total": self.quantity * (product["price"] + product["deposit"]) + fee,
            "slot": str(self.stage.slot_id),
        } | changes

    async def order(self, **changes) -> httpx.Response:
        wish = await self.wish(**changes)
        return await self.send(wish)

    async def send(self, wish) -> httpx.Response:
        return await self.client.post(
            "/api/v1/checkout", json=wish, headers={"Idempotency-Key": self.key}
        )

    async def choose(self, placed, choice) -> httpx.Response:
        """On the provider's page."""
        path = placed["pay_at"].removeprefix(self.stage.settings.base_url)
        return await self.client.post(path, data={"choice": choice})

    async def track(self, placed):
        token = placed["track_at"].rpartition("/")[2]
        return (await self.client.get(f"/api/v1/orders/{token}")).json()

    async def cancel(self, placed) -> httpx.Response:
        token = placed["track_at"].rpartition("/")[2]
        return await self.client.post(
            f"/api/v1/orders/{token}/cancel", headers={"Idempotency-Key": str(uuid4())}
        )


async def add(client, product_id, quantity=1, handover="delivery"):
    command = {"do": "add", "id": str(uuid4()), "product_id": str(product_id), "quantity": quantity,
               "handover": handover}  # fmt: skip
    answer = await client.post("/api/v1/cart/commands", json=command)
    assert answer.status_code == 200, answer.text
    return answer.json()
