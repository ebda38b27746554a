"""The product page in a real browser: one tap, and the basket at its foot follows."""

import pytest

from app.db import new_id
from tests.cart.builders import print_label, put_on_shelf

pytestmark = pytest.mark.browser


async def test_a_tap_adds_and_another_phone_of_the_same_basket_is_seen(served, browser, db):
    milk, number = await put_on_shelf(db)
    label, _ = await print_label(db, milk, number)
    context = await browser.new_context(locale="en-IE", viewport={"width": 360, "height": 740})
    page = await context.new_page()

    await page.goto(f"{served.url}/{label}/01/{number}")
    await page.get_by_role("button", name="Add to basket").click()
    await page.locator(".bar .count", has_text="1").wait_for()
    await context.request.post(
        f"{served.url}/api/v1/cart/commands",
        data={"do": "add", "id": str(new_id()), "product_id": str(milk)},
    )
    await page.locator(".bar .count", has_text="2").wait_for()

    await context.close()
