"""The receipt on paper: in the reader's language, once, then as a copy; found again, mailed, taken back."""

import re
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp

from app import consequences
from app.jobs import Register
from app.jobs.worker import run_dry
from tests.orders.test_invoicing import text_of
from tests.tills.counter import MILK, WINE, Counter

ADDRESS = "anna@example.org"


@pytest.fixture
async def counter(shop):
    counter = await Counter.set_up(shop)
    yield counter
    assert await counter.faults() == []


async def sold(desk, *codes, **paid):
    for code in codes or (MILK,):
        await desk.scan(code)
    return (await desk.pay("cash", **paid)).headers["location"]


async def handed(desk, path, how="pdf", **fields):
    answer = await desk.post(f"{path}/hand-out", how=how, **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def read(desk, path):
    answer = await desk.client.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content, text_of(answer.content).replace("\xa0", " ")


async def test_the_first_is_the_receipt_and_every_further_one_says_that_it_is_a_copy(counter):
    desk = await counter.clerk()
    await counter.pool.execute(
        "UPDATE catalog.texts SET name = '포도주' WHERE product_id = $1 AND language = 'ko'",
        counter.products[WINE],
    )
    path = await sold(desk, "3*" + MILK, WINE, given="50", age_checked="1")
    command = str(uuid4())

    first = await handed(desk, path, command=command, language="nl")
    again = await handed(desk, path, command=command, language="nl")
    korean = await handed(desk, path, language="ko")
    screen = await desk.page(await handed(desk, path, "print"))

    assert first == again
    pdf, said = await read(desk, first)
    order = await counter.order()
    for words in (
        "Kassa 1", "Bon 1", order["number"], "3 × ", "Rode wijn", "Btw", "9%", "21%", "Statiegeld",
        "€ 13,91", "€ 50,00", "klant", "€ 36,10", "Afronding", "Plein 1, 3511 AA Utrecht",
        "(18+)", "€ 2,49 per stuk · + € 0,45 statiegeld", "€ 7,47 A", "€ 5,99 B", "A 9%", "B 21%",
    ):  # fmt: skip
        assert words in said, words
    assert "KOPIE" not in said
    korean_words = (await read(desk, korean))[1]
    assert "사본" in korean_words
    assert "포도주" in korean_words
    assert "KOPIE" in screen
    assert "data-print-now" in screen
    assert "data-print-now" not in await desk.page(path)
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil()
    [code] = zxingcpp.read_barcodes(picture)
    found = await desk.client.get("/till/returns", params={"code": code.text})
    assert found.headers["location"] == f"/till/returns/{order['id']}"
    assert text_of((await counter.stage.browser().get(f"{code.text}/receipt.pdf")).content)


async def test_a_pack_with_a_sticker_says_what_it_weighs_and_what_a_kilo_costs(counter):
    desk = await counter.clerk()
    await desk.scan()
    await counter.pool.execute("UPDATE cart.lines SET measured_g = 500")

    path = (await desk.pay("cash")).headers["location"]
    said = (await read(desk, await handed(desk, path, language="nl")))[1]

    order = await counter.order()
    price = await counter.pool.fetchval("SELECT unit_price FROM orders.lines")
    assert order["state"] == "delivered"
    assert f"0,500 kg · € {price * 2 / 100:.2f} per kilo".replace(".", ",") in said
    assert "500 g" in await desk.page(path)


async def test_it_is_mailed_on_request_and_the_address_is_not_kept(counter, settings):
    desk = await counter.clerk()
    path = await sold(desk)
    command = str(uuid4())

    for _ in range(2):
        answer = await desk.post(f"{path}/mail", command=command, email=ADDRESS, language="en")
        assert answer.status_code == 303
    [waiting] = await counter.pool.fetch("SELECT recipient, body_text FROM messaging.messages")
    register = Register()
    consequences.register(register, settings)
    await run_dry(counter.pool, register)

    assert waiting["recipient"] == ADDRESS
    assert "/orders/" in waiting["body_text"]
    kept = await counter.pool.fetchrow("SELECT * FROM messaging.messages")
    assert (kept["state"], kept["recipient"]) == ("sent", "")
    assert ADDRESS not in str(await counter.pool.fetch("SELECT body, kind FROM jobs.events"))
    assert ADDRESS not in str(await counter.pool.fetch("SELECT * FROM commands.done"))
    assert (await desk.post(f"{path}/mail", email="nobody")).status_code == 400


async def test_it_is_found_again_by_number_and_day_at_every_till_of_the_shop(counter):
    desk, other = await counter.clerk(), await counter.clerk(number=2)
    path = await sold(desk)
    day = str(
        await counter.pool.fetchval(
            "SELECT (sold_at AT TIME ZONE 'Europe/Amsterdam')::date FROM tills.receipts"
        )
    )

    listed = await other.page(f"/till/receipts?number=1&day={day}")
    nothing = await other.page(f"/till/receipts?number=7&day={day}")

    assert path in listed
    assert path not in nothing
    seen = await other.page(path)
    assert "Kassa 1" in seen
    assert "take-back" not in seen
    assert (await handed(other, path)).startswith(path)
    for wrong in ("day=gisteren", "number=acht", "day=0001-01-01", "number=" + "9" * 30):
        assert (await other.client.get(f"/till/receipts?{wrong}")).status_code == 400
    assert (await other.post(f"/till/receipts/{uuid4()}/hand-out")).status_code == 404


async def test_x_and_z_on_paper_say_what_the_screen_says_with_vat_by_rate(counter):
    desk = await counter.clerk()
    await sold(desk, "2*" + MILK, given="10")
    x_screen = (await desk.page("/till/drawer")).replace("\xa0", " ")
    x = (await read(desk, "/till/drawer/x.pdf"))[1]
    closed = await desk.post("/till/close", amount="105,25")
    z_screen = (await desk.page(closed.headers["location"])).replace("\xa0", " ")
    z = (await read(desk, closed.headers["location"] + "/z.pdf"))[1]

    vat = "Btw 9% over € 4,57"
    for said in (x_screen, x, z_screen, z):
        assert vat in said
        assert "€ 105,30" in said
    for said in (z_screen, z):
        assert re.search(r"€ -0,05", said)
    assert (await desk.client.get("/till/drawer/x.pdf")).status_code == 409
    assert closed.headers["location"] in await desk.page("/till/receipts")
