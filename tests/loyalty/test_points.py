"""Points are what was kept and paid, whatever happens in whatever order, and are spent once."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app import loyalty, returns
from app.db import begin, new_id
from app.errors import Conflict, NotAllowed, Unprocessable
from app.loyalty import rules
from app.loyalty.models import Kept
from app.payments import giftcards
from tests.checkout.stage import HOME
from tests.contact.test_calls import Agent
from tests.customers.mailbox import another_phone, sign_in
from tests.returns.desks import signed_in
from tests.returns.stage import Delivered
from tests.returns.test_taking import take
from tests.staff_desk import employ
from tests.tills.counter import MILK, Counter, code_of

RATE = 2


@pytest.fixture
async def sold(shop):
    """40.00 was paid for goods worth 50.00, of an account with the address of the order."""
    app = shop.app.state
    app.settings = msgspec.structs.replace(app.settings, points=RATE)
    phone = another_phone(shop)
    async with app.pool.acquire() as db:
        await sign_in(phone, db, HOME["email"])
    found = await Delivered.set_up(shop)
    found.phone = phone
    async with begin(found.pool) as db:
        found.customer = await db.fetchval(
            "SELECT id FROM customers.people WHERE email = $1", HOME["email"]
        )
    yield found
    assert await found.stage.faults() == []


async def settle(sold, rate=RATE):
    async with begin(sold.pool) as db:
        return await loyalty.settle(db, sold.id, new_id(), rate)


async def spend(sold, points, command=None):
    async with begin(sold.pool) as db:
        return await loyalty.spend(
            db, sold.customer, command or uuid4(), points, "EUR", sold.stage.settings.secret
        )


async def account(sold):
    async with begin(sold.pool) as db:
        return await loyalty.see(db, sold.customer)


async def test_an_order_earns_once_and_what_comes_back_is_taken_back_even_below_zero(sold):
    assert [await settle(sold) for _ in range(3)] == [0, 0, 0]  # the worker was here before
    await give(sold, 40)
    await spend(sold, 110)
    async with begin(sold.pool) as db:
        order = await returns.actions.locked(db, sold.id)
        said = await loyalty.lost(db, order, 4000, {1: 1, 2: 1, 3: 1})
    for letter in "ABC":
        await take(sold, letter)
        await sold.stage.work()
    assert await settle(sold, rate=50) == 0  # the rate of the day it came counts

    found = await account(sold)
    assert (said, found.balance) == (80, -70)
    assert {one.kind for one in found.entries} == {"earn", "goodwill", "spend", "clawback"}
    page = (await sold.phone.get("/points", headers={"Accept-Language": "en"})).text
    assert "-70 points" in page
    assert "you owe us no money" in page


async def test_what_is_earned_is_said_at_checkout_and_what_is_taken_back_before_it_comes_back(sold):
    buyer = await sold.stage.buyer()
    english = {"Accept-Language": "en"}
    basket = await buyer.client.get("/basket", headers=english)
    pay = await buyer.client.get(f"/checkout/pay?slot={sold.stage.slot_id}", headers=english)
    back = await sold.browser.get(
        f"{sold.path}/returns?n1=1&n2=1&n3=1&cause=changed-mind", headers=english
    )
    receiving = await signed_in(sold, "packer")
    parcel = await receiving.get(
        f"/receiving/{sold.id}?n1=1&n2=1&n3=1&cause=changed-mind", headers=english
    )
    run = await sold.pool.fetchval("UPDATE fulfilment.runs SET state = 'underway' RETURNING id")
    driver = await signed_in(sold, "driver")
    at_the_door = await driver.post(
        f"/driving/{run}/door/{sold.id}/offer",
        json={"lines": {"1": 1, "2": 1, "3": 1}, "cause": "changed-mind"},
    )

    assert "With an account you earn 4 points with it." in basket.text
    assert "With an account you earn 4 points with it." in pay.text
    for page in (back, parcel):
        assert "80 points you earned with it are taken back." in page.text, page.url
    assert (at_the_door.json()["points"], at_the_door.json()["currency"]) == (80, "EUR")


async def test_what_points_paid_earns_none_and_comes_back_as_it_was_paid(sold):
    await give(sold, 220)
    id = await spend(sold, 300)
    code = giftcards.code_of(sold.stage.settings.secret, id)

    async def card_of_points(amount):
        return code

    sold._gift_card = card_of_points
    await sold.buy(gift=300)

    assert await sold.pool.fetchval(
        "SELECT points FROM loyalty.ledger WHERE order_id = $1", sold.id
    ) == (4000 - 300) // 100 * RATE  # fmt: skip
    for letter in "ABC":
        await take(sold, letter)
        await sold.stage.work()
    await sold.stage.make_refunds()
    assert (
        await sold.pool.fetchval("SELECT balance FROM payments.gift_cards WHERE id = $1", id) == 300
    )
    assert (await account(sold)).balance == 0  # 80 and 220, and all of it is on the card


async def test_what_is_taken_back_is_said_exactly_also_where_a_card_of_points_is_one_of_two(sold):
    await give(sold, 220)
    code = giftcards.code_of(sold.stage.settings.secret, await spend(sold, 300))
    await sold.buy(points=(code, 300))

    for letter in "ABC":
        offer = await sold.offer(letter)
        async with begin(sold.pool) as db:
            order = await returns.actions.locked(db, sold.id)
            said = await loyalty.lost(db, order, offer["amount"], {"ABC".index(letter) + 1: 1})
        before = (await account(sold)).balance
        await take(sold, letter)
        await sold.stage.work()
        assert before - (await account(sold)).balance == said, letter


async def test_whose_basket_it_was_earns_whatever_address_it_is_sent_with_and_a_guest_nothing(sold):
    sold.stage.browser, guests = lambda: sold.phone, sold.stage.browser
    await sold.buy(email="office@example.nl")
    theirs = sold.id
    sold.stage.browser = guests
    await sold.buy(email="guest@example.nl")

    rows = await sold.pool.fetch("SELECT order_id FROM loyalty.ledger ORDER BY number DESC LIMIT 1")
    assert [row["order_id"] for row in rows] == [theirs]
    assert (await account(sold)).balance == 160


async def test_a_sale_at_a_till_earns_for_the_customer_who_showed_their_code(shop):
    shop.app.state.settings = msgspec.structs.replace(shop.app.state.settings, points=RATE)
    counter = await Counter.set_up(shop)
    buyer, desk = await counter.stage.buyer(), await counter.clerk()
    async with counter.pool.acquire() as db:
        await sign_in(buyer.client, db, "kim@example.org")
    await desk.scan(f"http://shop.test/pair/{await code_of(buyer)}")
    await desk.scan("2*" + MILK)
    sale = await desk.pay("cash", slot=counter.stage.slot_id, age_checked="1")
    id = (await counter.order())["id"]
    await counter.pool.execute("UPDATE orders.lines SET delivered_quantity = quantity")
    await counter.pool.execute("UPDATE orders.orders SET state = 'delivered'")

    async with begin(counter.pool) as db:
        points = await loyalty.settle(db, id, new_id(), RATE)

    assert sale.status_code == 303
    goods = await counter.pool.fetchval(
        "SELECT sum(paid) FROM orders.lines WHERE order_id = $1", id
    )
    assert points == goods // 100 * RATE > 0


async def test_the_contact_centre_sees_points_and_gives_some_to_a_caller_who_is_known(sold):
    agent = await Agent.at(sold.stage)
    call = await agent.open(sold.id, found_by="email")
    wish = {"points": "40", "reason": "It came late", "command": str(uuid4())}

    early = await agent.post(f"{call}/points", **wish)
    await agent.post(f"{call}/verify", postcode="3511AB", house_number="12BIS")
    given = [await agent.post(f"{call}/points", **wish) for _ in range(2)]
    odd = await agent.post(f"{call}/points", points="-4", reason="It came late")
    much = await agent.post(f"{call}/points", points="501", reason="It came late")

    answers = [early, *given, odd, much]
    assert [one.status_code for one in answers] == [403, 303, 303, 400, 403]
    assert "120" in (await agent.client.get(call)).text
    assert (await account(sold)).balance == 120


async def give(sold, points, *roles):
    _, person = await employ(sold.pool, *(roles or ("agent",)))
    async with begin(sold.pool) as db:
        await loyalty.give(db, person, sold.customer, uuid4(), points, "It came late")


async def test_a_page_makes_a_gift_card_of_points_once_and_says_what_is_wrong(sold):
    await give(sold, 200)
    wish = {"command": str(uuid4()), "points": "150"}

    few = await sold.phone.post("/points", data={**wish, "command": str(uuid4()), "points": "9"})
    much = await sold.phone.post("/points", data={**wish, "command": str(uuid4()), "points": "999"})
    made = [await sold.phone.post("/points", data=wish) for _ in range(2)]
    odd = await sold.phone.post("/points", data={**wish, "points": "一"})
    guest = await another_phone(sold.stage.shop).post("/points", data=wish)

    assert [few.status_code, much.status_code, odd.status_code] == [422, 409, 400]
    assert [one.status_code for one in (*made, guest)] == [303] * 3
    assert guest.headers["location"] == "/sign-in"
    assert (await account(sold)).balance == 130
    for language in ("nl", "en", "ko"):
        page = await sold.phone.get("/points", headers={"Accept-Language": language})
        assert page.status_code == 200
        assert "130" in page.text
    assert await sold.pool.fetchval(
        "SELECT balance FROM payments.gift_cards WHERE why = 'points'"
    ) == 150  # fmt: skip


async def test_two_devices_spending_the_same_points_at_once_make_one_card(sold):
    await give(sold, 40)

    both = await asyncio.gather(spend(sold, 100), spend(sold, 100), return_exceptions=True)

    assert sorted(type(one) for one in both if not isinstance(one, UUID)) == [Conflict]
    assert (await account(sold)).balance == 20


async def test_two_workers_settling_one_order_at_once_earn_it_once(sold):
    await sold.pool.execute("DELETE FROM loyalty.accounts")

    moved = await asyncio.gather(*(settle(sold) for _ in range(4)))

    assert sorted(moved) == [0, 0, 0, 80]


async def test_apologies_end_at_the_limit_of_the_role_and_points_after_two_quiet_years(sold):
    await give(sold, rules.MOST_GOODWILL)
    with pytest.raises(NotAllowed):
        await give(sold, 1)
    await give(sold, 1, "supervisor")
    with pytest.raises(Unprocessable):
        await give(sold, 0)
    with pytest.raises(asyncpg.RaiseError):
        await sold.pool.execute("UPDATE loyalty.ledger SET points = points + 1")
    with pytest.raises(asyncpg.RaiseError):
        await sold.pool.execute("DELETE FROM loyalty.ledger")

    await loyalty.expire(sold.pool)
    await sold.pool.execute("UPDATE loyalty.accounts SET moved_at = now() - interval '731 days'")
    await loyalty.expire(sold.pool)

    found = await account(sold)
    assert (found.balance, found.entries[0].kind) == (0, "expire")


SUM = some.integers(0, 10**6)


@given(total=SUM, delivery=SUM, deposits=SUM, by_points=SUM, backs=some.lists(SUM, max_size=5))
@settings(max_examples=80, deadline=None)
def test_whatever_comes_back_and_however_often_it_is_settled_it_is_what_is_due(
    total, delivery, deposits, by_points, backs
):
    seen = Kept(
        customer_id=uuid4(), currency="EUR", handed_over=True, total=total, delivery=delivery,
        deposits=deposits, by_points=by_points, earned=0, rate=RATE,
    )  # fmt: skip
    balance, back = 0, 0
    for more in [0, *backs]:
        back += more
        for _ in range(2):  # every event comes twice
            balance += rules.due(seen, back, RATE) - balance

    paid = total - delivery - deposits - by_points - sum(backs)
    assert balance == max(0, paid) // 100 * RATE
