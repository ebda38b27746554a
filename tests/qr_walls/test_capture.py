"""What is printed reads through a phone held aslant, whatever paper it is on and in every language."""

from random import Random

import pytest

from qr_walls import formats, patches, planogram, posters, press, tiles
from qr_walls.model import Wall
from qr_walls.press import Press
from qr_walls.proof import Place
from qr_walls.reading import readers
from qr_walls.words import Language
from tests.qr_walls.builders import NOON, everything, wall
from tests.qr_walls.capture import captures
from tests.qr_walls.fonts import faces

GOODS = [everything(number) for number in range(8)]


def read(
    pdf: bytes, places: tuple[Place, ...], scale: float = 1
) -> list[tuple[frozenset[str], frozenset[str]]]:
    return [readers(picture) for picture in captures(pdf, places, scale=scale)]


def both(places: tuple[Place, ...]) -> list[tuple[frozenset[str], frozenset[str]]]:
    return [(frozenset({place.text}), frozenset({place.text})) for place in places]


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
def test_posters_tiles_and_patches_read_aslant_in_every_language(language: Language) -> None:
    plan, products = wall(GOODS, rows=2, format="A3", language=language)
    poster = posters.make(plan, products, faces(), created_at=NOON, press=Press(marks=True))
    tiled = tiles.cut(
        poster.pdf, poster.places, formats.named("A4"), faces(), created_at=NOON, title="Utrecht",
        language=language,
    )  # fmt: skip
    spots = [patches.Spot(1, 1, 2), patches.Spot(1, 2, 3)]
    patched = patches.draw(plan, products, spots, faces(), created_at=NOON)

    for made in (poster, tiled, patched):
        assert made.proof.passed
        assert read(made.pdf, made.places) == both(made.places)


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
def test_a_wall_longer_than_a_page_is_drawn_at_one_to_ten_and_reads(language: Language) -> None:
    size = formats.named("6000x2400")
    shop = "https://perron.example"
    panels = planogram.arrange(GOODS, size, 1.0, shop, panels=1, random=Random(1))
    plan = Wall(name="Lang", base_url=shop, distance_m=1.0, language=language, panels=panels)

    poster = posters.make(
        plan, {one.gtin: one for one in GOODS}, faces(), created_at=NOON, press=press.usual(size)
    )

    assert poster.scale == 10
    assert poster.proof.passed
    assert poster.reach_m >= 1.0
    assert read(poster.pdf, poster.places, scale=10) == both(poster.places)
