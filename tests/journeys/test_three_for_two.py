"""Two shirts carried out of the store and the third sent home: one receipt, one "3 for 2"."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app import pricing
from app.db import begin, new_id
from app.pricing import FreeDelivery, NForM, Promotion, Where
from tests.checkout.stage import FEE, HOME, Stage
from tests.tills.counter import Counter, code_of

SHIRT = 2000


async def test_till_and_phone_fill_one_basket_at_once_and_it_is_sold_with_the_third_shirt_free(
    shop,
):
    counter = await Counter.set_up(shop)
    stage = counter.stage
    await counter.pool.execute("UPDATE catalog.products SET deposit = 0")
    await counter.price_becomes(SHIRT)
    await _run_three_for_two(stage)
    phone, till = await stage.buyer(quantity=1), await counter.clerk()
    await phone.client.post("/api/v1/cart/commands", json=_taken_out(stage, await phone.cart()))
    await till.post("/till/attach", code=await code_of(phone))

    answers = await asyncio.gather(
        till.scan(),
        phone.client.post("/api/v1/cart/commands", json=_add(stage, "delivery")),
        till.scan(),
    )

    assert [answer.status_code for answer in answers] == [303, 200, 303]
    basket = await phone.cart()
    assert {line["handover"]: line["quantity"] for line in basket["lines"]} == {
        "carry-out": 2,
        "delivery": 1,
    }
    on_phone, on_till = await _basket_page(phone, "nl"), await till.page()
    for page in (on_phone, on_till):
        assert "3 halen 2 betalen" in page
        assert "€ 40,00" in page.replace("\xa0", " ")
    refused = await _order(stage, phone.client, basket, total=2 * SHIRT + FEE)
    assert (refused.status_code, refused.json()["code"]) == (409, "at-the-till")

    sold = await till.pay("cash-and-card", slot=stage.slot_id, given="20")
    receipt = await till.card_goes_through(sold)

    order = await counter.order()
    sums = [order[name] for name in ("state", "subtotal", "discount", "delivery", "total")]
    assert sums == ["confirmed", 3 * SHIRT, SHIRT, FEE, 2 * SHIRT + FEE]
    lines = await counter.pool.fetch(
        "SELECT handover, quantity, delivered_quantity, paid FROM orders.lines ORDER BY handover"
    )
    assert [tuple(line) for line in lines] == [
        ("carry-out", 2, 2, 2667),
        ("delivery", 1, 0, 1333),
    ]
    for words in ("3 halen 2 betalen", "−€ 20,00", "€ 43,95", "€ 23,95", "Meegenomen", "Thuis"):
        assert words in receipt, words
    assert tuple(await counter.in_store()) == (8, 0)
    assert (await phone.cart())["lines"] == []
    await stage.work()
    assert await counter.pool.fetchval("SELECT sum(quantity) FROM fulfilment.picks") == 1
    assert await counter.faults() == []


async def test_the_basket_says_one_more_for_three_for_two_and_then_that_it_is_there(shop):
    stage = await Stage.set_up(shop, quantity=10, price=SHIRT, deposit=0)
    await _run_three_for_two(stage)
    phone = await stage.buyer(quantity=2)
    words = {
        "nl": ("Nog 1 voor 3 halen 2 betalen", "3 halen 2 betalen"),
        "en": ("1 more for 3 for 2", "3 for 2"),
        "ko": ("1개 더", "2+1"),
    }

    before = {language: await _basket_page(phone, language) for language in words}
    await phone.client.post("/api/v1/cart/commands", json=_add(stage, "carry-out"))
    after = {language: await _basket_page(phone, language) for language in words}

    for language, (hint, name) in words.items():
        assert hint in before[language]
        assert 'class="hint"' not in after[language]
        assert name in after[language]


async def test_the_basket_says_how_much_is_missing_for_free_delivery(shop):
    stage = await Stage.set_up(shop, quantity=10, price=SHIRT, deposit=0)
    names = {"nl": "gratis bezorging", "en": "free delivery", "ko": "무료 배송"}
    began = datetime.now(UTC) - timedelta(days=1)
    where = Where(minimum_amount=5000)
    async with begin(stage.pool) as db:
        offer = Promotion(new_id(), names, FreeDelivery(), frozenset(), began, where=where)
        await pricing.save(db, offer, "published")
    phone = await stage.buyer(quantity=2)

    assert "€10.00 more for free delivery" in await _basket_page(phone, "en")
    assert "Nog € 10,00 voor gratis bezorging" in (await _basket_page(phone, "nl")).replace(
        "\xa0", " "
    )


async def _run_three_for_two(stage):
    names = {"nl": "3 halen 2 betalen", "en": "3 for 2", "ko": "2+1"}
    began = datetime.now(UTC) - timedelta(days=1)
    async with begin(stage.pool) as db:
        offer = Promotion(new_id(), names, NForM(3, 2), frozenset([stage.product_id]), began)
        await pricing.save(db, offer, "published")


def _add(stage, handover):
    return {
        "do": "add",
        "id": str(uuid4()),
        "product_id": str(stage.product_id),
        "handover": handover,
    }


def _taken_out(stage, cart):
    return {
        "do": "remove",
        "id": str(uuid4()),
        "product_id": str(stage.product_id),
        "version": cart["version"],
    }


async def _order(stage, client, cart, *, total):
    wish = {
        **HOME,
        "cart_version": cart["version"],
        "total": total,
        "slot": str(stage.slot_id),
    }
    return await client.post(
        "/api/v1/checkout", json=wish, headers={"Idempotency-Key": str(uuid4())}
    )


async def _basket_page(phone, language):
    return (await phone.client.get("/basket", headers={"Accept-Language": language})).text
