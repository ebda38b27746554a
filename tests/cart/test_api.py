"""The basket over HTTP."""

import asyncio

import msgspec
import pytest

from app.db import new_id
from tests.cart.builders import print_label, put_on_shelf

COMMANDS, CART, SCANS = "/api/v1/cart/commands", "/api/v1/cart", "/api/v1/scans"
SOME_ID = "01a2051c-0bf9-72f7-b4f8-6f6ff68ebfcd"


async def send(shop, product_id, quantity=1, **more):
    command = {"do": "add", "id": str(new_id()), "product_id": str(product_id)}
    return await shop.post(COMMANDS, json=command | {"quantity": quantity} | more)


async def test_the_first_addition_opens_a_basket_and_looking_does_not(shop, db):
    milk, _ = await put_on_shelf(db)

    looked = await shop.get(CART)
    added = await send(shop, milk)
    read = await shop.get(CART)

    assert "set-cookie" not in looked.headers
    assert "HttpOnly" in added.headers["set-cookie"]
    assert "SameSite=lax" in added.headers["set-cookie"]
    assert [line["quantity"] for line in read.json()["lines"]] == [1]


async def test_who_has_seen_this_version_is_told_that_nothing_changed(shop, db):
    milk, _ = await put_on_shelf(db)
    await send(shop, milk)
    etag = (await shop.get(CART)).headers["etag"]

    unchanged = await shop.get(CART, headers={"If-None-Match": etag})
    await send(shop, milk)
    changed = await shop.get(CART, headers={"If-None-Match": etag})

    assert (unchanged.status_code, changed.status_code) == (304, 200)
    shop.cookies.clear()
    await send(shop, milk)
    another = await shop.get(CART, headers={"If-None-Match": etag})
    assert (another.status_code, another.json()["version"]) == (200, 1), "another basket's first"


async def test_a_token_nobody_gave_out_opens_a_new_basket(shop, db):
    milk, _ = await put_on_shelf(db)
    shop.cookies.set("cart", "AAAAAAAAAAAAAAAAAAAAAA")

    added = await send(shop, milk)

    assert added.status_code == 200
    assert "AAAAAAAAAAAAAAAAAAAAAA" not in added.headers["set-cookie"]


async def test_a_refusal_says_what_to_do_and_brings_the_basket_as_it_is(shop, db):
    milk, _ = await put_on_shelf(db)
    await send(shop, milk, 99)

    refused = await send(shop, milk)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "at-most-99")
    assert problem["state"]["count"] == 99


async def test_a_list_of_commands_answers_each(shop, db):
    milk, _ = await put_on_shelf(db)
    one = {"do": "add", "product_id": str(milk)}

    answer = await shop.post(
        COMMANDS,
        json=[one | {"id": str(new_id()), "quantity": quantity} for quantity in (98, 5, 1)],
    )

    outcomes = answer.json()["outcomes"]
    assert [outcome.get("refused") for outcome in outcomes] == [None, "at-most-99", None]
    assert answer.json()["count"] == 99


async def test_a_scan_answers_with_its_line_and_acts_once_however_often_it_is_sent(shop, db):
    milk, number = await put_on_shelf(db, price=250)
    label, edition = await print_label(db, milk, number, price=200)
    await send(shop, milk)
    scan = {"id": str(new_id()), "text": f"HTTP://SHOP.TEST/{label}/01/{number}"}

    answers = await asyncio.gather(*[shop.post(SCANS, json=scan) for _ in range(10)])

    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.json() == answers[0].json() for answer in answers)
    answer = answers[0].json()
    assert (answer["version"], answer["count"]) == (2, 2)
    assert (answer["line"]["quantity"], answer["line"]["price"]) == (1, 200)
    assert answer["line"]["edition_id"] == str(edition)


async def test_the_same_id_for_another_code_is_refused(shop, db):
    milk, number = await put_on_shelf(db)
    _, other = await put_on_shelf(db)
    id = str(new_id())
    await send(shop, milk)

    await shop.post(SCANS, json={"id": id, "text": number})
    refused = await shop.post(SCANS, json={"id": id, "text": other})

    assert refused.status_code == 422


async def test_codes_that_open_nothing_say_why(shop, db):
    milk, number = await put_on_shelf(db)
    retired, _ = await print_label(db, milk, number, state="retired")
    mistyped = number[:-1] + str((int(number[-1]) + 1) % 10)

    async def status(text):
        answer = await shop.post(SCANS, json={"id": str(new_id()), "text": text})
        return answer.status_code, answer.json()["code"]

    assert await status(f"https://elsewhere.example/0000000/01/{number}") == (404, "unknown-label")
    assert await status(retired.lower()) == (410, "label-retired")
    assert await status(mistyped) == (400, "mistyped")
    assert await status("https://example.com/") == (400, "unreadable-code")


async def test_what_differs_from_the_poster_is_said_and_added_after_a_tap(shop, db):
    milk, number = await put_on_shelf(db, price=250)
    label, _ = await print_label(db, milk, number, price=200, days=-1, since_days=9)

    asked = await shop.post(SCANS, json={"id": str(new_id()), "text": label})
    tapped = await shop.post(SCANS, json={"id": str(new_id()), "text": label, "seen_price": 250})

    assert (asked.status_code, asked.json()["code"]) == (409, "price-changed")
    assert asked.json()["state"]["price"] == 250
    assert asked.json()["state"]["printed_price"] == 200
    assert tapped.json()["line"]["price"] == 250


ADD = {"do": "add", "id": SOME_ID}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"add"',
        b"[" * 5000,
        b'{"do":"steal"}',
        b'{"do":"add","id":"1"}',
        b'{"do":"add","id":"' + SOME_ID.encode() + b'","quantity":1e400}',
        b'{"do":"add","id":"' + SOME_ID.encode() + b'","label":"\xff\xfe"}',
        msgspec.json.encode(ADD | {"quantity": 100}),
        msgspec.json.encode(ADD | {"gtin": "\0\0"}),
        msgspec.json.encode(
            ADD | {"do": "set", "product_id": SOME_ID, "quantity": 1, "version": -1}
        ),
        msgspec.json.encode([ADD] * 101),
    ],
)
async def test_nonsense_is_a_problem_document(shop, body):
    answer = await shop.post(COMMANDS, content=body, headers={"Content-Type": "application/json"})

    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["", "\x00", "é" * 300, "9" * 20, "x" * 301, "http://[", "//"])
async def test_a_scan_of_nonsense_is_a_problem_document(shop, text):
    answer = await shop.post(SCANS, json={"id": str(new_id()), "text": text})

    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_strange_token_is_a_basket_nobody_has(shop):
    answer = await shop.get(CART, headers={"Cookie": "cart=" + "A" * 5000})

    assert (answer.status_code, answer.json()["count"]) == (200, 0)
