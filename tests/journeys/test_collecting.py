"""Where no van comes an order is collected: a phone chooses the desk and shows its code, and the
clerk hands over what is wanted of it."""

import msgspec
import pytest
from playwright.async_api import expect

from app.serving.network import free_port
from tests.fulfilment.collect.stage import WHO, Town
from tests.journeys.test_accessible import broken_rules
from tests.served import Served
from tests.staff_desk import employ

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


async def test_a_phone_orders_to_collect_and_the_desk_hands_over_what_is_wanted(
    browser, served, shop
):
    town = await Town.open(shop)
    phone = await (await browser.new_context(**PHONE, base_url=served.url, locale="nl")).new_page()
    for count, product in enumerate((town.product_id, town.beer), start=1):
        await phone.goto(f"/products/{product}")
        await phone.locator("form[action='/basket/add'] button").first.click()
        await expect(phone.locator(".bar .count")).to_have_text(str(count))
    await phone.goto("/basket")
    await expect(phone.locator(".lines .line")).to_have_count(2)
    await phone.locator("button[name=instead]").first.click()
    await expect(phone.locator(".way .tag.good")).to_have_count(1)
    assert await broken_rules(phone) == []

    await phone.goto("/checkout?postcode=9711+AA")
    assert await broken_rules(phone) == []
    await phone.locator("main .note button[value=collect]").first.click()
    await expect(phone.locator("input[name=collect]")).to_have_count(1)
    assert await broken_rules(phone) == []
    await phone.locator("input[name=collect]").check()
    await phone.locator("form[action='/checkout/pay'] button.big").click()
    for field in ("name", "email", "phone"):
        await phone.fill(f"#{field}", WHO[field])
    await expect(phone.locator("#street")).to_have_count(0)
    assert await broken_rules(phone) == []
    await phone.locator("input[name=of_age]").check()
    await phone.locator("button.big").click()
    await phone.locator("button[value=pay]").first.click()
    await expect(phone.locator("#order")).to_have_attribute("data-state", "confirmed")
    number = (await phone.locator("p.number").first.inner_text()).split()[-1]
    assert await broken_rules(phone) == []

    for _ in range(300):  # the worker makes it the work of the place
        if await town.pool.fetchval("SELECT count(*) FROM fulfilment.picks") == 2:
            break
        await town.pool.execute("SELECT pg_sleep(0.1)")
    [sscc] = await town.pick_and_pack()
    desk = await at_desk(browser, served, town, "clerk", "dispatcher", "merchandiser")
    assert await broken_rules(desk) == []
    await desk.fill("#label", "no label of ours")
    await desk.fill("#shelf", "A3")
    await desk.locator("form[action='/collecting/shelve'] button").click()
    await expect(desk.get_by_role("alert")).to_be_visible()
    await expect(desk.locator("#label")).to_have_value("no label of ours")
    await expect(desk.locator("#shelf")).to_have_value("A3")
    await desk.fill("#label", sscc)
    await desk.locator("form[action='/collecting/shelve'] button").click()
    await expect(desk.locator("#ready")).to_be_visible()
    assert await broken_rules(desk) == []

    await phone.reload()
    code = await phone.locator(".code-word").inner_text()
    assert await broken_rules(phone) == []
    await desk.fill("#code", code.replace("-", " "))
    await desk.press("#code", "Enter")
    await expect(desk.locator(".door")).to_contain_text("Min Janssen")
    await expect(desk.locator("main")).to_contain_text(number)
    await desk.locator("form[action$='/hand-over'] button.big").click()
    await expect(desk.locator("[role=alert]")).to_contain_text("18")
    assert await broken_rules(desk) == []
    await desk.locator("summary", has_text="Hiervan blijft").last.click()
    await desk.locator("input[id^=q-]").nth(1).fill("1")
    await desk.locator("select[id^=r-]").nth(1).select_option("age")
    await desk.locator("form[action$='/hand-over'] button.big").click()
    await expect(desk.locator("[role=status] h1")).to_have_text("Overhandigd")
    assert await broken_rules(desk) == []

    for beside in ("/dispatch/carriers", "/merchandiser/collecting"):
        await desk.goto(beside)
        assert await broken_rules(desk) == []
    await phone.reload()
    await expect(phone.locator("#order")).to_have_attribute("data-state", "delivered")
    assert await town.refunded() == 180
    assert await town.faults() == []


async def at_desk(browser, served, town, *roles):
    token, _ = await employ(town.pool, *roles)
    context = await browser.new_context(**DESKTOP, base_url=served.url, locale="nl")
    await context.add_cookies([{"name": "staff", "value": token, "url": served.url}])
    page = await context.new_page()
    await page.goto("/collecting")
    return page
