"""How much fits on a wall, said plainly, and where things go when nobody says."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qr_walls import distance, formats, layout, planogram
from qr_walls.errors import DoesNotFit, WallError
from qr_walls.model import Panel, Wall
from tests.qr_walls.builders import product

SHOP = "https://perron.example"


def test_twice_the_distance_takes_twice_the_module() -> None:
    assert distance.module_mm(0.7) == pytest.approx(2.0)
    assert distance.module_mm(1.4) == pytest.approx(4.0)
    assert distance.reach_m(2.0) == pytest.approx(0.7)


@pytest.mark.parametrize("metres", [0, -1, 0.05, 11, float("nan"), float("inf")])
def test_a_senseless_distance_is_refused(metres: float) -> None:
    with pytest.raises(WallError, match="makes no sense"):
        distance.module_mm(metres)


def test_the_farther_people_stand_the_less_fits() -> None:
    holds = [
        planogram.capacity(formats.named("A0"), metres, SHOP).products
        for metres in (0.25, 0.4, 0.6, 0.8, 1.0)
    ]

    assert holds == sorted(holds, reverse=True)
    assert holds[0] >= 500
    assert holds[-1] > 5


def test_too_many_products_are_refused_with_what_would_do() -> None:
    products = [product(number) for number in range(100)]

    with pytest.raises(DoesNotFit, match=r"Take 2 panels, or read them from 0\.5 m") as refusal:
        planogram.arrange(products, formats.named("A0"), 0.6, SHOP, panels=1)
    assert refusal.value.fits == 80


def test_a_panel_too_small_for_one_label_says_so() -> None:
    with pytest.raises(DoesNotFit, match="Not one product fits on A4"):
        planogram.arrange([product()], formats.named("A4"), 2.0, SHOP)


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 120),
    metres=st.sampled_from([0.25, 0.4, 0.6]),
    format=st.sampled_from([f for f in formats.ALL if f.width_mm > 500]),
)
def test_whatever_is_arranged_can_be_laid_out_and_nothing_is_lost(
    count: int, metres: float, format: formats.PanelFormat
) -> None:
    products = [product(number, category=f"c{number % 5}") for number in range(count)]

    panels = planogram.arrange(products, format, metres, SHOP, random=Random(1))
    wall = Wall(name="x", base_url=SHOP, distance_m=metres, panels=panels)
    sheets = layout.lay_out(wall, planogram.modules(SHOP))

    cells = [cell for sheet in sheets for row in sheet.rows for cell in row.cells]
    assert sorted(cell.position.gtin for cell in cells) == sorted(p.gtin for p in products)
    assert len({cell.position.token for cell in cells}) == count
    for sheet in sheets:
        _assert_tidy(sheet)


def _assert_tidy(sheet: layout.Sheet) -> None:
    """Nothing leaves its row or the panel, no ticket touches another, codes keep their size."""
    for row in sheet.rows:
        assert row.back.y >= sheet.header.bottom - 0.01
        assert row.rail.bottom <= sheet.foot.y + 0.01
        for cell in row.cells:
            assert row.rail.x <= cell.ticket.x
            assert cell.ticket.right <= row.rail.right
            assert cell.packs.bottom <= cell.ticket.y
            assert cell.text.width > 0
        for left, right in zip(row.cells, row.cells[1:], strict=False):
            assert left.ticket.right < right.ticket.x
    for above, below in zip(sheet.rows, sheet.rows[1:], strict=False):
        assert above.rail.bottom <= below.back.y + 0.01


def test_categories_stand_together_in_the_order_they_came() -> None:
    products = [product(number, category="AB"[number % 2]) for number in range(10)]

    (panel,) = planogram.arrange(products, formats.named("A0"), 0.4, SHOP)

    order = [position.gtin for shelf in panel.shelves for position in shelf.positions]
    assert order == [p.gtin for p in products[::2]] + [p.gtin for p in products[1::2]]


def test_a_few_products_get_larger_codes_than_they_need() -> None:
    panels = planogram.arrange([product(n) for n in range(8)], formats.named("A0"), 0.4, SHOP)
    wall = Wall(name="x", base_url=SHOP, distance_m=0.4, panels=panels)

    (sheet,) = layout.lay_out(wall, 29)

    assert sheet.reach_m > 0.6


def test_codes_of_a_tall_poster_hang_within_reach() -> None:
    products = [product(number) for number in range(60)]
    panels = planogram.arrange(products, formats.named("6-sheet"), 0.6, SHOP)
    wall = Wall(name="x", base_url=SHOP, distance_m=0.6, panels=panels)

    (sheet,) = layout.lay_out(wall, 29)

    assert sheet.notes == ()


def test_codes_hung_too_high_are_pointed_out() -> None:
    (panel,) = planogram.arrange([product(n) for n in range(8)], formats.named("A0"), 0.4, SHOP)
    high = Panel(panel.format, panel.shelves, hangs_at_mm=1500)

    (sheet,) = layout.lay_out(Wall(name="x", base_url=SHOP, distance_m=0.4, panels=(high,)), 29)

    assert "outside arm's reach" in sheet.notes[0]


def test_a_full_poster_hung_odd_is_printed_all_the_same_and_said_to_be_odd() -> None:
    holds = planogram.capacity(formats.named("A0"), 0.4, SHOP).products
    products = [product(number) for number in range(holds)]
    (panel,) = planogram.arrange(products, formats.named("A0"), 0.4, SHOP)
    low = Panel(panel.format, panel.shelves, hangs_at_mm=0)

    (sheet,) = layout.lay_out(Wall(name="x", base_url=SHOP, distance_m=0.4, panels=(low,)), 29)

    assert sum(len(row.cells) for row in sheet.rows) == holds
    assert "outside arm's reach" in sheet.notes[0]


def test_poster_sizes_go_by_name_and_lie_down() -> None:
    assert formats.named("a0") == formats.named("A0")
    assert formats.named("A0-landscape").width_mm == 1189
    with pytest.raises(WallError, match="Known are A0"):
        formats.named("A7")
    with pytest.raises(WallError, match="cannot be printed"):
        formats.of(50, 9000)
