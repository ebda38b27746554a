"""Orders from one place or two, brought and collected, shorts, substitutes, complaints, returns at counters, exchanges by
parcel and at a till, refusals and goodwill in any order, each sent once or twice, with the web process killed in
between: every cent and every piece is where the books say."""

import asyncio
import functools
import random
from uuid import UUID, uuid4

import httpx
import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from app import cart, collecting, orders, returns, tills
from app.db import begin
from app.errors import ShopError
from app.serving.network import free_port
from tests.checkout.several import TwoStores
from tests.checkout.stage import stock_up
from tests.fulfilment.collect.stage import ALWAYS
from tests.returns.stage import PRICES, A, B, C, D, Delivered
from tests.served import Served
from tests.staff_desk import employ

STEPS = 2_000
ENOUGH = 5_000
"""Of each product at a place."""
ORDERS = 10
"""Of one machine; what happens to them is the larger part."""
causes = st.sampled_from(["changed-mind", "withdrawal", "missing", "damaged", "warm", "wrong"])
PIECES = ["1", "2", "3", f"1-{D}", f"3-{D}"]
"""Lines of an order, and what came instead for some."""
lines = st.sets(st.sampled_from(PIECES), min_size=1)
which = st.integers(0, ORDERS - 1)

pytestmark = pytest.mark.drill


@pytest.fixture
async def served(settings):
    here = Served(settings, free_port("127.0.0.1", random.randrange(20_000, 32_000)))
    try:
        await here.start("web")
        yield here
    finally:
        here.stop()


async def test_whatever_comes_back_in_whatever_order_the_books_hold(served, shop):
    stage = await TwoStores.set_up(shop, here=50, there=50)
    pieces = dict.fromkeys(PRICES, ENOUGH) | {A: 1}  # more of A is at the other place
    first = await Delivered.set_up(shop, gift=0, stage=stage, instead={A: 1}, pieces=pieces)
    for place in (stage.place_id, stage.other_place):
        await stock_up(first.pool, place, first.other, ENOUGH)
    for product in first.products.values():
        await stock_up(first.pool, stage.other_place, product, ENOUGH)
    agent, clerk = await employ(first.pool, "agent"), await employ(first.pool, "clerk")
    loop = asyncio.get_running_loop()
    profile = hypothesis.settings(
        max_examples=8,
        stateful_step_count=STEPS // 5,  # some find nothing to do, and no walk draws without end
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    async with begin(first.pool) as db:
        desk = collecting.Desk(hours=ALWAYS, ready_minutes=30, on_holidays=True)
        await collecting.set_up(db, stage.place_id, desk)
    Desks.done, Desks.broke, Desks.walk = 0, None, []
    till = await open_till(first, clerk[1])
    making = asyncio.create_task(pay_back(first))

    def machine():
        return Desks(first, served, agent[0], clerk[1], till, loop)

    try:
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=profile)
    except Exception as seen:
        # A shop remembers, so no walk can be repeated in it: what went wrong the first time is told.
        raise Desks.broke or seen from seen
    finally:
        making.cancel()

    await first.stage.reconcile()  # a worker asks about payments long before the minute is over
    await first.stage.make_refunds()
    await first.stage.work()
    assert Desks.done >= STEPS
    assert await first.stage.faults() == []
    assert [tuple(row) for row in await wrong_papers(first.pool)] == []
    assert min((await happened(first.pool)).values()) > 0


async def open_till(first, clerk):
    """What its device is known by."""
    async with begin(first.pool) as db:
        token = await tills.drawers.set_up(db, clerk, first.stage.place_id, 1)
        device = tills.drawers.sha256_of(token)
        till = await tills.of_device(db, device)
        await tills.drawers.open_drawer(db, till, clerk, uuid4(), 10_000_00, "EUR")
    return device


