"""The last import can be taken back: changed products as they were, new ones off sale."""

import pytest

from app import catalog
from app.db import begin, checks
from app.errors import Conflict
from tests.catalog.sheets import BREAD, MILK, load, traces


async def undo(pool, meant=None):
    async with begin(pool) as db:
        return await catalog.undo(db, None, meant)


async def test_changed_products_are_as_before_and_new_ones_off_sale(pool, db):
    await load(pool, MILK | {"more_codes": "9521234543305", "description_ko": "맛있는 우유"})
    before = await catalog.by_code(pool, "09521234543213", "ko")
    await load(
        pool,
        MILK | {"name_ko": "", "description_ko": "", "price": "1,99", "more_codes": ""},
        BREAD | {"more_codes": "9521234543305"},
    )

    done = await undo(pool)

    milk = await catalog.by_code(pool, "09521234543213", "ko")
    assert (milk.name, milk.description, milk.price) == ("저지방 우유", "맛있는 우유", 129)
    assert milk.version == before.version + 2
    assert not (await catalog.by_code(pool, "09521234543220", "nl")).on_sale
    assert (done.kind, done.changed, done.left) == ("undo", 2, 0)
    amounts = await db.fetch(
        "SELECT amount FROM catalog.prices WHERE product_id = $1 ORDER BY from_at", milk.id
    )
    assert [row["amount"] for row in amounts] == [129, 199, 129]
    assert [one for one in await checks.run(db) if not one.holds] == []


async def test_what_changed_again_since_is_left_alone(pool):
    await load(pool, MILK, BREAD)
    await load(pool, MILK | {"price": "1,99"}, BREAD | {"price": "2,99"})
    async with begin(pool) as db:
        milk = await catalog.by_code(db, "09521234543213", "nl")
        await db.execute("UPDATE catalog.products SET version = version + 1 WHERE id = $1", milk.id)

    done = await undo(pool)

    assert (done.changed, done.left) == (1, 1)
    assert (await catalog.by_code(pool, "09521234543213", "nl")).price == 199
    assert (await catalog.by_code(pool, "09521234543220", "nl")).price == 249


async def test_an_import_is_undone_once(pool, db):
    await load(pool, MILK)
    await undo(pool)
    before = await traces(db)

    with pytest.raises(Conflict, match="no import to undo"):
        await undo(pool)

    assert await traces(db) == before


async def test_what_somebody_else_changed_meanwhile_is_not_taken_back_by_mistake(pool):
    await load(pool, MILK, BREAD)
    looked_at = await catalog.undoable(pool)
    await load(pool, BREAD | {"price": "2,99"})

    with pytest.raises(Conflict, match="Something else was imported"):
        await undo(pool, looked_at)
    assert (await catalog.by_code(pool, "09521234543220", "nl")).price == 299

    await undo(pool, await catalog.undoable(pool))
    assert (await catalog.by_code(pool, "09521234543220", "nl")).price == 249


async def test_an_import_that_changed_nothing_leaves_the_one_before_to_undo(pool):
    await load(pool, MILK)
    await load(pool, MILK | {"price": "1,99"})
    await load(pool, MILK | {"price": "1,99"})

    await undo(pool)

    assert (await catalog.by_code(pool, "09521234543213", "nl")).price == 129
