"""What comes back brings what it was worth, by the means it was paid with, and never more."""

import asyncio
import itertools
import re
from uuid import uuid4

import pytest

from app import payments, returns
from app.db import begin
from app.fulfilment.delivery.models import Refused
from app.payments.providers import Unreachable
from app.payments.testpay import TestProvider
from tests.contact.test_calls import Agent
from tests.returns.desks import form_of, mails, signed_in
from tests.returns.stage import C, Delivered, store_beside
from tests.staff_desk import employ
from tests.tills.counter import Counter

ALL_OF_IT = {"test": 2500, "gift-card": 1500}


@pytest.fixture
async def sold(shop):
    return await Delivered.set_up(shop)


async def take(sold, *letters, command=None, channel="till", **wanted):
    """At a counter, as it was offered."""
    _, clerk = await employ(sold.pool, "clerk")
    amount = wanted.get("amount")
    if amount is None:
        amount = (await sold.offer(*letters, **wanted))["amount"]
    wish = returns.Wanted(
        lines={str("ABC".index(letter) + 1): 1 for letter in letters},
        cause=wanted.get("cause", "changed-mind"),
        amount=amount,
    )
    desk = returns.Desk(channel=channel, place_id=sold.stage.place_id, by=clerk.id)
    async with begin(sold.pool) as db:
        return await returns.take(db, sold.id, command or uuid4(), wish, desk)


async def test_what_was_free_brings_nothing_and_the_reason_is_said_first(sold):
    offer = await sold.offer("C")

    assert (offer["amount"], offer["paid"], offer["kept_costs"]) == (0, 4000, 4000)
    assert [name["en"] for name in offer["lost"]] == ["3 for 2"]
    assert offer["shares"] == [
        {"line_no": 3, "name": "Hemd 24", "quantity": 1, "price": 1000, "paid": 800}
    ]
    assert await sold.went_back() == {"test": 0, "gift-card": 0}


async def test_a_dear_one_brings_what_the_rest_costs_less(sold):
    await sold.pool.execute("UPDATE orders.lines SET vat = 'low' WHERE line_no = 1")
    done = await take(sold, "A")

    assert done.amount == 1000
    assert await sold.on_paper() == (3000, 3000)
    [vat] = await sold.pool.fetch("SELECT vat FROM orders.documents WHERE kind = 'credit'")
    assert [(one["percent"], one["gross"]) for one in vat["vat"]] == [(9, 1000)]
    assert sum((await sold.went_back()).values()) == 1000
    assert await sold.stage.faults() == []


async def test_all_three_in_any_order_bring_what_was_paid_by_the_means_it_was_paid_with(sold):
    for order in itertools.permutations("ABC"):
        for letter in order:
            await take(sold, letter)
        assert await sold.went_back() == ALL_OF_IT, order
        await sold.buy()
    assert await sold.stage.faults() == []


async def test_what_was_not_wanted_at_the_door_is_priced_as_if_it_came_back(shop):
    """A dear one of three for two: what is kept costs what two cost, then and when more comes back."""
    sold = await Delivered.set_up(shop, refused=[Refused(line_no=1, quantity=1)])
    assert sum((await sold.went_back()).values()) == 1000
    papers = await sold.pool.fetch("SELECT kind, total FROM orders.documents")
    assert [tuple(row) for row in papers] == [("invoice", 3000)], "and no credit note for it"

    done = await take(sold, "B")

    assert done.amount == 2000
    assert sum((await sold.went_back()).values()) == 3000, "what is kept costs what it costs alone"
    assert await sold.stage.faults() == []


async def test_what_was_missing_brings_at_least_its_share_and_nothing_is_taken_back(sold):
    offer = await sold.offer("C", cause="missing")

    assert (offer["amount"], offer["by_share"], offer["lost"]) == (800, True, [])
    answer = await sold.send("C", cause="missing", amount=800)
    assert (answer.json()["settled"], answer.json()["amount"]) == (True, 800)
    rest = [await take(sold, letter) for letter in "AB"]
    assert 800 + sum(done.amount for done in rest) == 4000
    assert await sold.went_back() == ALL_OF_IT
    assert await sold.stage.faults() == []


