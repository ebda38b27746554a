"""Invoices and credit notes: at the right moment, without gaps, in three languages."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pypdfium2
import pytest

from app import consequences, jobs, orders, payments
from app.db import begin, new_id
from app.jobs import Register
from app.jobs.worker import run_dry
from app.orders import invoicing
from app.orders.invoicing.models import Seller, Worth
from app.orders.invoicing.rules import credited_vat, lines_of, vat_of, vat_of_goods
from app.payments.models import Tender
from tests.checkout.stage import Stage, faults_in
from tests.fulfilment.builders import World
from tests.stock.builders import open_place

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
async def world(db, pool):
    return World(pool, await open_place(db, "U1"))


@pytest.fixture
def register(settings):
    register = Register()
    for one in (register, jobs.registered):  # the second is who tells the events in this process
        consequences.register(one, settings)
    return register


async def delivered(world, order_id, quantities=None):
    async with begin(world.pool) as db:
        for state in ("in_fulfilment", "packed", "on_the_way"):
            await orders.advance(db, order_id, state)
        how = "part_delivered" if quantities else "delivered"
        await orders.advance(db, order_id, how, delivered=quantities)


async def documents(pool, order_id):
    async with begin(pool) as db:
        return await invoicing.documents_of(db, order_id)


async def test_the_invoice_is_written_when_the_goods_came_and_says_what_came(world, pool, register):
    milk, beer = await world.product("Melk", price=249), await world.product("Bier", deposit=15)
    order_id = await world.sell((milk, 3), (beer, 2))
    assert await documents(pool, order_id) == []
    async with begin(pool) as db:
        await payments.refund(db, order_id, new_id(), 249, "short")

    await delivered(world, order_id, {1: 2, 2: 2})
    await run_dry(pool, register)
    [invoice] = await documents(pool, order_id)
    assert invoice.total == 2 * 249 + 2 * 200 + 30 + 399
    assert sum(one.gross for one in invoice.vat) == invoice.total - 30

    refund = new_id()
    async with begin(pool) as db:
        await payments.refund(db, order_id, refund, 200, "damaged")
    await run_dry(pool, register)
    _, credit = await documents(pool, order_id)
    assert (credit.id, credit.total, credit.credits) == (refund, 200, invoice.id)
    assert (invoice.number, credit.number) == (1, 1)
    assert credit.name == f"P-C{invoice.year}-000001"
    assert await gaps(pool) == []


async def test_what_went_back_before_the_invoice_is_credited_with_it_and_what_never_was_on_it_is_not(
    world, pool, register
):
    order_id = await world.sell((await world.product("Melk", price=249), 4))
    back = {}
    async with begin(pool) as db:
        for reason in ("goodwill", "returned", "changed", "short"):
            await payments.refund(db, order_id, back.setdefault(reason, new_id()), 249, reason)
    await run_dry(pool, register)
    await delivered(world, order_id, {1: 3})
    async with begin(pool) as db:
        await payments.refund(db, order_id, new_id(), 99, "paid too much")
        await payments.refund(db, order_id, back.setdefault("late", new_id()), 50, "late")
    await run_dry(pool, register)

    invoice, *credits = await documents(pool, order_id)

    assert invoice.total == 3 * 249 + 399
    assert {one.id: one.total for one in credits} == {
        back["goodwill"]: 249, back["returned"]: 249, back["late"]: 50
    }  # fmt: skip
    assert await gaps(pool) == []


def test_a_credit_note_is_at_the_rates_of_the_goods_whatever_else_was_on_the_invoice():
    one = [Worth("high", 1000), Worth(None, 25)]
    two = [*one, Worth("low", 500), Worth("zero", 0)]

    assert [(vat.percent, vat.gross) for vat in vat_of_goods(one, 1025)] == [(21, 1000)]
    assert [(vat.percent, vat.gross) for vat in vat_of_goods(two, 305)] == [(9, 100), (21, 200)]


async def test_thirty_at_once_and_some_undone_leave_no_gap(world, pool):
    milk = await world.product("Melk")
    sold = [await world.sell((milk, 1), house_number=str(n)) for n in range(8)]

    async def write(order_id, undone):
        try:
            async with begin(pool) as db:
                await invoicing.invoice(db, order_id, new_id(), NOW, ZONE)
                await asyncio.sleep(0.01)
                if undone:
                    raise RuntimeError
        except RuntimeError:
            await write(order_id, False)

    for order_id in sold:
        await delivered(world, order_id)
    await asyncio.gather(*(write(order_id, n % 3 == 0) for n, order_id in enumerate(sold)))

    rows = await pool.fetch("SELECT number FROM orders.documents ORDER BY number")
    assert [row["number"] for row in rows] == list(range(1, 9))
    assert await gaps(pool) == []


async def test_each_seller_counts_on_their_own(db, world, pool):
    other = World(pool, await open_place(db, "A1"))
    other.products = world.products
    async with begin(pool) as connection:
        seller = Seller("KR", "Perron Korea", "Seoul", "KR123")
        await invoicing.save_entity(connection, seller, [other.place])
    mine = await world.sell((await world.product("Melk"), 1))
    theirs = await other.sell((await other.product("Brood"), 1))
    for each, order_id in ((world, mine), (other, theirs)):
        await delivered(each, order_id)
        async with begin(pool) as connection:
            await invoicing.invoice(connection, order_id, new_id(), NOW, ZONE)

    [one], [two] = await documents(pool, mine), await documents(pool, theirs)
    assert (one.name, two.name) == ("P-2026-000001", "KR-2026-000001")
    assert two.seller == seller


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Factuur", "Bezorging", "9%")),
        ("en", ("Invoice", "Delivery")),
        ("ko", ("거래명세서", "배송")),
    ],
)
async def test_it_can_be_read_in(world, pool, language, words):
    milk = await world.product("Halfvolle melk 우유", price=249)
    order_id = await world.sell((milk, 2))
    await pool.execute("UPDATE orders.orders SET language = $1", language)
    await delivered(world, order_id)
    async with begin(pool) as db:
        await invoicing.invoice(db, order_id, new_id(), NOW, ZONE)
        order = await orders.read(db, order_id)
        [document] = await invoicing.documents_of(db, order_id)

    tenders = [
        Tender(id=new_id(), provider="gift-card", amount=500, refunded=0, ends_with="7Q2M"),
        Tender(id=new_id(), provider="cash", amount=777, refunded=111),
    ]
    text = text_of(invoicing.as_pdf(document, order, "", tenders))

    for word in (
        *words,
        document.name,
        order.number,
        "우유",
        "…7Q2M",
        "6,66" if language == "nl" else "6.66",
    ):
        assert word in text


async def test_only_the_token_of_an_order_opens_its_papers(shop):
    stage = await Stage.set_up(shop)
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    for state in ("in_fulfilment", "packed", "on_the_way", "delivered"):
        await stage.advance(placed, state)
    await stage.work()
    id = await stage.pool.fetchval("SELECT id FROM orders.documents")
    token = placed["track_at"].rpartition("/")[2]

    page = await shop.get(f"/orders/{token}")
    paper = await shop.get(f"/orders/{token}/papers/{id}/paper.pdf")

    assert f"/orders/{token}/papers/{id}/paper.pdf" in page.text
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert (await shop.get(f"/orders/{token}/papers/{uuid4()}/paper.pdf")).status_code == 404
    assert (await shop.get(f"/orders/nobody/papers/{id}/paper.pdf")).status_code == 404


async def test_sums_are_exact_to_the_cent(world, pool):
    milk = await world.product("Melk", price=333, deposit=5)
    order_id = await world.sell((milk, 3), delivery=100)
    await delivered(world, order_id, {1: 1})
    async with begin(pool) as db:
        order = await orders.read(db, order_id)

    assert sum(line.amount for line in lines_of(order)) == 333 + 5 + 100
    vat = vat_of(order)
    assert [(one.percent, one.gross, one.net + one.tax) for one in vat] == [(9, 433, 433)]
    assert sum(one.gross for one in credited_vat(vat, 333, 438)) in (329, 330)


async def gaps(pool):
    """These orders were never picked, which is another promise."""
    return [fault for fault in await faults_in(pool) if fault.startswith(("documents", "payments"))]


async def test_what_does_not_fit_on_a_page_goes_on_the_next_and_nothing_runs_off_it(world, pool):
    """Long names take two lines; five means that paid it and their VAT lie whole on the last page."""
    milk = await world.product("Halfvolle melk " + "van de boerderij om de hoek " * 5, price=249)
    order_id = await world.sell(*[(milk, 1)] * 20)
    await delivered(world, order_id)
    async with begin(pool) as db:
        await invoicing.invoice(db, order_id, new_id(), NOW, ZONE)
        order = await orders.read(db, order_id)
        [document] = await invoicing.documents_of(db, order_id)
    cards = [
        Tender(id=new_id(), provider="gift-card", amount=100 + n, refunded=0, ends_with="K3M2")
        for n in range(5)
    ]

    pages = pypdfium2.PdfDocument(invoicing.as_pdf(document, order, "", cards))

    assert len(pages) == 2
    for page in pages:
        seen = page.render(scale=1).to_pil().convert("L")
        edge = seen.crop((0, seen.height - 25, seen.width, seen.height))
        assert edge.getextrema() == (255, 255), "nothing is painted at the lower edge"
    said = [page.get_textpage().get_text_range() for page in pages]
    assert [words.count("K3M2") for words in said] == [0, 5]


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)
