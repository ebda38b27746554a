"""What a print shop gets: room for the knife, marks, inks that are named, black codes."""

from decimal import Decimal
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageStat

from qr_walls import formats, posters, press
from qr_walls.errors import WallError
from qr_walls.posters import Poster
from qr_walls.press import Press
from tests.qr_walls import pdfx
from tests.qr_walls.builders import NOON, everything, product, wall
from tests.qr_walls.fonts import faces
from tests.qr_walls.inks import profile

MM = 72 / 25.4
FULL = Press(bleed_mm=3, safe_mm=5, marks=True, icc=profile(), job="2026-0815")


def printed(wishes: Press, **changes: object) -> Poster:
    plan, products = wall(
        [everything(number) for number in range(4)], edition="utc-1 · 4", **changes
    )  # type: ignore[arg-type]
    return posters.make(plan, products, faces(), created_at=NOON, press=wishes)


@pytest.fixture(scope="module")
def poster() -> Poster:
    return printed(FULL)


def test_trim_and_bleed_are_where_the_marks_say(poster: Poster) -> None:
    with pikepdf.open(BytesIO(poster.pdf)) as file:
        (page,) = file.pages
        paper, bleed, trim = (
            [float(side) / MM for side in box]
            for box in (page.mediabox, page.obj.BleedBox, page.obj.TrimBox)
        )

    assert trim == pytest.approx([15, 15, 312, 435], abs=0.01)
    assert bleed == pytest.approx([12, 12, 315, 438], abs=0.01)
    assert paper == pytest.approx([0, 0, 327, 450], abs=0.01)


def test_artwork_goes_on_to_the_end_of_the_bleed_and_not_farther(poster: Poster) -> None:
    with pypdfium2.PdfDocument(poster.pdf) as file:
        picture = file[0].render(scale=2 / MM).to_pil().convert("L")
    middle, high = picture.width // 2, picture.height // 2 + 60

    def dark(x_mm: float, y: int) -> bool:
        return picture.getpixel((round(x_mm * 2), y)) < 250  # type: ignore[operator]

    # Two pixels a millimetre: the bleed begins 12 mm from the paper's edge, the poster 15.
    assert [dark(mm, high) for mm in (11, 12.6, 14, 16)] == [False, True, True, True]
    assert picture.getpixel((middle - 60, 23)) == 255
    assert picture.getpixel((middle - 60, 26)) < 250  # type: ignore[operator]


def test_the_slug_tells_one_plate_from_another(poster: Poster) -> None:
    with pypdfium2.PdfDocument(poster.pdf) as file:
        said = " ".join(file[0].get_textpage().get_text_range().split())

    for part in ("job 2026-0815", "utc-1 · 4", "panel 1 of 1", "297 × 420 mm", "scale 1:1"):
        assert part in said
    assert "2026-01-01" in said


