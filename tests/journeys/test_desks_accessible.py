"""The till and the contact centre are usable by everybody, and what a phone meets on the way there."""

import re

import pytest

from app import db as database
from app import staff
from app.demo import people
from app.serving.network import free_port
from tests.journeys.test_accessible import broken_rules
from tests.served import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def shop(demo_settings):
    served = Served(demo_settings, free_port("127.0.0.1", 22_000))
    try:
        await served.start("web", "worker")
        yield served
    finally:
        served.stop()


@pytest.mark.parametrize(
    ("language", "scheme", "wide"),
    [("nl", "light", 820), ("ko", "dark", 360), ("en", "light", 1440)],
)
async def test_axe_finds_nothing_at_the_till(browser, shop, demo_settings, language, scheme, wide):
    looks = Looks(f"till-{language}-{wide}")
    till = await desk(browser, shop, demo_settings, "Till", language, scheme, wide)
    await looks.at(till, "to be set up")
    await till.locator("form[action='/till/set-up'] button.big").click()
    await till.wait_for_selector("#amount")
    await looks.at(till, "to be opened")
    await till.fill("#amount", "100")
    await till.locator("form[action='/till/open'] button.big").click()
    await till.wait_for_selector("#code")
    await looks.at(till, "next customer")
    prices = await till.evaluate("fetch('/api/v1/till/prices').then((answer) => answer.json())")
    milk = next(one for one in prices if one["price"] == 129)
    await till.fill("#code", f"3*{milk['codes'][0]}")
    await till.press("#code", "Enter")
    await till.wait_for_selector(".line")
    await looks.at(till, "receipt")

    await till.locator("details.by-hand summary").first.click()
    await till.fill("form[action='/till/price'] [name=price]", "0,10")
    await till.fill("form[action='/till/price'] [name=reason]", "Deuk")
    await till.locator("form[action='/till/price'] button").first.click()
    await till.wait_for_selector(".agreeing")
    await looks.at(till, "a supervisor has to agree")
    badge = await badge_of_the_supervisor(demo_settings)
    await till.fill("#approver", badge)
    await till.locator(".agreeing button.big").click()
    await till.wait_for_selector(".line .tag.warn")

    await till.locator("form[action='/till/invite'] button").click()
    await till.wait_for_selector(".invite")
    await looks.at(till, "a code for the phone")
    code = re.sub(r"\s", "", await till.locator(".code-typed").inner_text())
    phone = await (
        await browser.new_context(**PHONE, base_url=shop.url, locale=language, color_scheme=scheme)
    ).new_page()
    await phone.goto(f"/products/{milk['product_id']}")
    await phone.locator("form.add button").click()
    await phone.locator(".bar .area").wait_for()
    await looks.at(phone, "where shall it come")
    await phone.locator("#area").fill("9999 ZZ")
    await phone.locator('.bar .area button[value="know"]').click()
    await phone.locator(".bar .area.warn").wait_for()
    await phone.goto(f"/pair/{code}")
    await phone.locator("section.pairing form button").click()
    await phone.wait_for_url("**/basket")
    await till.wait_for_url("**/till")
    await till.locator("form[action='/till/detach']").wait_for()
    await phone.reload()
    await looks.at(phone, "a basket at a till, outside the zones")

    await till.goto("/till/pay?postcode=3511AB")
    await looks.at(till, "what goes home needs a time")
    await till.goto("/till/drawer")
    await looks.at(till, "drawer")
    await sell_on(till, milk)
    await looks.at(till, "sold")
    await till.add_init_script("print = () => {}")
    await till.locator("button[value=print]").click()
    await till.wait_for_selector("[data-print-now]")
    await looks.at(till, "printed")
    await till.goto("/till/receipts")
    await looks.at(till, "receipts found again")

    assert looks.broken == {}


@pytest.mark.parametrize(
    ("language", "scheme", "wide"),
    [("nl", "light", 1440), ("ko", "dark", 360), ("en", "light", 820)],
)
async def test_axe_finds_nothing_at_the_contact_centre(
    browser, shop, demo_settings, language, scheme, wide
):
    looks = Looks(f"contact-{language}-{wide}")
    order = await a_paid_order(demo_settings)
    page = await desk(browser, shop, demo_settings, "Contact centre", language, scheme, wide)
    await page.goto("/contact")
    await looks.at(page, "who is on the line")
    await page.fill("#reason", "Wants more milk")
    await page.fill("#number", order["number"])
    await page.locator("form[action='/contact/find'] button").click()
    await page.locator("form[action='/contact/calls'] button").wait_for()
    await looks.at(page, "found")
    await page.locator("form[action='/contact/calls'] button").first.click()
    await page.wait_for_url("**/contact/calls/**")
    await looks.at(page, "to be verified")
    await page.fill("#said-name", order["name"])
    await page.fill("#said-house_number", order["house_number"])
    await page.locator("form[action$='/verify'] button").click()
    await page.wait_for_selector(".timeline")
    await looks.at(page, "the order of a customer")
    await page.locator("details:has(.change) summary").first.click()
    await page.locator(".change [type=number]").first.fill("7")
    await page.locator('.change button[value="look"]').click()
    await page.locator('.change button[value="change"]').wait_for()
    await looks.at(page, "what a change would cost")
    await page.locator('.change button[value="change"]').click()
    await page.locator(".note.warn").wait_for()
    await looks.at(page, "a change that waits for its payment")

    assert looks.broken == {}


async def sell_on(till, milk):
    """The next customer takes three along and pays in cash."""
    await till.goto("/till")
    await till.locator("form[action='/till/park'] button").click()
    await till.locator(".line").first.wait_for(state="detached")
    await till.fill("#code", f"3*{milk['codes'][0]}")
    await till.press("#code", "Enter")
    await till.wait_for_selector(".line")
    await till.goto("/till/pay")
    await till.fill("#given", "50")
    await till.locator("button[name=tender][value=cash]").click()
    await till.wait_for_url("**/till/receipts/**")


class Looks:
    """What axe holds against each page that was looked at."""

    def __init__(self, walk):
        self.walk, self.broken = walk, {}

    async def at(self, page, name):
        if found := await broken_rules(page):
            self.broken[name] = found


async def desk(browser, shop, settings, name, language, scheme, wide):
    [who] = [login for login in people.logins(settings.home) if login.desk == name]
    context = await browser.new_context(
        viewport={"width": wide, "height": 900},
        base_url=shop.url,
        locale=language,
        color_scheme=scheme,
    )
    page = await context.new_page()
    await page.goto("/login?next=/till" if name == "Till" else "/login?next=/contact")
    await page.fill("#login", who.login)
    await page.fill("#password", who.password)
    await page.locator("form.card button.big").click()
    await page.wait_for_url(lambda url: "/login" not in url)
    return page


async def badge_of_the_supervisor(settings):
    [boss] = [one for one in people.logins(settings.home) if one.desk == "Till, supervisor"]
    pool = await database.open_pool(settings.database_url, size=1)
    async with database.begin(pool) as connection:
        badge = await staff.new_badge(connection, boss.login)
    await pool.close()
    return badge


async def a_paid_order(settings):
    pool = await database.open_pool(settings.database_url, size=1)
    row = await pool.fetchrow(
        """
        SELECT sold.number, sold.name, sold.house_number
          FROM orders.orders AS sold
         WHERE sold.state = 'confirmed'
         ORDER BY sold.placed_at DESC
         LIMIT 1
        """
    )
    await pool.close()
    return row
