"""How much room there is, answered in both directions."""

import pytest

from qr_walls import distance, formats, layout, room
from qr_walls.model import QUIET_ZONE

SHOP = "https://perron.example"


def answer(products: int, format: str, metres: float) -> str:
    solved = room.solve(products, formats.named(format), metres, SHOP)
    return " ".join(room.sentences(solved, SHOP))


def test_the_solver_speaks_plainly() -> None:
    assert answer(500, "A0", 0.25) == (
        "500 products on one A0, read from 25 cm: codes of 26 mm with modules of 0.71 mm, at least "
        "39 × 44 mm for each. For 60 cm take seven A0, or six lying on their side; four do where "
        "every phone reads well (3 pixels a module, not 4). Leave one place free on it, 0.9 to 1.2 m "
        "above the floor: the code that opens the wall as a list goes there."
    )
    assert answer(500, "A0", 0.6) == (
        "500 products read from 60 cm take seven A0. One A0 holds them read from 25 cm. "
        "Or take four 4-sheet. Leave one place free on four of them, 0.9 to 1.2 m above the floor: "
        "the code that opens the wall as a list goes there."
    )
    assert answer(1, "A4", 2).startswith("Not one product fits on A4 read from 2 m.")


def test_four_a0_at_arm_s_length_leave_no_room_for_a_shelf() -> None:
    """The arithmetic of README.md: paper for 1.8 codes each, where a label and a pack take 2.5."""
    a0 = formats.named("A0")
    side = distance.module_mm(0.6) * (room.modules(SHOP) + 2 * QUIET_ZONE)
    paper = a0.width_mm * a0.height_mm * (1 - 0.093) / 125  # without head, foot and sides
    least_wide, least_high = layout.least_cell(side)

    assert side == pytest.approx(63.4, abs=0.05)
    assert paper / side**2 == pytest.approx(1.8, abs=0.01)
    assert least_wide * least_high / side**2 == pytest.approx(2.46, abs=0.01)
    assert room.capacity(a0, 0.6, SHOP).products == 80
    assert room.capacity(formats.named("A0-landscape"), 0.6, SHOP).products == 84
    assert room.capacity(a0, 0.6 * 3 / 4, SHOP).products == 143


@pytest.mark.parametrize("size", formats.ALL, ids=lambda size: size.name)
def test_the_farthest_distance_is_the_inverse_of_what_fits(size: formats.PanelFormat) -> None:
    for products in (1, 12, 60, 300):
        farthest = room.farthest(products, size, SHOP)
        if farthest is None:
            assert room.capacity(size, 0.2, SHOP).products < products
            continue
        assert room.solve(products, size, farthest, SHOP).panels == 1
        if farthest < 3:
            assert room.capacity(size, farthest + 0.05, SHOP).products < products


def test_formats_are_suggested_with_the_fewest_panels_first() -> None:
    found = room.suggest(150, 0.6, SHOP)

    assert found[0].panels == 1
    assert found[0].format.name in ("6-sheet", "city-light")
    assert [one.panels for one in found] == sorted(one.panels or 0 for one in found)
