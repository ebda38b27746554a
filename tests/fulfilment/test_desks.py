"""The four desks as people use them, without any script: forms in, pages out."""

import html
import re
from datetime import timedelta
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import pypdfium2
import zxingcpp

from app.fulfilment import picking
from app.fulfilment.rules import PICKING_LEAD
from tests.fulfilment.builders import TONIGHT, offending
from tests.fulfilment.builders import world as open_world
from tests.staff_desk import open_shop


class Desk:
    """A browser without scripts: it fills in a form of the page it is on and sends it."""

    def __init__(self, client):
        self.client, self.page, self.status = client, "", 0

    async def open(self, address):
        await self._take(await self.client.get(address, headers={"accept": "text/html"}))
        return self

    async def send(self, address_ends_with, **values):
        form = next(
            form
            for form in re.findall(r"<form.*?</form>", self.page, re.DOTALL)
            if re.search(rf'action="[^"]*{address_ends_with}"', form)
        )
        address = re.search(rf'action="([^"]*{address_ends_with})"', form)[1]
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
        fields = {name: html.unescape(value) for name, value in hidden}
        await self._take(
            await self.client.post(
                address,
                content=urlencode({**fields, **values}),
                headers={
                    "content-type": "application/x-www-form-urlencoded",
                    "accept": "text/html",
                },
                follow_redirects=True,
            )
        )
        return self

    async def _take(self, answer):
        self.page, self.status, self.address = answer.text, answer.status_code, answer.url.path


async def test_the_whole_way_over_the_desks_of_picker_packer_and_driver(database_url, pool):
    world = await open_world(pool)
    milk = await world.product("Halfvolle melk", storage="chilled")
    beer = await world.product("Witbier", age_limit=18, deposit=15)
    order = await world.sell((milk, 2), (beer, 1))
    await pool.execute(
        "INSERT INTO orders.line_notes SELECT order_id, product_id, 'Koude flesjes' "
        "FROM orders.lines WHERE name = 'Witbier'"
    )

    async with open_shop(database_url) as shop:
        picker = Desk(await shop.desk("picker"))
        await picker.open("/picking")
        await picker.send("/picking/start", most="1")
        assert "Witbier" in picker.page, "the chilled milk is walked past last"
        assert "Koude flesjes" in picker.page
        await picker.send("/scan", code=milk.gtin)
        assert picker.status == 409
        assert 'class="halt" role="alert" data-sound' in picker.page
        await picker.send("/scan", code=beer.gtin)
        assert "Halfvolle melk" in picker.page
        await picker.send("/picked", quantity="2")
        assert (await world.state(order))[0] == "picked"
        [one] = re.findall(
            r'href="([^"]*\?line=([0-9a-f-]{36}))"(?=(?:(?!</li>).)*melk)', picker.page, re.DOTALL
        )
        await picker.open(one[0])
        await picker.send("/taken-out", line=one[1])
        assert (await world.state(order))[0] == "picking", "tapped too fast: on its screen again"
        await picker.send("/picked", quantity="2")
        await picker.open(one[0])

        packer = Desk(await shop.desk("packer"))
        await packer.open("/packing")
        table = re.search(r"/packing/[0-9a-f-]{36}", packer.page)[0]
        await packer.open(table)
        await packer.send("/seal", storage="ambient")
        await picker.send("/taken-out", line=one[1])
        assert picker.status == 409, "its order is being packed"
        for pieces, status in (("one", 422), ("0", 422), ("3", 409), ("1", 200)):
            await packer.send("/seal", storage="chilled", **{f"q-{one[1]}": pieces})
            assert packer.status == status, "only part of it fits"
            assert status == 200 or f'value="{pieces}"' in packer.page
        await packer.send("/seal", storage="chilled")
        labels = await packer.client.get(f"{table}/labels.pdf")
        codes = read_codes(labels.content)
        assert len(codes) == 6, "bars and a code on each of three labels"

        dispatcher = Desk(await shop.desk("dispatcher"))
        await dispatcher.open(f"/dispatch?day={TONIGHT[0].date()}")

        driver = Desk(await shop.desk("driver"))
        await driver.open(f"/driving/{await world.run_of(order)}")
        links = [text for text in codes if text.startswith("HTTP")]
        await driver.send("/load", code=links[0])
        await driver.send("/load", code=links[0])
        assert driver.status == 409
        await driver.send("/load", code=links[1])
        await driver.send("/load", code=links[2])
        await driver.send("/depart")
        assert "Kanaalstraat 12" in driver.page
        assert await world.state(order) == ("out_for_delivery", "on_the_way")
        await driver.send("/delivered", to="customer")
        assert driver.status == 409, "nobody looked at an identity document"
        await driver.send("/delivered", to="customer", age_checked="true")
        await driver.send("/back")

    assert await world.state(order) == ("delivered", "delivered")
    assert await offending(pool) == {}


