"""The last basket once more: as much of it as can be had, said by product, once, and undone."""

import asyncio
import re
from uuid import uuid4

import httpx
import pytest

from app.cart.models import Bought
from app.cart.rules import Facts, fits_again
from app.db import new_id
from tests.checkout.stage import HOME, add, stock_up
from tests.customers.mailbox import sign_in
from tests.shelf import BEER, SHIRT, put_on_shelf

ENGLISH = {"Accept-Language": "en"}


async def an_order(stage, **others):
    """Five milk, and so many of `others`, paid for. The buyer, and the address of the order."""
    buyer = await stage.buyer(quantity=5)
    more = 0
    for name, (gtin, price, quantity) in others.items():
        product = await put_on_shelf(stage.pool, gtin, name=name, price=price)
        await stock_up(stage.pool, stage.place_id, product, quantity)
        await add(buyer.client, product, quantity)
        more += price * quantity
    wish = await buyer.wish()
    placed = (await buyer.send(wish | {"total": wish["total"] + more})).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    return buyer, placed["track_at"].removeprefix(stage.settings.base_url)


async def dearer(stage, gtin, price):
    id = await stage.pool.fetchval(
        "UPDATE catalog.products SET price = $2 WHERE gtin = $1 RETURNING id", gtin, price
    )
    await stage.pool.execute(
        "UPDATE catalog.prices SET until_at = now() WHERE product_id = $1 AND until_at IS NULL", id
    )
    await stage.pool.execute(
        "INSERT INTO catalog.prices (product_id, amount) VALUES ($1, $2)", id, price
    )


async def in_basket(client):
    lines = (await client.get("/api/v1/cart")).json()["lines"]
    return {line["product"]["name"].removesuffix(" (en)"): line["quantity"] for line in lines}


def command_in(page, action):
    form = re.search(
        rf'action="{re.escape(action)}".*?name="command" value="([^"]+)"', page, re.DOTALL
    )
    return form.group(1) if form else None


async def test_by_the_link_of_the_order_all_that_can_be_had_is_in_the_basket_and_the_rest_is_told(
    stage,
):
    _, order = await an_order(stage, Shirt=(SHIRT, 900, 2), Beer=(BEER, 300, 3))
    await stage.pool.execute("UPDATE catalog.products SET on_sale = false WHERE gtin = $1", SHIRT)
    await dearer(stage, BEER, 350)
    await stage.pool.execute(
        "UPDATE catalog.products SET most_per_basket = 3 WHERE id = $1", stage.product_id
    )
    await stock_up(
        stage.pool, stage.place_id,
        await stage.pool.fetchval("SELECT id FROM catalog.products WHERE gtin = $1", BEER), 2,
    )  # fmt: skip
    friend = stage.browser()
    await add(friend, stage.product_id, 1)

    page = (await friend.get(order, headers=ENGLISH)).text
    form = {"command": command_in(page, f"{order}/again")}
    twice = await asyncio.gather(*(friend.post(f"{order}/again", data=form) for _ in range(2)))
    told = await friend.get(twice[0].headers["location"], headers=ENGLISH)

    assert [answer.status_code for answer in twice] == [303, 303]
    assert await in_basket(friend) == {"Halfvolle melk": 3, "Beer": 2}
    text = re.sub(r"<[^>]+>|\s+", " ", told.text)
    text = re.sub(r"\s+", " ", text)
    assert "4 products of your order are in your basket again." in text
    assert "Halfvolle melk (en) : 2 of 5, as many as one customer may have" in text
    assert "Shirt (en) : not for sale any more" in text
    assert "Beer (en) : 2 of 3, more is not there now; €3.50 each now, €3.00 then" in text

    undo = {"command": command_in(told.text, "/basket/again/undo")}
    for _ in range(2):
        out = await friend.post("/basket/again/undo", data=undo)
    assert await in_basket(friend) == {"Halfvolle melk": 1}
    told = (await friend.get(out.headers["location"], headers=ENGLISH)).text
    assert "What you had added is out again." in told
    assert (await stage.browser().get(out.headers["location"])).text.count("brought") == 0


async def test_who_is_signed_in_finds_the_last_order_at_the_start_and_it_lands_on_every_phone(
    stage,
):
    _, order = await an_order(stage)
    await stock_up(stage.pool, stage.place_id, stage.product_id, 5)
    sofa, train = stage.browser(), stage.browser()
    for phone in (sofa, train):
        await sign_in(phone, stage.pool, HOME["email"])

    pages = [(await sofa.get(at, headers=ENGLISH)).text for at in ("/", "/basket", "/sign-in")]
    commands = [command_in(page, f"{order}/again") for page in pages]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(stage.shop.app), base_url=stage.settings.base_url
    ) as stranger:
        home = (await stranger.get("/", headers=ENGLISH)).text
    await sofa.post(f"{order}/again", data={"command": commands[0]})

    assert all(commands)
    assert "Your last order" not in home
    assert await in_basket(train) == {"Halfvolle melk": 5}


async def test_over_the_api_it_is_one_command_and_a_basket_being_paid_stays_as_it_is(stage):
    buyer, order = await an_order(stage)
    key, at = {"Idempotency-Key": str(uuid4())}, f"/api/v1{order}/again"
    await stock_up(stage.pool, stage.place_id, stage.product_id, 20)

    first, same = [(await buyer.client.post(at, headers=key)).json() for _ in range(2)]
    buyer.key = str(uuid4())
    await buyer.order()
    paying = await buyer.client.post(at, headers={"Idempotency-Key": str(uuid4())})
    too_late = await buyer.client.delete(f"/api/v1/cart/again/{first['command']}")
    form = await buyer.client.post(f"{order}/again", data={"command": str(uuid4())})
    nobody = await buyer.client.delete(f"/api/v1/cart/again/{uuid4()}")

    assert first == same
    assert [(line["asked"], line["added"], line["why"]) for line in first["lines"]] == [(5, 5, "")]
    assert (paying.status_code, paying.json()["code"]) == (409, "being-paid")
    assert (too_late.status_code, too_late.json()["code"]) == (409, "being-paid")
    assert form.headers["location"] == "/basket?no=being-paid"
    assert nobody.status_code == 404


@pytest.mark.parametrize(
    ("facts", "quantity", "items", "left", "fits"),
    [
        ({}, 0, 0, None, (5, "")),
        ({}, 0, 0, 0, (0, "none-left")),
        ({}, 96, 96, 50, (3, "at-most-99")),
        ({}, 0, 997, None, (2, "basket-full")),
        ({}, 0, 999, None, (0, "basket-full")),
        ({"most": 2, "of_product": 4}, 4, 4, 9, (0, "limited")),
        ({"on_sale": False}, 0, 0, 9, (0, "not-for-sale")),
        ({"product_id": None}, 0, 0, 9, (0, "not-for-sale")),
    ],
)
def test_the_tightest_bound_says_how_many_come_back(facts, quantity, items, left, fits):
    bought = Bought(new_id(), "delivery", 5, 149)
    known = Facts(**({"product_id": bought.product_id, "on_sale": True} | facts))

    assert fits_again(bought, known, quantity, items, left) == fits


def test_a_pack_that_was_weighed_is_nobodys_twice():
    bought = Bought(new_id(), "delivery", 1, 374, weighed=True)

    known = Facts(product_id=bought.product_id, on_sale=True)

    assert fits_again(bought, known, 0, 0, None) == (0, "weighed")
