"""`python3 -m tests.pictures --home FOLDER`: the pictures of the README, from a running demo shop.

FOLDER is the PERRON_HOME of a shop that `python3 -m app` has opened; its logins are read there.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from app import bootstrap

OUT = Path(__file__).parent.parent / "deploy" / "pictures"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 860}


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
        page = await shopper.new_page()

        async def shot(name, at=page):  # type: ignore[no-untyped-def]
            await at.wait_for_timeout(400)
            await at.screenshot(path=out / f"{name}.png")

        await page.goto("/")
        await shot("home")
        walls = await page.locator('a[href^="/walls/"]').evaluate_all("all => all.map(a => a.href)")
        await page.goto(walls[0])
        await shot("wall")
        products = await page.locator('a[href*="/01/"], a[href^="/products/"]').evaluate_all(
            "all => [...new Set(all.map(a => a.href))]"
        )
        for product in products[:4]:
            await page.goto(product)
            await page.locator("form.add button").click()
            await page.wait_for_timeout(300)
        await page.goto(products[0])
        await shot("product")
        await page.goto("/basket")
        await shot("basket")
        await page.goto("/checkout?postcode=3511AB")
        await shot("delivery")
        await page.locator('input[name="slot"]:not([disabled])').first.check()
        await page.locator('form[action="/checkout/pay"] button.big').click()
        await shot("checkout")
        for field, value in FILLED.items():
            await page.fill(f"#{field}", value)
        await page.locator("form.pay button.big").click()
        await page.locator('button[name="choice"][value="pay"]').click()
        await page.wait_for_url("**/orders/**")
        await page.wait_for_timeout(1500)
        await shot("tracking")

        for name, desk, path, size in STAFF:
            person = people[desk]
            context = await chromium.new_context(viewport=size, base_url=address, locale="en")
            at_desk = await context.new_page()
            await at_desk.goto(path)
            await at_desk.fill("#login", person.login)
            await at_desk.fill("#password", person.password)
            await at_desk.locator("form.card button.big").click()
            await at_desk.wait_for_url(f"**{path}")
            if name == "walls":
                await at_desk.locator('main a[href^="/merchandiser/walls/"]').first.click()
            if name == "picking":
                start = at_desk.locator('form[action="/picking/start"] button')
                if await start.count():
                    await start.first.click()
            if name in ("packing", "driving"):
                inside = at_desk.locator(f'main a.button[href^="{path}/"]')
                if await inside.count():
                    await inside.first.click()
            await shot(name, at_desk)
            await context.close()
        await chromium.close()


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
    ("picking", "Picking", "/picking", PHONE),
    ("packing", "Packing", "/packing", PHONE),
    ("driving", "Driving", "/driving", PHONE),
    ("dispatch", "Dispatch", "/dispatch", PHONE),
    ("state", "State of the shop", "/state", DESK),
)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tests.pictures", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="PERRON_HOME of an open demo shop")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args(words)
    asyncio.run(take(asked.home, asked.out))
    return 0


if __name__ == "__main__":
    bootstrap.ensure("test", "tests.pictures")
    sys.exit(main(sys.argv[1:]))
