"""Reprinting only what changed: stickers of the same size, in the order of a walk."""

import pypdfium2
import pytest
from msgspec.structs import replace

from qr_walls import formats, patches, posters
from qr_walls.errors import WallError
from qr_walls.model import Product, Wall
from tests.qr_walls.builders import NOON, everything, product, wall
from tests.qr_walls.fonts import faces

GOODS = [everything(number) for number in range(12)]


def cheaper(products: dict[str, Product], *numbers: int) -> dict[str, Product]:
    changed = {GOODS[number].gtin: replace(GOODS[number], price=99) for number in numbers}
    return products | changed


def edition(seed: int, **changes: object) -> tuple[Wall, dict[str, Product]]:
    return wall(GOODS, rows=4, seed=seed, **changes)  # type: ignore[arg-type]


def sheets(*numbers: int) -> patches.Patches:
    (old, before), (new, _) = edition(1), edition(2)
    return patches.make(old, before, new, cheaper(before, *numbers), faces(), created_at=NOON)


def test_only_what_changed_is_printed_in_walking_order_with_the_new_codes() -> None:
    made = sheets(7, 0, 5)
    new, _ = edition(2)
    texts = list(posters.addresses(new).values())

    assert [str(spot) for spot in made.spots] == ["1 · 1 · 1", "1 · 2 · 3", "1 · 3 · 2"]
    assert [place.text for place in made.places] == [texts[0], texts[5], texts[7]]
    assert made.proof.passed
    assert made.notes == ()


def test_a_sticker_is_as_large_as_the_label_below_it() -> None:
    made = sheets(3)
    new, products = edition(2)
    poster = posters.make(new, products, faces(), created_at=NOON)
    below = next(place for place in poster.places if place.name == made.places[0].name)

    assert made.places[0].side == pytest.approx(below.side)
    assert made.places[0].label is not None
    assert below.label is not None
    assert made.places[0].label.width == pytest.approx(below.label.width)


def test_a_sheet_says_where_every_sticker_goes() -> None:
    with pypdfium2.PdfDocument(sheets(0, 5).pdf) as file:
        said = file[0].get_textpage().get_text_range()

    assert "wat veranderde · blad 1 van 1" in said
    assert "1 · 1 · 1" in said
    assert "1 · 2 · 3" in said


def test_a_name_that_runs_the_other_way_does_not_turn_its_place_round() -> None:
    the_wall, products = edition(1)
    products = {gtin: replace(one, names={"nl": "حليب"}) for gtin, one in products.items()}
    made = patches.draw(the_wall, products, [patches.Spot(1, 2, 3)], faces(), created_at=NOON)

    with pypdfium2.PdfDocument(made.pdf) as file:
        text = file[0].get_textpage()
        seen = [(text.get_charbox(n), text.get_text_range(n, 1)) for n in range(text.count_chars())]
    top = made.places[0].label.y * 72 / 25.4
    above = [
        (box[0], char)
        for box, char in seen
        if 841 - top < box[1] < 841 - top + 12 and char in "123"
    ]
    assert "".join(char for _, char in sorted(above)) == "123"


def test_a_new_token_or_picture_or_day_alone_changes_nothing() -> None:
    old, before = edition(1)
    new, _ = edition(2, valid_until=None)
    repainted = {gtin: replace(one, picture=None) for gtin, one in before.items()}

    made = patches.make(old, before, new, repainted, faces(), created_at=NOON)

    assert made.pdf == b""
    assert made.notes == ("Nothing changed.",)
    assert made.proof.passed


def test_a_panel_whose_labels_moved_is_to_be_printed_whole() -> None:
    old, before = edition(1)
    new, products = wall(GOODS, rows=3, seed=2)

    made = patches.make(old, before, new, products, faces(), created_at=NOON)

    assert made.spots == ()
    assert made.notes == ("Panel 1: its labels have other places or sizes now. Print it whole.",)


def test_many_stickers_take_more_sheets_and_all_read() -> None:
    made = sheets(*range(12))

    with pypdfium2.PdfDocument(made.pdf) as file:
        assert len(file) == max(place.page for place in made.places) + 1 > 1
    assert made.proof.codes == 12
    assert made.proof.passed
    assert made.pdf == sheets(*range(12)).pdf


@pytest.mark.parametrize("spot", [(1, 1, 4), (2, 1, 1), (0, 0, 0), (1, -1, 1)])
def test_a_place_the_wall_does_not_have_is_refused(spot: tuple[int, int, int]) -> None:
    plan, products = edition(1)

    with pytest.raises(WallError, match="The wall has no place"):
        patches.draw(plan, products, [patches.Spot(*spot)], faces(), created_at=NOON)


def test_a_label_larger_than_the_paper_is_refused() -> None:
    plan, products = wall([product(1)], rows=1, format="A0", distance_m=2.0)
    spots = [patches.Spot(1, 1, 1)]

    with pytest.raises(WallError, match="does not fit on A4. Take larger paper"):
        patches.draw(plan, products, spots, faces(), created_at=NOON, paper=formats.named("A4"))