async def wrong_papers(pool):
    """Orders whose invoice, less its credit notes, is not what was paid and did not go back."""
    return await pool.fetch(
        """
        SELECT paper.order_id, paper.stands, paid.stays
          FROM (SELECT order_id, sum(CASE WHEN kind = 'invoice' THEN total ELSE -total END) AS stands
                  FROM orders.documents
                 GROUP BY order_id) AS paper
          JOIN (SELECT intent.order_id,
                       sum(intent.amount - (SELECT coalesce(sum(refund.amount), 0)
                                              FROM payments.refunds AS refund
                                             WHERE refund.intent_id = intent.id)) AS stays
                  FROM payments.intents AS intent
                 WHERE intent.state = 'captured'
                 GROUP BY intent.order_id) AS paid ON paid.order_id = paper.order_id
         WHERE paper.stands <> paid.stays
        """
    )


async def happened(pool):
    """How often what the walks are for came about."""
    return await pool.fetchrow(
        """
        SELECT (SELECT count(*) FROM returns.lines WHERE instead_gtin IS NOT NULL) AS came_instead,
               (SELECT count(*) FROM returns.returns WHERE exchanged_for IS NOT NULL) AS exchanged,
               (SELECT count(*) FROM tills.receipts
                 WHERE tender IN ('exchange', 'several') AND state = 'paid') AS at_a_till,
               (SELECT count(*) FROM tills.receipts WHERE state = 'void') AS called_off,
               (SELECT count(*)
                  FROM (SELECT order_id
                          FROM fulfilment.fulfilments
                         GROUP BY order_id
                        HAVING count(DISTINCT place_id) > 1) AS several) AS from_two_places,
               (SELECT count(*)
                  FROM (SELECT order_id
                          FROM fulfilment.fulfilments
                         GROUP BY order_id
                        HAVING count(DISTINCT way) > 1) AS divided) AS in_two_ways
        """
    )


async def pay_back(first):
    """What a worker does every two seconds."""
    while True:
        await first.stage.make_refunds()
        await asyncio.sleep(1)


def told(act):
    """Whatever goes wrong first, with the steps before it."""

    @functools.wraps(act)
    def acting(self, **drawn):
        Desks.walk.append(f"{act.__name__} {drawn}")
        try:
            act(self, **drawn)
        except Exception as error:
            if Desks.broke is None:
                error.add_note("\n".join(Desks.walk[-30:]))
                Desks.broke = error
            raise

    return acting


