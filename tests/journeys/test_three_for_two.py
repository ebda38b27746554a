"""Two shirts carried out of the store and the third sent home: one receipt, one "3 for 2"."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app import checkout, pricing
from app.db import begin, new_id
from app.pricing import FreeDelivery, NForM, Promotion, Where
from tests.checkout.stage import FEE, HOME, Stage

SHIRT = 2000


async def test_till_and_phone_fill_one_basket_at_once_and_the_third_shirt_is_free(shop):
    stage = await Stage.set_up(shop, quantity=10, price=SHIRT, deposit=0)
    await _run_three_for_two(stage)
    phone = await stage.buyer(quantity=1)
    till = stage.browser()
    await phone.client.post("/api/v1/cart/commands", json=_taken_out(stage, await phone.cart()))
    till.cookies = phone.client.cookies  # the till has the shopper's basket open

    answers = await asyncio.gather(
        till.post("/api/v1/cart/commands", json=_add(stage, "carry-out")),
        phone.client.post("/api/v1/cart/commands", json=_add(stage, "delivery")),
        till.post("/api/v1/cart/commands", json=_add(stage, "carry-out")),
    )

    assert {answer.status_code for answer in answers} == {200}
    seen_by_till = (await till.get("/api/v1/cart")).json()
    assert seen_by_till == await phone.cart()
    assert {line["handover"]: line["quantity"] for line in seen_by_till["lines"]} == {
        "carry-out": 2,
        "delivery": 1,
    }

    async with begin(stage.pool) as db:
        quote = await checkout.quote(db, UUID(seen_by_till["id"]), "nl", delivery=FEE)
    receipt = quote.receipt
    sums = (receipt.subtotal, receipt.discount, receipt.delivery, receipt.total)
    assert sums == (3 * SHIRT, SHIRT, FEE, 2 * SHIRT + FEE)
    assert {share.key.split("/")[1]: share.paid for share in receipt.lines} == {
        "carry-out": 2667,
        "delivery": 1333,
    }
    [advantage] = receipt.advantages
    assert sum(use.units for use in advantage.uses) == 3

    refused = await _order(stage, phone.client, seen_by_till, total=receipt.total)

    assert (refused.status_code, refused.json()["code"]) == (409, "at-the-till")
    assert await stage.faults() == []


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
