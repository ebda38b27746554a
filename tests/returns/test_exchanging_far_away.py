"""Exchanged without a till: the difference is paid by a link, something else is kept meanwhile, and
leaves when what comes back is here."""

import asyncio
import re
from uuid import UUID, uuid4

import pytest

from app import checkout, returns
from app.checkout.settling import hear
from app.db import begin
from app.payments.models import Fact
from tests.checkout.stage import open_slot
from tests.contact.test_calls import Agent
from tests.returns.desks import form_of, mails, seen
from tests.returns.stage import B, C, Delivered
from tests.staff_desk import employ


class Asked:
    """A is worth 10.00, as B and C cost 30.00 without it; another B costs 20.00."""

    def __init__(self, sold):
        self.sold, self.pool = sold, sold.pool

    @classmethod
    async def at(cls, shop, *, gift=0, instead=B, letters="A", worth=1000):
        sold = await Delivered.set_up(shop, gift=gift)
        await open_slot(sold.pool, sold.stage.place_id, in_hours=50)
        asked = cls(sold)
        await asked.ask(letters, worth, instead)
        return asked

    async def ask(self, letters, worth, instead):
        self.key = str(uuid4())
        self.wanted = self.sold.wanted(
            *letters, amount=worth, way="parcel", instead=str(self.sold.products[instead])
        )
        self.answer = await self.again()
        assert self.answer.status_code == 200, self.answer.text
        self.done = self.answer.json()
        self.id, self.request = UUID(self.done["exchange"]), self.done["id"]

    async def again(self):
        return await self.sold.browser.post(
            f"/api/v1{self.sold.path}/returns",
            json=self.wanted,
            headers={"Idempotency-Key": self.key},
        )

    async def choose(self, choice):
        path = self.done["pay_at"].removeprefix(self.sold.stage.settings.base_url)
        return await self.sold.browser.post(path, data={"choice": choice})

    async def arrives(self, amount=1000, **changes):
        wanted = {**self.sold.wanted("A"), "amount": amount, "request": self.request, **changes}
        desk = returns.Desk(channel="parcel", place_id=self.sold.stage.place_id)
        async with begin(self.pool) as db:
            wish = returns.Wanted(**{**wanted, "request": UUID(self.request)})
            return await returns.take(db, self.sold.id, uuid4(), wish, desk)

    async def state(self):
        row = await self.pool.fetchrow("SELECT * FROM orders.orders WHERE id = $1", self.id)
        return row["state"], row["why_cancelled"]

    async def kept(self):
        return await self.pool.fetchval("SELECT sum(reserved)::int FROM stock.levels")

    async def money(self):
        """What came in by the test provider, and what of it goes back."""
        await self.sold.stage.make_refunds()
        return tuple(
            await self.pool.fetchrow(
                """
                SELECT (SELECT coalesce(sum(capture.amount), 0)::int
                          FROM payments.captures AS capture
                          JOIN payments.intents AS intent ON intent.id = capture.intent_id
                         WHERE intent.provider = 'test' AND intent.moved_from IS NULL) AS came,
                       (SELECT coalesce(sum(amount), 0)::int FROM payments.test_refunds) AS back
                """
            )
        )

    async def fact(self, event, **what):
        intent = UUID(self.done["intent"])
        told = {"provider": "test", "event_id": event, "intent_id": intent, "kind": "captured",
                "amount": 1000, "currency": "EUR", "capture": f"capture {event}"}  # fmt: skip
        await hear(self.pool, Fact(**(told | what)), "notification")

    async def faults(self):
        await self.sold.stage.work()
        return await self.sold.stage.faults()


async def test_the_difference_is_paid_and_the_other_leaves_when_the_one_is_here(shop):
    asked = await Asked.at(shop)
    page = f"{asked.sold.path}/returns/{asked.request}"
    unpaid = seen((await asked.sold.browser.get(page)).text)
    twice = await asked.again()

    await asked.choose("pay")
    await asked.sold.stage.work()
    paid = seen((await asked.sold.browser.get(page)).text)
    order = re.search(r'href="(/orders/[^"]+)">Hemd 23', paid)[1]
    waiting = (await asked.sold.browser.get(order)).text
    before = await asked.state()
    await asked.arrives()
    await asked.sold.stage.work()

    assert "Geruild" in (await asked.sold.browser.get(page)).text
    assert asked.done["to_pay"] == 1000
    assert twice.json() == asked.done
    assert "Betaal € 10,00" in unpaid
    assert "Betaal" not in paid
    assert "We bewaren het voor je" in waiting
    assert before == ("placed", None)
    assert (await asked.state())[0] == "confirmed"
    assert await asked.money() == (5000, 0)  # 40.00 and 10.00, and nothing goes back
    came = await asked.pool.fetchrow("SELECT * FROM returns.returns")
    assert (came["exchanged_for"], came["amount"]) == (asked.id, 1000)
    part = await asked.pool.fetchrow(
        "SELECT * FROM fulfilment.fulfilments WHERE order_id = $1", asked.id
    )
    assert part["state"] == "released"
    sent = await mails(asked.sold)
    assert "betaalt wat je ervoor terugkrijgt" in sent["OrderReturned"]
    assert await asked.faults() == []


async def test_what_nobody_pays_ends_and_what_comes_back_all_the_same_is_paid_back(shop):
    asked = await Asked.at(shop)
    held = await asked.kept()
    await asked.sold.stage.time_passes()
    await asked.sold.stage.reconcile()
    ended = await asked.state(), await asked.kept()
    page = (await asked.sold.browser.get(f"{asked.sold.path}/returns/{asked.request}")).text

    await asked.fact("late")  # money that comes all the same goes back
    done = await asked.arrives()

    assert (held, ended) == (1, (("cancelled", "not-paid"), 0))
    assert "gaat niet door" in page
    assert done.amount == 1000
    assert await asked.money() == (5000, 2000)
    assert await asked.state() == ("cancelled", "not-paid")
    assert await asked.faults() == []


