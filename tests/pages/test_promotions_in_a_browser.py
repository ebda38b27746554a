"""The form of a promotion in a real browser: it follows the typing, and everybody can use it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import pricing, staff
from app.db import begin, new_id
from app.pricing import FreeDelivery, NForM, Promotion, Where
from tests.journeys.test_accessible import broken_rules
from tests.shelf import MILK, SHIRT, put_on_shelf
from tests.staff_desk import employ

pytestmark = [pytest.mark.browser, pytest.mark.drill]

HOME = "/merchandiser/promotions"
KEEP = os.environ.get("PERRON_PICTURES")
"""A folder, for whoever wants to look at the pages."""


async def test_the_preview_follows_the_typing_and_axe_finds_nothing(
    served, settings, pool, browser
):
    id = await _some_promotions(pool)
    token, _ = await employ(pool, "merchandiser")
    found, sideways = {}, {}
    for width, language, scheme in (
        (360, "nl-NL", "dark"), (820, "ko-KR", "light"), (1440, "en-IE", "light"),
    ):  # fmt: skip
        context = await browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=served.url,
            locale=language,
            color_scheme=scheme,
        )
        cookie = {"name": staff.cookie_name(served.settings), "value": token, "url": served.url}
        await context.add_cookies([cookie])
        page = await context.new_page()
        for name, address in (("list", HOME), ("form", f"{HOME}/{id}")):
            await page.goto(address)
            found[name, width] = await broken_rules(page)
            sideways[name, width] = await page.evaluate(
                "document.documentElement.scrollWidth - innerWidth"
            )
            if KEEP:
                await page.screenshot(path=Path(KEEP) / f"{name}-{width}.png", full_page=True)

    assert {where: rules for where, rules in found.items() if rules} == {}
    assert set(sideways.values()) == {0}
    await page.get_by_label("take").fill("4")
    await page.locator(".says", has_text="4 for 2").wait_for()
    await page.get_by_label("Kind").select_option("percent-off")
    assert not await page.get_by_label("and pay for").is_visible()
    await page.get_by_label("percent off").fill("25")
    await page.locator(".says", has_text="25% off").wait_for()
    await page.locator(".trying tr", has_text="3 ×").get_by_text("€4.50").wait_for()


async def _some_promotions(pool):
    milk = await put_on_shelf(pool, MILK, price=200)
    shirt = await put_on_shelf(pool, SHIRT, name="Hemd", price=2000)
    began = datetime.now(UTC) - timedelta(days=1)
    names = {"nl": "3 halen 2 betalen", "en": "3 for 2", "ko": "2+1"}
    free = {"nl": "Gratis bezorgd", "en": "Free delivery", "ko": "무료 배송"}
    offer = Promotion(new_id(), names, NForM(3, 2), frozenset([milk]), began)
    async with begin(pool) as db:
        await pricing.save(db, offer, "published")
        for rule, ids, where in (
            (NForM(4, 3), [milk, shirt], Where()),
            (FreeDelivery(), [], Where(minimum_amount=5000)),
        ):
            other = Promotion(new_id(), free, rule, frozenset(ids), began, where=where)
            await pricing.save(db, other, "published")
    await pool.execute(
        """
        INSERT INTO pricing.promotions (id, name, rule, product_ids, runs)
        VALUES ($1, '{"en": "Moonlight"}', '{"type": "moon-phase"}', '{}', '[2026-01-01,)')
        """,
        new_id(),
    )
    return offer.id