def test_the_profile_of_the_press_is_embedded_and_only_then_pdf_x_is_claimed(
    poster: Poster,
) -> None:
    with pikepdf.open(BytesIO(poster.pdf)) as file:
        (intent,) = file.Root.OutputIntents
        assert bytes(intent.DestOutputProfile.read_bytes()) == profile()
        assert intent.S == "/GTS_PDFX"
        assert file.docinfo["/Trapped"] == "/False"
        assert file.open_metadata()["pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        assert file.check_pdf_syntax() == []

    with pikepdf.open(BytesIO(printed(Press(condition="FOGRA39")).pdf)) as file:
        (intent,) = file.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        assert "/DestOutputProfile" not in intent
        assert "/GTS_PDFXVersion" not in file.docinfo
        assert file.pages[0].Resources.ColorSpace.DefaultRGB[0] == "/ICCBased"
        assert "pdfxid:GTS_PDFXVersion" not in file.open_metadata()


def test_a_file_that_claims_pdf_x_4_keeps_the_rules_that_can_be_seen(poster: Poster) -> None:
    """With see-through packs, a photograph, and names that run from right to left."""
    goods = [
        everything(1),
        product(2, picture=photograph(), names={"nl": "תה צמחים 3%", "en": "چای"}),
        product(3, picture=None, names={"nl": "شاي أخضر"}),
    ]
    plan, products = wall(goods, rows=1, list_url="https://perron.example/w/1")
    rich = posters.make(plan, products, faces(), created_at=NOON, press=FULL)

    assert pdfx.faults(poster.pdf) == []
    assert pdfx.faults(rich.pdf) == []
    assert "It has no profile of a press." in pdfx.faults(printed(Press()).pdf)


def test_marks_print_on_every_plate_and_words_in_black_ink_alone(poster: Poster) -> None:
    with pikepdf.open(BytesIO(poster.pdf)) as file:
        page = file.pages[0]
        space = page.Resources.ColorSpace.All
        marks = [step for step in pikepdf.parse_content_stream(page) if str(step.operator) == "scn"]

    assert [str(part) for part in list(space)[:3]] == ["/Separation", "/All", "/DeviceCMYK"]
    assert marks
    with pypdfium2.PdfDocument(poster.pdf) as file:
        width, height = file[0].get_size()
        corner = (0, height - 20 * MM, width - 20 * MM, 0)
        picture = file[0].render(scale=8, crop=corner).to_pil().convert("L")
    # In line with the left trim, above the bleed: a hair of 0.1 mm.
    assert picture.getpixel((round(15 * MM * 8), round(8 * MM * 8))) < 160  # type: ignore[operator]


def test_photographs_stay_jpeg_and_drawings_stay_sharp(poster: Poster) -> None:
    plan, products = wall([product(1, picture=photograph()), product(2)], rows=1, format="A4")
    made = posters.make(plan, products, faces(), created_at=NOON)
    again = posters.make(plan, products, faces(), created_at=NOON)

    with pikepdf.open(BytesIO(made.pdf)) as file:
        packed = sorted(str(one.Filter) for one in file.pages[0].Resources.XObject.values())
        spaces = {str(one.ColorSpace[0]) for one in file.pages[0].Resources.XObject.values()}
    assert packed == ["/DCTDecode", "/FlateDecode"]
    assert spaces == {"/ICCBased"}
    assert made.pdf == again.pdf


def test_with_its_profile_everything_is_mixed_from_the_inks_of_the_press() -> None:
    goods = [product(1, picture=photograph()), product(2)]
    plan, products = wall(goods, rows=1, format="A4")
    made = posters.make(plan, products, faces(), created_at=NOON, press=Press(icc=profile()))

    with pikepdf.open(BytesIO(made.pdf)) as file:
        page = file.pages[0]
        pictures = list(page.Resources.XObject.values())
        said = {str(step.operator) for step in pikepdf.parse_content_stream(page)}
        assert sorted(str(one.Filter) for one in pictures) == ["/DCTDecode", "/FlateDecode"]
        assert {str(one.ColorSpace) for one in pictures} == {"/DeviceCMYK"}
        assert {str(one.ColorSpace) for one in page.Resources.Shading.values()} == {"/DeviceCMYK"}
    assert "k" in said
    assert not {"rg", "RG", "g", "G"} & said
    with pypdfium2.PdfDocument(made.pdf) as file:
        packs = [
            one for one in file[0].get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        ]
        seen = [
            ImageStat.Stat(one.get_bitmap(render=True).to_pil().convert("L")).mean[0]
            for one in packs
        ]
    assert max(seen) > 120  # the photograph is light and stays so


def photograph() -> bytes:
    """With grain, as a camera sees, and light."""
    file = BytesIO()
    grain = Image.effect_noise((300, 400), 40).point(lambda value: 160 + value // 3)
    grain.convert("RGB").save(file, "PNG")
    return file.getvalue()


def test_every_code_is_black_ink_alone_and_prints_over_what_is_below(poster: Poster) -> None:
    with pikepdf.open(BytesIO(poster.pdf)) as file:
        page = file.pages[0]
        inks, states = [], []
        for step in pikepdf.parse_content_stream(page):
            match str(step.operator):
                case "k":
                    ink = [Decimal(share) for share in step.operands]
                case "gs":
                    state = page.Resources.ExtGState[step.operands[0]]
                case "f*":
                    inks.append(ink)
                    states.append(state)

    assert inks == [[0, 0, 0, 1]] * 4
    assert all(state.OP and state.op and state.OPM == 1 for state in states)


def test_a_file_at_one_to_ten_is_a_tenth_and_still_proven() -> None:
    small = printed(Press(bleed_mm=10, marks=True, scale=10), language="ko")

    assert small.proof.passed
    assert small.scale == 10
    with pikepdf.open(BytesIO(small.pdf)) as file:
        left, bottom, right, top = (float(side) / MM for side in file.pages[0].obj.TrimBox)
        assert (right - left, top - bottom) == pytest.approx((29.7, 42), abs=0.01)
        assert str(file.docinfo["/Scale"]) == "1:10"
    with pypdfium2.PdfDocument(small.pdf) as file:
        assert "scale 1:10" in " ".join(file[0].get_textpage().get_text_range().split())


def test_the_same_wishes_give_the_same_bytes(poster: Poster) -> None:
    assert printed(FULL).pdf == poster.pdf


def test_codes_near_the_edge_are_told_of() -> None:
    assert any("within 30 mm of the edge" in note for note in printed(Press(safe_mm=30)).notes)


def test_bars_are_drawn_narrower_for_paper_that_spreads_the_ink() -> None:
    thin = printed(Press(ink_spread_um=60))

    assert thin.proof.passed
    assert _blackness(thin) < _blackness(printed(Press())) * 0.99


def _blackness(poster: Poster) -> int:
    place = poster.places[0]
    left, top, side = (mm * MM for mm in (place.x, place.y, place.side))
    with pypdfium2.PdfDocument(poster.pdf) as file:
        width, height = file[0].get_size()
        crop = (left, height - top - side, width - left - side, top)
        picture = file[0].render(scale=8, grayscale=True, crop=crop).to_numpy()
    return int((255 - picture.astype(int)).sum())


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ({"bleed_mm": -1}, "A bleed of -1 mm makes no sense"),
        ({"bleed_mm": float("nan")}, "A bleed of nan mm makes no sense"),
        ({"safe_mm": 101}, "A safe margin of 101 mm makes no sense"),
        ({"safe_mm": 80}, "A safe margin of 80 mm leaves nothing of A3"),
        ({"ink_spread_um": 5000}, "An ink spread of 5000 µm makes no sense"),
        ({"ink_spread_um": 900}, "at most 15% of a module"),
        ({"condition": "x" * 80}, "at most 60 characters"),
        ({"job": "1\n2"}, "not plain text"),
        ({"icc": b""}, "is none, or not whole"),
        ({"icc": b"%PDF-1.7" + bytes(400)}, "is none, or not whole"),
        ({"icc": profile()[:-40]}, "is none, or not whole"),
        ({"icc": profile(b"RGB ")}, "is for RGB, but a press prints CMYK"),
        ({"icc": profile(b"\xff\xfe\x00 ")}, "but a press prints CMYK"),
        ({"icc": bytes(9_000_000)}, "larger than 8 MB"),
        ({"icc": profile(both_ways=False)}, "not how to mix a colour from them"),
    ],
)
def test_wishes_no_press_can_fulfil_are_refused_in_one_sentence(
    wishes: dict[str, object], why: str
) -> None:
    with pytest.raises(WallError, match=why):
        printed(Press(**wishes))  # type: ignore[arg-type]


def test_a_wall_of_six_metres_is_drawn_at_one_to_ten() -> None:
    long = formats.PanelFormat("6 × 3 m", 6000, 3000)

    assert press.usual(long).scale == 10
    assert press.usual(formats.named("A1")).bleed_mm == 3
    assert press.usual(formats.named("6-sheet")).bleed_mm == 10
    with pytest.raises(WallError, match=r"too large for a page at 1:1.*Ask for a file at 1:10"):
        press.check_page(Press(), long, 0)
    press.check_page(press.usual(long), long, 130)


def test_a_poster_for_the_office_printer_has_no_marks() -> None:
    plan, products = wall([product(1)], rows=1, format="A4")

    plain = posters.make(plan, products, faces(), created_at=NOON)

    with pikepdf.open(BytesIO(plain.pdf)) as file:
        assert file.pages[0].obj.TrimBox == file.pages[0].obj.BleedBox
        assert float(file.pages[0].mediabox[2]) == pytest.approx(210 * MM, abs=0.01)