@pytest.mark.parametrize(
    "told",
    [
        [{"amount": 1000}, {"amount": 1000}],
        [{"amount": 700}, {"amount": 300, "capture": "the rest"}],
        [{"amount": 1500}],
        [{"amount": 1000}, {"kind": "failed", "amount": 0, "capture": None}],
    ],
)
async def test_news_of_its_payment_may_come_twice_in_parts_too_large_or_in_the_wrong_order(
    shop, told
):
    asked = await Asked.at(shop)
    for number, what in enumerate(told):
        await asked.fact("same" if what == {"amount": 1000} else f"event {number}", **what)
    assert await asked.state() == ("placed", None)

    await asked.arrives()

    assert (await asked.state())[0] == "confirmed"
    came, back = await asked.money()
    assert came - back == 5000
    assert await asked.faults() == []


async def test_what_is_here_before_it_is_paid_is_paid_back_and_later_money_too(shop):
    asked = await Asked.at(shop, gift=1500)

    done = await asked.arrives()
    await asked.choose("pay")
    await asked.sold.stage.reconcile()

    assert (done.amount, await asked.kept()) == (1000, 0)
    assert await asked.state() == ("cancelled", "not-exchanged")
    came, back = await asked.money()
    assert came - back == 2500 - 1000
    assert await asked.faults() == []


@pytest.mark.parametrize("how", ["keeps it", "never sends it", "brings another", "is worth less"])
async def test_without_what_should_come_back_the_difference_goes_back(shop, how):
    asked = await Asked.at(shop)
    await asked.choose("pay")
    await asked.sold.stage.work()
    match how:
        case "keeps it":
            path = f"/api/v1{asked.sold.path}/returns/{asked.request}/withdrawal"
            await asked.sold.browser.post(path, headers={"Idempotency-Key": str(uuid4())})
        case "never sends it":
            attempts = "UPDATE checkout.attempts SET due_at = now() WHERE state = 'placed'"
            await asked.pool.execute(attempts)
            await shop_sweeps(asked)
        case "brings another":
            await asked.arrives(3000, lines={"2": 1, "1": 1})
        case "is worth less":
            _, lead = await employ(asked.pool, "supervisor")
            async with begin(asked.pool) as db:
                await returns.give(db, lead, asked.sold.id, uuid4(), 3400, "A bad day")
            assert (await asked.sold.offer("A"))["amount"] == 600
            await asked.arrives(600)

    assert await asked.state() == ("cancelled", "not-exchanged")
    assert await asked.kept() == 0
    orders_money = "SELECT sum(amount)::int FROM payments.refunds WHERE intent_id = $1"
    assert await asked.pool.fetchval(orders_money, UUID(asked.done["intent"])) == 1000
    assert await asked.faults() == []


async def shop_sweeps(asked):
    await checkout.sweep(asked.pool)


async def test_for_something_that_costs_as_much_or_less_nothing_has_to_be_paid(shop):
    asked = await Asked.at(shop, instead=C, letters="AB", worth=3000)

    assert (asked.done["to_pay"], asked.done["pay_at"]) == (0, None)
    done = await asked.arrives(3000, lines={"1": 1, "2": 1})

    assert (await asked.state())[0] == "confirmed"
    assert done.amount == 3000
    assert await asked.money() == (4000, 1000)
    assert await asked.faults() == []


async def test_two_desks_at_once_send_one_and_what_is_gone_is_said_first(shop):

    asked = await Asked.at(shop)
    await asked.choose("pay")
    await asked.sold.stage.work()
    await asked.pool.execute(
        "UPDATE catalog.products SET on_sale = false WHERE id = $1", asked.sold.products[C]
    )
    offer = await asked.sold.offer("B")
    gone = await asked.sold.send(
        "B", way="parcel", amount=offer["amount"], instead=str(asked.sold.products[C])
    )

    came = await asyncio.gather(*(asked.arrives() for _ in range(4)), return_exceptions=True)

    assert (gone.status_code, gone.json()["code"]) == (409, "no-exchange")
    assert sum(isinstance(one, returns.Done) for one in came) == 1
    assert (await asked.state())[0] == "confirmed"
    assert await asked.money() == (5000, 0)
    assert await asked.faults() == []


async def test_on_the_phone_the_link_to_pay_is_mailed_and_opens_the_same_payment(shop):
    sold = await Delivered.set_up(shop, gift=0)
    agent = await Agent.at(sold.stage)
    call = await agent.open(sold.id)
    await agent.post(f"{call}/verify", name="Min Janssen", house_number="12 bis")
    page = (await agent.client.get(f"{call}/returns?cause=changed-mind&n1=1")).text
    wish = form_of(page.split("/goodwill")[0]) | {"way": "parcel", "instead": str(sold.products[B])}

    asked = await agent.client.post(f"{call}/returns", data=wish)
    again = await agent.client.post(f"{call}/returns", data=wish)
    sent = await mails(sold)
    link = re.search(r"/orders/\S+", sent["PayLink"])[0]
    mine = (await sold.browser.get(link)).text

    assert [asked.status_code, again.status_code] == [303, 303], asked.text
    assert "Nog te betalen" in sent["PayLink"]
    assert "€ 10,00" in sent["PayLink"]
    assert await sold.pool.fetchval("SELECT count(*) FROM payments.test_payments") == 2
    assert re.search(r'href="(/testpay/[^"]+)"', mine)
    assert await sold.stage.faults() == []
