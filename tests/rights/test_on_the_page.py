"""Who has the mailbox reads what we know, takes it along, and is forgotten when nothing is under way."""

import re
from uuid import uuid4

import pytest

from app import rights
from app.db import begin
from app.errors import Malformed
from tests.checkout.stage import HOME, Stage


async def test_what_we_know_is_taken_along_and_forgotten_once_the_order_has_come(shop, pool):
    stage = await Stage.set_up(shop)
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    phone = stage.browser()
    phone.headers["Accept"] = "text/html"
    assert (await phone.get("/my-data")).headers["location"] == "/sign-in"
    await phone.post("/sign-in", data={"email": HOME["email"]})
    mail = await pool.fetchval("SELECT body_text FROM messaging.messages WHERE kind = 'SignIn'")
    await phone.post(re.search(r"/sign-in/\w[\w-]*", mail)[0], data={"command": str(uuid4())})

    told = (await phone.get("/my-data/all.json")).json()
    assert told["rows"]["orders.orders"][0]["street"] == HOME["street"]
    assert "token_hash" not in told["rows"]["orders.orders"][0]
    form = {"command": str(uuid4()), "sure": "true"}
    unsure = await phone.post("/my-data/forget", data={"command": str(uuid4())})
    early = await phone.post("/my-data/forget", data={**form, "command": str(uuid4())})
    assert (unsure.status_code, early.status_code) == (200, 409)
    assert (await pool.fetchval("SELECT email FROM orders.orders")) == HOME["email"]

    for state in ("in_fulfilment", "packed", "on_the_way", "delivered"):
        await stage.advance(placed, state)
    await stage.work()
    gone = [await phone.post("/my-data/forget", data=form) for _ in range(2)]

    assert [answer.status_code for answer in gone] == [200, 200]
    assert "vergeten" in gone[0].text
    order = await pool.fetchrow("SELECT * FROM orders.orders")
    assert (order["name"], order["email"], order["postcode"]) == ("", "", "")
    assert order["total"] > 0
    assert await pool.fetchval("SELECT count(*) FROM messaging.messages") == 0
    page = await phone.get(placed["track_at"])
    assert page.status_code == 200
    assert HOME["street"] not in page.text
    assert (await phone.get("/my-data")).headers["location"] == "/sign-in"


async def test_orders_without_an_address_are_nobodys(pool):
    async with begin(pool) as db:
        for nobody in ("", " ", "henk"):
            with pytest.raises(Malformed):
                await rights.tell(db, nobody, "secret")
