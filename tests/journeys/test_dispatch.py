"""A dispatcher's morning in a browser: looks at the day, weighs and makes a move, takes it back, and lets
another van take over from one that broke down. Axe looks at every page."""

import pytest

from tests.journeys.test_desks_accessible import Looks, desk, shop

__all__ = ["shop"]  # the fixture

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.mark.parametrize(
    ("language", "scheme", "wide"),
    [("nl", "light", 820), ("ko", "dark", 360), ("en", "light", 1440)],
)
async def test_a_day_at_the_dispatchers_desk(browser, shop, demo_settings, language, scheme, wide):
    looks = Looks(f"dispatch-{language}-{wide}")
    page = await desk(browser, shop, demo_settings, "Dispatch", language, scheme, wide)
    await page.goto("/dispatch")
    await looks.at(page, "today")
    broken = page.locator('a[href$="/breakdown"]')
    for _ in range(7):
        if await broken.count():
            break
        await page.goto(await page.locator('a[href*="?day="]').last.get_attribute("href"))
    await looks.at(page, "the day")

    await page.locator('a[href*="/move?day="]').first.click()
    await page.fill('[name="van"][type="number"]', "7")
    await page.fill('[name="position"][type="number"]', "1")
    await page.locator('form[method="get"] button').click()
    await looks.at(page, "what a move would cost")
    await page.locator('form[action$="/move"][method="post"] button').first.click()
    await page.locator("form.note").wait_for()
    await looks.at(page, "moved, and it can be undone")
    assert await page.locator('form[action$="/unpin"]').count() == 1
    await page.locator('form.note[action$="/move"] button').click()
    await page.locator("form.note").wait_for(state="detached")
    assert await page.locator('form[action$="/unpin"]').count() == 0

    await page.locator('a[href$="/breakdown"]').first.click()
    await looks.at(page, "what a breakdown would mean")
    ahead = await page.locator("main section.card").count()
    await page.locator('form[action$="/breakdown"] button').first.click()
    await page.wait_for_url("**/dispatch?day=*")
    await looks.at(page, "somebody took over")
    assert ahead
    await page.goto("/dispatch/postcodes")
    await looks.at(page, "postcodes")

    assert looks.broken == {}