class Desks(RuleBasedStateMachine):
    """What is drawn decides alone what is drawn next: shelves never run empty, and who buys has no
    complaints from an earlier walk."""

    done = 0
    """What was asked for, by all machines."""
    broke: Exception | None = None
    walk: list[str] = []  # noqa: RUF012

    def __init__(self, first, served, agent, clerk, till, loop):
        super().__init__()
        self.first, self.served, self.clerk, self.loop = first, served, clerk, loop
        self.till = till
        self.web = httpx.Client(base_url=served.url, timeout=20)
        self.agent = httpx.Client(base_url=served.url, timeout=20, cookies={"staff": agent})
        self.orders, self.asked, self.coming, self.given = [], [], [], set()
        self.known = f"{uuid4().hex[:8]}@example.nl"
        Desks.walk.clear()

    def on_loop(self, act):
        return asyncio.run_coroutine_threadsafe(act, self.loop).result(60)

    def order(self, number):
        return self.orders[number % len(self.orders)]

    def send(self, client, path, body, times):
        """Once or more with one key: always the same answer."""
        key = {"Idempotency-Key": str(uuid4())}
        answers = [client.post(path, json=body, headers=key) for _ in range(times)]
        Desks.done += len(answers)
        assert {answer.status_code for answer in answers} <= {200, 403, 409, 422}, answers[0].text
        assert len({answer.text for answer in answers if answer.status_code == 200}) <= 1
        return answers[0]

    def offered(self, sold, letters, cause):
        wanted = {"lines": dict.fromkeys(sorted(letters), 1), "cause": cause}
        answer = self.web.post(f"/api/v1{sold.path}/returns/offer", json=wanted)
        Desks.done += 1
        return wanted | {"amount": answer.json().get("amount", 0)}

    @precondition(lambda self: len(self.orders) < ORDERS)
    @rule(quantity=st.integers(1, 3), short=st.sets(st.sampled_from(list(PRICES)), max_size=1),
          instead=st.dictionaries(st.sampled_from([A, C]), st.integers(1, 2), max_size=2),
          here=st.integers(0, 2), comes_for=st.booleans(),
          second=st.sampled_from(["", "cash", "gift"]), somebody_new=st.booleans())  # fmt: skip
    @told
    def buy(self, quantity, short, instead, here, comes_for, second, somebody_new):
        sold = Delivered(self.first.stage, None, self.first.products)
        sold.other = self.first.other
        cash, gift = (700, 0) if second == "cash" else (0, 900 if second else 0)
        email = f"{uuid4().hex[:8]}@example.nl" if somebody_new else self.known
        if here:
            self.on_loop(stock_up(sold.pool, sold.stage.place_id, sold.products[A], here))
        self.on_loop(
            sold.buy(
                cash=cash,
                gift=gift,
                short=short,
                quantity=quantity,
                instead=instead,
                email=email,
                collected={B} - short if comes_for else (),
            )
        )
        self.orders.append(sold)
        Desks.done += 1

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, instead=st.sampled_from("ABC"), times=st.integers(1, 2))
    @told
    def ask_for_something_else(self, number, letters, instead, times):
        """Sent as a parcel; what the other costs more is paid at once."""
        sold = self.order(number)
        product = sold.products[list(PRICES)["ABC".index(instead)]]
        wanted = self.offered(sold, letters, "changed-mind")
        wanted |= {"way": "parcel", "instead": str(product)}
        answer = self.send(self.web, f"/api/v1{sold.path}/returns", wanted, times)
        if answer.status_code == 200:
            self.coming.append((sold, UUID(answer.json()["id"]), wanted))
            if answer.json()["pay_at"]:
                self.on_loop(self.pay(sold, answer.json()["pay_at"]))

    async def pay(self, sold, pay_at):
        path = pay_at.removeprefix(self.served.url)
        await sold.browser.post(path, data={"choice": "pay"})
        await sold.stage.work()

    @precondition(lambda self: self.orders)
    @rule(number=which, times=st.integers(1, 2))
    @told
    def bring_what_was_asked_for(self, number, times):
        if not self.coming:
            return
        sold, request, wanted = self.coming[number % len(self.coming)]
        command, brought = uuid4(), self.offered(sold, wanted["lines"], "changed-mind")
        for _ in range(times):
            self.on_loop(self.take(sold, brought | {"request": request}, command, "parcel"))

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, cause=causes, times=st.integers(1, 3))
    @told
    def complain(self, number, letters, cause, times):
        sold = self.order(number)
        wanted = self.offered(sold, letters, cause)
        answer = self.send(self.web, f"/api/v1{sold.path}/returns", wanted, times)
        if answer.status_code == 200 and not answer.json()["settled"]:
            self.asked.append((sold, answer.json()["id"], answer.json()["amount"]))

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, cause=causes, times=st.integers(1, 2))
    @told
    def bring_to_a_counter(self, number, letters, cause, times):
        sold = self.order(number)
        wanted = self.offered(sold, letters, cause)
        command = uuid4()
        for _ in range(times):
            self.on_loop(self.take(sold, wanted, command))

    async def take(self, sold, wanted, command, channel="till"):
        Desks.done += 1
        wish = returns.Wanted(**wanted)
        desk = returns.Desk(channel=channel, place_id=sold.stage.place_id, by=self.clerk.id)
        try:
            async with begin(sold.pool) as db:
                await returns.take(db, sold.id, command, wish, desk)
        except ShopError:
            pass  # e.g. it came back already

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, instead=st.sampled_from(list(PRICES)),
          by=st.sampled_from(["cash", "no card"]), times=st.integers(1, 2))  # fmt: skip
    @told
    def exchange_at_a_till(self, number, letters, instead, by, times):
        """For something dearer or cheaper; or the card for the difference does not work, and the rest of
        the receipt is called off."""
        sold = self.order(number)
        wanted = self.offered(sold, letters, "changed-mind")
        self.on_loop(self.swap(sold, returns.Wanted(**wanted), instead, by, times))

    async def swap(self, sold, wanted, gtin, by, times):
        spare, _ = await cart.open_empty(sold.pool, "EUR")
        pay = uuid4()
        try:
            await self.at_till(tills.exchanging.lay_down, uuid4(), sold.id, wanted, spare)
            await self.at_till(tills.receipts.add, uuid4(), gtin, spare)
            async with begin(sold.pool) as db:
                till = await tills.of_device(db, self.till)
                quote = await tills.receipts.quote(
                    db, till, await tills.receipts.current(db, till), "nl"
                )
            money = tills.paying.Wanted(
                cart_version=quote.cart_version,
                total=quote.receipt.total,
                by="cash" if by == "cash" else "card",
                given=1_000_00,
                found=True,
            )
            for _ in range(times):
                receipt, intent = await self.at_till(
                    tills.paying.pay, self.clerk, pay, money, "nl", sold.stage.settings.secret
                )
            if intent is not None:
                await self.at_till(tills.paying.give_up_card, receipt)
        except ShopError:
            pass  # e.g. it came back already
        finally:
            async with begin(sold.pool) as db:
                lies = await tills.receipts.current(db, await tills.of_device(db, self.till))
            if lies is not None:
                await self.at_till(tills.receipts.void, self.clerk, uuid4(), "Toch niet")

    async def at_till(self, do, *words):
        Desks.done += 1
        async with begin(self.first.pool) as db:
            return await do(db, await tills.of_device(db, self.till), *words)

    @precondition(lambda self: self.orders)
    @rule(number=which, refused=st.booleans(), times=st.integers(1, 2))
    @told
    def settle(self, number, refused, times):
        if not self.asked:
            return
        _, id, amount = self.asked[number % len(self.asked)]
        how, body = ("refusal", {"why": "Not so"}) if refused else ("approval", {"amount": amount})
        self.send(self.agent, f"/api/v1/staff/returns/{id}/{how}", body, times)

    @precondition(lambda self: self.orders)
    @rule(number=which, amount=st.integers(1, 1500), times=st.integers(1, 2))
    @told
    def give(self, number, amount, times):
        sold = self.order(number)
        self.given.add(sold.id)
        body = {"amount": amount, "reason": "Sorry"}
        self.send(self.agent, f"/api/v1/staff/orders/{sold.id}/goodwill", body, times)

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, chance=st.integers(0, 11))
    @told
    def kill_the_web(self, number, letters, chance):
        """While six are on their way; all six are sent again. Once in a while."""
        if chance:
            return
        sold = self.order(number)
        wanted = self.offered(sold, letters, "damaged")
        keys = [str(uuid4()) for _ in range(6)]
        self.on_loop(self.killed(sold, wanted, keys))
        for key in keys:
            answer = self.web.post(
                f"/api/v1{sold.path}/returns", json=wanted, headers={"Idempotency-Key": key}
            )
            assert answer.status_code in (200, 409, 422), answer.text
        Desks.done += 12

    async def killed(self, sold, wanted, keys):
        async with httpx.AsyncClient(base_url=self.served.url, timeout=5) as client:
            sent = [
                asyncio.create_task(
                    client.post(
                        f"/api/v1{sold.path}/returns",
                        json=wanted,
                        headers={"Idempotency-Key": key},
                    )
                )
                for key in keys
            ]
            await asyncio.sleep(random.random() / 50)
            self.served.kill("web")
            await asyncio.gather(*sent, return_exceptions=True)
        await self.served.start("web")

    def teardown(self):
        """All that is left comes back: together it is what was paid, to the cent."""
        for sold in self.orders:
            if sold.id not in self.given:
                self.on_loop(self.bring_all(sold))
        self.web.close()
        self.agent.close()

    async def bring_all(self, sold):
        await sold.stage.work()
        async with begin(sold.pool) as db:
            order = await orders.read(db, sold.id)
            left = {one.key: one.left for one in await returns.lines(db, order)}
        wanted = {no: n for no, n in left.items() if n}
        if wanted:
            wish = returns.Wanted(lines=wanted, cause="changed-mind")
            async with begin(sold.pool) as db:
                amount = (await returns.offer(db, order, wish)).amount
            body = {"lines": wanted, "cause": "changed-mind", "amount": amount}
            await self.take(sold, body, uuid4())
        assert sum((await sold.went_back()).values()) == sold.total
