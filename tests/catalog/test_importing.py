"""A file of products comes into the catalogue: all of it, or nothing."""

from io import BytesIO

import pytest

from app import catalog, pricing
from app.catalog.importing import complaints as say
from app.catalog.importing.actions import receive
from app.catalog.importing.tables import open_table
from app.catalog.queries import imports
from app.db import begin, new_id
from app.errors import Conflict
from tests.catalog.sheets import (
    BREAD,
    MILK,
    as_csv,
    as_xlsx,
    load,
    load_bytes,
    sentences,
    traces,
)


async def by_code(pool, code="09521234543213", language="nl"):
    return await catalog.by_code(pool, code, language)


async def test_a_file_of_products_is_imported(pool):
    report = await load(pool, MILK, BREAD)

    milk = await by_code(pool)
    assert (report.applied, report.found.new, report.found.rows) == (True, 2, 2)
    assert (milk.name, milk.brand, milk.price, milk.content_quantity, milk.content_unit) == (
        "Halfvolle melk", "Dauwwei", 129, 1000, "ml",
    )  # fmt: skip
    assert (await by_code(pool, language="ko")).name == "저지방 우유"
    assert milk.on_sale
    assert milk.version == 1


async def test_everything_a_product_has_can_come_from_a_file(pool):
    full = MILK | {
        "more_codes": "9521234543305 09521234543312", "category_nl": "Zuivel",
        "category_en": "Dairy", "category_ko": "유제품", "deposit": "0,25", "age_limit": "18", "most_per_basket": "6",
        "storage": "chilled", "weight_g": "1030", "allergens": "nuts, milk", "energy_kj": "197",
        "energy_kcal": "47", "fat_g": "1,5", "salt_g": "0.13", "origin": "NL",
        "description_nl": "Verse melk.\nUit de wei.", "ingredients_en": "milk", "on_sale": "nee",
        "popularity": "12", "content": "500", "unit": "g", "by_weight": "ja", "dated": "yes",
        "scale_number": "2812345",
    }  # fmt: skip

    await load(pool, full)

    milk = await by_code(pool, "09521234543312")
    assert (milk.deposit, milk.age_limit, milk.storage, milk.weight_g) == (25, 18, "chilled", 1030)
    row = await pool.fetchrow(
        "SELECT most_per_basket, by_weight, scale_number, dated FROM catalog.products"
    )
    assert tuple(row) == (6, True, "2812345", True)
    assert milk.allergens == ["milk", "nuts"]
    assert milk.nutrition == {"energy_kj": 197, "energy_kcal": 47, "fat": 1.5, "salt": 0.13}
    assert (milk.origin, milk.description, milk.on_sale) == (
        "NL",
        "Verse melk.\nUit de wei.",
        False,
    )
    assert (await catalog.category_names(pool, "ko")) == {"dairy": "유제품"}


async def test_an_import_is_one_event(pool, db):
    await load(pool, MILK, BREAD)

    (event,) = await db.fetch("SELECT aggregate_kind, number, kind, body FROM jobs.events")
    assert tuple(event) == (
        "import", 1, "CatalogueImported", {"new": 2, "changed": 0, "kind": "file"},
    )  # fmt: skip


async def test_the_same_file_twice_changes_nothing(pool, db):
    await load(pool, MILK | {"deposit": "0,15", "fat_g": "1,50"}, BREAD)
    before = await traces(db)

    report = await load(pool, MILK | {"deposit": "0,15", "fat_g": "1,50"}, BREAD)

    assert (report.found.new, report.found.changed, report.found.same) == (0, 0, 2)
    assert await traces(db) == before


async def test_a_changed_price_is_kept_in_the_history_and_the_rest_is_left(pool, db):
    await load(pool, MILK, BREAD)

    report = await load(pool, {"gtin": MILK["gtin"], "price": "1,49"})

    milk = await by_code(pool)
    assert (report.found.changed, milk.price, milk.version, milk.name) == (
        1, 149, 2, "Halfvolle melk",
    )  # fmt: skip
    history = await db.fetch(
        "SELECT amount, until_at IS NULL AS holds FROM catalog.prices WHERE product_id = $1"
        " ORDER BY from_at",
        milk.id,
    )
    assert [tuple(row) for row in history] == [(129, False), (149, True)]
    assert await pricing.lowest_before(pool, milk.id) == 129


async def test_a_changed_word_makes_a_new_version_but_no_price(pool, db):
    await load(pool, MILK)

    await load(pool, {"gtin": MILK["gtin"], "name_ko": "저지방 우유 1리터"})

    milk = await by_code(pool, language="ko")
    assert (milk.name, milk.version) == ("저지방 우유 1리터", 2)
    assert await db.fetchval("SELECT count(*) FROM catalog.prices") == 1


async def test_an_empty_cell_clears_and_a_missing_column_leaves(pool):
    await load(pool, MILK | {"weight_g": "1030", "origin": "NL", "allergens": "milk"})

    await load(pool, {"gtin": MILK["gtin"], "weight_g": "", "allergens": "", "name_ko": ""})

    milk = await by_code(pool, language="ko")
    assert (milk.weight_g, milk.allergens, milk.origin) == (None, [], "NL")
    assert milk.name == "Semi-skimmed milk"