def read_codes(body):
    document = pypdfium2.PdfDocument(body)
    texts = [
        code.text
        for page in document
        for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    ]
    document.close()
    return texts


async def test_the_dispatcher_weighs_a_move_makes_it_takes_it_back_and_publishes(
    database_url, pool
):
    world = await open_world(pool)
    milk = await world.product("Halfvolle melk")
    orders = [await world.sell((milk, 1), house_number=str(n)) for n in range(1, 4)]
    late = (TONIGHT[0], TONIGHT[0] + (TONIGHT[1] - TONIGHT[0]) / 60)
    await world.sell((milk, 1), window=late, house_number="4")
    await world.sell((milk, 1), window=late, house_number="5")
    stop, run = await world.stop_of(orders[2]), await world.run_of(orders[2])
    tonight = TONIGHT[0].astimezone(ZoneInfo("Europe/Amsterdam")).date()
    day = f"/dispatch?day={tonight}"

    async with open_shop(database_url) as shop:
        desk = Desk(await shop.desk("dispatcher"))
        await desk.open(day)
        assert "min te laat" in desk.page, "two minutes are not enough for two doors"
        assert "Kaart van de ritten" in desk.page
        before = await lines_of(pool)
        await desk.open(f"/dispatch/stops/{stop}/move?day={tonight}&van=1&position=1")
        assert "Bus 2" in desk.page
        assert " km ·" in desk.page
        assert await lines_of(pool) == before, "looking changes nothing"
        await desk.send("/move", van="2", position="1")
        assert "De stop is verplaatst" in desk.page
        assert await world.run_of(orders[2]) != run
        assert "Blijft hier" in desk.page
        await desk.send(f"{stop}/move")
        assert "De stop is verplaatst" not in desk.page
        assert await lines_of(pool) == before, "undone"
        await desk.open(f"/dispatch/stops/{stop}/move")
        await desk.send("/move", van="3", position="99")
        await desk.send("/unpin")
        assert "Blijft hier" not in desk.page
        await desk.send("/dispatch/publish")
        assert "Klaar om te laden" in desk.page
        await desk.send("/withdraw")
        assert "Wordt gepland" in desk.page
        for wrong in (
            "x",
            "1.2.3.4",
            f"{stop}.1.1",
            f"{stop}.0.1.0.1",
            f"{stop}.²️.1.0.1",
            "x" * 900,
        ):
            await desk.open(f"{day}&moved={quote(wrong)}")
            assert (desk.status, "De stop is verplaatst" in desk.page) == (200, False)
        await desk.open(f"/dispatch/stops/{run}/move")
        assert desk.status == 404
        await desk.open(f"/dispatch/stops/{stop}?day={tonight}")
        assert "Kanaalstraat 3" in desk.page
        assert "Bezorgen duurt hier 4 min." in desk.page
        assert f"{stop}/forget" not in desk.page, "nothing is known of it"
        at = await pool.fetchrow(
            "SELECT latitude, longitude FROM fulfilment.stops WHERE id = $1", stop
        )
        await desk.send(f"{stop}/door", latitude="0", longitude="0")
        assert (desk.status, "te ver van deze postcode" in desk.page) == (422, True)
        await desk.send(
            f"{stop}/door", latitude=str(at["latitude"]), longitude=str(at["longitude"])
        )
        assert "Bekend: 52." in desk.page
        await desk.send(f"{stop}/forget")
        assert "Bekend: 52." not in desk.page
        assert f"{stop}/forget" not in desk.page
        await desk.open(f"/dispatch/runs/{run}/sheet")
        assert "Kanaalstraat 1" in desk.page
        await pool.execute(
            "UPDATE fulfilment.runs SET state = 'completed', completed_at = now() - interval '25 hours' WHERE id = $1",
            run,
        )
        await desk.open(f"/dispatch/runs/{run}/sheet")
        assert (desk.status, "Kanaalstraat" in desk.page) == (410, False)
        await desk.open(f"{day}&window=all")
        assert desk.status == 200
        picker = Desk(await shop.desk("picker"))
        for page in (f"stops/{stop}/move", f"stops/{stop}", f"runs/{run}/sheet"):
            await picker.open(f"/dispatch/{page}")
            assert picker.status == 403

    assert await offending(pool) == {}


async def lines_of(pool):
    rows = await pool.fetch(
        "SELECT id, run_id, position, arrives_at, pinned FROM fulfilment.stops ORDER BY id"
    )
    return [tuple(row) for row in rows]


