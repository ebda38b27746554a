"""The stock desk and the page of webhooks: by forms alone, twice is once, and usable by everybody."""

from datetime import UTC, datetime

import pytest

from app import stock
from app.db import begin, new_id
from app.jobs import Event
from app.staff import cookie_name
from app.webhooks.actions import hand_out
from tests.checkout.stage import faults_in
from tests.journeys.test_accessible import broken_rules
from tests.shelf import MILK, put_on_shelf
from tests.staff_desk import employ, open_shop
from tests.stock.builders import level, open_place
from tests.stock.builders import put_on_shelf as receive

HOME = "/merchandiser/stock"
PAGE = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
async def milk(db):
    here, there = await open_place(db, "U1"), await open_place(db, "A1")
    product = await put_on_shelf(db)
    await receive(db, here, pieces=10, product=product)
    return product, here, there


async def test_a_day_at_the_stock_desk(database_url, pool, milk):
    product, here, there = milk
    async with open_shop(database_url) as shop, await shop.desk("merchandiser") as desk:

        async def do(what, status=303, **form):
            form = {"command": str(new_id()), "gtin": MILK, **form}
            answers = [await desk.post(f"{HOME}/{what}", data=form, headers=PAGE) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [status, status], answers[0].text
            return answers[0]

        by_name = (await desk.get(f"{HOME}?q=melk", headers=PAGE)).text
        by_number = (await desk.get(f"{HOME}?q={MILK}", headers=PAGE)).text
        await do("correction", place=str(here), change="-2", reason="damaged")
        await do("kept-back", place=str(here), channel="web", quantity="3")
        await do("expected", place=str(here), quantity="24", due_on="2031-01-31", to_order="true")
        rows = f"gtin,place,quantity,due_on\n{MILK},A1,6,2031-02-01\n{MILK},A1,six,2031-02-01\n"
        told = [
            await desk.post(
                f"{HOME}/announcements",
                data={"command": command},
                files={"file": ("supplier.csv", rows.encode(), "text/csv")},
                headers=PAGE,
            )
            for command in [str(new_id())] * 2
        ]
        first, second = await stock.coming.expected_of(pool, product)
        await do(f"expected/{second.id}", quantity="5")
        await do("transfer", from_place=str(here), to_place=str(there), quantity="2")
        too_many = await do(
            "transfer", 409, from_place=str(here), to_place=str(there), quantity="9"
        )
        await do("stop", reason="glass", message="Bring it back.")
        page = await desk.get(f"{HOME}?gtin={MILK}", headers=PAGE)
        await do("resume")
        nothing = await desk.get(f"{HOME}?gtin=12345678", headers=PAGE)

    assert await level(pool, product, here) == (6, 0)
    assert (await stock.available(pool, [product]))[product] == 3 + 5
    assert f'href="{HOME}?gtin={MILK}"' in by_name, "by its name in any language"
    assert "Free" in by_number, "a number opens its product at once"
    assert "not promised to somebody" in too_many.text
    assert "Sale stopped" in page.text
    assert "2031-01-31" in page.text
    assert "0 ordered already" in page.text
    assert "six is not a whole number" in told[0].text
    assert (first.to_order, second.place_id) == (True, there)
    assert await level(pool, product, there) == (5, 0)
    assert nothing.status_code == 422
    assert await faults_in(pool) == []


async def test_a_list_of_counts_is_looked_at_and_then_taken_over(database_url, pool, milk):
    product, here, _ = milk
    body = f"gtin,counted\n{MILK},4\nx,1\n".encode()
    async with open_shop(database_url) as shop, await shop.desk("merchandiser") as desk:
        form = {"command": str(new_id()), "place": str(here)}
        looked = await desk.post(
            f"{HOME}/counts",
            data=form,
            files={"file": ("counts.csv", body, "text/csv")},
            headers=PAGE,
        )
        count = await pool.fetchval("SELECT id FROM stock.counts")
        page = await desk.get(f"{HOME}/counts/{count}", headers=PAGE)
        assert await level(pool, product, here) == (10, 0)
        done = await desk.post(f"{HOME}/counts/{count}", data={"command": str(new_id())})
        again = await desk.post(
            f"{HOME}/counts/{count}", data={"command": str(new_id())}, headers=PAGE
        )

    assert "x is not a product number" in looked.text
    assert "-6" in page.text
    assert (done.status_code, again.status_code) == (303, 409)
    assert await level(pool, product, here) == (4, 0)


async def test_a_webhooks_secret_is_shown_once_and_what_was_parked_is_sent_again(
    database_url, pool
):
    async with open_shop(database_url) as shop, await shop.desk("operator") as desk:
        form = {"command": str(new_id()), "url": "https://example.org/hook", "kinds": "OrderPlaced"}
        shown = await desk.post("/state/webhooks", data=form, headers=PAGE)
        repeated = await desk.post("/state/webhooks", data=form, headers=PAGE)
        inside = await desk.post(
            "/state/webhooks",
            data={"command": str(new_id()), "url": "http://10.0.0.1/"},
            headers=PAGE,
        )
        unheard = await desk.post(
            "/state/webhooks",
            data={"command": str(new_id()), "url": "https://example.net/", "kinds": "OrderPlacd"},
            headers=PAGE,
        )
        page = await desk.get("/state/webhooks", headers=PAGE)
        order = new_id()
        async with begin(pool) as db:
            await hand_out(db, Event(order, 1, "order", "OrderPlaced", {}, datetime.now(UTC)))
        await pool.execute("UPDATE webhooks.messages SET state = 'parked', answer = 'HTTP 500'")
        parked = await desk.get("/state/webhooks", headers=PAGE)
        endpoint = str(await pool.fetchval("SELECT id FROM webhooks.endpoints"))
        message = {"id": endpoint, "aggregate": str(order), "number": "1"}
        answers = [
            await desk.post(
                "/state/webhooks/replay", data=message | {"command": str(new_id())}, headers=PAGE
            )
            for _ in range(2)
        ]

    assert "HTTP 500" in parked.text
    assert 'action="/state/webhooks/replay"' in parked.text
    assert [answer.status_code for answer in answers] == [303, 409]
    assert await pool.fetchval("SELECT state FROM webhooks.messages") == "waiting"
    assert "whsec_" in shown.text
    assert "whsec_" not in repeated.text + page.text
    assert (inside.status_code, unheard.status_code) == (422, 422)
    assert "There is no event called OrderPlacd" in unheard.text
    assert 'value="https://example.net/"' in unheard.text, "what was written stays"
    assert "https://example.org/hook" in page.text
    assert await pool.fetchval("SELECT count(*) FROM webhooks.endpoints") == 1


@pytest.mark.browser
@pytest.mark.drill
@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("ko", "dark")])
async def test_axe_finds_nothing_at_the_desks(browser, served, pool, milk, language, scheme):
    token, _ = await employ(pool, "merchandiser", "operator")
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=served.url, locale=language,
        color_scheme=scheme,
    )  # fmt: skip
    cookie = {"name": cookie_name(served.settings), "value": token, "url": served.url}
    await context.add_cookies([cookie])
    page = await context.new_page()
    found = {}
    for name, address in (("stock", f"{HOME}?gtin={MILK}"), ("webhooks", "/state/webhooks")):
        await page.goto(address)
        for part in await page.locator("details").all():
            await part.evaluate("part => { part.open = true }")
        found[name] = await broken_rules(page)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{name} is {wide} wide"
    await context.close()

    assert found == {"stock": [], "webhooks": []}