async def test_one_wrong_row_keeps_all_rows_out(pool, db):
    await load(pool, MILK)
    before = await traces(db)

    report = await load(pool, MILK | {"price": "1,99"}, BREAD | {"price": "-1"})

    assert not report.applied
    assert sentences(report) == [(3, "price", "This must not be below zero.")]
    assert await traces(db) == before


async def test_a_dry_run_says_what_would_happen_and_does_nothing(pool, db):
    await load(pool, MILK)
    before = await traces(db)

    report = await load(pool, MILK | {"price": "1,99"}, BREAD, dry_run=True)

    assert (report.applied, report.found.new, report.found.changed) == (False, 1, 1)
    assert await traces(db) == before
    assert await db.fetchval("SELECT count(*) FROM catalog.imports") == 1
    assert await db.fetchval("SELECT count(*) FROM catalog.staged") == 0


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("mark", [True, False])
def test_csv_comes_with_any_separator_with_and_without_a_mark(separator, mark):
    file = BytesIO(as_csv(MILK, BREAD, separator=separator, mark=mark))

    rows = list(open_table(file).rows())

    assert rows == [(1, list(MILK)), (2, list(MILK.values())), (3, list(BREAD.values()))]


async def test_a_spreadsheet_is_taken_as_people_make_it(pool):
    """Numbers as numbers, the price from a formula's last value, yes as a tick."""
    typed = {**MILK, "gtin": 9521234543213, "price": 1.29, "content": 1, "on_sale": True}

    report = await load_bytes(pool, as_xlsx(typed, {**BREAD, "weight_g": 830.0}))

    assert sentences(report) == []
    assert (await by_code(pool)).price == 129
    assert (await by_code(pool, "09521234543220")).weight_g == 830


async def test_the_same_goods_as_csv_and_as_spreadsheet_are_the_same(pool):
    await load(pool, MILK, BREAD)

    report = await load_bytes(pool, as_xlsx(MILK, BREAD))

    assert report.found.same == 2


async def test_a_code_can_move_when_the_file_names_both_products(pool):
    await load(pool, MILK | {"more_codes": "9521234543305"}, BREAD | {"more_codes": ""})

    report = await load(pool, MILK | {"more_codes": ""}, BREAD | {"more_codes": "9521234543305"})

    assert sentences(report) == []
    assert (await by_code(pool, "09521234543305")).name == "Volkoren brood"


async def test_a_number_that_changed_since_the_check_is_not_overwritten(pool):
    await load(pool, MILK)
    async with begin(pool) as db:
        checked = await _checked(db, MILK | {"price": "1,99"})
    await load(pool, {"gtin": MILK["gtin"], "price": "1,59"})

    with pytest.raises(Conflict, match="Somebody changed 1 of these products"):
        async with begin(pool) as db:
            await catalog.apply(db, checked)

    assert (await by_code(pool)).price == 159


async def test_importing_twice_is_importing_once(pool, db):
    async with begin(pool) as connection:
        checked = await _checked(connection, MILK)
        first = await catalog.apply(connection, checked)

    async with begin(pool) as connection:
        again = await catalog.apply(connection, checked)

    assert again == first
    assert await db.fetchval("SELECT count(*) FROM jobs.events") == 1


async def test_what_a_stopped_database_lost_is_asked_for_again(pool, db):
    async with begin(pool) as connection:
        checked = await _checked(connection, MILK)
    await db.execute("TRUNCATE catalog.staged")

    with pytest.raises(Conflict, match="upload the file again"):
        async with begin(pool) as connection:
            await catalog.apply(connection, checked)


async def _checked(db, *rows):
    id = new_id()
    await imports.write_import(db, id, "goods.csv", "file", None)
    await receive(db, id, BytesIO(as_csv(*rows)), "EUR", lambda _: None)
    return id


async def test_what_cannot_be_weighed_is_said_in_words_and_numbers_of_the_scale_move_in_one_file(
    pool,
):
    cheese = MILK | {"content": "500", "unit": "g", "by_weight": "yes", "scale_number": "2812345"}
    await load(pool, cheese)
    other = BREAD | {"content": "400", "unit": "g", "by_weight": "yes", "scale_number": "2812345"}
    wrong = {
        "in litres": BREAD | {"content": "1", "unit": "l", "by_weight": "yes", "scale_number": ""},
        "not weighed": other | {"by_weight": "no"},
        "no number": other | {"scale_number": "7612345"},
        "of another": other,
    }

    said = {}
    for name, row in wrong.items():
        report = await load(pool, row)
        said[name] = [one.sentence for one in report.complaints if one.level == "error"]
    twice = await load(
        pool, cheese | {"scale_number": "2800001"}, other | {"scale_number": "2800001"}
    )
    moved = await load(pool, cheese | {"scale_number": "2800001"}, other)
    again = await load(pool, cheese, other | {"scale_number": "2800001"})

    assert said == {
        "in litres": [say.WEIGHED_IN_GRAMS],
        "not weighed": [say.SCALE_WITHOUT_WEIGHT, say.SCALE_TAKEN],
        "no number": [say.NOT_OF_THE_SCALE],
        "of another": [say.SCALE_TAKEN],
    }
    assert [one.sentence for one in twice.complaints] == [say.SAME_SCALE]
    assert (moved.applied, again.applied) == (True, True), "the new one takes it, and they change"
    rows = await pool.fetch("SELECT scale_number FROM catalog.products ORDER BY gtin")
    assert [row["scale_number"] for row in rows] == ["2812345", "2800001"]