async def test_without_a_script_a_picker_offers_takes_back_finds_and_weighs(database_url, pool):
    world = await open_world(pool)
    milk, other = await world.product("Melk"), await world.product("Volle melk", price=199)
    cheese = await world.product("Kaas", price=600, content_quantity=500, content_unit="g")
    async with pool.acquire() as db:
        await picking.handle(db, cheese.id, weighed=True, item_number=None, dated=True)
    order = await world.sell((milk, 1), (cheese, 1), wish="similar")
    spots = await pool.fetch("SELECT id, product_id FROM fulfilment.picks")
    lines = {row["product_id"]: row["id"] for row in spots}
    tomorrow = (TONIGHT[0] + timedelta(days=1)).date().isoformat()
    await pool.execute(
        "UPDATE catalog.texts SET name = 'Cheese' WHERE product_id = $1 AND language = 'en'",
        cheese.id,
    )

    async with open_shop(database_url) as shop:
        picker = Desk(await shop.desk("picker"))
        picker.client.headers["accept-language"] = "en"
        await picker.open("/picking")
        await picker.send("/picking/start", most="1")
        cart = picker.address
        await picker.open(f"{cart}?line={lines[cheese.id]}")
        await picker.send("/scan", code=cheese.gtin)
        assert picker.status == 422
        assert "Cheese" in picker.page, "the shopper reads Dutch, the picker English"
        assert picker.page.count('name="grams"') == 1
        assert f'value="{cheese.gtin}" data-kept' in picker.page, "it need not be scanned again"
        for wrong in ({"best_before": "2026-02-31"}, {"grams": "0.48 kg"}):
            await picker.send("/scan", code=cheese.gtin, **{"grams": "480"} | wrong)
            assert picker.status == 400
            assert all(f'value="{typed}"' in picker.page for typed in wrong.values()), "not lost"
        await picker.send("/scan", code=cheese.gtin, grams="480", best_before=tomorrow)
        assert "Melk" in picker.page
        await picker.send("/offer", product=str(other.id))
        assert "Volle melk" in picker.page
        offer = re.search(r'name="offer" value="([^"]*)"', picker.page)[1]
        await picker.send("/withdraw", offer=offer)
        await picker.send("/short", reason="damaged")
        assert await world.state(order) == ("picked", "in_fulfilment")
        await picker.send("/found", line=str(lines[milk.id]))
        await picker.send("/scan", code=milk.gtin)
        assert await world.state(order) == ("picked", "in_fulfilment")
        packer = Desk(await shop.desk("packer"))
        await packer.open("/packing")
        await packer.open(re.search(r"/packing/[0-9a-f-]{36}", packer.page)[0])
        await packer.send("/seal", storage="ambient")

    assert await world.refunds(order) == 600 - 600 * 480 // 500
    assert await offending(pool) == {}


async def test_without_work_today_the_desks_open_on_the_next_day_that_has_some_and_say_so(
    database_url, pool
):
    world = await open_world(pool)
    bread = await world.product("Brood", price=200)
    window = tuple(at + timedelta(days=3) for at in TONIGHT)
    there = window[0].astimezone(ZoneInfo("Europe/Amsterdam"))
    due = there - PICKING_LEAD

    async with open_shop(database_url) as shop:
        dispatcher, picker = Desk(await shop.desk("dispatcher")), Desk(await shop.desk("picker"))
        for desk in (dispatcher, picker):
            desk.client.headers["accept-language"] = "en"
        nothing = (await dispatcher.open("/dispatch")).page
        await world.sell((bread, 1), window=window)
        ahead = (await dispatcher.open("/dispatch")).page
        asked = (
            await dispatcher.open(f"/dispatch?day={TONIGHT[0] - timedelta(days=9):%Y-%m-%d}")
        ).page
        later = (await picker.open("/picking")).page
        await picker.send("/picking/start", most="1")
        await world.sell((bread, 1), window=window, house_number="14")
        await picker.send("/scan", code=bread.gtin)

    assert "No runs on this day" in nothing
    assert "Today has no runs. This is the next day that has some." in ahead
    assert f"?day={there + timedelta(days=1):%Y-%m-%d}" in ahead, "three days from now"
    assert f'href="/dispatch?day={there:%Y-%m-%d}"' in asked
    assert "This is the next day" not in asked, "this day was asked for"
    assert f"Next: {due:%A} {due.day} {due:%B}, ready by" in later
    assert "All picked" in picker.page
    assert "Then: 1 order, ready by" in picker.page
    assert f"{due:%A} {due.day} {due:%B}" in picker.page
