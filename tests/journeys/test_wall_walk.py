"""A merchandiser walks along the printed wall with a phone, and a shopper reads it as a list.

What the camera sees is made from the finished PDF of a demo wall.
"""

import re

import pytest
import qrcode
from playwright.async_api import async_playwright, expect

from app import db as database
from app import files, walls
from app.db import checks
from app.demo import people
from app.serving.network import free_port
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys import camera
from tests.journeys.test_accessible import broken_rules
from tests.served import Served

WALL = "utrecht-centraal-5"
SEEN = 3

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def shop(demo_settings):
    served = Served(demo_settings, free_port("127.0.0.1", 21_000))
    try:
        await served.start("web", "worker")
        yield served
    finally:
        served.stop()


@pytest.fixture
async def phone(browser, demo_settings, tmp_path):
    """A phone in front of the first codes of the wall, in walking order.

    `browser` is asked for because it says so when there is no Chromium.
    """
    pool = await database.open_pool(demo_settings.database_url)
    wall = await walls.wall(pool, WALL)
    [edition] = [one for one in await walls.editions(pool, wall.id) if one.state == "published"]
    poster, film = tmp_path / "poster.pdf", tmp_path / "camera.mjpeg"
    poster.write_bytes((await files.fetch(pool, edition.pdf)).body)
    site = await walls.site(pool, WALL)
    tokens = [label.token for label in (await walls.hanging(pool, site.id))[:SEEN]]
    await pool.close()
    page, found = camera.codes_on(poster)
    codes = {code.text.split("/")[3]: code for code in found if code.text.count("/") > 3}
    camera.film(page, [codes[token] for token in tokens], film)
    flags = [
        *CHROMIUM_FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        context = await chromium.new_context(
            viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, locale="en",
            permissions=["camera"],
        )  # fmt: skip
        yield context
        await chromium.close()


async def test_a_walk_by_camera_then_by_hand_ends_with_what_is_missing(phone, shop, demo_settings):
    page = await phone.new_page()
    faults, opened = {}, []
    phone.on("page", lambda tab: opened.append(tab.url))
    login = next(one for one in people.logins(demo_settings.home) if "merchandiser" in one.roles)

    await page.goto(f"{shop.url}/login?next=/merchandiser/sites/{WALL}")
    await page.fill("[name=login]", login.login)
    await page.fill("[name=password]", login.password)
    await page.locator("main form button").click()
    await page.wait_for_url(f"**/merchandiser/sites/{WALL}")
    faults["site"] = await broken_rules(page)
    await page.locator('form[action$="/audits"] button').click()
    await expect(page.locator("body")).to_have_attribute("data-reader", "ready")
    await expect(page.locator(".progress-line .number")).to_have_text(
        re.compile(rf"^[{SEEN}-9] / "), timeout=60_000
    )
    faults["walk"] = await broken_rules(page)
    walk = page.url
    await page.close()

    without_camera = await phone.new_page()
    await without_camera.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})"
    )
    await without_camera.goto(walk)
    await without_camera.fill("#text", "https://evil.example/free-wifi")
    await without_camera.locator("form[data-read] button").click()
    await expect(without_camera.locator("code.foreign")).to_have_text(
        "https://evil.example/free-wifi"
    )
    assert without_camera.url.split("?")[0] == walk.split("?")[0]
    await without_camera.locator("form.end-walk button").click()
    await expect(without_camera.locator("main")).to_contain_text("codes hang where they belong")
    faults["report"] = await broken_rules(without_camera)
    edition = f"/merchandiser/walls/{WALL}/editions/1"
    for path in ("/merchandiser", f"/merchandiser/sites/{WALL}/heat", edition, f"/w/{WALL}"):
        await without_camera.goto(f"{shop.url}{path}")
        assert await without_camera.evaluate("document.documentElement.scrollWidth") <= 360
        faults[path] = await broken_rules(without_camera)
    await without_camera.locator(".spoiled summary").click()
    faults["spoiled"] = await broken_rules(without_camera)
    await without_camera.goto(f"{shop.url}{edition}")
    await without_camera.locator("#at-1-1-2").click()
    await expect(without_camera.locator(".light-said")).to_contain_text("both readers")
    faults["light"] = await broken_rules(without_camera)
    await without_camera.locator("[data-close]").click()
    await expect(without_camera.locator("#at-1-1-2")).to_be_focused()

    assert {name: rules for name, rules in faults.items() if rules} == {}
    assert len(opened) == 1  # the tab this test opened itself: no code ever opened one
    pool = await database.open_pool(demo_settings.database_url)
    async with database.begin(pool) as db:
        scans = await db.fetch("SELECT * FROM scan.audit_scans ORDER BY number")
        hangs = await walls.hanging(db, (await walls.site(db, WALL)).id)
        broken = [check.name for check in await checks.run(db) if not check.holds]
    await pool.close()
    spots = {label.token: label.spot for label in hangs}
    by_camera = [row for row in scans if row["text"] is None]
    [by_hand] = [row for row in scans if row["text"] is not None]
    assert {row["label"] for row in by_camera} <= {label.token for label in hangs[:SEEN]}
    for row in by_camera:
        stood = (row["panel"], row["shelf"], row["place"])
        assert row["outcome"] == ("right" if spots[row["label"]] == stood else "wrong-place")
    assert (by_hand["outcome"], by_hand["text"]) == ("foreign", "https://evil.example/free-wifi")
    assert broken == []


async def test_the_code_of_a_wall_printed_before_the_shop_moved_opens_its_list_here(
    phone, shop, tmp_path
):
    photo = tmp_path / "sign.png"
    qrcode.make(f"HTTPS://WHERE-WE-WERE.EXAMPLE/W/{WALL.upper()}").save(photo)
    page = await phone.new_page()
    await page.goto(f"{shop.url}/scan")
    await expect(page.locator("body")).to_have_attribute("data-scanner", "ready")

    await page.set_input_files("#photo", photo)

    await page.wait_for_url(f"{shop.url}/w/{WALL}")
    await expect(page.locator("h1")).to_have_text("Utrecht Centraal")
