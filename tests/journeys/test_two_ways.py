"""On a phone, part of a basket is sent home and part of it is collected: one checkout, one order."""

import os
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import expect

from app.serving.network import free_port
from tests.checkout.stage import HOME
from tests.fulfilment.collect.stage import Town
from tests.journeys.test_accessible import broken_rules
from tests.served import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def served(settings):
    here = Served(msgspec.structs.replace(settings, env="demo"), free_port("127.0.0.1", 24_000))
    try:
        await here.start("web", "worker")
        yield here
    finally:
        here.stop()


async def seen(page, name):
    """Kept as a picture for who wants to look; nothing is cut off, and axe finds nothing."""
    if folder := os.environ.get("PERRON_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"
    assert await broken_rules(page) == []


@pytest.mark.parametrize(("language", "screen"), [("nl", PHONE), ("en", DESKTOP), ("ko", PHONE)])
async def test_one_thing_comes_home_and_the_other_is_collected(
    browser, served, shop, language, screen
):
    town = await Town.open(shop)
    context = await browser.new_context(**screen, base_url=served.url, locale=language)
    page = await context.new_page()
    for count, product in enumerate((town.product_id, town.beer), start=1):
        await page.goto(f"/products/{product}")
        await page.locator("form[action='/basket/add'] button").first.click()
        await expect(page.locator(".bar .count")).to_have_text(str(count))
    await page.goto("/basket")
    await page.locator("form.all button[value=collect]").click()
    await expect(page.locator(".way .tag.good")).to_have_count(2)
    await (
        page.locator("button[name=instead]")
        .nth(0)
        .or_(page.locator(".line .way button"))
        .first.click()
    )
    await expect(page.locator(".way .tag.good")).to_have_count(1)
    await seen(page, f"{language}-1-basket")

    await page.goto("/checkout?postcode=3511+AB")
    await expect(page.locator("main .note li")).to_have_count(1)
    await page.locator("input[name=slot]").first.check()
    await seen(page, f"{language}-2-when")
    await page.locator("form[action='/checkout/collect'] button.big").click()
    await page.locator("input[name=collect]").check()
    await seen(page, f"{language}-3-where")
    await page.locator("form[action='/checkout/pay'] button.big").click()
    for field, words in HOME.items():
        await page.fill(f"#{field}", words)
    await page.locator("input[name=of_age]").check()
    await seen(page, f"{language}-4-pay")
    await page.locator("button.big").click()
    await page.locator("button[value=pay]").first.click()
    await expect(page.locator("#order")).to_have_attribute("data-state", "confirmed")
    await expect(page.locator("#brought")).to_have_count(1)
    await expect(page.locator("#where")).to_have_count(1)
    await page.reload()
    await seen(page, f"{language}-5-order")
    await page.locator("a[href$='/change']").click()
    await page.locator("button[value=without-collect]").click()
    await seen(page, f"{language}-6-change")
    assert await town.faults() == []
