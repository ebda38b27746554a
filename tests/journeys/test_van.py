"""A driver without a signal: loaded, driven, handed over and refused on the phone alone; told once."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import expect

from app import staff
from app.serving.network import free_port
from tests.fulfilment.builders import offending
from tests.fulfilment.builders import world as open_world
from tests.journeys.test_accessible import broken_rules
from tests.served import Served
from tests.staff_desk import employ

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

pytestmark = [pytest.mark.browser, pytest.mark.drill]


@pytest.fixture
async def shop(settings):
    served = Served(settings, free_port("127.0.0.1", 23_000))
    try:
        await served.start("web")
        yield served
    finally:
        served.stop()


@pytest.fixture
async def phone(browser, shop, pool):
    """The phone of a driver who has signed in."""
    token, _ = await employ(pool, "driver")
    context = await browser.new_context(
        **PHONE,
        base_url=shop.url,
        locale="en",
        geolocation={"latitude": 52.095, "longitude": 5.125, "accuracy": 9},
        permissions=["geolocation"],
    )
    cookie = {"name": staff.cookie_name(shop.settings), "value": token, "url": shop.url}
    await context.add_cookies([cookie])
    yield context
    await context.close()


async def four_orders(pool):
    world = await open_world(pool)
    bread = await world.product("Brood", price=250)
    beer = await world.product("Witbier", price=500, age_limit=18)
    orders = [
        await world.sell(
            (bread, 2), *([(beer, 1)] if number == 3 else []), house_number=str(number)
        )
        for number in range(1, 5)
    ]
    for part in await world.pick_everything():
        await world.pack(part)
    return world, orders


def stop_at(page, house_number):
    return page.locator("[data-stop]", has_text=f"Kanaalstraat {house_number}")


async def sign(page, stop):
    await stop.get_by_text("Signature, photo or code").click()
    await stop.locator("canvas").scroll_into_view_if_needed()
    box = await stop.locator("canvas").bounding_box()
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    await page.mouse.up()


async def test_a_run_without_signal_is_done_on_the_phone_and_told_once(phone, pool, tmp_path):
    world, orders = await four_orders(pool)
    run = await world.run_of(orders[0])
    page = await phone.new_page()
    await page.goto(f"/driving/{run}")
    await expect(page.locator("body[data-kept=true]")).to_be_attached()

    await phone.set_offline(True)
    load = page.locator('button[name="code"]')
    for left in range(4, 0, -1):
        await expect(load).to_have_count(left)
        await load.first.click()
    await expect(load).to_have_count(0)
    await page.locator("form[data-do=depart] button").click()
    await expect(page.locator("section[data-phase=road]")).to_be_visible()
    await page.reload()
    await expect(page.locator("[data-unsent]")).to_contain_text("5 not sent yet")
    await page.get_by_label("This phone may tell where a door is").check()

    twin = await phone.new_page()
    await twin.goto(f"/driving/{run}")
    await expect(twin.locator("[data-stop][open]")).to_have_count(1)
    assert await broken_rules(twin) == []
    await twin.close()
    for number in await in_order(page):
        stop = stop_at(page, number)
        if await stop.get_attribute("open") is None:
            await stop.locator("summary").first.click()
        if number == 1:
            await sign(page, stop)
            await page.wait_for_timeout(300)
            await stop.locator('button[value="customer"]').click()
        elif number == 2:
            await refuse_one(stop)
        elif number == 3:
            await leave_without_the_beer(page, stop, tmp_path)
        else:
            await stop.get_by_text("Not delivered").click()
            await stop.get_by_role("button", name="Nobody home").click()
        await expect(stop.locator("[data-tag]").first).to_contain_text("Kept on this phone")
    await give_back_and_complain(page, stop_at(page, 1))
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.locator("form[data-do=back] button").click()
    await expect(page.locator("section[data-phase=over] h1")).to_be_visible()
    assert (
        await pool.fetchval("SELECT count(*) FROM fulfilment.stops WHERE state <> 'planned'") == 0
    )

    await page.reload()
    await phone.set_offline(False)
    await expect(page.locator("[data-unsent]")).to_be_hidden()
    told = page.locator("[data-answers] .answer")
    await expect(told).to_have_count(1, timeout=15_000)
    await expect(told).to_contain_text("€2.50 goes back")
    await expect(told).to_contain_text("Kanaalstraat 1")
    await told.get_by_role("button").click()
    for _ in range(60):
        if await kept(page) == 0:
            break
        await page.wait_for_timeout(250)
    assert await kept(page) == 0
    await expect(page.locator("[data-answers] .answer")).to_have_count(0)

    states = [(await world.state(order))[0] for order in orders]
    assert states == ["delivered", "delivered", "delivered", "failed"]
    assert [await world.refunds(order) for order in orders] == [250, 250, 500, 0]
    proofs = await pool.fetch("SELECT kind, words FROM fulfilment.proofs ORDER BY kind")
    assert [tuple(row) for row in proofs] == [("photo", "Behind the bins"), ("signature", "")]
    cases = await pool.fetch("SELECT kind FROM cases.cases ORDER BY kind")
    assert [row["kind"] for row in cases] == ["damaged", "other"]
    doors = await pool.fetch("SELECT DISTINCT latitude, longitude FROM slots.doors")
    assert [tuple(row) for row in doors] == [(52.095, 5.125)], (
        "told where something was handed over"
    )
    assert await offending(pool) == {}


async def test_what_nobody_has_packed_yet_is_asked_about_before_the_van_leaves(phone, pool):
    world, orders = await four_orders(pool)
    late = await world.sell((world.products[0], 1), house_number="9")
    page = await phone.new_page()
    await page.goto(f"/driving/{await world.run_of(orders[0])}")
    await expect(page.locator("body[data-kept=true]")).to_be_attached()
    await phone.set_offline(True)
    load, leave = page.locator('button[name="code"]'), page.locator("form[data-do=depart] button")
    for left in range(4, 0, -1):
        await expect(load).to_have_count(left)
        await load.first.click()
    await leave.click()

    await expect(page.locator("[data-unsent]")).to_contain_text("Not everything is in the van yet")
    await page.locator("[name=leave_behind]").check()
    await leave.click()

    await expect(page.locator("section[data-phase=road]")).to_be_visible()
    await expect(page.locator("[data-stop]")).to_have_count(4)
    await phone.set_offline(False)
    await expect(page.locator("[data-unsent]")).to_be_hidden(timeout=15_000)
    assert await world.state(late) == ("released", "confirmed")
    assert await world.run_of(late) != await world.run_of(orders[0])


async def give_back_and_complain(page, stop):
    """At a door where it was handed over: the sum is not known without a signal, and that is said."""
    await stop.locator("summary").first.click()
    await stop.get_by_text("Something back, or empties").click()
    back = stop.locator("form[data-do=take-back]")
    await back.locator("button").click()
    await expect(page.locator("[data-unsent]")).to_contain_text("how many")
    await back.locator('input[name="n1"]').fill("1")
    await back.locator("button").click()
    await expect(back.locator("[data-offer]")).to_contain_text("Without a connection")
    await back.get_by_role("button", name="Take it along").click()
    await expect(stop.locator("[data-said]")).to_have_text("Kept on this phone")
    words = stop.locator("form[data-do=complain] textarea")
    await words.fill("The bag was wet")
    await stop.locator("form[data-do=complain] button").click()
    await expect(words).to_have_value("")


async def in_order(page):
    """House numbers as the van visits them."""
    texts = await page.locator("[data-stop] > summary .door").all_inner_texts()
    return [int(text.split()[-1]) for text in texts]


async def refuse_one(stop):
    await stop.get_by_text("Something is not handed over").click()
    await stop.locator('[data-do=deliver] input[name="n1"]').fill("1")
    await stop.locator('button[value="customer"]').click()


async def leave_without_the_beer(page, stop, tmp_path):
    """Nobody of age is there: the beer stays, the bread is left on a photo."""
    await stop.locator('button[value="customer"]').click()
    await expect(page.locator("[data-unsent]")).to_contain_text("identity document")
    await expect(stop.locator('button[value="safe-place"]')).to_be_hidden()
    await stop.get_by_text("Something is not handed over").click()
    await stop.locator('[data-do=deliver] input[name="n2"]').fill("1")
    await stop.locator('button[value="safe-place"]').click()
    await expect(page.locator("[data-unsent]")).to_contain_text("Take a photo")
    await stop.get_by_text("Signature, photo or code").click()
    body = BytesIO()
    Image.effect_noise((1600, 1200), 40).save(body, "JPEG")
    path = tmp_path / "bins.jpg"
    path.write_bytes(body.getvalue())
    await stop.locator('input[type="file"]').set_input_files(path)
    await expect(stop.locator("[data-photo] img")).to_be_visible()
    await stop.locator('input[name="words"]').first.fill("Behind the bins")
    await stop.locator('button[value="safe-place"]').click()


async def kept(page, store="acts"):
    return await page.evaluate(
        """(store) => new Promise((resolve) => {
            const opening = indexedDB.open("perron-driving", 1);
            opening.onsuccess = () => {
                const asked = opening.result.transaction(store).objectStore(store).count();
                asked.onsuccess = () => resolve(asked.result);
            };
        })""",
        store,
    )


async def test_a_day_after_the_shift_nothing_of_it_is_on_the_phone(phone, pool):
    world, orders = await four_orders(pool)
    run = await world.run_of(orders[0])
    page = await phone.new_page()
    await page.goto(f"/driving/{run}")
    await expect(page.locator("body[data-kept=true]")).to_be_attached()
    await phone.set_offline(True)
    await page.locator('button[name="code"]').first.click()
    await expect(page.locator('button[name="code"]')).to_have_count(3)
    await page.reload()
    await expect(page.locator("#run")).to_be_attached()
    assert (await kept(page), await kept(page, "runs")) == (1, 1)

    tomorrow = "Date.now = ((real) => () => real() + 40 * 3600e3)(Date.now.bind(Date))"
    await page.add_init_script(tomorrow)
    await page.goto("/driving")
    await expect(page.locator("[data-kept-runs]")).to_be_attached()
    for _ in range(200):
        if await kept(page, "runs") == 0:
            break
        await page.wait_for_timeout(100)
    assert (await kept(page), await kept(page, "runs")) == (0, 0)
    await page.goto(f"/driving/{run}")
    await expect(page.locator("#run")).to_have_count(0)

    await phone.set_offline(False)
    await pool.execute(
        """
        UPDATE fulfilment.runs
           SET starts_at = now() - interval '30 hours', ends_at = now() - interval '28 hours'
        """
    )
    answer = await page.goto(f"/driving/{run}")
    assert answer.status == 410
    assert "Kanaalstraat" not in await page.content()
