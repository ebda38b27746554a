"""The finished poster: every code on it reads, every word on it fits, every printing is alike."""

import re
from random import Random

import pypdfium2
import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from qr_walls import formats, gtin, links, planogram, png, posters
from qr_walls.errors import DoesNotFit, WallError
from qr_walls.model import Panel, Product, Shelf, UnitPrice, Wall
from qr_walls.words import Language
from tests.qr_walls.builders import NOON, everything, pack, product, wall
from tests.qr_walls.fonts import faces


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.fixture(scope="module")
def printed() -> tuple[Wall, posters.Poster]:
    plan, products = wall([everything(number) for number in range(12)], rows=4)
    return plan, posters.make(plan, products, faces(), created_at=NOON)


def test_every_code_of_a_printed_poster_is_read_in_a_photograph(
    printed: tuple[Wall, posters.Poster],
) -> None:
    plan, poster = printed

    photograph = png.page(poster.pdf, 0, longest_side=3000)
    read = {code.text for code in zxingcpp.read_barcodes(photograph)}

    assert read == set(posters.addresses(plan).values())
    assert len(read) == 12
    assert poster.proof.passed
    assert poster.proof.codes == 12


def test_codes_are_as_large_as_the_reading_distance_asks(
    printed: tuple[Wall, posters.Poster],
) -> None:
    plan, poster = printed

    assert poster.reach_m >= plan.distance_m
    assert all(place.module_mm >= plan.distance_m * 4 / 1.40 - 1e-9 for place in poster.places)


def test_codes_are_printed_in_black_ink_alone(printed: tuple[Wall, posters.Poster]) -> None:
    with pypdfium2.PdfDocument(printed[1].pdf) as document:
        drawn = [thing for thing in document[0].get_objects() if _is_one_path_of_many(thing)]
        colours = {_cmyk_black(thing) for thing in drawn}

    assert colours == {True}


def _is_one_path_of_many(thing: pypdfium2.PdfObject) -> bool:
    return thing.type == 2 and pypdfium2.raw.FPDFPath_CountSegments(thing) > 300


def _cmyk_black(thing: pypdfium2.PdfObject) -> bool:
    from ctypes import c_uint

    colours = [c_uint() for _ in range(4)]
    pypdfium2.raw.FPDFPageObj_GetFillColor(thing, *colours)
    return max(colour.value for colour in colours[:3]) < 60


def test_the_label_says_what_the_law_wants(printed: tuple[Wall, posters.Poster]) -> None:
    said = text_of(printed[1].pdf)

    assert "1 l · € 1,49 per l" in said
    assert "+ € 0,15 statiegeld" in said
    assert "laagste in 30 dagen: € 1,99" in said
    assert "prijs geldig t/m 31 mrt 2026" in said
    assert "18+" in said
    assert "2 voor € 3" in said
    assert f"nr. {gtin.shortest(gtin.demo(3))}" in said


def test_the_short_address_stands_under_every_code(printed: tuple[Wall, posters.Poster]) -> None:
    plan, poster = printed
    said = text_of(poster.pdf)

    for position in plan.positions():
        assert links.short(plan.base_url, position.token) in said


def test_the_same_wall_printed_twice_is_the_same_file(printed: tuple[Wall, posters.Poster]) -> None:
    plan, products = wall([everything(number) for number in range(12)], rows=4)

    again = posters.make(plan, products, faces(), created_at=NOON)

    assert again.pdf == printed[1].pdf


@pytest.mark.parametrize(
    ("language", "steps"),
    [
        ("nl", ["Richt", "Voeg toe", "Vanavond thuis", "Halfvolle melk", "€ 1,49 per l"]),
        ("en", ["Point", "Add", "Home tonight", "Semi-skimmed milk", "€1.49 per l"]),
        ("ko", ["비추고", "담으면", "오늘 저녁 집으로", "저지방 우유", "L당 €1.49"]),
    ],
)
def test_a_poster_speaks_the_language_of_its_wall(language: Language, steps: list[str]) -> None:
    plan, products = wall([product(1)], rows=1, format="A4", language=language)

    said = text_of(posters.make(plan, products, faces(), created_at=NOON).pdf)

    for step in steps:
        assert step in said


def test_a_korean_font_is_embedded_without_the_characters_nobody_uses() -> None:
    plan, products = wall([product(1, picture=None)], rows=1, format="A4", language="ko")

    assert len(posters.make(plan, products, faces(), created_at=NOON).pdf) < 120_000


