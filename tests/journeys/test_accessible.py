"""Every page a shopper meets is usable by everybody: axe finds nothing against WCAG 2.2 AA."""

from pathlib import Path

import pytest

from app import pages
from app.serving.network import free_port
from tests.served import Served

AXE = Path(pages.__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def shop(demo_settings):
    served = Served(demo_settings, free_port("127.0.0.1", 19_000))
    try:
        await served.start("web", "worker")
        yield served
    finally:
        served.stop()


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("ko", "dark")])
async def test_axe_finds_nothing_from_the_wall_to_the_paid_order(browser, shop, language, scheme):
    context = await browser.new_context(
        viewport={"width": 360, "height": 740},
        base_url=shop.url,
        locale=language,
        color_scheme=scheme,
    )
    page = await context.new_page()
    found = {}

    async def look(name):
        found[name] = await broken_rules(page)

    await page.goto("/")
    await look("home")
    await page.goto("/shop")
    await look("departments")
    await page.locator(".departments a").first.click()
    await page.wait_for_url("**/shop/**")
    await look("department")
    await page.goto("/search?q=chocolademlek")
    await look("search")
    await page.goto("/scan")
    await look("scanner")
    await page.goto("/basket")
    await look("empty basket")
    await page.goto("/01/09521234543210")
    await look("unknown code")
    await page.goto("/")
    await page.locator('a[href^="/walls/"]').first.click()
    await page.wait_for_url("**/walls/**")
    await look("wall")
    await page.locator('a[href*="/01/"], a[href^="/products/"]').first.click()
    await page.wait_for_url(lambda url: "/walls/" not in url)
    await page.locator("form.add button").click()
    await page.locator(".bar .count", has_text="1").wait_for()
    await look("product")
    await page.goto("/basket")
    await look("basket")
    await page.locator("details summary").last.click()
    await look("basket with more")
    await page.locator('form[action="/basket/pairing"] button').first.click()
    await look("code")
    await page.goto("/pair")
    await look("typing a code")
    await page.goto("/basket")
    await page.locator("details summary").last.click()
    await page.locator('form[action="/basket/share"] button').click()
    await look("sharing")
    await page.goto(await page.locator("input[readonly]").input_value())
    await look("shared")
    await page.goto("/sign-in")
    await look("signing in as a shopper")
    await page.goto("/checkout?postcode=3511AB")
    await look("delivery")
    await page.locator('input[name="slot"]:not([disabled])').first.check()
    await page.locator('form[action="/checkout/pay"] button.big').click()
    await page.locator("form.pay button.big").click()
    await look("payment with errors")
    await fill(page)
    await page.locator("form.pay button.big").click()
    await page.wait_for_url("**/testpay/**")
    await look("test payment")
    await page.locator('button[name="choice"][value="pay"]').click()
    await page.wait_for_url("**/orders/**")
    await look("order")
    await page.goto("/login")
    await look("sign in")

    assert {name: rules for name, rules in found.items() if rules} == {}


async def fill(page):
    for field, value in {
        "name": "Kim Minji",
        "email": "minji@example.org",
        "phone": "0612345678",
        "house_number": "12",
        "street": "Perronplein",
        "city": "Utrecht",
    }.items():
        await page.fill(f"#{field}", value)


async def broken_rules(page):
    """What axe holds against the page: the rule, and the elements that break it."""
    await page.wait_for_load_state()  # of the one a click has led to
    await page.evaluate(AXE.read_text())
    result = await page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [
        f"{rule['id']}: {', '.join(str(node['target']) for node in rule['nodes'][:3])}"
        for rule in result["violations"]
    ]
