"""Packs from the store's own scale: their number says the weight or the price as well."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app import checkout, pricing, settings
from app.cart.models import Measured
from app.db import begin, new_id
from app.errors import Conflict
from app.scan import rules
from qr_walls import gtin as gtins
from tests.shelf import put_on_shelf

DUTCH = {"Accept-Language": "nl"}


def sticker(prefix, item, value):
    digits = f"{prefix}{item:05}{value:05}"
    return digits + gtins.check_digit(digits)


@pytest.mark.parametrize(
    ("prefix", "value", "measured"),
    [
        ("22", 349, Measured("price", 349)),
        ("28", 512, Measured("g", 512)),
        ("20", 512, None),
        ("28", 0, None),
    ],
)
def test_the_number_says_what_is_measured(prefix, value, measured):
    text = sticker(prefix, 12345, value)

    code = rules.read(text)

    assert code.measured == measured
    assert code.gtin == (sticker(prefix, 12345, 0) if measured else text).rjust(14, "0")


def test_a_shop_says_itself_what_its_scales_print(tmp_path):
    kept = settings.load({"PERRON_HOME": str(tmp_path), "PERRON_IN_STORE": "20=weight, 22=price"})
    none = settings.load({"PERRON_HOME": str(tmp_path), "PERRON_IN_STORE": "none"})
    try:
        rules.agree_in_store(settings.load(settings.as_environment(kept)).in_store)
        own = [rules.read(sticker(prefix, 12345, 512)).measured for prefix in ("20", "22", "28")]
        rules.agree_in_store(settings.load(settings.as_environment(none)).in_store)
        nothing = rules.read(sticker("22", 12345, 512)).measured
    finally:
        rules.agree_in_store(settings.IN_STORE_HERE)

    assert own == [Measured("g", 512), Measured("price", 512), None]
    assert nothing is None


async def scan(shop, text, **more):
    return await shop.post("/api/v1/scans", json={"id": str(new_id()), "text": text} | more)


async def test_two_cheeses_of_two_weights_are_two_lines_at_the_price_per_kilogram(shop, db, pool):
    cheese = await put_on_shelf(
        db, sticker("28", 1, 0).rjust(14, "0"), price=1599, content_quantity=1000, content_unit="g"
    )

    first = await scan(shop, sticker("28", 1, 512))
    await scan(shop, sticker("28", 1, 512))
    await scan(shop, sticker("28", 1, 700))

    read = (await shop.get("/api/v1/cart")).json()
    assert first.json()["line"]["price"] == 819  # 512 g at 15.99 per kg is 8.187
    assert [(line["measured_g"], line["quantity"], line["price"]) for line in read["lines"]] == [
        (512, 2, 819),
        (700, 1, 1119),
    ]
    assert "512 g" in (await shop.get("/basket")).text
    assert await db.fetch("SELECT * FROM checks.carts") == []
    before, a_week = datetime.now(UTC) - timedelta(minutes=1), timedelta(days=7)
    async with begin(pool) as connection:
        await pricing.put_up(
            connection, new_id(), "Cheese", "EUR", before, before + a_week, {cheese: 1000},
            now=before,
        )  # fmt: skip
    read = (await shop.get("/api/v1/cart")).json()
    assert [line["price"] for line in read["lines"]] == [512, 700], "a list is for packs as well"


async def test_a_sticker_that_was_misread_puts_nothing_in(shop, db):
    await put_on_shelf(db, sticker("22", 8, 0).rjust(14, "0"), price=999)
    text = sticker("22", 8, 349)
    misread = text[:-1] + str((int(text[-1]) + 1) % 10)

    answer = await scan(shop, misread)

    assert (answer.status_code, answer.json()["code"]) == (400, "mistyped")
    assert (await shop.get("/api/v1/cart")).json()["lines"] == []


async def test_a_price_on_the_sticker_is_the_price(shop, db):
    await put_on_shelf(db, sticker("22", 7, 0).rjust(14, "0"), price=999)

    answer = await scan(shop, sticker("22", 7, 349))

    assert answer.json()["line"]["price"] == 349
    read = (await shop.get("/api/v1/cart")).json()
    assert [line["price"] for line in read["lines"]] == [349]


async def test_what_a_sticker_says_is_believed_of_the_pack_in_a_clerks_hand_alone(shop, db, pool):
    """Anybody can make up a number with one cent inside and have a whole cheese brought for it."""
    await put_on_shelf(db, sticker("22", 6, 0).rjust(14, "0"), name="Kaas", price=999)
    await scan(shop, sticker("22", 6, 1))
    cart_id = UUID((await shop.get("/api/v1/cart")).json()["id"])

    async def quote():
        async with begin(pool) as connection:
            return (await checkout.quote(connection, cart_id, "nl", delivery=0)).receipt.total

    with pytest.raises(Conflict, match="paid at a till") as refused:
        await quote()
    assert refused.value.code == "for-a-till"
    assert "reken het af aan een kassa" in (await shop.get("/basket", headers=DUTCH)).text
    await db.execute("UPDATE cart.lines SET handover = 'carry-out'")
    assert await quote() == 1, "shown at a till it is taken along"
    await db.execute("UPDATE cart.lines SET handover = 'delivery', added_from = 'till'")
    assert await quote() == 1, "a clerk has scanned it, and sends it home"


async def test_a_weight_means_nothing_for_what_is_sold_by_the_piece(shop, db):
    await put_on_shelf(
        db, sticker("28", 3, 0).rjust(14, "0"), content_quantity=6, content_unit="piece"
    )

    answer = await scan(shop, sticker("28", 3, 512))

    assert (answer.status_code, answer.json()["code"]) == (409, "not-for-sale")
