"""A picker before an empty spot, the shopper on their phone, and a cellar without a signal."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from app import staff
from app.fulfilment import picking
from app.orders.rules import link_token
from tests.fulfilment.builders import offending
from tests.fulfilment.builders import world as open_world
from tests.journeys.test_accessible import broken_rules
from tests.staff_desk import employ

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
LOOKS = os.environ.get("PERRON_LOOKS")
"""A folder in which to keep a picture of each page on the way."""

pytestmark = [pytest.mark.browser, pytest.mark.drill]


async def look(page, name):
    """Whether everybody can use it; nothing of it is wider than the phone."""
    assert await broken_rules(page) == [], name
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    if LOOKS:
        await page.screenshot(path=Path(LOOKS) / f"{name}.png", full_page=True)


async def picker_at(browser, served, pool, **looks):
    token, _ = await employ(pool, "picker")
    context = await browser.new_context(**PHONE, base_url=served.url, locale="en", **looks)
    name = staff.cookie_name(served.settings)
    await context.add_cookies([{"name": name, "value": token, "url": served.url}])
    return await context.new_page()


async def test_a_short_pick_is_replaced_with_the_shoppers_word_on_the_phone(browser, served, pool):
    world = await open_world(pool)
    milk = await world.product("Halfvolle melk", price=149, brand="Weide")
    other = await world.product("Volle melk", price=129, brand="Weide")
    order = await world.sell((milk, 2), wish="ask-me")
    page = await picker_at(browser, served, pool)
    phone = await (
        await browser.new_context(**PHONE, base_url=served.url, locale="ko", color_scheme="dark")
    ).new_page()
    await phone.goto(f"/orders/{link_token(served.settings.secret, order)}")

    await page.goto("/picking")
    await page.locator("form[action='/picking/start'] button.big").first.click()
    await page.wait_for_url("**/picking/*-*")
    await page.fill("#code", other.gtin)
    await page.press("#code", "Enter")
    await expect(page.locator(".halt")).to_be_visible()
    await look(page, "wrong")
    assert await pool.fetchval("SELECT sum(picked) FROM fulfilment.picks") == 0

    await page.get_by_text("Not there", exact=True).first.click()
    await look(page, "proposals")
    await page.locator("form[action$='/offer'] button[name=product]").first.click()
    await expect(page.locator("[data-idle]")).to_be_visible()
    await look(page, "waits")
    await expect(phone.locator(".instead")).to_contain_text("Volle melk")
    await expect(phone.locator("[data-until]")).to_contain_text(":")
    await look(phone, "asked")
    await phone.locator("button[name=answer][value=yes]").click()
    await expect(phone.locator("#instead")).to_be_visible()
    await look(phone, "answered")
    await expect(page.locator(".saved .tick")).to_be_visible()
    await look(page, "picked")

    [fulfilment_id] = [
        row["id"] for row in await pool.fetch("SELECT id FROM fulfilment.fulfilments")
    ]
    await world.pack(fulfilment_id)
    assert await world.refunds(order) == 2 * (149 - 129)
    assert await offending(pool) == {}


async def test_in_a_cellar_scans_are_kept_and_arrive_once_in_their_order(browser, served, pool):
    world = await open_world(pool)
    milk, bread = await world.product("Melk"), await world.product("Brood")
    cheese = await world.product("Kaas", price=600, content_quantity=500, content_unit="g")
    async with pool.acquire() as db:
        await picking.handle(db, cheese.id, weighed=True, item_number="2812345", dated=False)
    orders = [await world.sell((milk, 2), (cheese, 1)), await world.sell((bread, 1), (milk, 1))]
    codes = {product.name: product.gtin for product in (milk, bread)} | {"Kaas": "2812345004500"}
    page = await picker_at(browser, served, pool)
    await page.goto("/picking")
    await page.locator("form[action='/picking/start'] button.big").first.click()
    await page.wait_for_url("**/picking/*-*")
    await expect(page.locator("body[data-cellar=ready]")).to_be_attached()

    await page.context.set_offline(True)
    await page.fill("#code", "9521234543268")
    await page.press("#code", "Enter")
    await expect(page.locator(".halt")).to_be_visible()
    for pieces in range(1, 4):
        name = await page.locator("#screen h1").inner_text()
        await page.fill("#code", codes[name.removesuffix(" (en)")])
        await page.press("#code", "Enter")
        await expect(page.locator("#counted")).to_have_text(f"{pieces} / 5")
    await expect(page.locator("#waiting")).to_contain_text("3")
    await look(page, "cellar")
    assert await pool.fetchval("SELECT sum(picked) FROM fulfilment.picks") == 0

    await page.reload()
    await expect(page.locator("#counted")).to_have_text("3 / 5")
    while await page.locator("#screen").is_visible():
        name = await page.locator("#screen h1").inner_text()
        before = await page.locator("#counted").inner_text()
        await page.fill("#code", codes[name.removesuffix(" (en)")])
        await page.press("#code", "Enter")
        await expect(page.locator("#counted")).not_to_have_text(before)
    await expect(page.locator("#all")).to_be_visible()
    await look(page, "cellar-done")
    await page.context.set_offline(False)
    await expect(page.locator(".saved .tick")).to_be_visible()

    picked = await pool.fetch("SELECT quantity, picked FROM fulfilment.picks")
    acts = await pool.fetchval("SELECT count(*) FROM fulfilment.acts WHERE action = 'pick'")
    assert [row["picked"] for row in picked] == [row["quantity"] for row in picked]
    assert acts == 5
    for order in orders:
        [part] = await pool.fetch(
            "SELECT id FROM fulfilment.fulfilments WHERE order_id = $1", order
        )
        await world.pack(part["id"])
    assert await world.refunds(orders[0]) == 60, "the cheese weighs a tenth less"
    assert await offending(pool) == {}
