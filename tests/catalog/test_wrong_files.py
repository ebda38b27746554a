"""What is wrong with a file is said by row and column, in words a merchandiser can act on."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.importing.columns import RowReader, header_of
from app.catalog.importing.complaints import Unreadable
from app.catalog.importing.tables import MOST_COLUMNS, open_table
from tests.catalog.sheets import BREAD, MILK, as_csv, as_xlsx, load, load_bytes, sentences, traces


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("gtin", "", "This must not be empty."),
        ("gtin", "9521234543214", "“9521234543214” is mistyped: its last digit should be 3, not 4."),
        ("gtin", "milk", "“milk” is not a product number: it may hold digits only."),
        ("gtin", "9.52123E+12", ("“9.52123E+12” was rounded by the spreadsheet. Format the column"
         " as text and type the number again.")),
        ("gtin", "9901234567899", "9901234567899 is a number for coupons or refunds, not for a product."),
        ("price", "", "This must not be empty."),
        ("price", "free", "“free” is not a number."),
        ("price", "-0,01", "This must not be below zero."),
        ("price", "1,999", "“1,999” can be read in two ways. Please write it like 1299,00 or 1299.00."),
        ("price", "0,0001", "“0,0001” is finer than EUR knows."),
        ("price", "1" + "0" * 20, "“100000000000000000000” is too large; the most is 1000000."),
        ("price", "1" + "0" * 50, "“1000000000000000000000000000000000000000” is not a number."),
        ("price", "NaN", "“NaN” is not a number."),
        ("price", "1\x00", "“1�” is not a number."),
        ("price", "1e3", "“1e3” is not a number."),
        ("price", "١٢", "“١٢” is not a number."),
        ("content", "0", "“0” is too small; the least is 1."),
        ("content", "1,0005", "“1000.5 ml” is not a whole number."),
        ("unit", "barrel", "“barrel” is not one of: g, ml, piece."),
        ("vat", "6", "“6” is not one of: zero, low, high."),
        ("name_nl", "x" * 201, "This has 201 characters; at most 200 fit."),
        ("name_nl", "melk\x00", "There is a character in this cell that cannot be printed."),
        ("name_nl", "melk\x1b[2J", "There is a character in this cell that cannot be printed."),
        ("name_nl", "melk\u202eklem", "There is a character in this cell that cannot be printed."),
        ("description_nl", "\x07", "There is a character in this cell that cannot be printed."),
        ("name_nl", "half\nvol", "This must be on one line."),
        ("age_limit", "900", "“900” is too large; the most is 99."),
        ("allergens", "milk, sand", ("“sand” is not one of: gluten, crustaceans, eggs, fish,"
         " peanuts, soybeans, milk, nuts, celery, mustard, sesame, sulphites, lupin, molluscs.")),
        ("currency", "EURO", "“EURO” is not a currency like EUR."),
        ("picture", "melk.png", ("“melk.png” is not the name of a picture: 64 characters of 0 to 9"
         " and a to f.")),
        ("storage", "warm", "“warm” is not one of: ambient, chilled, frozen."),
        ("on_sale", "maybe", "“maybe” is not one of: yes, no."),
        ("fat_g", "101", "“101” is too large; the most is 100."),
        ("more_codes", "9521234543214", "“9521234543214” is mistyped: its last digit should be 3, not 4."),
        ("category", "", "This must not be empty."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(column, cell, sentence):
    row = MILK | {column: cell}
    reader = RowReader(None, header_of(list(row)).places, "EUR")

    record = reader.read(2, list(row.values()))

    (wrong,) = reader.complaints
    assert record is None
    assert (wrong.row, wrong.level) == (2, "error")
    assert wrong.column in (column, "content")
    assert wrong.sentence.format(**wrong.values) == sentence


async def test_a_picture_must_be_in_the_shop(pool):
    report = await load(pool, MILK | {"picture": "0" * 64})

    assert sentences(report) == [(2, "picture", "There is no picture of that name in the shop.")]


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({"price": "1,29"}, ["category", "content", "name_nl", "vat"]),
        ({"name_en": "Milk", "category": "dairy", "content": "1", "unit": "l"}, ["price", "vat"]),
    ],
)
async def test_a_new_product_must_have_what_every_product_has(pool, columns, missing):
    report = await load(pool, {"gtin": MILK["gtin"], **columns})

    assert sorted(column for _, column, _ in sentences(report)) == missing


async def test_words_without_a_name_in_their_language_are_refused(pool):
    report = await load(pool, MILK | {"name_ko": "", "description_ko": "맛있는 우유"})

    assert [one[:2] for one in sentences(report)] == [(2, "name_ko")]


async def test_rows_that_contradict_each_other_are_named(pool):
    report = await load(
        pool,
        MILK | {"more_codes": "9521234543305", "category_nl": "Zuivel"},
        MILK | {"more_codes": "", "category_nl": "Melk"},
        BREAD | {"more_codes": "9521234543305", "category_nl": "Brood"},
    )

    assert sentences(report) == [
        (3, "category_nl", "The category “dairy” has two names in this file: “Melk” and “Zuivel”."),
        (3, "gtin", "Row 2 has the same product number."),
        (4, "more_codes", "The code 09521234543305 is also used in row 2."),
    ]


async def test_a_code_of_another_product_is_refused(pool):
    await load(pool, MILK | {"more_codes": "9521234543305"})

    report = await load(pool, BREAD | {"gtin": "9521234543305"})

    assert sentences(report) == [
        (2, "gtin", "The code 09521234543305 belongs to another product, 09521234543213.")
    ]


async def test_numbers_for_one_shop_only_are_taken_with_a_warning(pool):
    report = await load(pool, MILK | {"gtin": "2012345678903"})

    assert report.applied
    assert [(one.level, one.row, one.column) for one in report.complaints] == [
        ("notice", 2, "gtin")
    ]


async def test_zeros_that_a_spreadsheet_left_out_are_put_back_with_a_warning(pool):
    """0 36000 29145 2 without its first zero."""
    report = await load(pool, MILK | {"gtin": "36000291452"})

    assert report.applied
    assert report.complaints[0].sentence.format(**report.complaints[0].values) == (
        "The spreadsheet left out zeros in front; it is read as 036000291452."
    )


@pytest.mark.parametrize(
    ("titles", "sentence"),
    [
        ("name;price", ("A column “gtin” with the product number is needed. The first row must hold"
         " the names of the columns.")),
        ("gtin", "Beside “gtin” there is no column we know, so nothing would change."),
        ("gtin;price;Price", "The column “price” is there twice."),
        ("gtin;content", "“content” and “unit” belong together: the file has only one of them."),
    ],
)  # fmt: skip
def test_wrong_columns_are_named(titles, sentence):
    header = header_of(titles.split(";"))

    assert not header.usable
    assert sentence in [one.sentence.format(**one.values) for one in header.complaints]


async def test_a_mistyped_column_is_left_out_with_a_warning(pool):
    report = await load(pool, MILK | {"wieght_g": "1030", "shelf life": "7"})

    assert report.applied
    assert {one.sentence.format(**one.values) for one in report.complaints} == {
        "The column “wieght_g” is not known and is left out. Did you mean “weight_g”?",
        "The column “shelf life” is not known and is left out.",
    }


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "There is nothing in this file."),
        (as_csv(MILK, encoding="utf-16"), ("This file is not UTF-8 text. In your spreadsheet choose"
         " “CSV UTF-8” when you save it.")),
        ("gtin;name_nl;price".encode("utf-16-le"), ("This file is not UTF-8 text. In your spreadsheet"
         " choose “CSV UTF-8” when you save it.")),
        ("gtin;name_nl;price\r\n9521234543213;crème;1".encode("cp1252"), ("This file is not UTF-8"
         " text. In your spreadsheet choose “CSV UTF-8” when you save it.")),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "This is neither a CSV file nor an XLSX spreadsheet."),
        (b"%PDF-1.7\n", "This is neither a CSV file nor an XLSX spreadsheet."),
        (b'gtin;price\r\n"9521234543213;1' + b"x" * 30_000, ("The text cannot be split into cells here:"
         " a quotation mark is not closed, or a cell is far too long.")),
        (b"PK\x03\x04 but not a zip", "This spreadsheet is damaged and cannot be opened."),
        (";".join(["gtin"] * (MOST_COLUMNS + 1)).encode(),
         f"This file has more than {MOST_COLUMNS} columns."),
        (as_xlsx(MILK)[:-200], "This spreadsheet is damaged and cannot be opened."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(body, sentence):
    with pytest.raises(Unreadable) as refused:
        list(open_table(BytesIO(body)).rows())

    assert refused.value.sentence.format(**refused.value.values) == sentence


async def test_a_refused_file_leaves_no_trace_but_its_sentence(pool, db):
    report = await load_bytes(pool, as_csv(MILK, encoding="utf-16"))
    odd = await load(pool, MILK | {"price": "1\x00", "na\x00me": "x"})

    assert [one[0] for one in sentences(report)] == [0]
    assert sentences(odd) == [(2, "price", "“1�” is not a number.")]
    assert (await traces(db))["products"] == []


async def test_a_file_of_empty_lines_holds_nothing(pool):
    report = await load_bytes(pool, b"\n\n\n")

    assert sentences(report) == [(0, "", "There is nothing in this file.")]


async def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts,
        parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(600):
            part.write(b" " * 1024 * 1024)

    with pytest.raises(Unreadable) as refused:
        open_table(bomb)

    assert refused.value.sentence == (
        "This spreadsheet unpacks to more than {most} MB, which is more than we take."
    )


async def test_entities_in_a_spreadsheet_are_refused():
    sheet = BytesIO(as_xlsx(MILK))
    hostile = BytesIO()
    with zipfile.ZipFile(sheet) as given, zipfile.ZipFile(hostile, "w") as made:
        for entry in given.infolist():
            body = given.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                body = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + body
            made.writestr(entry, body)

    with pytest.raises(Unreadable):
        open_table(hostile)


@given(
    st.binary(max_size=2000)
    | st.text(max_size=2000).map(lambda text: f"gtin;price\n{text}".encode("utf-8", "replace"))
)
def test_no_file_whatsoever_crashes_the_reader(body):
    try:
        for _ in open_table(BytesIO(body)).rows():
            pass
    except Unreadable:
        pass


@given(st.integers(0, 5000), st.integers(0, 255))
def test_no_damage_to_a_spreadsheet_crashes_the_reader(place, byte):
    body = bytearray(SPREADSHEET)
    body[place % len(body)] = byte
    try:
        for _ in open_table(BytesIO(bytes(body))).rows():
            pass
    except Unreadable:
        pass


SPREADSHEET = as_xlsx(MILK, BREAD)
