"""Something was wrong with a delivered order: a phone says so, the contact centre sees it at once;
and what a clerk takes back by its packing slip is on that store's shelf again."""

import msgspec
import pytest
from playwright.async_api import expect

from app.serving.network import free_port
from tests.journeys.test_accessible import broken_rules
from tests.returns.stage import A, Delivered, store_beside
from tests.served import Served
from tests.staff_desk import employ

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def served(settings):
    """The worker comes later: until the order is at home, the test does its work."""
    here = Served(msgspec.structs.replace(settings, env="demo"), free_port("127.0.0.1", 23_000))
    try:
        await here.start("web")
        yield here
    finally:
        here.stop()


async def test_a_complaint_on_a_phone_is_paid_back_and_seen_by_the_contact_centre(
    browser, served, shop
):
    sold = await Delivered.set_up(shop, gift=0)
    await served.start("worker")
    phone = await (await browser.new_context(**PHONE, base_url=served.url, locale="nl")).new_page()
    agent = await at_desk(browser, served, sold, "/contact/cases", "agent", "clerk")
    await expect(agent.locator("#cases li")).to_have_count(0)

    await phone.goto(sold.path)
    await phone.locator("a[href$='/returns']").click()
    assert await broken_rules(phone) == []
    await phone.locator("input[value=missing]").check()
    await phone.select_option("#n3", "1")
    await phone.locator("form button.big").click()
    await expect(phone.locator(".offer h2")).to_contain_text("8,00")
    assert await broken_rules(phone) == []
    await phone.fill("#note", "De tas was leeg")
    await phone.locator("form button.big").click()
    await expect(agent.locator("#cases li")).to_have_count(1)
    await expect(phone.locator("h1")).to_contain_text("8,00")
    assert await broken_rules(phone) == []

    assert await broken_rules(agent) == []
    await agent.locator('#cases a[href^="/contact/cases/"]').click()
    await expect(agent.locator("blockquote")).to_contain_text("De tas was leeg")
    assert await broken_rules(agent) == []
    await agent.locator("form[action='/contact/calls'] button").click()
    await agent.fill("#said-name", "Min Janssen")
    await agent.fill("#said-house_number", "12 bis")
    await agent.locator("form[action$='/verify'] button").click()
    timeline = agent.locator(".timeline")
    for words in ("Besteld", "Overhandigd", "Teruggekomen of terugbetaald", "Geld gaat terug"):
        await expect(timeline).to_contain_text(words)
    assert await sold.stage.faults() == []


async def test_a_clerk_scans_the_slip_and_takes_back_what_was_driven_home(browser, served, shop):
    sold = await Delivered.set_up(shop, gift=0)
    await served.start("worker")
    store = await store_beside(sold.stage)
    till = await at_desk(browser, served, sold, "/till", "clerk")
    await till.locator("form[action='/till/set-up'] button.big").click()
    await till.fill("#amount", "100")
    await till.locator("form[action='/till/open'] button.big").click()
    await till.locator("a[href='/till/returns']").click()
    await till.fill("#code", f"HTTP://SHOP.TEST/SLIP/{sold.placed['number']}")
    await till.press("#code", "Enter")
    await till.select_option("#n1", "1")
    await till.locator("input[value=changed-mind]").check()
    assert await broken_rules(till) == []
    await till.locator("form[action^='/till/returns/'] button.big").click()
    await expect(till.locator(".offer h2")).to_contain_text("10,00")
    assert await broken_rules(till) == []
    await till.locator("form[action^='/till/returns/'] button.big").click()
    await expect(till.locator("section[role=status] h2")).to_contain_text("10,00")

    there = await sold.pool.fetchval(
        "SELECT on_hand FROM stock.levels WHERE place_id = $1 AND product_id = $2",
        store.store_id, sold.products[A],
    )  # fmt: skip
    assert there == 1
    await expect_refund_made(sold)
    assert await sold.stage.faults() == []


async def expect_refund_made(sold):
    """The worker tells the provider within seconds."""
    for _ in range(300):
        if await sold.pool.fetchval("SELECT sum(amount) FROM payments.test_refunds") == 1000:
            return
        await sold.pool.execute("SELECT pg_sleep(0.1)")
    raise AssertionError("the card never got its money back")


async def at_desk(browser, served, sold, path, *roles):
    token, _ = await employ(sold.pool, *roles)
    context = await browser.new_context(**DESKTOP, base_url=served.url, locale="nl")
    await context.add_cookies([{"name": "staff", "value": token, "url": served.url}])
    page = await context.new_page()
    await page.goto(path)
    return page
