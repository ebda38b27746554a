"""Ordering what the print shop needs, in a real browser: everybody can use it, on any screen."""

import os
from pathlib import Path

import pytest

from app import files, jobs, staff, walls
from app.db import begin
from app.walls.models import Refusal
from app.walls.press import queries
from app.walls.press.models import Wishes
from tests.journeys.test_accessible import broken_rules
from tests.qr_walls.inks import profile
from tests.staff_desk import employ
from tests.walls.builders import plan_wall, print_blank

pytestmark = [pytest.mark.browser, pytest.mark.drill]

WALL = "/merchandiser/walls/utc-1"
KEEP = os.environ.get("PERRON_PICTURES")
"""A folder, for whoever wants to look at the pages."""


async def test_the_forms_and_files_of_a_print_are_for_everybody(served, pool, browser):
    await _an_edition_with_files(pool)
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
        for name, address in (("wall", WALL), ("edition", f"{WALL}/editions/1")):
            await page.goto(address)
            for summary in await page.locator("#print ~ * summary, .file summary").all():
                await summary.click()
            found[name, width] = await broken_rules(page)
            sideways[name, width] = await page.evaluate(
                "document.documentElement.scrollWidth - innerWidth"
            )
            if KEEP:
                await page.screenshot(path=Path(KEEP) / f"{name}-{width}.png", full_page=True)

    assert {where: rules for where, rules in found.items() if rules} == {}
    assert set(sideways.values()) == {0}


async def _an_edition_with_files(pool):
    """One made, one refused, one not asked for."""
    await plan_wall(pool)
    await print_blank(pool, publish=False)
    async with begin(pool) as db:
        known = await walls.add_profile(db, profile())
        wishes = Wishes(profile=known.file)
        made = await walls.order_file(db, "utc-1", 1, "print-shop", wishes, make_later=False)
        file = await files.keep(db, b"%PDF-press", "application/pdf")
        await queries.keep_file(db, made.id, file, 1, 10)
        tiles = await walls.order_file(db, "utc-1", 1, "tiles-a4", make_later=False)
        refusal = Refusal(
            "{sheets} sheets of {paper} are too many to glue: {most} at most.",
            {"sheets": 500, "paper": "A4", "most": 400},
        )
        await queries.keep_refusal(db, tiles.id, refusal)
        assert await jobs.task(db, made.id) is None
