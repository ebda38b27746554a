"""At the counter: one basket on a phone and on a till, two carried out and one sent home, one
receipt, paid by card; and a cash sale while the network is away, counted once."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from app.demo import people
from app.serving.network import free_port
from tests.journeys.test_accessible import broken_rules
from tests.journeys.test_main_job import broken_promises
from tests.served import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
TABLET = {"viewport": {"width": 820, "height": 1180}}

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def shop(demo_settings):
    served = Served(demo_settings, free_port("127.0.0.1", 21_000))
    try:
        await served.start("web", "worker")
        yield served
    finally:
        served.stop()


async def test_till_and_phone_share_one_basket_and_sell_it_on_one_receipt(
    browser, shop, demo_settings
):
    phone = await (await browser.new_context(**PHONE, base_url=shop.url, locale="nl")).new_page()
    till = await at_till(browser, shop, demo_settings)
    prices = await till.evaluate("fetch('/api/v1/till/prices').then((answer) => answer.json())")
    milk = next(one for one in prices if (one["name"], one["price"]) == ("Halfvolle melk", 129))

    # The phone puts one in at home, and shows its code at the counter.
    await phone.goto(f"/products/{milk['product_id']}")
    await phone.locator("form.add button").click()
    await expect(phone.locator(".bar .count")).to_have_text("1")
    code = await show_code(phone)
    await phone.goto("/basket")
    await till.fill("#code", f"{shop.url}/pair/{code}")
    await till.press("#code", "Enter")
    await expect(till.locator(".customer form[action='/till/detach']")).to_be_visible()
    await expect(till.locator(".line.delivery .quantity")).to_have_text("1")

    # What the clerk scans is on the phone, with the offer of all three.
    await till.fill("#code", f"2*{milk['codes'][0]}")
    await till.press("#code", "Enter")
    await expect(phone.locator(".lines .line")).to_have_count(2)
    await expect(till.locator(".advantage strong")).to_contain_text("1,29")
    await expect(phone.locator(".advantage strong")).to_contain_text("1,29")

    # And the other way round.
    await phone.locator(".line .steps button").nth(1).click()
    await expect(till.locator(".line.delivery .quantity")).to_have_text("2")
    await phone.locator(".line .steps button").first.click()
    await expect(till.locator(".line.delivery .quantity")).to_have_text("1")
    assert await broken_rules(till) == []

    await pay_by_card(till)
    await expect(till.locator(".slip")).to_contain_text("3 halen 2 betalen")
    await expect(till.locator(".slip svg")).to_be_visible()
    await expect(phone.locator(".bar .count")).to_have_text("0")
    assert await broken_promises(demo_settings) == []


async def test_on_a_slow_line_no_scan_and_no_change_is_lost(browser, shop, demo_settings):
    till = await at_till(browser, shop, demo_settings)
    prices = await till.evaluate("fetch('/api/v1/till/prices').then((answer) => answer.json())")
    milk, bread = [one for one in prices if not one["age_limit"]][:2]
    phone = await (await browser.new_context(**PHONE, base_url=shop.url, locale="nl")).new_page()
    await phone.goto(f"/products/{milk['product_id']}")
    await phone.locator("form.add button").click()
    await expect(phone.locator(".bar .count")).to_have_text("1")
    await till.fill("#code", f"{shop.url}/pair/{await show_code(phone)}")
    await till.press("#code", "Enter")
    await expect(till.locator(".line .quantity")).to_have_text("1")
    await phone.goto("/basket")

    # Three codes are read before the answer to the first is there, and half of a fourth.
    await till.route("**/till/scan", slowly)
    await till.locator("#code").press_sequentially(bread["codes"][0])
    for _ in range(3):
        await till.press("#code", "Enter")
        await till.locator("#code").press_sequentially(bread["codes"][0])
    await expect(till.locator(".line .quantity")).to_have_text(["1", "3"])
    await expect(till.locator("#code")).to_have_value(bread["codes"][0])

    # While the phone's page is on its way, what it shows changes once more.
    await till.unroute("**/till/scan")
    await expect(phone.locator(".bar .count")).to_have_text("4")
    await phone.route("**/basket", slowly)
    await till.press("#code", "Enter")
    await expect(till.locator(".line .quantity")).to_have_text(["1", "4"])
    await till.fill("#code", bread["codes"][0])
    await till.press("#code", "Enter")
    await expect(phone.locator(".bar .count")).to_have_text("6")
    assert await broken_promises(demo_settings) == []


async def test_cash_goes_on_without_network_and_is_counted_once(browser, shop, demo_settings):
    till = await at_till(browser, shop, demo_settings)
    prices = await till.evaluate("fetch('/api/v1/till/prices').then((answer) => answer.json())")
    milk = next(one for one in prices if (one["name"], one["price"]) == ("Halfvolle melk", 129))
    await expect(till.locator("#alone")).to_be_hidden()

    await till.context.set_offline(True)
    await expect(till.locator("#alone")).to_be_visible()
    for _ in range(2):
        await till.fill("#alone-code", milk["codes"][0])
        await till.press("#alone-code", "Enter")
    await till.fill("#alone-given", "5")
    await till.locator("[data-alone-sell] button").first.click()
    await expect(till.locator("[data-alone-change]")).to_contain_text("2,40")
    await till.context.set_offline(False)

    await expect(till.locator("#alone")).to_be_hidden()
    await expect(till.locator("#unsent")).to_be_hidden()
    await till.goto("/till/drawer")
    await expect(till.locator(".list .tag")).to_have_text("zonder netwerk")
    assert await broken_promises(demo_settings) == []


async def slowly(route):
    """The answer is as old as the way is long."""
    answer = await route.fetch()
    await asyncio.sleep(1)
    await route.fulfill(response=answer)


async def at_till(browser, shop, settings):
    """A tablet with an opened till on it."""
    [clerk] = [login for login in people.logins(settings.home) if login.desk == "Till"]
    page = await (await browser.new_context(**TABLET, base_url=shop.url, locale="nl")).new_page()
    await page.goto("/login?next=/till")
    await page.fill("#login", clerk.login)
    await page.fill("#password", clerk.password)
    await page.locator("form.card button.big").click()
    await page.locator("form[action='/till/set-up'] button.big").click()
    await page.fill("#amount", "100")
    await page.locator("form[action='/till/open'] button.big").click()
    await page.wait_for_selector("#code")
    return page


async def show_code(phone):
    await phone.goto("/basket")
    # The button stands in the basket's page; the code is for whoever helps.
    html = await phone.evaluate(
        """fetch('/basket/pairing', {method: 'POST', body: new URLSearchParams({role: 'help'})})
           .then((answer) => answer.text())"""
    )
    letters = re.search(r'code-typed number"[^>]*>([0-9A-Z]{4}) ([0-9A-Z]{4})<', html)
    return letters[1] + letters[2]


async def pay_by_card(till):
    await till.goto("/till/pay?postcode=3511AB")
    await till.locator(".times a").first.click()
    for field, value in {
        "name": "Anna de Vries",
        "phone": "0612345678",
        "house_number": "12",
        "street": "Perronplein",
        "city": "Utrecht",
    }.items():
        await till.fill(f"#{field}", value)
    await till.locator('button[name="tender"][value="card"]').click()
    await till.locator("a.button.big[href*='/testpay/']").click()
    await till.locator('button[name="choice"][value="pay"]').click()
    await till.wait_for_url("**/till/receipts/**")
    await till.wait_for_selector(".slip")
