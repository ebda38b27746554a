"""Goods that are weighed, and goods with a date: asked for, checked, and paid for as they are."""

from datetime import date, timedelta

import pytest

from app.db import begin
from app.errors import ShopError
from app.fulfilment import picking
from app.fulfilment.picking.scanned import read_scan
from qr_walls.gtin import check_digit
from tests.fulfilment.builders import TONIGHT, offending

FRESH, OVER = TONIGHT[0].date() + timedelta(days=3), TONIGHT[0].date() - timedelta(days=2)


def scale_label(grams, item="2812345"):
    digits = f"{item}{grams:05}"
    return digits + check_digit(digits)


async def before_the_cheese(world, quantity=2, *, dated=False):
    cheese = await world.product("Belegen kaas", price=600, content_quantity=500, content_unit="g")
    async with begin(world.pool) as db:
        await picking.handle(db, cheese.id, weighed=True, item_number="2812345", dated=dated)
    order = await world.sell((cheese, quantity))
    picker = await world.person("picker")
    batch = await world.act(picking.start, picker, world.place)
    async with begin(world.pool) as db:
        [line] = (await picking.pick_list(db, batch)).lines
    return order, picker, line


async def test_lighter_ones_cost_less_and_heavier_ones_no_more(world):
    order, picker, line = await before_the_cheese(world)

    await world.act(picking.pick, picker, line.id, code=scale_label(550), quantity=1)
    await world.act(picking.pick, picker, line.id, code=line.gtin, quantity=1, grams=400)
    await world.pack(line.fulfilment_id)

    assert await world.refunds(order) == 1200 - 1200 * 950 // 1000
    assert await offending(world.pool) == {}


async def test_without_a_weight_or_with_too_much_of_it_nothing_is_picked(world):
    _, picker, line = await before_the_cheese(world)
    codes = []
    for named in (
        {"code": line.gtin},
        {"code": scale_label(551)},
        {"code": scale_label(500, item="2999999")},
        {"code": None, "grams": 1200},
        {"code": scale_label(500), "quantity": 2},
        {"code": f"(01){line.gtin}(3103)000500", "quantity": 2},
    ):
        with pytest.raises(ShopError) as refusal:
            await world.act(picking.pick, picker, line.id, **{"quantity": 1} | named)
        codes.append(refusal.value.code)

    assert codes[:4] == ["weight-needed", "too-heavy", "wrong-item", "too-heavy"]
    assert codes[4:] == ["one-by-one"] * 2, "a label says what one piece weighs"
    assert await world.pool.fetchval("SELECT sum(picked) FROM fulfilment.picks") == 0


async def test_a_date_is_asked_for_and_must_not_be_over_at_the_door(world):
    _, picker, line = await before_the_cheese(world, dated=True)
    pick = {"code": line.gtin, "quantity": 1, "grams": 500}
    codes = []
    for best_before in (None, OVER):
        with pytest.raises(ShopError) as refusal:
            await world.act(picking.pick, picker, line.id, **pick, best_before=best_before)
        codes.append(refusal.value.code)
    await world.act(picking.pick, picker, line.id, **pick, best_before=FRESH)
    in_the_code = f"(01){line.gtin}(17){FRESH + timedelta(days=1):%y%m%d}(3103)000500"
    await world.act(picking.pick, picker, line.id, code=in_the_code, quantity=1)

    assert codes == ["date-needed", "past-date"]
    assert await world.pool.fetchval("SELECT best_before FROM fulfilment.picks") == FRESH


@pytest.mark.parametrize(
    ("text", "grams", "until"),
    [
        ("https://shop.example/x/01/09521234543213?17=261200&3103=000525", 525, (2026, 12, 31)),
        ("]C10109521234543213\x1d310200123417261201", 12340, (2026, 12, 1)),
        ("]d2010952123454321310LOT-9\x1d15261305", None, None),
        ("https://[no-address/01/09521234543213?3103=000525#3103=000999", 525, None),
        ("(01)09521234543213(17)260230", None, None),
    ],
)
def test_weights_and_dates_are_read_where_they_are_said(text, grams, until):
    scanned = read_scan(text)

    assert scanned.gtin == "09521234543213"
    assert (scanned.grams, scanned.best_before) == (grams, until and date(*until))
