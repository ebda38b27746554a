"""A web order that was delivered: A, B and C under "3 for 2", paid by two means."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app import checkout, fulfilment, orders, payments, pricing, stock
from app.db import begin, new_id
from app.payments import giftcards
from app.payments.models import Fact
from app.pricing import NForM, Promotion
from app.stock.models import Place
from tests.checkout.stage import HOME, Stage, add, stock_up
from tests.fulfilment.builders import World
from tests.shelf import put_on_shelf
from tests.tills.counter import Counter

A, B, C = "09521234543220", "09521234543237", "09521234543244"
D = "09521234543268"
"""Is brought where one of the others is not there."""
PRICES = {A: 2000, B: 2000, C: 1000}


WAITING = """
    SELECT count(*)
      FROM fulfilment.fulfilments
     WHERE place_id = $1
       AND state = 'released'
    """
COLLECTED = """
    SELECT id
      FROM fulfilment.fulfilments
     WHERE place_id = $1
       AND way = 'collect'
       AND state = 'picked'
     ORDER BY id
    """
STOPS = """
    SELECT stop.id, stop.run_id, stop.order_id, stop.fulfilment_id
      FROM fulfilment.stops AS stop
      JOIN fulfilment.fulfilments AS part
        ON part.order_id = stop.order_id
       AND part.id = stop.fulfilment_id
     WHERE part.place_id = $1
       AND part.state = 'picked'
       AND stop.state = 'planned'
     ORDER BY stop.run_id, stop.id
    """


class Delivered:
    def __init__(self, stage, browser, products):
        self.stage, self.pool, self.browser, self.products = stage, stage.pool, browser, products
        self.grams, self.anew = {}, None

    @classmethod
    async def set_up(
        cls, shop, *, gift=1500, cash=0, short=(), refused=(), fee=0, quantity=1, instead=None,
        pieces=None, stage=None, grams=None, anew=None, **other,
    ):  # fmt: skip
        """`instead`: of which line so many come as D, which is described by `other`. `pieces` of each
        are at its place, else 50. Of which is sold by weight, 500 g each, `grams` are found in all;
        with `anew` nobody is home at first, and so many are found the second time."""
        stage = stage or await Stage.set_up(shop, quantity=50)
        await stage.pool.execute("UPDATE slots.slots SET fee = $1", fee)
        products = {}
        for gtin, price in PRICES.items():
            products[gtin] = await put_on_shelf(
                stage.pool,
                gtin,
                name=f"Hemd {gtin[-3:-1]}",
                price=price,
                vat="high",
                category="shirts",
                storage="chilled" if anew else "ambient",
                content_quantity=500,
                content_unit="g",
            )
            await stock_up(stage.pool, stage.place_id, products[gtin], (pieces or {}).get(gtin, 50))
        await three_for_two(stage)
        found = cls(stage, stage.browser(), products)
        found.grams, found.anew = grams or {}, anew
        for gtin in found.grams:
            async with begin(stage.pool) as db:
                await fulfilment.picking.handle(
                    db, products[gtin], weighed=True, item_number=None, dated=False
                )
        if instead:
            await found.put_beside(**other)
        await found.buy(
            gift=gift, cash=cash, short=short, refused=refused, quantity=quantity, instead=instead
        )
        return found

    async def put_beside(self, *, price=1500, category="shirts", storage="ambient"):
        """What is brought where something else is not there."""
        self.other = await put_on_shelf(
            self.pool, D, name="Hemd D", price=price, vat="high", category=category, storage=storage
        )
        await stock_up(self.pool, self.stage.place_id, self.other, 50)

    async def buy(
        self, *, gift=1500, cash=0, short=(), refused=(), quantity=1, instead=None,
        email=HOME["email"], points=None, collected=(),
    ):  # fmt: skip
        """So many of each, and handed over but for `short`. `points`: the code of a card that pays behind
        the gift card, and how much. Somebody comes for what is `collected`."""
        browser = self.stage.browser()
        for gtin, product_id in self.products.items():
            await add(browser, product_id, quantity, "collect" if gtin in collected else "delivery")
        fee = await self.pool.fetchval("SELECT max(fee) FROM slots.slots")
        cart = (await browser.get("/api/v1/cart")).json()
        async with begin(self.pool) as db:
            quote = await checkout.quote(db, UUID(cart["id"]), "nl", delivery=fee)
        self.total = quote.receipt.total
        wish = {**HOME, "email": email, "cart_version": cart["version"], "total": self.total,
                "slot": str(self.stage.slot_id)}  # fmt: skip
        if collected:
            wish |= {"collect": await self._desk(browser)}
        if gift:
            wish |= {"gift_cards": [await self._gift_card(gift)], "to_pay": self.total - gift}
        if points:
            code, worth = points
            wish |= {"gift_cards": [*wish["gift_cards"], code], "to_pay": wish["to_pay"] - worth}
        placed = await browser.post(
            "/api/v1/checkout", json=wish, headers={"Idempotency-Key": str(uuid4())}
        )
        assert placed.status_code == 201, placed.text
        self.placed, self.browser = placed.json(), browser
        self.id = UUID(self.placed["order_id"])
        self.path = self.placed["track_at"].removeprefix(self.stage.settings.base_url)
        await browser.post(
            self.placed["pay_at"].removeprefix(self.stage.settings.base_url), data={"choice": "pay"}
        )
        await self.stage.work()
        if cash:
            await self._pay_in_cash(cash)
        await self._hand_over(short, refused, instead or {})

    async def _desk(self, browser):
        points = (await browser.get("/api/v1/collecting/points")).json()["points"]
        [point] = [one for one in points if one["place_id"] == str(self.stage.place_id)]
        return {"place": point["place_id"], "ready_by": point["ready_by"]}

    async def _gift_card(self, amount):
        secret = self.stage.settings.secret
        async with begin(self.pool) as db:
            id = await giftcards.issue(db, amount, "EUR", secret=secret)
            return await giftcards.reveal(db, id, new_id(), secret=secret)

    async def _pay_in_cash(self, amount):
        """As if so much of what the card has paid had been laid on a counter."""
        for table, key in (("intents", "id"), ("captures", "intent_id")):
            await self.pool.execute(
                f"""
                UPDATE payments.{table} SET amount = amount - $2
                 WHERE {key} IN (SELECT id FROM payments.intents WHERE order_id = $1)
                """,  # noqa: S608
                self.id, amount,
            )  # fmt: skip
        async with begin(self.pool) as db:
            until = datetime.now(UTC) + timedelta(minutes=10)
            intent = await payments.intend(
                db, self.id, amount, "EUR", provider="cash", expires_at=until, place=1
            )
            fact = Fact(
                provider="cash", event_id=f"paid {intent.id}", intent_id=intent.id,
                kind="captured", amount=amount, currency="EUR", capture=f"charge {intent.id}",
            )  # fmt: skip
            await payments.absorb(db, fact, "answer")
            await payments.nobody_to_ask(db, intent.id)

    async def _hand_over(self, short, refused, instead):
        """Place by place, as its parts are; what is short at one may come from another. What else is to
        leave in the same van leaves with it."""
        while place_id := await self._next_place():
            world = World(self.pool, place_id)
            await self._pick(world, short, instead)
            await self._bring(world, refused)
            await self._fetch(world)
            await self.stage.work()

    async def _next_place(self):
        return await self.pool.fetchval(
            """
            SELECT place_id
              FROM fulfilment.fulfilments
             WHERE order_id = $1
               AND state IN ('released', 'picking')
             ORDER BY id
             LIMIT 1
            """,
            self.id,
        )

    async def _pick(self, world, short, instead):
        picker = await world.person("picker")
        while await self.pool.fetchval(WAITING, world.place):
            batch = await world.act(fulfilment.picking.start, picker, world.place)
            async with begin(self.pool) as db:
                lines = (await fulfilment.picking.pick_list(db, batch)).lines
            for line in lines:
                await self._pick_line(world, picker, line, short, instead)

    async def _pick_line(self, world, picker, line, short, instead):
        mine = self.id == await self.pool.fetchval(
            "SELECT order_id FROM fulfilment.fulfilments WHERE id = $1", line.fulfilment_id
        )
        if mine and line.gtin in short:
            await world.act(fulfilment.picking.short, picker, line.id, reason="not-found")
            return
        others = min(instead.get(line.gtin, 0), line.quantity) if mine else 0
        if others:
            await self._bring_instead(world, picker, line, others)
        if line.quantity > others:
            await world.act(
                fulfilment.picking.pick, picker, line.id,
                code=line.gtin, quantity=line.quantity - others,
                **({"grams": self.grams[line.gtin]} if line.gtin in self.grams else {}),
            )  # fmt: skip

    async def _bring(self, world, refused):
        driver = await world.person("driver")
        stops = await self.pool.fetch(STOPS, world.place)
        runs = dict.fromkeys(stop["run_id"] for stop in stops)
        for stop in stops:
            for sscc in await world.pack(stop["fulfilment_id"]):
                await world.act(fulfilment.delivery.load, driver, stop["run_id"], sscc)
        for run in runs:
            await world.act(fulfilment.delivery.depart, driver, run)
        for stop in stops:
            if self.anew:
                await world.act(
                    fulfilment.delivery.fail,
                    driver,
                    stop["id"],
                    reason="not-home",
                    next_step="again",
                )
                await world.comes_again(stop["order_id"])
                continue
            not_wanted = refused if stop["order_id"] == self.id else ()
            await world.act(fulfilment.delivery.deliver, driver, stop["id"], refused=not_wanted)
        for run in runs:
            await world.act(fulfilment.delivery.come_back, driver, run)
        if self.anew:
            self.grams, self.anew = self.anew, None
            await self.pool.execute(
                "UPDATE fulfilment.runs SET starts_at = now() + interval '1 hour'"
            )

    async def _fetch(self, world):
        """What is collected waits behind the desk, and its shopper comes for it."""
        clerk, secret = await world.person("clerk"), self.stage.settings.secret
        for part in await self.pool.fetch(COLLECTED, world.place):
            for sscc in await world.pack(part["id"]):
                await world.act(fulfilment.collect.shelve, clerk, sscc, "A1", secret=secret)
            await world.act(fulfilment.collect.hand_over, clerk, part["id"])

    async def _bring_instead(self, world, picker, line, units):
        """The shopper agrees to it."""
        offer = fulfilment.substituting.offer
        made = await world.act(offer, picker, line.id, product_id=self.other, quantity=units)
        async with begin(self.pool) as db:
            await fulfilment.substituting.answer(
                db, self.id, new_id(), UUID(made["substitute"]), yes=True
            )

    def wanted(self, *letters, cause="changed-mind", **more):
        return {"lines": {str("ABC".index(letter) + 1): 1 for letter in letters},
                "cause": cause, **more}  # fmt: skip

    async def offer(self, *letters, **wanted):
        answer = await self.browser.post(
            f"/api/v1{self.path}/returns/offer", json=self.wanted(*letters, **wanted)
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, *letters, key=None, **wanted):
        return await self.browser.post(
            f"/api/v1{self.path}/returns",
            json=self.wanted(*letters, **wanted),
            headers={"Idempotency-Key": key or str(uuid4())},
        )

    async def on_paper(self):
        """What invoice and credit notes say together, and what was paid in the end."""
        await self.stage.work()
        async with begin(self.pool) as db:
            papers = await orders.invoicing.documents_of(db, self.id)
            tenders = await payments.tenders(db, self.id)
        said = sum(one.total if one.kind == "invoice" else -one.total for one in papers)
        return said, sum(one.amount - one.refunded for one in tenders)

    async def went_back(self):
        """By each means of payment."""
        rows = await self.pool.fetch(
            """
            SELECT intent.provider, coalesce(sum(refund.amount), 0)::bigint AS amount
              FROM payments.intents AS intent
              LEFT JOIN payments.refunds AS refund ON refund.intent_id = intent.id
             WHERE intent.order_id = $1
             GROUP BY intent.provider
            """,
            self.id,
        )
        return {row["provider"]: row["amount"] for row in rows}


async def three_for_two(stage):
    names = {"nl": "3 halen 2 betalen", "en": "3 for 2", "ko": "2+1"}
    began = datetime.now(UTC) - timedelta(days=1)
    async with begin(stage.pool) as db:
        offer = Promotion(new_id(), names, NForM(3, 2), frozenset(), began, most_in_total=1_000)
        await pricing.save(db, offer, "published")


async def store_beside(stage) -> Counter:
    """A store in the same town, with nothing of it on its shelves."""
    store = Place(
        id=new_id(), code="stadshart", name="Perron Stadshart", kind="store", street="Plein 1",
        postcode="3511 AA", city="Utrecht", country="NL", time_zone="Europe/Amsterdam",
        latitude=52.09, longitude=5.12, open=True,
    )  # fmt: skip
    async with begin(stage.pool) as db:
        await stock.add_places(db, [store])
    return Counter(stage, store.id, {})
