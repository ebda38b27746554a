"""The main job, whole: a printed wall, a phone's camera, one basket, paid, picked, driven, home.

The camera's picture is made from the finished PDF of a demo wall, so that what the printer gets and
what the phone reads are tested together.
"""

import json

import pytest
from playwright.async_api import async_playwright, expect

from app import db as database
from app import files, walls
from app.db import checks
from app.demo import people
from app.serving.network import free_port
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys import camera
from tests.served import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
WALL = "utrecht-centraal-5"

pytestmark = pytest.mark.browser


@pytest.fixture
async def shop(demo_settings):
    served = Served(demo_settings, free_port("127.0.0.1", 18_000))
    try:
        await served.start("web", "worker")
        yield served
    finally:
        served.stop()


@pytest.fixture
async def poster(demo_settings, tmp_path):
    """The PDF of a hanging wall as it would go to the printer."""
    pool = await database.open_pool(demo_settings.database_url)
    wall = await walls.wall(pool, WALL)
    [edition] = [one for one in await walls.editions(pool, wall.id) if one.state == "published"]
    path = tmp_path / "poster.pdf"
    path.write_bytes((await files.fetch(pool, edition.pdf)).body)
    await pool.close()
    return path


@pytest.fixture
async def phone(browser, poster, tmp_path):
    """A phone whose camera is pointed at three products of the poster, one after the other.

    `browser` is asked for because it says so when there is no Chromium.
    """
    page_of_poster, codes = camera.codes_on(poster)
    products = [code for code in codes if "/01/" in code.text]  # and not that of the list
    film = tmp_path / "camera.mjpeg"
    camera.film(page_of_poster, products[3:6], film)
    flags = [
        *CHROMIUM_FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        await chromium.close()


async def test_what_a_camera_sees_on_the_printed_wall_is_delivered_at_home(
    phone, shop, demo_settings
):
    shopper = await phone.new_context(
        **PHONE, permissions=["camera"], base_url=shop.url, locale="nl"
    )
    page = await shopper.new_page()

    await page.goto("/scan")
    await expect(page.locator(".bar .count")).to_have_text("3", timeout=30_000)

    tracking = await order(page)
    await expect(page.locator("#order")).to_have_attribute("data-state", "confirmed")

    staff = {login.desk: login for login in people.logins(demo_settings.home)}
    number = (await page.locator("p.number").first.inner_text()).split()[-1]
    await pick(await at_desk(phone, shop, staff["Picking"]))
    await pack(await at_desk(phone, shop, staff["Packing"]), number)
    await publish(await at_desk(phone, shop, staff["Dispatch"]))
    await drive(await at_desk(phone, shop, staff["Driving"]), number)

    # The shopper has only watched: the page follows by itself.
    assert page.url == tracking
    await expect(page.locator("#order")).to_have_attribute("data-state", "delivered")
    assert await broken_promises(demo_settings) == []


async def order(page):
    """From the basket to a paid order; returns the address of its tracking page."""
    await page.goto("/basket")
    await expect(page.locator(".lines .line")).to_have_count(3)
    await page.locator('a[href="/checkout"].big').click()
    await page.fill("#postcode", "3511 AB")
    await page.locator("form.postcode button").click()
    await page.locator('input[name="slot"]:not([disabled])').first.check()
    await page.locator('form[action="/checkout/pay"] button.big').click()
    for field, value in {
        "name": "Anna de Vries",
        "email": "anna@example.org",
        "phone": "0612345678",
        "house_number": "12",
        "street": "Perronplein",
        "city": "Utrecht",
    }.items():
        await page.fill(f"#{field}", value)
    for of_age in await page.locator('input[name="of_age"]').all():
        await of_age.check()
    promised = await page.locator('input[name="total"]').input_value()
    await (
        page.get_by_role("button", name="Bestelling met betalingsverplichting")
        .or_(page.locator("form.pay button.big"))
        .first.click()
    )
    await page.wait_for_url("**/testpay/**")
    asked = await page.locator(".price").inner_text()
    assert "".join(filter(str.isdigit, asked)) == promised.zfill(3)
    await page.locator('button[name="choice"][value="pay"]').click()
    await page.wait_for_url("**/orders/**")
    await expect(page.locator("#order")).to_have_attribute("data-state", "confirmed")
    return page.url


async def at_desk(browser, shop, login):
    """Somebody who works here, signed in at their desk."""
    context = await browser.new_context(**PHONE, base_url=shop.url, locale="nl")
    page = await context.new_page()
    await page.goto(DESKS[login.desk])
    await page.fill("#login", login.login)
    await page.fill("#password", login.password)
    await page.locator("form.card button.big").click()
    await page.wait_for_url(f"**{DESKS[login.desk]}")
    return page


DESKS = {
    "Picking": "/picking",
    "Packing": "/packing",
    "Driving": "/driving",
    "Dispatch": "/dispatch",
}


async def pick(page):
    """Every cart that waits, ours among them, line by line."""
    await until_there(page, 'form[action="/picking/start"] button')
    while await page.locator('form[action="/picking/start"] button').count():
        await page.locator('form[action="/picking/start"] button').first.click()
        picked = page.locator('button[formaction$="/picked"]')
        done = page.locator(".saved:not([hidden]) h1")
        while True:
            await expect(picked.or_(done).first).to_be_visible()
            if await done.count():
                break
            before = await page.locator(".bar .number").inner_text()
            await weigh_and_date(page)
            await picked.click()
            await expect(page.locator(".bar .number")).not_to_have_text(before)
        await page.goto("/picking")


async def weigh_and_date(page):
    """What the line on the screen asks for: what the goods say weighs, and the earliest date it may."""
    form = page.locator('form[action$="/scan"]')
    if await form.locator("[name=grams]").is_visible():
        shown = await form.locator("[name=line]").input_value()
        lines = json.loads(await page.locator("#cart").text_content())["lines"]
        [line] = [line for line in lines if line["id"] == shown]
        await form.locator("[name=grams]").fill(str(line["nominal"] * line["open"]))
    date = form.locator("[name=best_before]")
    if await date.is_visible():
        await date.fill(await date.get_attribute("min"))


async def pack(page, number):
    await page.goto("/packing")
    await page.locator(".list .row", has_text=number).locator("a.button").click()
    seal = page.locator('form[action$="/seal"] button.big')
    packed = page.locator(".saved h1")
    await expect(seal.or_(packed).first).to_be_visible()
    while not await packed.count():
        left = await seal.count()
        await seal.first.click()
        await expect(seal).to_have_count(left - 1)
    await expect(page.locator('a[href$="/slip.pdf"]')).to_be_visible()


async def publish(page):
    """What is planned for today and the coming days; our slot is on one of them."""
    for _ in range(4):
        button = page.locator('form[action$="/publish"] button.big')
        while left := await button.count():
            await button.first.click()
            await expect(button).to_have_count(left - 1)
        later = page.locator('a[href*="?day="]', has_text="→")
        await page.goto(await later.get_attribute("href"))


async def drive(page, number):
    """The van with our order: everything of it in, then stop after stop until ours."""
    runs = await page.locator('main a.button.big[href^="/driving/"]').evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    for run in runs:
        await page.goto(run)
        if await page.locator("li", has_text=number).count():
            break
    else:
        raise AssertionError(f"no van has {number}")
    ours = page.locator("li", has_text=number)
    load = ours.locator('button[name="code"]')
    while left := await load.count():
        await load.first.click()
        await expect(load).to_have_count(left - 1)
    await page.wait_for_load_state("networkidle")  # it was told, and the page is drawn anew
    leave = page.locator('input[name="leave_behind"]')
    if await leave.count():
        await leave.check()
    await page.locator('form[action$="/depart"] button.big').click()
    here = page.locator("details.stop[open]")
    for _ in range(12):
        await expect(here).to_have_count(1)
        age = here.locator('input[name="age_checked"]')
        if await age.count():
            await age.check()
        stop = await here.locator(".door").inner_text()
        ours = await here.filter(has_text=number).count()
        await here.locator('button[name="to"][value="customer"]').click()
        if ours:
            return
        await expect(here.locator(".door")).not_to_have_text(stop)
    raise AssertionError(f"the van never came to {number}")


async def until_there(page, selector):
    """The worker hears of the order a moment after it was paid."""
    for _ in range(120):
        if await page.locator(selector).count():
            return
        await page.wait_for_timeout(250)
        await page.reload()
    raise AssertionError(f"nothing like {selector} came")


async def broken_promises(settings):
    pool = await database.open_pool(settings.database_url)
    async with pool.acquire() as connection:
        found = [check for check in await checks.run(connection) if not check.holds]
    await pool.close()
    return found
