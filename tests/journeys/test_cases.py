"""A complaint from the phone in one hand to a thank-you, in three languages; and an exchange whose
difference is paid on the way."""

from uuid import uuid4

import msgspec
import pytest
from playwright.async_api import expect

from app import cases
from app.db import begin
from app.serving.network import free_port
from tests.journeys.test_accessible import broken_rules
from tests.journeys.test_returns import DESKTOP, PHONE
from tests.returns.stage import B, Delivered
from tests.served import Served
from tests.staff_desk import employ

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def served(settings):
    here = Served(msgspec.structs.replace(settings, env="demo"), free_port("127.0.0.1", 23_200))
    try:
        await here.start("web")
        yield here
    finally:
        here.stop()


async def look(page, name):
    """Nothing of it is wider than the phone, and whoever cannot see it can use it."""
    assert await broken_rules(page) == [], name
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wide), name


async def desk(browser, served, sold, language, viewport, *roles):
    token, _ = await employ(sold.pool, *roles)
    context = await browser.new_context(**viewport, base_url=served.url, locale=language)
    await context.add_cookies([{"name": "staff", "value": token, "url": served.url}])
    return await context.new_page()


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
async def test_a_complaint_becomes_a_thank_you(browser, served, shop, language):
    sold = await Delivered.set_up(shop, gift=0)
    await served.start("worker")
    context = await browser.new_context(**PHONE, base_url=served.url, locale=language)
    phone = await context.new_page()
    await phone.goto(f"{sold.path}/returns")
    await look(phone, "choose")
    await phone.locator("input[value=damaged]").check()
    await phone.select_option("#n1", "1")
    await phone.select_option("#n2", "1")
    await phone.locator("form button.big").click()
    await expect(phone.locator(".offer")).to_have_count(1)
    await look(phone, "offer")
    await phone.fill("#note", "Alles nat")
    await phone.locator("form button.big").click()
    await phone.wait_for_url("**/returns/*")
    await look(phone, "asked")
    for number in range(3):
        async with begin(sold.pool) as db:
            await cases.open_case(db, uuid4(), sold.id, "late", words=f"Kwam {number} uur later")

    for viewport, name in ((PHONE, "small"), (DESKTOP, "wide")):
        page = await desk(browser, served, sold, language, viewport, "agent")
        await page.goto("/contact/cases")
        await look(page, f"cases {name}")
        await page.locator("#cases li a").first.click()
        await expect(page.locator("blockquote")).to_have_count(1)
        await look(page, f"case {name}")
    await page.goto("/contact/cases?whose=nobody")
    await expect(page.locator("#cases li")).to_have_count(4)
    await page.locator("#cases li", has_text="Alles nat").locator("a").first.click()
    await page.locator("form[action$='/owner'] button").click()
    await expect(page.locator("form[action$='/nobody']")).to_have_count(1)
    await page.select_option("#channel", "chat")
    await page.fill("#text", "Belde zelf al, heel vriendelijk")
    await page.locator("form[action$='/entries'] button").click()
    await expect(page.locator(".timeline li")).to_have_count(1)
    await page.locator("form[action$='/approval'] button").click()
    await expect(page.locator("form[action$='/approval']")).to_have_count(0)
    await page.fill("#learned", "Flessen staan nu rechtop")
    await page.locator("input[name=thank]").check()
    await page.locator("form[action$='/end'] button").click()
    await expect(page.locator("form[action$='/end']")).to_have_count(0)
    await look(page, "closed")

    letter = "SELECT body_text FROM messaging.messages WHERE kind = 'Case thanks'"
    assert "Flessen staan nu rechtop" in await sold.pool.fetchval(letter)
    assert await sold.stage.faults() == []


async def test_an_exchange_is_paid_on_the_phone_and_at_the_till_it_is_said_what_waits(
    browser, served, shop
):
    sold = await Delivered.set_up(shop, gift=0)
    await served.start("worker")
    context = await browser.new_context(**PHONE, base_url=served.url, locale="nl")
    phone = await context.new_page()
    await phone.goto(f"{sold.path}/returns?cause=changed-mind&n1=1")
    await phone.locator("input[value=parcel]").check()
    await phone.select_option("#instead", str(sold.products[B]))
    await look(phone, "ways")
    await phone.locator("form button.big").click()
    await phone.locator("button[value=pay]").click()
    await phone.locator("#ask button").click()
    await expect(phone.locator("h1")).to_contain_text("We bewaren het voor je")
    await look(phone, "kept")
    request = await sold.pool.fetchval("SELECT id FROM returns.requests")
    await phone.goto(f"{sold.path}/returns/{request}")
    await expect(phone.locator("section", has_text="Daarvoor in de plaats")).to_contain_text(
        "Het gaat op weg zodra"
    )
    await look(phone, "exchange")

    store = await desk(browser, served, sold, "nl", DESKTOP, "clerk", "packer")
    await store.goto(f"/receiving/{sold.id}?n1=1&cause=changed-mind&request={request}")
    await look(store, "receiving")
    await store.locator("form[method=post] button.big").click()
    await store.wait_for_url("**done=**")
    await phone.reload()
    await expect(phone.locator("h1")).to_contain_text("Geruild")
    await look(phone, "exchanged")
    merchant = await desk(browser, served, sold, "nl", DESKTOP, "merchandiser")
    await merchant.goto("/merchandiser/returns")
    await look(merchant, "insight")
    assert await sold.stage.faults() == []
