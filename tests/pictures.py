"""`python3 -m tests.pictures`: the pictures of the README, from a running demo shop.

`--home FOLDER` is the PERRON_HOME of a shop that `python3 -m app` has opened, where that is set; its
logins are read there.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app import bootstrap

OUT = Path(__file__).parent.parent / "deploy" / "pictures"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 860}
TABLET = {"width": 1180, "height": 820}
FILLED = {
    "name": "Anna de Vries",
    "email": "anna@example.org",
    "phone": "0612345678",
    "house_number": "12",
    "street": "Perronplein",
    "city": "Utrecht",
}
STAFF = (
    ("catalogue", "Merchandiser", "/merchandiser/catalogue", DESK),
    ("walls", "Merchandiser", "/merchandiser/walls", DESK),
    ("today", "Merchandiser", "/merchandiser", DESK),
    ("promotions", "Merchandiser", "/merchandiser/promotions", DESK),
    ("stock", "Merchandiser", "/merchandiser/stock", DESK),
    ("till", "Till", "/till", TABLET),
    ("contact", "Contact centre", "/contact", DESK),
    ("picking", "Picking", "/picking", PHONE),
    ("packing", "Packing", "/packing", PHONE),
    ("driving", "Driving", "/driving", PHONE),
    ("dispatch", "Dispatch", "/dispatch", PHONE),
    ("state", "State of the shop", "/state", DESK),
)
INSIDE = {
    "walls": 'main a[href^="/merchandiser/walls/"]',
    "picking": 'form[action="/picking/start"] button',
    "packing": 'main a.button[href^="/packing/"]',
    "driving": 'main a.button[href^="/driving/"]',
    "stock": 'main a[href*="?gtin="]',
}
"""What is tapped at a desk before its picture is taken, where it is there."""


ASKED = {
    "contact": {"#reason": "Where is my order?", "#postcode": "3572 PL", "#name": "Noor de Wit"},
    "stock": {"#q": "milk"},
}
"""What is asked at a desk before its picture is taken, field by field."""


async def take(home: Path, out: Path) -> None:
    from playwright.async_api import async_playwright

    from app.demo import logins
    from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

    address = (home / "address").read_text().strip()
    people = {login.desk: login for login in logins(home)}
    out.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        shopper = await chromium.new_context(viewport=PHONE, base_url=address, locale="en")
        codes = await shop(await shopper.new_page(), out)
        for name, desk, path, size in STAFF:
            context = await chromium.new_context(viewport=size, base_url=address, locale="en")
            page = await context.new_page()
            await sign_in(page, people[desk], path)
            if name == "till":
                await sell(page, codes[:4])
            for field, value in (asked := ASKED.get(name, {})).items():
                await page.fill(field, value)
            if asked:
                await page.press(list(asked)[-1], "Enter")
                await page.wait_for_timeout(600)
            inside = page.locator(INSIDE.get(name, "none"))
            if await inside.count():
                await inside.first.click()
            await shot(page, out, name)
            await context.close()
        await chromium.close()
    make_small(home / "posters" / "utrecht-centraal-5.png", out)


async def shop(page, out):  # type: ignore[no-untyped-def]
    """From the wall to a paid order. Returns the codes of the wall."""
    await page.goto("/")
    await shot(page, out, "home")
    await page.locator('a[href^="/walls/"]').first.click()
    await shot(page, out, "wall")
    products = await page.locator('a[href*="/01/"], a[href^="/products/"]').evaluate_all(
        "all => [...new Set(all.map(a => a.href))]"
    )
    for product in products[3::-1]:
        await page.goto(product)
        await page.locator("form.add button").click()
        await page.wait_for_timeout(300)
    await page.goto(products[0])
    await shot(page, out, "product")
    await page.goto("/basket")
    await shot(page, out, "basket")
    await page.goto("/checkout?postcode=3511AB")
    await shot(page, out, "delivery")
    await page.locator('input[name="slot"]:not([disabled])').first.check()
    await page.locator('form[action="/checkout/pay"] button.big').click()
    for field, value in FILLED.items():
        await page.fill(f"#{field}", value)
    await shot(page, out, "checkout")
    await page.locator("form.pay button.big").click()
    await page.locator('button[name="choice"][value="pay"]').click()
    await page.wait_for_url("**/orders/**")
    await page.wait_for_timeout(1500)
    await shot(page, out, "tracking")
    await page.set_viewport_size(DESK)
    await page.goto("/shop")
    await shot(page, out, "shop")
    return [product for product in products if "/01/" in product]


async def sell(page, codes):  # type: ignore[no-untyped-def]
    """A till that is set up and opened, with a receipt on it."""
    if await page.locator('form[action="/till/set-up"]').count():
        await page.locator('form[action="/till/set-up"] button').first.click()
    if await page.locator('form[action="/till/open"]').count():
        await page.fill('form[action="/till/open"] input[name="amount"]', "100")
        await page.locator('form[action="/till/open"] button').first.click()
    for code in codes:
        await page.fill("#code", code)
        await page.locator("form.scanning button:not([type=button])").first.click()
        await page.wait_for_timeout(600)


async def sign_in(page, person, path):  # type: ignore[no-untyped-def]
    await page.goto(path)
    await page.fill("#login", person.login)
    await page.fill("#password", person.password)
    await page.locator("form.card button.big").click()
    await page.wait_for_url(f"**{path}")


async def shot(page, out, name):  # type: ignore[no-untyped-def]
    await page.wait_for_timeout(400)
    await page.screenshot(path=out / f"{name}.png")


def make_small(poster: Path, out: Path) -> None:
    """A wall beside the page its code opens; and every picture with few colours, as they are kept."""
    from PIL import Image

    wall, phone = Image.open(poster), Image.open(out / "product.png")
    high = 900
    wall = wall.convert("RGB").resize((wall.width * high // wall.height, high))
    phone = phone.convert("RGB")
    both = Image.new("RGB", (wall.width + 60 + phone.width, high), "white")
    both.paste(wall, (0, 0))
    both.paste(phone, (wall.width + 60, (high - phone.height) // 2))
    both.save(out / "wall-and-phone.png")
    for picture in out.glob("*.png"):
        Image.open(picture).convert("RGB").quantize(128).save(picture, optimize=True)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tests.pictures", description=__doc__)
    parser.add_argument("--home", type=Path, help="PERRON_HOME of an open demo shop, if it is set")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args(words)
    from app.settings import default_home

    asyncio.run(take(asked.home or default_home(os.environ), asked.out))
    return 0


if __name__ == "__main__":
    bootstrap.ensure("test", "tests.pictures")
    sys.exit(main(sys.argv[1:]))