def test_every_panel_is_a_page_of_its_own() -> None:
    first, products = wall([product(number) for number in range(4)])
    second, more = wall([product(number) for number in range(4, 8)], seed=2)
    both = Wall(
        name="Twee", base_url=first.base_url, distance_m=0.3, panels=first.panels + second.panels
    )

    poster = posters.make(both, products | more, faces(), created_at=NOON)

    assert png.pages(poster.pdf) == 2
    assert [place.page for place in poster.places] == [0] * 4 + [1] * 4
    assert poster.proof.passed


def test_progress_is_told_to_the_end() -> None:
    plan, products = wall([product(number) for number in range(4)])
    told: list[tuple[str, int, int]] = []

    posters.make(plan, products, faces(), created_at=NOON, progress=lambda *step: told.append(step))

    assert [stage for stage, done, whole in told if done == whole] == ["drawing", "proof"]


def test_a_wall_without_pictures_still_sells() -> None:
    plan, products = wall([product(number, picture=None) for number in range(4)])

    assert posters.make(plan, products, faces(), created_at=NOON).proof.passed


def test_more_shelves_than_fit_are_refused_with_what_would_fit() -> None:
    plan, products = wall([product(number) for number in range(40)], rows=20, distance_m=0.6)

    with pytest.raises(DoesNotFit, match=r"holds \d+ shelves of \d+ products") as refusal:
        posters.make(plan, products, faces(), created_at=NOON)
    assert 0 < refusal.value.fits < 40


def test_a_position_of_an_unknown_product_is_refused() -> None:
    plan, _ = wall([product(1)], rows=1)

    with pytest.raises(WallError, match=gtin.demo(1)):
        posters.make(plan, {}, faces(), created_at=NOON)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"", "cannot be read"),
        (b"GIF89a" + bytes(40), "cannot be read"),
        (pack()[:200], "cannot be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
    ],
)
def test_a_picture_that_is_none_is_refused_by_the_name_of_its_product(
    picture: bytes, why: str
) -> None:
    plan, products = wall([product(1, picture=picture)], rows=1)

    with pytest.raises(WallError, match=f"“Semi-skimmed milk”.*{why}"):
        posters.make(plan, products, faces(), created_at=NOON)


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    import io

    huge = io.BytesIO()
    Image.new("1", (50_000, 1_000)).save(huge, "PNG")
    plan, products = wall([product(1, picture=huge.getvalue())], rows=1)

    with pytest.raises(WallError, match="too many pixels"):
        posters.make(plan, products, faces(), created_at=NOON)


def test_an_empty_shelf_or_wall_is_refused() -> None:
    empty = Wall(name="Leeg", base_url="https://a.nl", panels=())
    bare = Wall(
        name="Kaal", base_url="https://a.nl", panels=(Panel(formats.named("A4"), (Shelf(()),)),)
    )

    for plan in (empty, bare):
        with pytest.raises(WallError):
            posters.make(plan, {}, faces(), created_at=NOON)


def test_an_arranged_wall_is_printed_whole() -> None:
    products = [product(number, category=f"Schap {number % 3}") for number in range(20)]
    panels = planogram.arrange(
        products, formats.named("A3"), 0.25, "https://perron.example", random=Random(1)
    )
    plan = Wall(name="Proef", base_url="https://perron.example", distance_m=0.25, panels=panels)
    on_shelves: dict[str, Product] = {one.gtin: one for one in products}

    poster = posters.make(plan, on_shelves, faces(), created_at=NOON)

    assert poster.proof.codes == 20
    assert poster.proof.passed
    assert re.findall("Schap [012]", text_of(poster.pdf))[:1] == ["Schap 0"]


def test_the_code_of_the_list_is_proven_like_any_other() -> None:
    plan, products = wall(
        [product(number) for number in range(11)],
        rows=4,
        list_url="https://perron.example/w/utrecht-centraal-5",
        phone="030 - 123 45 67",
    )

    more, others = wall([product(number) for number in range(20, 24)], rows=2, seed=2)
    both = replace(plan, panels=plan.panels + more.panels, list_every_m=0.2)

    poster = posters.make(both, products | others, faces(), created_at=NOON)

    assert poster.proof.passed
    assert poster.proof.codes == 12 + 5
    signs = [place for place in poster.places if place.text == plan.list_url]
    assert [(sign.page, sign.product) for sign in signs] == [(0, plan.name), (1, plan.name)]
    assert "Deze wand als" in text_of(poster.pdf)


def test_names_from_right_to_left_are_printed_with_their_prices_in_order() -> None:
    names = {"nl": "חלב 3% שומן"}
    plan, products = wall(
        [product(1, names=names, content="500 גרם", unit_price=UnitPrice(298, "kg"))],
        rows=1,
        format="A4",
    )

    poster = posters.make(plan, products, faces(), created_at=NOON)

    assert poster.proof.passed
    assert "€ 2,98 per kg" in text_of(poster.pdf)
    assert not [note for note in poster.notes if "left out" in note]
