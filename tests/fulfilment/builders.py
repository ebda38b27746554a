"""A confirmed order, made from real parts: goods on a shelf, held, sold, paid."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import msgspec

from app import fulfilment, orders, payments, pricing, stock
from app.db import begin, checks, new_id
from app.fulfilment import Act
from app.jobs import Event
from app.orders.models import Address, Contact, Line, NewOrder, Sums
from app.payments.models import Fact
from app.stock.models import Line as Held
from app.stock.models import Request
from tests.shelf import put_on_shelf
from tests.staff_desk import employ
from tests.stock.builders import open_place

SECRET = "a secret of the tests that is long enough"
NOW = datetime.now(UTC).replace(microsecond=0)
TONIGHT = (NOW + timedelta(hours=4), NOW + timedelta(hours=6))
GTINS = [
    "09521234543213", "09521234543220", "09521234543237", "09521234543244", "09521234543251",
    "09521234543268",
]  # fmt: skip


class Product(msgspec.Struct):
    id: object
    gtin: str
    name: str
    price: int
    storage: str
    age_limit: int | None
    deposit: int


class World:
    """A place with goods, and people who work there."""

    def __init__(self, pool, place):
        self.pool, self.place = pool, place
        self.products = []

    async def product(
        self, name, *, price=200, storage="ambient", pieces=50, age_limit=None, deposit=0, brand="",
        **more,
    ):  # fmt: skip
        gtin = GTINS[len(self.products)]
        id = await put_on_shelf(
            self.pool, gtin, name=name, price=price, storage=storage, age_limit=age_limit,
            deposit=deposit, **more,
        )  # fmt: skip
        await self.pool.execute("UPDATE catalog.products SET brand = $2 WHERE id = $1", id, brand)
        async with begin(self.pool) as db:
            await stock.receive(db, [Held(id, self.place, pieces)])
        self.products.append(Product(id, gtin, name, price, storage, age_limit, deposit))
        return self.products[-1]

    async def sell(
        self, *bought, window=TONIGHT, house_number="12", delivery=399, wish="leave-out", wishes=()
    ):
        """`bought` are (product, quantity), `wishes` those of the lines where they are others.
        Returns the id of the confirmed, released order."""
        order_id, hold_id = new_id(), new_id()
        lines = [
            msgspec.structs.replace(_line(n, product, quantity), substitution=own)
            for n, ((product, quantity), own) in enumerate(zip_longest(bought, wishes), 1)
        ]
        wanted = defaultdict(int)
        for product, quantity in bought:
            wanted[product.id] += quantity
        held = tuple(Held(id, self.place, n) for id, n in wanted.items())
        total = sum(line.paid + line.deposit for line in lines) + delivery
        async with begin(self.pool) as db:
            await stock.reserve(db, [Request(hold_id, order_id, held, NOW + timedelta(hours=1))])
            await orders.place(
                db,
                _order(self, order_id, lines, total, delivery, window, house_number, wish),
                secret=SECRET,
            )
            await _checked_out(db, hold_id, order_id)
            await stock.confirm(db, hold_id)
            await _paid(db, order_id, total)
            await orders.confirm(db, order_id)
        await self.release(order_id)
        return order_id

    async def release(self, order_id):
        event = Event(order_id, 2, "order", "OrderConfirmed", {}, NOW)
        async with begin(self.pool) as db:
            await fulfilment.release(db, event)

    async def cancel(self, order_id):
        async with begin(self.pool) as db:
            await fulfilment.cancel(db, Event(order_id, 3, "order", "OrderCancelled", {}, NOW))

    async def person(self, role):
        _, person = await employ(self.pool, role)
        return person

    async def act(self, verb, person, *args, id=None, at=None, **named):
        """One act in one transaction, as a request does it."""
        async with begin(self.pool) as db:
            return await verb(db, Act(id or new_id(), person, at), *args, **named)

    async def state(self, order_id):
        async with begin(self.pool) as db:
            [part] = await fulfilment.of_order(db, order_id)
            order = await orders.read(db, order_id)
        return part.state, order.state

    async def refunds(self, order_id):
        return await self.pool.fetchval(
            """
            SELECT coalesce(sum(refund.amount), 0)::int
              FROM payments.refunds AS refund
              JOIN payments.intents AS intent ON intent.id = refund.intent_id
             WHERE intent.order_id = $1
            """,
            order_id,
        )

    async def level(self, product):
        row = await self.pool.fetchrow(
            "SELECT on_hand, reserved FROM stock.levels WHERE product_id = $1 AND place_id = $2",
            product.id,
            self.place,
        )
        return tuple(row)

    async def pick_everything(self, person=None):
        """One cart after the other until nothing waits. Returns the ids of what was picked."""
        person = person or await self.person("picker")
        batch = await self.act(fulfilment.picking.start, person, self.place)
        async with begin(self.pool) as db:
            lines = (await fulfilment.picking.pick_list(db, batch)).lines
        for line in (line for line in lines if line.open):
            await self.act(
                fulfilment.picking.pick, person, line.id, code=line.gtin, quantity=line.quantity
            )
        return list(dict.fromkeys(line.fulfilment_id for line in lines))

    async def pack(self, fulfilment_id, person=None):
        person = person or await self.person("packer")
        async with begin(self.pool) as db:
            table = await fulfilment.packing.table(db, fulfilment_id)
        sealed = [
            await self.act(fulfilment.packing.seal, person, fulfilment_id, storage)
            for storage in table.left
        ]
        return [parcel["sscc"] for parcel in sealed]

    async def slot(self, starts_at):
        """Another time the place could come."""
        return await self.pool.fetchval(
            """
            INSERT INTO slots.slots (id, place_id, starts_at, ends_at, cutoff_at, capacity)
            VALUES ($1, $2, $3::timestamptz, $3::timestamptz + interval '2 hours',
                    $3::timestamptz - interval '1 hour', 4)
            RETURNING id
            """,
            new_id(),
            self.place,
            starts_at,
        )

    async def comes_again(self, order_id, starts_at=TONIGHT[0] + timedelta(days=1)):
        """Its shopper chooses this time, after nobody was home."""
        slot = await self.slot(starts_at)
        async with begin(self.pool) as db:
            await fulfilment.delivery.door.choose(db, order_id, new_id(), slot)

    async def run_of(self, order_id):
        return await self.pool.fetchval(
            "SELECT run_id FROM fulfilment.stops WHERE order_id = $1 AND state = 'planned'",
            order_id,
        )

    async def stop_of(self, order_id):
        return await self.pool.fetchval(
            "SELECT id FROM fulfilment.stops WHERE order_id = $1 ORDER BY id DESC LIMIT 1",
            order_id,
        )

    async def on_the_road(self, *order_ids, picked=None):
        """Picked (unless that was done), packed, loaded, gone. Returns the driver and the run."""
        for fulfilment_id in await self.pick_everything() if picked is None else picked:
            await self.pack(fulfilment_id)
        driver = await self.person("driver")
        run = await self.run_of(order_ids[0])
        rows = await self.pool.fetch(
            "SELECT sscc FROM fulfilment.parcels WHERE place_id IS NOT NULL"
        )
        for row in rows:
            await self.act(fulfilment.delivery.load, driver, run, row["sscc"])
        await self.act(fulfilment.delivery.depart, driver, run)
        return driver, run


async def world(pool):
    async with begin(pool) as db:
        return World(pool, await open_place(db, "lombok"))


async def offending(pool):
    async with pool.acquire() as db:
        return {check.name: check.rows for check in await checks.run(db) if not check.holds}


def _line(number, product, quantity):
    return Line(
        line_no=number,
        product_id=product.id,
        edition_id=new_id(),
        gtin=product.gtin,
        name=product.name,
        picture=None,
        handover="delivery",
        quantity=quantity,
        unit_price=product.price,
        discount=0,
        paid=product.price * quantity,
        vat="low",
        deposit=product.deposit * quantity,
        age_limit=product.age_limit,
        storage=product.storage,
    )


def _order(world, id, lines, total, delivery, window, house_number, wish):
    subtotal, deposits = sum(line.paid for line in lines), sum(line.deposit for line in lines)
    return NewOrder(
        id=id,
        cart_id=new_id(),
        place_id=world.place,
        slot_id=new_id(),
        starts_at=window[0],
        ends_at=window[1],
        contact=Contact("Kim de Vries", "kim@example.org", "+31 6 12345678"),
        address=Address("Kanaalstraat", house_number, "3531 CJ", "Utrecht"),
        note="",
        substitution=wish,
        language="nl",
        currency="EUR",
        sums=Sums(subtotal, 0, deposits, delivery, total),
        receipt=msgspec.to_builtins(_receipt(lines, delivery)),
        lines=lines,
    )


def _receipt(lines, delivery):
    priced = [
        pricing.Line(
            key=str(line.line_no),
            product_id=line.product_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat=line.vat,
            deposit=line.deposit // line.quantity,
        )
        for line in lines
    ]
    return pricing.price(priced, [], at=NOW, setting=pricing.Setting(delivery_fee=delivery))


async def _checked_out(db, hold_id, order_id):
    await db.execute(
        """
        INSERT INTO checkout.attempts (id, cart_id, command, fingerprint, state, order_id, slot_id)
        VALUES ($1, $2, $3, sha256('one'), 'paid', $4, $5)
        """,
        hold_id, new_id(), new_id(), order_id, new_id(),
    )  # fmt: skip


async def _paid(db, order_id, total):
    intent = await payments.intend(
        db, order_id, total, "EUR", provider="test", expires_at=NOW + timedelta(hours=1)
    )
    fact = Fact("test", str(intent.id), intent.id, "captured", total, "EUR", "charge")
    await payments.absorb(db, fact, "notification")
    await db.execute("UPDATE payments.intents SET ask_at = NULL")
