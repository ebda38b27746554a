"""Stickers for the labels that no longer say what holds, in walking order."""

from datetime import datetime

import pypdfium2
import pytest
from msgspec.structs import replace

from app import files, walls
from app.db import begin
from app.errors import Conflict, NotFound
from app.walls import proofs
from app.walls.models import Details, Light
from app.walls.rules import differences
from qr_walls import links
from qr_walls.errors import WallError
from tests.journeys.camera import codes_on
from tests.walls.builders import (
    DETAILS,
    SHOP,
    change_price,
    next_month,
    print_blank,
    print_drawn,
    put_in_catalogue,
    shelves,
    wrong,
)


@pytest.fixture
async def products(pool):
    """Six products on two shelves of a wall that hangs and is open."""
    async with begin(pool) as db:
        products = [await put_in_catalogue(db, f"Product {n}", price=100) for n in range(6)]
        await walls.set_up(db, "utc-1", DETAILS, currency="EUR", time_zone="Europe/Amsterdam")
        await walls.replan(db, "utc-1", shelves(products[:3], products[3:]), 1)
    await print_blank(pool)
    return products


async def do(pool, act, *words, **more):
    async with begin(pool) as db:
        return await act(db, *words, **more)


async def overtaken(pool):
    site = await do(pool, walls.site, "utc-1")
    return await do(pool, walls.overtaken, site.id)


async def test_what_no_longer_holds_is_listed_in_walking_order_with_why(pool, products):
    await change_price(pool, products[4], 120)
    await change_price(pool, products[0], 80)
    await pool.execute("UPDATE catalog.products SET on_sale = false WHERE id = $1", products[5])
    async with begin(pool) as db:
        other = await put_in_catalogue(db, "Karnemelk", price=100)
        position = (await walls.plan(db, "utc-1")).positions()[2]
        await walls.put(db, "utc-1", position.id, other, 0, 2)

    found = await overtaken(pool)

    assert [(one.shelf, one.place, one.why, one.price) for one in found] == [
        (1, 1, "cheaper", 80),
        (1, 3, "other-product", 100),
        (2, 2, "dearer", 120),
        (2, 3, "not-for-sale", 100),
    ]


async def test_a_patch_sheet_holds_only_what_changed_and_says_what_it_goes_over(pool, products):
    await change_price(pool, products[4], 120)
    await change_price(pool, products[1], 130)
    below = [one.token for one in await overtaken(pool)]

    patch = await do(pool, walls.order_patch, "utc-1", base_url=SHOP)

    assert (patch.kind, patch.codes, patch.site) == ("patch", 2, "utc-1")
    site = await do(pool, walls.site, "utc-1")
    wall = await do(pool, walls.wall, "utc-1")
    (sheet,) = await do(pool, walls.printed_plan, wall.id, patch.number)
    assert (patch.list_url, patch.phone) == ("", "")
    stickers = [label for shelf in sheet.shelves for label in shelf]
    assert [one.replaces for one in stickers] == below
    poster = await do(pool, walls.printed_plan, wall.id, 1)
    changes = differences(poster, [sheet])  # what is not on the sheet has not gone
    assert [(one.shelf, one.place, one.after.price) for one in changes] == [
        (1, 2, 130),
        (2, 2, 120),
    ]
    assert [(one.panel, one.shelf, one.place) for one in stickers] == [(1, 1, 2), (1, 2, 2)]
    assert [one.patch for one in await do(pool, walls.overtaken, site.id)] == [2, 2]
    with pytest.raises(Conflict, match="sticker is printed already"):
        await do(pool, walls.order_patch, "utc-1", base_url=SHOP)


async def test_a_price_that_moves_again_asks_for_another_sticker(pool, products):
    await change_price(pool, products[1], 130)
    await do(pool, walls.order_patch, "utc-1", base_url=SHOP)

    await change_price(pool, products[1], 140)

    assert [one.patch for one in await overtaken(pool)] == [None]
    again = await do(pool, walls.order_patch, "utc-1", base_url=SHOP)
    assert again.codes == 1