async def test_the_same_return_at_two_desks_ten_times_each_is_one_refund(sold):
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()
    page, key = f"/till/returns/{sold.id}", str(uuid4())
    agreed = form_of(await clerk.page(f"{page}?n1=1&cause=damaged&condition=broken"))

    answers = await asyncio.gather(
        *(clerk.post(page, **agreed) for _ in range(10)),
        *(sold.send("A", cause="damaged", amount=1600, key=key) for _ in range(10)),
    )

    till, web = ({answer.status_code for answer in part} for part in (answers[:10], answers[10:]))
    assert {*till, *web} <= {303, 200, 409}, answers
    assert (till == {303}) != (web == {200})  # one desk has it, every time it is asked
    done = await sold.pool.fetch("SELECT amount FROM returns.returns")
    assert [row["amount"] for row in done] == [1600]
    assert sum((await sold.went_back()).values()) == 1600
    assert await sold.stage.faults() == []


async def test_two_agents_who_settle_one_request_at_once_pay_it_back_once(sold):
    asked = await sold.send("A", "B", "C", cause="wrong", amount=4000)  # more than half: looked at
    assert asked.json()["settled"] is False
    desks = [await signed_in(sold, "agent") for _ in range(2)]

    answers = await asyncio.gather(
        *(
            desk.post(
                f"/api/v1/staff/returns/{asked.json()['id']}/approval",
                json={"amount": 4000},
                headers={"Idempotency-Key": str(uuid4())},
            )
            for desk in desks
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await sold.went_back() == ALL_OF_IT
    assert await sold.stage.faults() == []


@pytest.mark.parametrize("what", ["return", "goodwill"])
async def test_two_agents_who_pay_all_of_it_back_at_once_pay_it_back_once(sold, what):
    desks = [await signed_in(sold, "agent", "supervisor") for _ in range(2)]
    path = f"/api/v1/staff/orders/{sold.id}"
    all_of_it = sold.wanted("A", "B", "C", cause="wrong", amount=4000)
    path, body = {
        "return": (f"{path}/returns", all_of_it),
        "goodwill": (f"{path}/goodwill", {"amount": 4000, "reason": "A bad day"}),
    }[what]

    answers = await asyncio.gather(
        *(desk.post(path, json=body, headers={"Idempotency-Key": str(uuid4())}) for desk in desks)
    )

    assert [answer.status_code for answer in answers].count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 403, 409}
    assert await sold.went_back() == ALL_OF_IT
    more = await desks[0].post(
        f"/api/v1/staff/orders/{sold.id}/goodwill",
        json={"amount": 1, "reason": "Once more"},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert more.status_code in (403, 409)
    assert await sold.stage.faults() == []


async def test_what_is_to_come_back_is_not_paid_back_before_it_is_here(sold):
    asked = (await sold.send("A", amount=1000, way="parcel")).json()
    agent = await signed_in(sold, "agent")

    answer = await agent.post(
        f"/api/v1/staff/returns/{asked['id']}/approval",
        json={"amount": 1000},
        headers={"Idempotency-Key": str(uuid4())},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "not-here")
    assert sum((await sold.went_back()).values()) == 0


async def test_with_the_request_of_another_order_nothing_comes_back(sold):
    asked = (await sold.send("A", amount=1000, way="parcel")).json()
    mine = sold.id
    await sold.buy()
    clerk = await signed_in(sold, "agent")
    wanted = sold.wanted("A", cause="damaged", amount=1600, request=asked["id"])

    answers = [
        await sold.browser.post(
            f"/api/v1{sold.path}/returns", json=wanted, headers={"Idempotency-Key": str(uuid4())}
        ),
        await clerk.post(
            f"/api/v1/staff/orders/{sold.id}/returns",
            json=wanted,
            headers={"Idempotency-Key": str(uuid4())},
        ),
    ]

    assert [answer.json()["code"] for answer in answers] == ["settled-already"] * 2
    assert await sold.pool.fetchval("SELECT state FROM returns.requests") == "open"
    assert await sold.pool.fetchval("SELECT count(*) FROM returns.returns") == 0
    assert mine != sold.id


REFUSED = [
    ({"lines": {"1": 2}, "cause": "damaged"}, 409, "more-than-left"),
    ({"lines": {"9": 1}, "cause": "damaged"}, 422, "no-such-line"),
    ({"lines": {}, "cause": "damaged"}, 422, "nothing-chosen"),
    ({"lines": {"1": -1}, "cause": "damaged"}, 400, "malformed"),
    ({"lines": {"1": 0}, "cause": "damaged"}, 400, "malformed"),
    ({"lines": {"1": 10**9}, "cause": "damaged"}, 400, "malformed"),
    ({"lines": {"1": 1}, "cause": "bored"}, 400, "malformed"),
    ({"lines": {"1": 1}, "cause": "damaged", "currency": "USD"}, 400, "malformed"),
    ({"lines": {"1": 1}, "cause": "damaged", "amount": 4000}, 409, "offer-changed"),
    ({"lines": {"1": 1}, "cause": "damaged", "amount": -5}, 400, "malformed"),
]


async def test_what_cannot_come_back_is_refused_in_a_sentence(sold):
    for wanted, status, code in REFUSED:
        answer = await sold.browser.post(
            f"/api/v1{sold.path}/returns", json=wanted, headers={"Idempotency-Key": str(uuid4())}
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code), wanted
    stranger = await sold.browser.post(
        f"/api/v1/orders/{'a' * 26}/returns",
        json=sold.wanted("A", cause="damaged"),
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert stranger.status_code == 404
    assert sum((await sold.went_back()).values()) == 0


async def test_what_was_never_handed_over_cannot_come_back_and_was_paid_back_anyway(shop):
    sold = await Delivered.set_up(shop, short={C})

    refused = await sold.send("C", cause="missing", amount=800)
    rest = [await take(sold, letter) for letter in "BA"]

    assert (refused.status_code, refused.json()["code"]) == (409, "not-delivered")
    assert sum(done.amount for done in rest) == 3200
    assert await sold.went_back() == ALL_OF_IT
    assert await sold.stage.faults() == []


async def test_a_clerk_scans_the_slip_and_the_goods_are_on_that_shelf_again(sold):
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()
    number = sold.placed["number"]

    found = await clerk.client.get(f"/till/returns?code=HTTP://SHOP.TEST/SLIP/{number}")
    page = found.headers["location"]
    offer = (await clerk.client.get(f"{page}?n1=1&cause=changed-mind&condition=as-new")).text
    again = [await clerk.post(page, **form_of(offer)) for _ in range(2)]
    after = await clerk.page(again[0].headers["location"])

    assert "€ 10,00" in offer.replace("\xa0", " ")
    assert {answer.status_code for answer in again} == {303}
    assert "€ 10,00" in after.replace("\xa0", " ")
    there = await sold.pool.fetchrow(
        "SELECT on_hand FROM stock.levels WHERE place_id = $1 AND product_id = $2",
        counter.store_id, next(iter(sold.products.values())),
    )  # fmt: skip
    assert there["on_hand"] == 1
    assert sum((await sold.went_back()).values()) == 1000
    assert await sold.stage.faults() == []


async def test_what_was_paid_in_cash_is_counted_out_at_a_till_and_nowhere_else(shop):
    sold = await Delivered.set_up(shop, gift=0, cash=1500)
    counter = await store_beside(sold.stage)
    clerk = await counter.clerk()

    away = await sold.send("A", cause="damaged", amount=1600)
    page = f"/till/returns/{sold.id}"
    request = (await sold.pool.fetchval("SELECT id FROM returns.requests")) or ""
    offer = await clerk.page(f"{page}?n1=1&cause=damaged&request={request}")
    done = await clerk.post(page, **form_of(offer))

    assert away.json()["settled"] is False  # a person, or a till, settles what was paid in cash
    assert done.status_code == 303
    moved = await sold.pool.fetchrow("SELECT * FROM tills.drawer WHERE kind = 'refund'")
    assert moved["amount"] == -1500
    assert await sold.went_back() == {"test": 100, "cash": 1500}
    agent = await signed_in(sold, "agent")
    given = await agent.post(
        f"/api/v1/staff/orders/{sold.id}/goodwill",
        json={"amount": 900, "reason": "Sorry"},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert given.status_code == 200, "all coins went back before: the rest is on the card"
    assert await sold.stage.faults() == []


async def test_a_complaint_is_a_case_that_the_contact_centre_closes_with_what_it_learned(sold):
    page = f"{sold.path}/returns"
    offer = (await sold.browser.get(f"{page}?n3=1&cause=warm")).text
    sent = await sold.browser.post(page, data={**form_of(offer), "note": "Was helemaal zacht"})
    agent = await Agent.at(sold.stage)
    board = (await agent.client.get("/contact/cases")).text
    case = re.search(r"/contact/cases/[0-9a-f-]{36}", board)[0]

    answers = [
        await agent.post(f"{case}/owner"),
        await agent.post(f"{case}/letters", template="sorry"),
        await agent.post(f"{case}/entries", text="Gebeld, is tevreden", channel="phone"),
        await agent.post(f"{case}/entries", text="Kaart 4111 1111 1111 1111"),
        await agent.post(f"{case}/nobody"),
        await agent.post(f"{case}/nobody"),
        await agent.post(f"{case}/end", learned="Koelbox was kapot", thank="true"),
    ]
    await sold.stage.work()
    shown = (await agent.client.get(case)).text
    mine = (await sold.browser.get(sold.path)).text

    assert sent.status_code == 303
    assert [answer.status_code for answer in answers] == [
        303, 303, 303, 400, 303, 409, 303,
    ]  # fmt: skip
    assert "Was helemaal zacht" in shown
    assert "Koelbox was kapot" in shown
    assert "Gebeld, is tevreden" in shown
    assert "€ 8,00" in mine.replace("\xa0", " ")
    letters = await mails(sold)
    assert "Case sorry" in letters
    assert "Koelbox was kapot" in letters["Case thanks"]
    assert "contact/cases/" not in (await agent.client.get("/contact/cases")).text.split("<main")[1]
    assert await sold.stage.faults() == []


async def test_what_a_caller_says_was_wrong_is_a_case_on_the_board_and_on_the_timeline(sold):
    agent = await Agent.at(sold.stage)
    call = await agent.open(sold.id)
    said = {"kind": "late", "words": "Kwam pas om tien uur", "channel": "chat"}

    unknown = await agent.post(f"{call}/cases", **said)
    await agent.post(f"{call}/verify", name="Min Janssen", house_number="12 bis")
    opened = await agent.post(f"{call}/cases", **said)
    card = await agent.post(f"{call}/cases", **said | {"words": "4111 1111 1111 1111"})
    page = (await agent.client.get(opened.headers["location"])).text
    shown = (await agent.client.get(call)).text

    assert [answer.status_code for answer in (unknown, opened, card)] == [403, 303, 400]
    assert "Kwam pas om tien uur" in page
    assert "Chat" in page
    assert "Er was iets mis" in shown or "OrderComplained" in shown
    assert opened.headers["location"] in (await agent.client.get("/contact/cases")).text
    assert await sold.stage.faults() == []


async def test_an_agent_gives_goodwill_within_a_quarter_of_the_order(sold):
    agent = await Agent.at(sold.stage)
    call = await agent.open(sold.id)
    before = await agent.post(f"{call}/goodwill", amount="5,00", reason="Sorry")
    await agent.post(f"{call}/verify", name="Min Janssen", house_number="12 bis")

    too_much = await agent.post(f"{call}/goodwill", amount="10,01", reason="Sorry")
    enough = await agent.post(f"{call}/goodwill", amount="10,00", reason="Sorry")
    more = await agent.post(f"{call}/goodwill", amount="0,01", reason="Sorry")

    codes = [answer.status_code for answer in (before, too_much, enough, more)]
    assert codes == [403, 403, 303, 403]
    assert sum((await sold.went_back()).values()) == 1000
    assert await sold.stage.faults() == []


async def test_fresh_goods_come_back_only_when_something_is_wrong_and_are_never_sold_again(sold):
    await sold.pool.execute("UPDATE orders.lines SET storage = 'chilled' WHERE line_no = 1")

    refused = await sold.browser.post(f"/api/v1{sold.path}/returns/offer", json=sold.wanted("A"))
    await take(sold, "A", cause="warm")

    assert refused.json()["code"] == "no-return"
    row = await sold.pool.fetchrow("SELECT disposition FROM returns.lines")
    assert row["disposition"] == "waste"
    returned = "SELECT count(*) FROM stock.ledger WHERE kind = 'returned'"
    assert await sold.pool.fetchval(returned) == 0


async def test_late_brings_back_what_the_delivery_cost_once(shop):
    sold = await Delivered.set_up(shop, gift=0, fee=395)

    async def complain():
        note = {"command": str(uuid4()), "note": "22:40"}
        assert (await sold.browser.post(f"{sold.path}/late", data=note)).status_code == 303
        return sum((await sold.went_back()).values())

    in_time = await complain()  # the books say so: somebody looks, and nothing goes back by itself
    await sold.pool.execute(
        """
        UPDATE orders.orders
           SET starts_at = delivered_at - interval '3 hours',
               ends_at = delivered_at - interval '1 hour'
        """
    )

    assert [in_time, await complain(), await complain()] == [0, 395, 395]
    states = await sold.pool.fetch("SELECT state FROM cases.cases ORDER BY opened_at")
    assert [row["state"] for row in states] == ["open", "answered", "open"]
    assert await sold.stage.faults() == []


class Silent(TestProvider):
    """Pays back, and does not say so the first time it is asked."""

    silences = 1

    async def refund(self, refund):
        reference = await super().refund(refund)
        if self.silences:
            self.silences -= 1
            raise Unreachable
        return reference


async def test_a_provider_that_falls_silent_after_paying_back_is_asked_again_and_pays_once(shop):
    sold = await Delivered.set_up(shop, gift=0)
    await sold.send("C", cause="missing", amount=800)
    silent = Silent(sold.pool, base_url="http://shop.test", secret=sold.stage.settings.secret)
    states = []
    for _ in range(2):
        await sold.pool.execute("UPDATE payments.refunds SET due_at = now()")
        await payments.make_refunds(sold.pool, {"test": silent})
        states.append(await sold.pool.fetchval("SELECT state FROM payments.refunds"))

    assert states == ["wanted", "made"]
    assert await sold.pool.fetchval("SELECT sum(amount) FROM payments.test_refunds") == 800
    assert await sold.stage.faults() == []


async def test_what_came_back_is_seen_as_pictures(sold):
    await sold.send("C", cause="missing", amount=800)
    merchandiser = await signed_in(sold, "merchandiser")

    page = (await merchandiser.get("/merchandiser/returns")).text
    ever = [await merchandiser.get(f"/merchandiser/returns?days={n}") for n in (-1, 0, 10**15)]

    assert "Hemd 24" in page
    assert {answer.status_code for answer in ever} == {200}


async def test_empties_are_counted_at_a_till_and_paid_out_or_put_on_a_card_once(shop):
    counter = await Counter.set_up(shop)  # its milk has a deposit of 15
    clerk = await counter.clerk()
    command, other = str(uuid4()), str(uuid4())

    answers = [await clerk.post("/till/empties", n15="7", command=command) for _ in range(2)]
    credited = [
        await clerk.post("/till/empties", n15="4", command=other, to="gift-card") for _ in range(2)
    ]
    nothing = await clerk.post("/till/empties", n15="0")
    unknown = await clerk.post("/till/empties", n99="3")
    absurd = await clerk.post("/till/empties", n15="1000000")

    assert [answer.status_code for answer in (*answers, nothing, unknown, absurd)] == [
        303, 303, 422, 422, 400,
    ]  # fmt: skip
    assert "€ 1,05" in (await clerk.page(answers[0].headers["location"])).replace("\xa0", " ")
    moved = await counter.pool.fetch("SELECT amount FROM tills.drawer WHERE reason = 'empties'")
    assert [row["amount"] for row in moved] == [-105]
    codes = {re.search(r'code-typed number">([0-9A-Z-]{19})<', one.text)[1] for one in credited}
    card = await counter.pool.fetchrow("SELECT balance, ends_with, why FROM payments.gift_cards")
    assert (len(codes), card["balance"], card["why"]) == (1, 60, "empties")
    assert codes.pop().endswith(card["ends_with"])
    assert await counter.faults() == []
