"""Stickers for the labels that no longer say what holds, in walking order."""

from datetime import datetime

import pypdfium2
import pytest

from app import files, walls
from app.db import begin
from app.errors import Conflict, NotFound
from tests.walls.builders import (
    DETAILS,
    SHOP,
    change_price,
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
    stickers = [label for shelf in sheet.shelves for label in shelf]
    assert [one.replaces for one in stickers] == below
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


async def test_a_sticker_is_drawn_proven_pasted_and_covers_the_old_label(pool, products):
    await change_price(pool, products[4], 120)
    patch = await print_drawn(pool, await do(pool, walls.order_patch, "utc-1", base_url=SHOP))
    old = (await overtaken(pool))[0].token

    await do(pool, walls.publish, "utc-1", patch.number)
    site = await do(pool, walls.site, "utc-1")
    (sticker,) = await do(pool, walls.stickers, site.id)
    pasted = await do(pool, walls.paste, "utc-1", [sticker.token])
    again = await do(pool, walls.paste, "utc-1", [sticker.token])

    assert (pasted, again) == (1, 0)
    assert await overtaken(pool) == []
    hangs = await do(pool, walls.hanging, site.id)
    assert [one.token == sticker.token for one in hangs] == [False] * 4 + [True, False]
    assert (await do(pool, walls.label, old)).state == "live"
    assert await wrong(pool) == []
    pdf = (await do(pool, files.fetch, patch.pdf)).body
    with pypdfium2.PdfDocument(pdf) as document:
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
