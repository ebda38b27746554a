"""Tables as they come out of a spreadsheet: understood, or refused in one sentence."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qr_walls import formats, gtin, measures, table
from qr_walls.errors import WallError
from qr_walls.model import UnitPrice
from tests.qr_walls.tables import PLACES, PRODUCTS, TABLE

MILK, BUTTERMILK = gtin.demo(1), gtin.demo(2)


def read(text: str) -> table.Planogram:
    return table.read(text, formats.named("A4"))


def test_rows_stand_in_the_order_of_their_numbers_and_keep_their_tokens() -> None:
    plan = read(TABLE.replace("melk.png", ""))

    shelves = plan.panels[0].shelves
    assert [len(shelf.positions) for shelf in shelves] == [2, 1]
    assert shelves[0].positions[0].token == "KK56AR7"
    assert plan.products[gtin.demo(1)].price == 149


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lacks the column “gtin”"),
        ("gtin,name,price\n", "no products"),
        ("gtin,name,price,colour\n", "“colour”, which means nothing"),
        ("gtin,name,price\n123,Melk,1.49\n", "Row 2: “123” is not a product number"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,\n", "Row 2: A product needs"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,1.499\n", "no amount of EUR"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,NaN\n", "no amount"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,1e99\n", "no amount"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,1e999999\n", "no amount"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,1e-999999\n", "no amount"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,sNaN\n", "no amount"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,-1\n", "no amount"),
        (f"gtin,name,price,age\n{gtin.demo(1)},Melk,1,x\n", "no whole number for age"),
        (f"gtin,name,price,token\n{gtin.demo(1)},Melk,1,U\n", "not the code of a label"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,1,2,3\n", "more cells than the table has"),
        (f"gtin,name,price\n{gtin.demo(1)},{'M' * 200_000},1\n", "cannot be read as a row"),
        ("gtin,name,price,gtin\n", "two columns “gtin”"),
        (f"gtin,name,price,facings\n{gtin.demo(1)},Melk,1,1000\n", "1000 facings stand on no"),
        (f"gtin,name,price,unit_price,unit\n{gtin.demo(1)},Melk,1,2,pond\n", "not “pond”"),
    ],
)
def test_what_is_wrong_in_a_table_is_named_with_its_row(text: str, why: str) -> None:
    with pytest.raises(WallError, match=why):
        read(text)


def test_a_picture_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    text = f"gtin,name,price,picture\n{gtin.demo(1)},Melk,1,../../etc/passwd\n"

    with pytest.raises(WallError, match="no picture"):
        table.read(text, formats.named("A4"), pictures=tmp_path)


def both(places: str, products: str = PRODUCTS) -> table.Planogram:
    return table.read(places, formats.named("A4"), products=products)


def test_a_planogram_names_places_and_another_table_what_stands_there() -> None:
    plan = both(PLACES)

    first, second = plan.panels
    assert [one.facings for one in first.shelves[0].positions] == [3, 0]
    assert second.shelves[0].positions[0].gtin == MILK
    assert plan.products[BUTTERMILK].unit_price == UnitPrice(258, "l")
    assert plan.products[MILK].unit_price is None  # one litre: it would say the price again
    assert plan.placed


@pytest.mark.parametrize(
    ("places", "why"),
    [
        (
            f"panel,shelf,position,gtin\n1,1,1,{gtin.demo(9)}\n",
            "Row 2: The product 9520000000097 is not in the product table.",
        ),
        (
            f"panel,shelf,position,gtin\n1,1,1,{MILK}\n1,1,1,{BUTTERMILK}\n",
            (
                f"Row 3: “Karnemelk” ({BUTTERMILK}) stands at panel 1, shelf 1, position 1, where "
                f"row 2 has put “Halfvolle melk” ({MILK}) already."
            ),
        ),
        (
            f"gtin,token\n{MILK},KK56AR7\n{BUTTERMILK},kk56ar7\n",
            f"Row 3: The label of “Karnemelk” ({BUTTERMILK}) has the code KK56AR7 of row 2.",
        ),
        (
            f"panel,gtin,format\n1,{MILK},A1\n1,{BUTTERMILK},A0\n",
            (
                f"Row 3: Panel 1 is “A0” at “Karnemelk” ({BUTTERMILK}) and “A1” in row 2. "
                "A panel has one size."
            ),
        ),
        (f"panel,gtin,format\n1,{MILK},A9\n", "Row 2: There is no poster size “A9”."),
        (f"gtin,name\n{MILK},Melk\n", "The table has a column “name”"),
    ],
)
def test_what_is_wrong_in_a_planogram_names_the_product_and_the_rule(places: str, why: str) -> None:
    with pytest.raises(WallError) as refusal:
        both(places)
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    ("products", "why"),
    [
        (
            f"gtin,name,price\n{MILK},Melk,1.49\n{MILK},Melk,1.29\n",
            (
                f"The product table, row 3: “Melk” ({MILK}) has another price here, “1.29”, than in "
                "row 2, “1.49”."
            ),
        ),
        (
            f"gtin,name,price,content,unit_price,unit\n{MILK},Melk,1.49,500 ml,1.49,l\n",
            f"“Melk” ({MILK}) costs €2.98 per l if it holds 500 ml, not €1.49.",
        ),
    ],
)
def test_sizes_and_prices_that_contradict_each_other_are_refused(products: str, why: str) -> None:
    with pytest.raises(WallError) as refusal:
        both(f"gtin\n{MILK}\n", products)
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "price", "said"),
    [
        ("500 g", 249, UnitPrice(498, "kg")),
        ("6 x 330 ml", 599, UnitPrice(303, "l")),
        ("1,5 l", 199, UnitPrice(133, "l")),
        ("75 cl", 600, UnitPrice(800, "l")),
        ("6개입", 3000, UnitPrice(500, "piece")),
        ("12 stuks", 300, UnitPrice(25, "piece")),
        ("1 kg", 300, None),
        ("een zak", 300, None),
        ("0 g", 300, None),
    ],
)
def test_the_unit_price_follows_from_price_and_content(
    content: str, price: int, said: UnitPrice | None
) -> None:
    assert measures.unit_price(price, content) == said


_CELLS = st.one_of(
    st.sampled_from(
        [MILK, BUTTERMILK, "", "0", "1", "1,49", "-1", "1e999999", "NaN", "sNaN", "²", "٣", "\x00"]
        + ["500 g", "0 x 0 g", "9" * 40, "A0", "KK56AR7", "../x", '"', "kg", "a;b", "\u202e"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=300, deadline=None)
@given(
    head=st.lists(st.sampled_from(table.COLUMNS), max_size=8),
    rows=st.lists(st.lists(_CELLS, max_size=11), max_size=4),
    separate=st.booleans(),
)
@example(head=[], rows=[['"', "\n0"]], separate=False)
def test_whatever_a_table_says_it_is_understood_or_refused_in_a_sentence(
    head: list[str], rows: list[list[str]], separate: bool, tmp_path_factory: Any
) -> None:
    columns = list(dict.fromkeys(("gtin", *(() if separate else ("name", "price")), *head)))
    text = "\n".join(";".join(line) for line in [columns, *rows])
    folder = tmp_path_factory.getbasetemp()

    said = ""
    try:
        table.read(
            text,
            formats.named("A4"),
            products=PRODUCTS if separate else None,
            pictures=folder,
        )
    except WallError as refusal:
        said = str(refusal)

    assert "\n" not in said
    assert len(said) < 600
