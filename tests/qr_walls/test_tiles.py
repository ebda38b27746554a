"""A poster from an office printer: cut and glued, and every code whole on one sheet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from qr_walls import cutting, formats, posters, tiles
from qr_walls.cutting import Room
from qr_walls.errors import WallError
from qr_walls.layout import Box
from qr_walls.posters import Poster
from qr_walls.press import Press
from tests.qr_walls.builders import NOON, everything, wall
from tests.qr_walls.fonts import faces

A4 = formats.named("A4")


@pytest.fixture(scope="module")
def poster() -> Poster:
    plan, products = wall([everything(number) for number in range(24)], rows=6, format="A2")
    wishes = Press(bleed_mm=3, marks=True)
    return posters.make(plan, products, faces(), created_at=NOON, press=wishes)


def tiled(poster: Poster, **changes: object) -> tiles.Tiled:
    given = {"created_at": NOON, "title": "Utrecht", "language": "nl"} | changes
    return tiles.cut(poster.pdf, poster.places, A4, faces(), **given)  # type: ignore[arg-type]


def test_every_code_is_read_from_the_tiles_by_both_readers(poster: Poster) -> None:
    made = tiled(poster)

    assert made.proof.passed
    assert made.proof.codes == 24
    assert {place.text for place in made.places} == {place.text for place in poster.places}
    assert all(light.read == (True, True) for light in made.proof.lights)


def test_tiles_are_cut_between_tickets_not_through_them(poster: Poster) -> None:
    (panel,) = tiled(poster).tiles

    for place in poster.places:
        assert place.label is not None
        holding = [tile for tile in panel if _overlaps(tile.kept, place.label)]
        assert len(holding) == 1


def test_the_same_poster_gives_the_same_tiles(poster: Poster) -> None:
    assert tiled(poster).pdf == tiled(poster).pdf


def test_tiles_are_named_like_squares_of_a_chessboard(poster: Poster) -> None:
    (panel,) = tiled(poster).tiles

    assert panel[0].name == "A1"
    assert cutting.Tile(27, 2, Box(0, 0, 1, 1), Box(0, 0, 1, 1)).name == "AB3"


def test_the_poster_stands_in_the_file_once(poster: Poster) -> None:
    made = tiled(poster)

    assert len(made.pdf) < len(poster.pdf) + 2500 * len(made.tiles[0])


@pytest.mark.parametrize("overlap", [-1.0, 60.0, float("nan")])
def test_an_overlap_that_makes_no_sense_is_refused(poster: Poster, overlap: float) -> None:
    with pytest.raises(WallError, match="makes no sense"):
        tiled(poster, overlap_mm=overlap)


def test_paper_smaller_than_a_code_is_refused() -> None:
    with pytest.raises(WallError, match="a code is larger"):
        cutting.cut(Box(0, 0, 1000, 1000), [Box(100, 100, 300, 300)], [], Room(190, 277, 10))


def test_a_file_at_one_to_ten_is_not_tiled() -> None:
    plan, products = wall([everything(1)], rows=1)
    small = posters.make(plan, products, faces(), created_at=NOON, press=Press(scale=10))

    with pytest.raises(WallError, match="Tiles are cut from a file at full size"):
        tiled(small)


@settings(max_examples=150, deadline=None)
@given(
    some.lists(
        some.tuples(some.floats(0, 940), some.floats(0, 940), some.floats(10, 60)), max_size=40
    )
)
def test_wherever_codes_stand_no_cut_crosses_one_and_nothing_is_lost(
    squares: list[tuple[float, float, float]],
) -> None:
    codes = [Box(x, y, side, side) for x, y, side in squares]
    try:
        cut = cutting.cut(Box(0, 0, 1000, 1000), codes, [], Room(210, 210, 10))
    except WallError:  # so crowded that there is no gutter
        return

    for box in codes:
        assert sum(_holds(tile.kept, box) for tile in cut) == 1
    assert sum(tile.kept.width * tile.kept.height for tile in cut) == pytest.approx(1_000_000)
    assert all(max(tile.shown.width, tile.shown.height) <= 210.001 for tile in cut)


def _overlaps(one: Box, other: Box) -> bool:
    return (
        one.x < other.right - 0.01
        and other.x < one.right - 0.01
        and one.y < other.bottom - 0.01
        and other.y < one.bottom - 0.01
    )


def _holds(one: Box, other: Box) -> bool:
    return (
        one.x <= other.x
        and other.right <= one.right
        and one.y <= other.y
        and other.bottom <= one.bottom
    )
