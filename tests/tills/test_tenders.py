"""One receipt, several means: gift cards, coins and a card, and each gets back what it paid."""

import re

import pytest

from app.db import begin, new_id
from app.payments import giftcards
from tests.tills.counter import MILK, Counter


@pytest.fixture
async def counter(shop):
    counter = await Counter.set_up(shop)
    yield counter
    assert await counter.faults() == []


async def gift(counter, amount):
    secret = counter.stage.settings.secret
    async with begin(counter.pool) as db:
        id = await giftcards.issue(db, amount, "EUR", secret=secret)
        return await giftcards.reveal(db, id, new_id(), secret=secret), id


async def balance(counter, id):
    return await counter.pool.fetchval(
        "SELECT balance FROM payments.gift_cards WHERE id = $1 AND held = 0", id
    )


async def drawer(counter):
    return await counter.pool.fetchval("SELECT sum(amount)::int FROM tills.drawer")


async def tenders(counter):
    rows = await counter.pool.fetch(
        "SELECT provider, amount, state FROM payments.intents ORDER BY place"
    )
    return [tuple(row) for row in rows]


async def test_gift_card_coins_and_card_pay_one_receipt_and_an_undo_gives_each_its_own(counter):
    code, id = await gift(counter, 100)
    boss = await counter.clerk("clerk", "supervisor")
    await boss.scan("2*" + MILK)

    looked = await boss.pay("gift-card", gift_card_new=code)
    assert looked.status_code == 200
    assert "€ 4,28" in looked.text.replace("\xa0", " ")
    sold = await boss.pay("cash-and-card", gift_card_1=code, given="2,01")
    waiting = (await boss.page(sold.headers["location"])).replace("\xa0", " ")
    assert "€ 2,27" in waiting
    assert "€ 2,01 contant" in waiting
    assert await drawer(counter) == 10_000
    assert await counter.faults() == []
    receipt = await boss.card_goes_through(sold)

    assert (await counter.order())["state"] == "delivered"
    assert await tenders(counter) == [
        ("gift-card", 100, "captured"),
        ("cash", 201, "captured"),
        ("test", 227, "captured"),
    ]
    assert await drawer(counter) == 10_201
    assert await balance(counter, id) == 0
    assert all(words in receipt for words in (f"…{code[-4:]}", "€ 1,00", "€ 2,01", "€ 2,27"))
    x = (await boss.page("/till/drawer")).replace("\xa0", " ")
    assert "€ 2,27" in x
    assert await counter.faults() == []

    await boss.post(f"{sold.headers['location']}/take-back", reason="Verkeerd")
    await counter.stage.make_refunds()
    assert await drawer(counter) == 10_000
    assert await balance(counter, id) == 100
    assert await counter.pool.fetchval("SELECT sum(amount) FROM payments.test_refunds") == 227


async def test_a_card_that_fails_frees_the_gift_card_and_the_coins_go_back(counter):
    code, id = await gift(counter, 100)
    desk = await counter.clerk()
    await desk.scan("2*" + MILK)
    sold = await desk.pay("cash-and-card", gift_card_1=code, given="1")

    await desk.post(f"{sold.headers['location']}/give-up")

    assert await balance(counter, id) == 100
    assert await drawer(counter) == 10_000
    again = await desk.pay("cash", gift_card_1=code, gift_amount_1="0,50", given="5")
    page = (await desk.page(again.headers["location"])).replace("\xa0", " ")
    assert await balance(counter, id) == 50
    assert "€ 0,20" in page  # 4.78 is rounded to 4.80 in coins
    assert await drawer(counter) == 10_480


async def test_what_does_not_pay_is_refused_in_a_sentence_and_sells_nothing(counter):
    code, id = await gift(counter, 264)
    desk = await counter.clerk()
    await desk.scan()
    nobody = await desk.pay("cash", gift_card_1="7Q2M-KX9D-0RTA-4HB8")
    enough = await desk.pay("cash-and-card", given="3")
    nothing = await desk.pay("cash-and-card", given="")
    no_amount = await desk.pay("cash", gift_card_1=code, gift_amount_1="much")
    assert [one.status_code for one in (nobody, enough, nothing, no_amount)] == [409, 409, 409, 400]
    assert "We kennen deze cadeaukaart niet" in nobody.text

    whole = await desk.pay("cash", gift_card_1=code, given="")

    assert whole.status_code == 303
    assert await tenders(counter) == [("gift-card", 264, "captured")]
    assert (await balance(counter, id), await drawer(counter)) == (0, 10_000)
    empty = await desk.post("/till/gift-cards/balance", code=code)
    assert "€ 0,00" in empty.text.replace("\xa0", " ")


@pytest.mark.parametrize("tender", ["cash", "card"])
async def test_a_gift_card_is_sold_and_its_code_told_once(counter, tender):
    boss = await counter.clerk("clerk", "supervisor")
    little = await boss.post("/till/gift-cards", amount="25", given="20", tender="cash")
    none = await boss.post("/till/gift-cards", amount="0", tender="cash")
    assert (little.status_code, none.status_code) == (409, 400)

    sold = await boss.post("/till/gift-cards", amount="25", given="50", tender=tender)
    hand_out = f"{sold.headers['location']}/gift-card"
    if tender == "card":
        off = await boss.post("/till/gift-cards", amount="5", tender="card")
        await boss.post(f"{off.headers['location']}/give-up")
        assert (await boss.post(hand_out)).status_code == 409
        await boss.card_goes_through(sold)
    shown = await boss.post(hand_out)
    again = await boss.post(hand_out)

    code = re.search(r'code-typed number">([0-9A-Z-]{19})<', shown.text)[1]
    assert (shown.status_code, again.status_code) == (200, 409)
    assert code not in again.text
    assert await drawer(counter) == 10_000 + (2_500 if tender == "cash" else 0)
    await counter.stage.work()
    vat = await counter.pool.fetchval("SELECT vat FROM orders.documents")
    assert [part["tax"] for part in vat] == [0]
    await boss.scan()
    await boss.pay("cash", gift_card_1=code, given="")
    undo = await boss.post(f"{sold.headers['location']}/take-back", reason="Verkeerd")
    assert undo.status_code == 409
    unspent = await boss.post("/till/gift-cards", amount="10", given="10", tender="cash")
    await boss.post(f"{unspent.headers['location']}/gift-card")
    undone = await boss.post(f"{unspent.headers['location']}/take-back", reason="Verkeerd")
    await counter.stage.make_refunds()
    assert undone.status_code == 303
    cards = await counter.pool.fetch(
        "SELECT balance, blocked_at IS NOT NULL AS blocked FROM payments.gift_cards ORDER BY id"
    )
    assert [tuple(card) for card in cards] == [(2_500 - 264, False), (0, True)]