async def test_a_sticker_is_drawn_proven_pasted_and_covers_the_old_label(pool, products, tmp_path):
    poster = await walls.print_wall(
        pool, "utc-1", base_url=SHOP, last_day=next_month(), phone="030 123 45 67", publish=True,
        offers={products[4]: "3 voor 2"},
    )  # fmt: skip
    wall = await do(pool, walls.wall, "utc-1")
    farther = Details(name="Utrecht Centraal", reading_distance_mm=600)
    await do(pool, walls.change, "utc-1", farther, wall.version)
    for product in (products[4], products[1]):
        await change_price(pool, product, 120)
    patch = await print_drawn(pool, await do(pool, walls.order_patch, "utc-1", base_url=SHOP))
    old = (await overtaken(pool))[1].token
    (tmp_path / "patch.pdf").write_bytes((await do(pool, files.fetch, patch.pdf)).body)

    below = {one.spot: one for one in await do(pool, walls.lights, wall.id, poster.number)}
    stickers = await do(pool, walls.lights, wall.id, patch.number)
    _, seen = codes_on(tmp_path / "patch.pdf", dpi=200)
    (sheet,) = await do(pool, walls.printed_plan, wall.id, patch.number)
    assert [one.spot for one in stickers] == [(1, 1, 2), (1, 2, 2)]
    for one in stickers:  # as large as the label below, whatever the wall was changed to since
        assert one.colour == "good"
        assert one.label_mm == below[one.spot].label_mm
        assert one.code_mm == below[one.spot].code_mm
    assert {links.read(code.text).token for code in seen} == {one.token for one in sheet.shelves[0]}

    await do(pool, walls.publish, "utc-1", patch.number)
    site = await do(pool, walls.site, "utc-1")
    _, sticker = await do(pool, walls.stickers, site.id)
    pasted = await do(pool, walls.paste, "utc-1", [sticker.token])
    again = await do(pool, walls.paste, "utc-1", [sticker.token])

    assert (pasted, again) == (1, 0)
    assert [(one.shelf, one.place) for one in await overtaken(pool)] == [(1, 2)]
    hangs = await do(pool, walls.hanging, site.id)
    assert [one.token == sticker.token for one in hangs] == [False] * 4 + [True, False]
    state = await pool.fetchval("SELECT state FROM walls.labels WHERE token = $1", old)
    assert state == "live"
    assert await wrong(pool) == []
    with pypdfium2.PdfDocument(tmp_path / "patch.pdf") as document:
        said = document[0].get_textpage().get_text_range()
    assert "Product 4" in said
    assert "Product 3" not in said


async def test_a_sticker_of_another_wall_is_not_pasted_here(pool, products):
    await change_price(pool, products[4], 120)
    with pytest.raises(NotFound, match="no sticker"):
        await do(pool, walls.paste, "utc-1", ["0000000"])


async def test_a_sticker_promises_as_long_as_the_poster_around_it(pool, products):
    await change_price(pool, products[4], 120)
    wall = await do(pool, walls.wall, "utc-1")

    patch = await do(pool, walls.order_patch, "utc-1", base_url=SHOP)

    [poster] = [one for one in await do(pool, walls.editions, wall.id) if one.kind == "wall"]
    assert isinstance(patch.valid_until, datetime)
    assert patch.valid_until == poster.valid_until


def test_stickers_that_would_not_cover_their_labels_are_not_printed():
    sticker = Light(
        page=1, panel=2, shelf=1, place=3, label_mm=98.2, code_mm=45.1, faults=[],
        read=(True, True), quiet=True, contrast=1.0, reach_mm=600, reach_720_mm=400,
        above_floor_mm=None, within_reach=True, safe=True,
    )  # fmt: skip

    proofs.check_covers([sticker], {sticker.spot: replace(sticker, label_mm=98.6)})
    proofs.check_covers([sticker], {})  # printed before it was kept how large
    for other in (replace(sticker, label_mm=110.0), replace(sticker, code_mm=44.0)):
        with pytest.raises(WallError, match="Print the whole wall instead"):
            proofs.check_covers([sticker], {sticker.spot: other})
