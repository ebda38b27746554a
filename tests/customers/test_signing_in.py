"""A mailed link signs in: once, for a quarter of an hour, the newest only; nobody needs it."""

import pytest

from app.db import new_id
from tests.customers.mailbox import another_phone, ask, links_to, put_in, sign_in
from tests.shelf import put_on_shelf

KIM = "kim@example.org"


async def test_opening_the_link_shows_a_button_and_only_the_button_signs_in(shop, db):
    await ask(shop, KIM)
    [link] = await links_to(db, KIM)

    opened = [await shop.get(link, headers={"Accept": "text/html"}) for _ in range(3)]
    used = await shop.post(link, data={"command": str(new_id())})

    assert [page.status_code for page in opened] == [200] * 3
    assert all(KIM in page.text and "<form" in page.text for page in opened)
    assert not any("set-cookie" in page.headers for page in opened)
    assert (used.status_code, used.headers["location"]) == (303, "/basket?in=1")
    assert KIM in (await shop.get("/basket")).text


async def test_the_answer_is_the_same_for_known_and_unknown_addresses(shop, db):
    await sign_in(shop, db, KIM)

    known, unknown = (
        await ask(another_phone(shop), KIM),
        await ask(another_phone(shop), "x@y.example"),
    )

    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(KIM, "@") == unknown.text.replace("x@y.example", "@")


async def test_a_link_works_once(shop, db):
    await sign_in(shop, db, KIM)
    [link] = await links_to(db, KIM)

    again = await another_phone(shop).post(link, data={"command": str(new_id())})

    assert (again.status_code, "set-cookie" in again.headers) == (410, False)


async def test_an_answer_that_was_lost_can_be_had_again(shop, db):
    await ask(shop, KIM)
    [link] = await links_to(db, KIM)
    command = {"command": str(new_id())}

    answers = [await another_phone(shop).post(link, data=command) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].cookies["customer"] == answers[1].cookies["customer"]


async def test_only_the_newest_link_works_and_none_after_a_quarter_of_an_hour(shop, db):
    await ask(shop, KIM)
    await ask(shop, KIM)
    older, newer = await links_to(db, KIM)

    refused = await shop.post(older, data={"command": str(new_id())})
    await db.execute("UPDATE customers.links SET until_at = now() - interval '1 second'")
    too_late = await shop.post(newer, data={"command": str(new_id())})

    assert (refused.status_code, too_late.status_code) == (410, 410)


async def test_a_mailbox_is_not_filled_by_strangers_and_its_newest_link_goes_on_working(shop, db):
    answers = [await ask(shop, KIM) for _ in range(9)]

    links = await links_to(db, KIM)
    used = await shop.post(links[-1], data={"command": str(new_id())})

    assert {answer.status_code for answer in answers} == {200}
    assert (len(links), used.status_code) == (5, 303)


async def test_one_address_in_two_spellings_is_one_account(shop, db):
    await sign_in(shop, db, "Kim@Example.org")
    await sign_in(another_phone(shop), db, KIM)

    assert await db.fetchval("SELECT count(*) FROM customers.people") == 1


async def test_the_mail_is_in_the_language_of_who_asked(shop, db):
    await shop.post("/sign-in", data={"email": KIM}, headers={"Accept-Language": "ko"})

    assert await db.fetchval("SELECT subject FROM messaging.messages") == "로그인 링크"


async def test_after_signing_out_the_browser_has_neither_account_nor_basket(shop, db):
    milk = await put_on_shelf(db)
    await put_in(shop, milk)
    await sign_in(shop, db, KIM)
    session, token = shop.cookies["customer"], shop.cookies["cart"]

    await shop.post("/sign-out")
    thief = another_phone(shop)
    thief.cookies.update({"customer": session, "cart": token})

    assert (await thief.get("/api/v1/cart")).json()["count"] == 0
    assert KIM not in (await thief.get("/basket")).text
    assert "cart" not in shop.cookies


@pytest.mark.parametrize("email", ["", "kim", "a b@c", "@", "x" * 250 + "@example.org", "a\x00@b"])
async def test_what_is_no_address_is_said_to_be_none(shop, email):
    assert (await ask(shop, email)).status_code == 400


@pytest.mark.parametrize("token", ["x", "é", "x" * 90, "..%2f"])
async def test_a_link_nobody_mailed_opens_nothing(shop, token):
    opened = await shop.get(f"/sign-in/{token}")

    assert opened.status_code in (400, 404, 410)


async def test_an_app_signs_its_shopper_in_over_the_api(shop, db):
    milk = await put_on_shelf(db)
    phone = another_phone(shop)
    await put_in(phone, milk, 2)

    sent = await phone.post("/api/v1/sign-in", json={"email": KIM})
    [link] = await links_to(db, KIM)
    key = {"Idempotency-Key": str(new_id())}
    address = f"/api/v1{link}"
    answers = [await phone.post(address, json={}, headers=key) for _ in range(2)]
    other = await another_phone(shop).post(
        address, json={}, headers={"Idempotency-Key": str(new_id())}
    )
    who = (await phone.get("/api/v1/customer")).json()
    out = await phone.post("/api/v1/sign-out")

    assert (sent.status_code, sent.json()) == (202, {"holds_s": 900})
    assert [answer.json()["email"] for answer in answers] == [KIM, KIM]
    assert (other.status_code, other.json()["code"]) == (410, "link-used")
    assert (who, out.status_code) == ({"email": KIM}, 200)
    assert (await phone.get("/api/v1/customer")).json() == {"email": ""}
    assert (await phone.get("/api/v1/cart")).json()["lines"] == []
