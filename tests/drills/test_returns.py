"""Orders, shorts, complaints, returns at counters, refusals and goodwill in any order, each sent
once or twice, with the web process killed in between: every cent is where the books say."""

import asyncio
import random
from uuid import uuid4

import httpx
import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from app import orders, returns
from app.db import begin
from app.errors import ShopError
from app.serving.network import free_port
from tests.returns.stage import PRICES, Delivered
from tests.served import Served
from tests.staff_desk import employ

STEPS = 2_000
ORDERS = 10
"""Of one machine; what happens to them is the larger part."""
causes = st.sampled_from(["changed-mind", "withdrawal", "missing", "damaged", "warm", "wrong"])
lines = st.sets(st.sampled_from("ABC"), min_size=1)
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
    first = await Delivered.set_up(shop, gift=0)
    agent, clerk = await employ(first.pool, "agent"), await employ(first.pool, "clerk")
    loop = asyncio.get_running_loop()
    profile = hypothesis.settings(
        max_examples=4,
        stateful_step_count=STEPS // 4,
        deadline=None,
        database=None,
        derandomize=True,  # the same walks each time: a run of minutes is compared with no other
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    Desks.done = 0
    making = asyncio.create_task(pay_back(first))

    def machine():
        return Desks(first, served, agent[0], clerk[1], loop)

    try:
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=profile)
    finally:
        making.cancel()

    await first.stage.reconcile()  # a worker asks about payments long before the minute is over
    await first.stage.make_refunds()
    assert Desks.done >= STEPS
    assert await first.stage.faults() == []


async def pay_back(first):
    """What a worker does every two seconds."""
    while True:
        await first.stage.make_refunds()
        await asyncio.sleep(1)


class Desks(RuleBasedStateMachine):
    done = 0
    """What was asked for, by all machines."""

    def __init__(self, first, served, agent, clerk, loop):
        super().__init__()
        self.first, self.served, self.clerk, self.loop = first, served, clerk, loop
        self.web = httpx.Client(base_url=served.url, timeout=20)
        self.agent = httpx.Client(base_url=served.url, timeout=20, cookies={"staff": agent})
        self.orders, self.asked, self.given = [], [], set()

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
        wanted = sold.wanted(*sorted(letters), cause=cause)
        answer = self.web.post(f"/api/v1{sold.path}/returns/offer", json=wanted)
        Desks.done += 1
        return wanted | {"amount": answer.json().get("amount", 0)}

    @precondition(lambda self: len(self.orders) < ORDERS)
    @rule(quantity=st.integers(1, 3), short=st.sets(st.sampled_from(list(PRICES)), max_size=1),
          second=st.sampled_from(["", "cash", "gift"]), somebody_new=st.booleans())  # fmt: skip
    def buy(self, quantity, short, second, somebody_new):
        sold = Delivered(self.first.stage, None, self.first.products)
        cash, gift = (700, 0) if second == "cash" else (0, 900 if second else 0)
        email = f"{uuid4().hex[:8]}@example.nl" if somebody_new else "min@example.nl"
        self.on_loop(sold.buy(cash=cash, gift=gift, short=short, quantity=quantity, email=email))
        self.orders.append(sold)
        Desks.done += 1

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, cause=causes, times=st.integers(1, 3))
    def complain(self, number, letters, cause, times):
        sold = self.order(number)
        wanted = self.offered(sold, letters, cause)
        answer = self.send(self.web, f"/api/v1{sold.path}/returns", wanted, times)
        if answer.status_code == 200 and not answer.json()["settled"]:
            self.asked.append((sold, answer.json()["id"], answer.json()["amount"]))

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, cause=causes, times=st.integers(1, 2))
    def bring_to_a_counter(self, number, letters, cause, times):
        sold = self.order(number)
        wanted = self.offered(sold, letters, cause)
        command = uuid4()
        for _ in range(times):
            self.on_loop(self.take(sold, wanted, command))

    async def take(self, sold, wanted, command):
        Desks.done += 1
        wish = returns.Wanted(**wanted)
        desk = returns.Desk(channel="till", place_id=sold.stage.place_id, by=self.clerk.id)
        try:
            async with begin(sold.pool) as db:
                await returns.take(db, sold.id, command, wish, desk)
        except ShopError:
            pass  # e.g. it came back already

    @precondition(lambda self: self.orders)
    @rule(number=which, refused=st.booleans(), times=st.integers(1, 2))
    def settle(self, number, refused, times):
        if not self.asked:
            return
        _, id, amount = self.asked[number % len(self.asked)]
        how, body = ("refusal", {"why": "Not so"}) if refused else ("approval", {"amount": amount})
        self.send(self.agent, f"/api/v1/staff/returns/{id}/{how}", body, times)

    @precondition(lambda self: self.orders)
    @rule(number=which, amount=st.integers(1, 1500), times=st.integers(1, 2))
    def give(self, number, amount, times):
        sold = self.order(number)
        self.given.add(sold.id)
        body = {"amount": amount, "reason": "Sorry"}
        self.send(self.agent, f"/api/v1/staff/orders/{sold.id}/goodwill", body, times)

    @precondition(lambda self: self.orders)
    @rule(number=which, letters=lines, chance=st.integers(0, 11))
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
            left = {str(line.line_no): line.left for line in await returns.lines(db, order)}
        wanted = {no: n for no, n in left.items() if n}
        if wanted:
            wish = returns.Wanted(lines=wanted, cause="changed-mind")
            async with begin(sold.pool) as db:
                amount = (await returns.offer(db, order, wish)).amount
            body = {"lines": wanted, "cause": "changed-mind", "amount": amount}
            await self.take(sold, body, uuid4())
        assert sum((await sold.went_back()).values()) == sold.total
