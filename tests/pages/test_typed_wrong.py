"""What somebody types wrong is said on the page it belongs to, and is still there to be mended."""

from uuid import uuid4

import pytest

from tests.customers.mailbox import put_in
from tests.shelf import put_on_shelf

ENGLISH = {"Accept-Language": "en"}


@pytest.mark.parametrize(
    ("typed", "shown"), [("a", "a"), ("😀 x", "😀 x"), ("abc d", "abc d"), ("z" * 900, "z" * 40)]
)
async def test_what_is_no_coupon_stays_in_its_field(shop, db, typed, shown):
    await put_in(shop, str(await put_on_shelf(db)))

    sent = await shop.post("/basket/coupon", data={"command": str(uuid4()), "code": typed})
    page = (await shop.get(sent.headers["location"], headers=ENGLISH)).text

    assert "A coupon has 3 to 32 letters, digits or hyphens." in page
    assert f'value="{shown}"' in page
    assert (await shop.get("/api/v1/cart")).json()["coupons"] == []


async def test_a_word_of_many_lines_is_as_long_as_its_letters(shop, db):
    await put_in(shop, str(await put_on_shelf(db)))
    lines = ["green bananas"] * 35

    await shop.post("/basket/note", data={"command": str(uuid4()), "text": "\r\n".join(lines)})

    assert (await shop.get("/api/v1/cart")).json()["note"] == "\n".join(lines)


@pytest.mark.parametrize("typed", ["abc", "😀" * 8, "x" * 900])
async def test_a_code_of_another_screen_that_is_none_can_be_typed_once_more(shop, typed):
    page = await shop.post("/pair", data={"code": typed}, headers=ENGLISH)

    assert page.status_code == 410
    assert "Ask for a new one." in page.text
    assert f'value="{typed[:20]}"' in page.text


@pytest.mark.parametrize("typed", ["kim", "kim @example.org", "@"])
async def test_what_is_no_address_is_said_beside_the_field_it_stays_in(shop, typed):
    page = await shop.post("/sign-in", data={"email": typed}, headers=ENGLISH)

    assert page.status_code == 400
    assert "Please write an e-mail address like name@example.nl." in page.text
    assert f'value="{typed}"' in page.text
