"""What is exported can be imported again, exactly, and opens without harm in a spreadsheet."""

import csv
from io import BytesIO, StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app import catalog
from app.catalog.importing import cells
from qr_walls import gtin
from tests.catalog.sheets import BREAD, MILK, exported, load, load_bytes, traces

NASTY = ["=1+1", "+31", "-melk", "@SUM(A1)", "'s-Hertogenbosch", "''", "=", "'=1", '"quoted"', "a;b",
         "a,b", "tab\there", "한국 우유", "＝전각", "|cmd", "_x0041_", "1,29", "001", "TRUE", "ﾊﾝ"]  # fmt: skip


async def test_what_is_exported_imports_again_without_any_change(pool, db):
    await load(
        pool,
        MILK | {"more_codes": "9521234543305", "fat_g": "1,5", "salt_g": "0,13", "deposit": "0,15",
                "allergens": "milk", "category_nl": "Zuivel", "description_ko": "줄\n바꿈; \"따옴표\"",
                "age_limit": "", "weight_g": ""},
        BREAD | {"on_sale": "no", "weight_g": "830", "popularity": "7"},
    )  # fmt: skip
    before = await traces(db)

    report = await load_bytes(pool, await exported(pool))
    again = await load_bytes(pool, await catalog.as_xlsx(pool))

    assert (report.found.same, again.found.same) == (2, 2)
    assert (report.found.errors, again.found.errors) == (0, 0)
    assert await traces(db) == before


async def test_names_like_formulas_are_harmless_and_come_back_exactly(pool):
    rows = [
        MILK | {"gtin": gtin.demo(number), "name_nl": cells.mask(name), "brand": cells.mask(name)}
        for number, name in enumerate(NASTY)
    ]
    await load(pool, *rows)

    body = await exported(pool)
    lines = list(csv.reader(StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    sheet = load_workbook(BytesIO(await catalog.as_xlsx(pool))).active

    assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for line in lines for cell in line)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    for again in (body, await catalog.as_xlsx(pool)):
        report = await load_bytes(pool, again)
        assert (report.found.errors, report.found.same) == (0, len(NASTY))
    for number, name in enumerate(NASTY):
        product = await catalog.by_code(pool, gtin.demo(number), "nl")
        assert (product.name, product.brand) == (name.replace("\t", " "),) * 2


names = st.text(
    st.sampled_from("=+-@'\"; ,\t|＝ab1한글é_x0041") | st.characters(exclude_categories=("C", "Z")),
    min_size=1, max_size=30,
).map(str.strip).filter(bool)  # fmt: skip
amounts = st.integers(0, 10**8)


@given(name=names, words=st.text(st.sampled_from("=+'\"\n; 가a@,-"), max_size=20), price=amounts)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
async def test_any_product_survives_a_round_trip(pool, name, words, price):
    whole, cents = divmod(price, 100)
    await load(pool, MILK | {"name_nl": cells.mask(name), "price": f"{whole},{cents:02}",
                             "description_nl": cells.mask(words)})  # fmt: skip
    kept = await catalog.by_code(pool, "09521234543213", "nl")

    reports = [
        await load_bytes(pool, await exported(pool)),
        await load_bytes(pool, await catalog.as_xlsx(pool)),
    ]

    assert [(report.found.errors, report.found.same) for report in reports] == [(0, 1), (0, 1)]
    assert await catalog.by_code(pool, "09521234543213", "nl") == kept
    assert kept.price == price


@given(st.text(max_size=40))
def test_masking_is_undone_exactly(text):
    assert cells.unmask(cells.mask(text)) == text
    assert not cells.mask(text).startswith(tuple("=+-@\t\r\n"))


async def test_an_empty_catalogue_exports_its_columns(pool):
    text = (await exported(pool)).decode("utf-8-sig")

    assert text.startswith('"gtin";"more_codes";"brand";"name_nl"')
    assert len(text.splitlines()) == 1
