"""Where things go on a wall: very many, very few, and within everybody's reach."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qr_walls import formats, layout, planogram, shelves, signs
from qr_walls.display import Rect
from qr_walls.layout import Sheet
from qr_walls.model import Panel, Position, Shelf, Wall
from tests.qr_walls.builders import product
from tests.qr_walls.fonts import faces

SHOP = "https://perron.example"
LIST = f"{SHOP}/w/utrecht-centraal-5"


def laid_out(count: int, format: str, metres: float, *, listed: bool = True) -> list[Sheet]:
    products = [product(number, category=f"Schap {number // 9}") for number in range(count)]
    panels = planogram.arrange(products, formats.named(format), metres, SHOP, random=Random(1))
    wall = Wall(
        name="x",
        base_url=SHOP,
        distance_m=metres,
        panels=panels,
        list_url=LIST if listed else "",
    )
    return layout.lay_out(wall, 29, 33)


def above_floor_m(sheet: Sheet, box: layout.Box) -> float:
    lower = Panel(sheet.format, ()).lower_edge_mm
    return (lower + sheet.format.height_mm - box.y - box.height / 2) / 1000


def test_five_hundred_products_fit_on_one_a0_to_be_read_from_25_cm() -> None:
    (sheet,) = laid_out(500, "A0", 0.25)

    cells = [cell for row in sheet.rows for cell in row.cells]
    assert len(cells) == 500
    assert sheet.reach_m >= 0.25 - 1e-9
    assert all(cell.packs.height >= 0.3 * cell.code.height for cell in cells)
    assert all(cell.text.width >= 0.35 * cell.code.width for cell in cells)
    assert sheet.notes == ()


@pytest.mark.parametrize(
    ("count", "format", "metres"),
    [(500, "A0", 0.25), (40, "A0", 0.6), (26, "6-sheet", 0.5), (60, "platform-door", 0.6)],
)
def test_the_code_of_the_list_hangs_where_a_wheelchair_reaches(
    count: int, format: str, metres: float
) -> None:
    (sheet,) = laid_out(count, format, metres)

    sign = sheet.header_code
    assert sign is not None
    assert 0.9 <= above_floor_m(sheet, sign.code) <= 1.2
    assert sign.module_mm == pytest.approx(sheet.module_mm)
    assert sign.text == LIST


def test_a_shelf_that_is_full_leaves_the_list_to_the_header_and_says_so() -> None:
    holds = planogram.capacity(formats.named("A3"), 0.3, SHOP)

    (sheet,) = laid_out(holds.products, "A3", 0.3)

    assert sheet.header_code is not None
    assert sheet.header_code.sign.bottom <= sheet.header.bottom
    assert any("outside 0.9 to 1.2 m" in note for note in sheet.notes)


@pytest.mark.parametrize(
    ("format", "every_m", "carry"),
    [
        ("A0", 1.0, [1, 3, 5]),
        ("6-sheet", 1.0, [1, 2, 3, 4, 5]),  # as wide as a platform door: each has its own reader
        ("A3", 1.0, [1, 5]),
        ("A0", 1.7, [1, 4]),
        ("A0", 0, [1]),
    ],
)
def test_the_code_of_the_list_hangs_wherever_its_reader_stands(
    format: str, every_m: float, carry: list[int]
) -> None:
    sizes = [formats.named(format)] * 5

    assert list(signs.spread(sizes, every_m)) == carry


def test_no_reader_before_a_long_wall_must_look_for_the_list_on_another_panel() -> None:
    sheets = laid_out(80, "6-sheet", 0.9)

    hung = [sheet.header_code for sheet in sheets if sheet.header_code]
    assert len(hung) == len(sheets) > 1
    for sheet, sign in zip(sheets, hung, strict=True):
        assert 0.9 <= above_floor_m(sheet, sign.code) <= 1.2


def test_a_category_keeps_its_colour_on_the_next_panel() -> None:
    products = [product(n, category="AB"[n >= 30], picture=None) for n in range(90)]
    panels = planogram.arrange(products, formats.named("A1"), 0.5, SHOP, random=Random(1))
    wall = Wall(name="x", base_url=SHOP, distance_m=0.5, panels=panels)
    known = {one.gtin: one for one in products}
    codes = {one.token: "" for one in wall.positions()}

    signs = [
        {
            item.fill
            for item in shelves.draw(sheet, wall, known, {}, faces(), codes)
            if isinstance(item, Rect) and item.y in {row.sign.y for row in sheet.rows}
        }
        for sheet in layout.lay_out(wall, 29)
    ]

    assert len(panels) > 1
    assert len(signs[-1]) == 1  # the last panel shows the second category alone
    assert signs[-1] < signs[0] | signs[-2]
    assert signs[-1] != signs[0]


def test_a_wall_without_a_list_has_no_sign() -> None:
    (sheet,) = laid_out(20, "A0", 0.5, listed=False)

    assert sheet.header_code is None


def test_a_few_products_get_the_roomiest_shelves() -> None:
    roomy, dense = laid_out(30, "A0", 0.6)[0], laid_out(75, "A0", 0.6)[0]

    assert roomy.column > 0.75
    assert dense.column < roomy.column


def test_more_facings_take_more_of_the_shelf() -> None:
    wide, narrow = Position(product(1).gtin, "A" * 7, 6), Position(product(2).gtin, "B" * 7, 2)
    panel = Panel(formats.named("A2"), (Shelf((wide, narrow)),))

    (sheet,) = layout.lay_out(Wall(name="x", base_url=SHOP, distance_m=0.4, panels=(panel,)), 29)

    first, second = sheet.rows[0].cells
    assert first.packs.width > second.packs.width * 1.3


def test_a_panel_ends_where_a_category_does() -> None:
    products = [product(n, category="ABCDE"[min(n // 25, 4)]) for n in range(110)]

    panels = planogram.arrange(products, formats.named("A0"), 0.6, SHOP, panels=2)

    last = panels[0].shelves[-1].positions[-1].gtin
    assert last in {one.gtin for one in (products[49], products[74])}


@settings(max_examples=30, deadline=None)
@given(
    count=st.integers(1, 90),
    metres=st.sampled_from([0.2, 0.25, 0.4, 0.6]),
    format=st.sampled_from([f.name for f in formats.ALL if f.width_mm > 290]),
    rows=st.integers(1, 12),
)
def test_the_sign_of_the_list_touches_nothing(
    count: int, metres: float, format: str, rows: int
) -> None:
    holds = planogram.capacity(formats.named(format), metres, SHOP)
    for sheet in laid_out(min(count, holds.products * 3), format, metres):
        sign = sheet.header_code
        if sign is None:
            continue
        for row in sheet.rows:
            for box in (row.back, row.rail, *(cell.ticket for cell in row.cells)):
                assert apart(sign.sign, box)
        for words in (sign.above, sign.below):
            assert apart(words, sign.code)
        assert sign.sign.x >= 0
        assert sign.code.x >= sign.sign.x - 0.01
        assert sign.code.right <= sign.sign.right + 0.01
        assert sign.sign.bottom <= sheet.foot.y + 0.01


def apart(one: layout.Box, other: layout.Box) -> bool:
    return (
        one.right <= other.x + 0.01
        or other.right <= one.x + 0.01
        or one.bottom <= other.y + 0.01
        or other.bottom <= one.y + 0.01
    )
