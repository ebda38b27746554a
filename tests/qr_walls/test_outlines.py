"""One outline for each code: no seams, no overlaps, and ink that spreads is allowed for."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from qr_walls import gtin, links, outlines, symbols
from qr_walls.errors import WallError
from tests.qr_walls.drawn import filled, picture

(CODE,) = symbols.encode_many([links.write("https://shop.example.org", "KK56AR7", gtin.demo(7))])

any_modules = st.integers(1, 9).flatmap(
    lambda size: st.lists(
        st.lists(st.booleans(), min_size=size, max_size=size), min_size=size, max_size=size
    )
)


def area(loop: outlines.Loop) -> float:
    """Positive where the loop runs clockwise, as y runs down."""
    after = (*loop[1:], loop[0])
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in zip(loop, after, strict=True)) / 2


def share_dark(loops: tuple[outlines.Loop, ...], size: int) -> np.ndarray:
    """How dark each module comes out, at 40 × 40 pixels each."""
    pixels = np.asarray(filled(loops, size, 40)) == 0
    return pixels[160:-160, 160:-160].reshape(size, 40, size, 40).mean((1, 3))


@given(any_modules)
@settings(deadline=None)
def test_the_outline_covers_the_dark_modules_and_nothing_else(rows: list[list[bool]]) -> None:
    dark = np.array(rows)

    loops = outlines.trace(dark)

    assert (share_dark(loops, len(rows)) == dark).all()
    assert sum(map(area, loops)) == dark.sum()


@given(any_modules)
@settings(deadline=None)
def test_an_outline_turns_at_every_point_and_has_no_others(rows: list[list[bool]]) -> None:
    for loop in outlines.trace(np.array(rows)):
        for before, here, after in zip(loop, loop[1:] + loop[:1], loop[2:] + loop[:2], strict=True):
            assert (before[0] == here[0]) != (here[0] == after[0])


@given(any_modules, st.sampled_from([0.05, -0.05]))
@settings(deadline=None)
def test_every_edge_moves_into_the_dark_by_as_much_as_asked(rows: list[list[bool]], by: float):
    dark = np.array(rows)
    size = len(rows)

    shares = share_dark(outlines.inset(outlines.trace(dark), by), size)

    # 0.05 of a module are 2 of its 40 pixels: a light neighbour costs (or gains) that much.
    framed = np.pad(dark, 1)
    for y in range(size):
        for x in range(size):
            around = framed[y : y + 3, x : x + 3]
            assert shares[y, x] == pytest.approx(expected_share(around, by > 0), abs=1e-9)


def expected_share(around: np.ndarray, shrinks: bool) -> float:
    """Of the module in the middle of 3 × 3, when edges move by 2 of 40 pixels."""
    pixels = np.kron(around, np.ones((40, 40), bool))
    loser = ~pixels if shrinks else pixels  # the colour that spreads
    spread = np.zeros_like(pixels)
    for down in range(-2, 3):
        for right in range(-2, 3):
            spread |= np.roll(loser, (down, right), (0, 1))
    middle = spread[40:80, 40:80]
    return float((~middle if shrinks else middle).mean())


@pytest.mark.parametrize("by", [-0.075, -0.02, 0.02, 0.075])
def test_a_code_with_ink_allowed_for_still_reads(by: float) -> None:
    drawn = filled(outlines.inset(CODE.outline, by), CODE.modules, 20)

    (found,) = zxingcpp.read_barcodes(drawn, formats=zxingcpp.BarcodeFormat.QRCode)
    assert found.text == CODE.text


def test_bars_become_narrower_by_what_the_press_makes_them_wider() -> None:
    (first, *_) = outlines.reduced(CODE.outline, reduction_um=60, module_mm=2)

    assert first[0] == pytest.approx((0.015, 0.015))  # 30 µm on each side, of 2 mm


def test_a_module_without_a_size_is_refused() -> None:
    with pytest.raises(WallError, match="0 mm cannot be drawn"):
        outlines.reduced(CODE.outline, reduction_um=20, module_mm=0)


def test_no_allowance_leaves_whole_numbers() -> None:
    assert outlines.inset(CODE.outline, 0) == CODE.outline
    assert all(isinstance(x, int) for loop in CODE.outline for x, _ in loop)


@pytest.mark.parametrize("by", [0.08, -0.08, 1.0, float("nan"), float("inf")])
def test_more_than_a_reader_forgives_is_refused(by: float) -> None:
    with pytest.raises(WallError, match="at most 15% of a module"):
        outlines.inset(CODE.outline, by)


def test_a_picture_of_the_code_is_the_code() -> None:
    pixels = np.asarray(picture(CODE, scale=1)) == 0

    assert (pixels[4:-4, 4:-4] == CODE.dark).all()
