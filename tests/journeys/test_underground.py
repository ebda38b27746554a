"""A platform without a signal: the scanner goes on, and everything arrives once when it is back."""

import httpx
import pytest
from playwright.async_api import async_playwright, expect

from app import db as database
from app import files, walls
from app.serving.network import free_port
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys import camera
from tests.served import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
WALL = "utrecht-centraal-5"
FIRST_LOAD_KB = 60

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def shop(demo_settings):
    served = Served(demo_settings, free_port("127.0.0.1", 21_000))
    try:
        await served.start("web")
        yield served
    finally:
        served.stop()


@pytest.fixture
async def poster(demo_settings, tmp_path):
    pool = await database.open_pool(demo_settings.database_url)
    wall = await walls.wall(pool, WALL)
    [edition] = [one for one in await walls.editions(pool, wall.id) if one.state == "published"]
    path = tmp_path / "poster.pdf"
    path.write_bytes((await files.fetch(pool, edition.pdf)).body)
    await pool.close()
    return camera.codes_on(path)


@pytest.fixture
async def phone(browser, poster, shop, tmp_path):
    """A phone whose camera looks at one code and does not move."""
    page_of_poster, codes = poster
    film = tmp_path / "camera.mjpeg"
    camera.film(page_of_poster, codes[3:4], film)
    flags = [
        *CHROMIUM_FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield await chromium.new_context(
            **PHONE, permissions=["camera"], base_url=shop.url, locale="en"
        )
        await chromium.close()


async def test_a_camera_that_lingers_takes_one_and_offers_one_more(phone):
    page = await phone.new_page()
    count, offer = page.locator(".bar .count"), page.locator("[data-again]:not([hidden])").first

    await page.goto("/scan")
    await expect(count).to_have_text("1")
    await expect(offer).to_be_visible()
    await page.wait_for_timeout(2_000)
    await expect(count).to_have_text("1")

    await offer.click()
    await expect(count).to_have_text("2")


async def test_what_is_scanned_without_a_signal_arrives_once_when_it_is_back(
    browser, shop, poster, tmp_path
):
    page_of_poster, codes = poster
    shelf = tmp_path / "shelf.jpg"
    camera.photograph(page_of_poster, codes[3:6], shelf)
    context = await browser.new_context(**PHONE, base_url=shop.url, locale="en")
    page = await context.new_page()
    await page.goto("/scan")
    await expect(page.locator("body[data-kept=true]")).to_be_attached()
    await expect(page.locator("body[data-scanner=ready]")).to_be_attached()

    await context.set_offline(True)
    await page.set_input_files("#photo", shelf)
    choices = page.locator("#scanned li[data-choice]")
    await expect(choices.first).to_be_visible()
    scanned = await choices.count()
    assert scanned >= 3, "the photo shows three codes, at the rim perhaps a neighbour"
    await page.reload()
    await expect(choices).to_have_count(scanned)
    await choices.first.locator("[data-take]").click()
    await expect(choices).to_have_count(scanned - 1)
    await page.locator("[data-all]").click()
    waiting = page.locator("#scanned li", has_text="Waits for a connection")
    await expect(waiting).to_have_count(scanned)

    await page.reload()
    await expect(page.locator("body[data-scanner=ready]")).to_be_attached()
    await expect(page.locator("#scanned li")).to_have_count(scanned)
    await page.goto("/basket")
    await expect(page.locator("#scanner")).to_be_attached()

    await context.set_offline(False)
    await expect(page.locator("#scanned li.good")).to_have_count(scanned)
    await page.goto("/scan")
    await expect(page.locator(".bar .count")).to_have_text(str(scanned))
    cookies = {cookie["name"]: cookie["value"] for cookie in await context.cookies()}
    async with httpx.AsyncClient(base_url=shop.url, cookies=cookies) as other:
        cart = (await other.get("/api/v1/cart")).json()
    assert (cart["count"], cart["version"]) == (scanned, scanned)
    await context.close()


async def test_the_first_page_after_a_code_is_small(browser, shop, poster):
    _, codes = poster
    context = await browser.new_context(**PHONE, base_url=shop.url, locale="en")
    page = await context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    path = "/" + codes[3].text.split("/", 3)[3]
    await page.goto(path, wait_until="networkidle")

    sizes = {
        answer.url: len(await answer.body()) for answer in answers if "events" not in answer.url
    }
    assert sum(sizes.values()) <= FIRST_LOAD_KB * 1000, sizes
    assert not any("zxing" in address for address in sizes)
    await context.close()
