"""What the proof found, for a program, for a browser, and for the wall of an office."""

import re

import msgspec
import pypdfium2
import pytest

from qr_walls import posters, proof, reports, sentences
from qr_walls.model import Wall
from qr_walls.posters import Poster
from qr_walls.press import Press
from qr_walls.proof import Proof
from qr_walls.words import Language
from tests.qr_walls.builders import NOON, everything, wall
from tests.qr_walls.fonts import faces


@pytest.fixture(scope="module")
def printed() -> tuple[Wall, Poster]:
    plan, products = wall([everything(number) for number in range(6)], edition="utc-1 · 4")
    wishes = Press(bleed_mm=3, marks=True)
    return plan, posters.make(plan, products, faces(), created_at=NOON, press=wishes)


def report(plan: Wall, found: Proof) -> reports.Report:
    return reports.report(found, wall=plan.name, edition=plan.edition, created_at=NOON)


def spoilt(poster: Poster) -> Proof:
    """The same file, but the second label should say something else."""
    first, second, *rest = poster.places
    other = msgspec.structs.replace(second, text=second.text.replace("/01/", "/02/"))
    return proof.check(poster.pdf, [first, other, *rest])


def test_json_says_of_every_code_how_far_it_reads(printed: tuple[Wall, Poster]) -> None:
    plan, poster = printed

    said = msgspec.json.decode(reports.as_json(report(plan, poster.proof)))

    assert said["passed"] is True
    assert "never a grade" in said["says"]
    lights = said["proof"]["lights"]
    assert len(lights) == 6
    assert all(light["read"] == [True, True] for light in lights)
    assert all(light["reach_m"] > light["reach_720_m"] > 0.15 for light in lights)
    assert all(light["contrast"] > 0.8 for light in lights)
    assert lights[0]["place"]["name"] == "1 · 1 · 1"


def test_html_is_complete_in_itself(printed: tuple[Wall, Poster]) -> None:
    plan, poster = printed
    hostile = msgspec.structs.replace(plan, name="<script>alert(1)</script>")

    page = reports.as_html(report(hostile, poster.proof), poster.pdf).decode()

    assert "All 6 codes read, by both readers" in page
    assert page.count("<circle") == 6
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!data:)', page)


@pytest.mark.parametrize(
    ("language", "verdict", "advice", "head"),
    [
        ("nl", "Alle 6 codes gelezen, door beide lezers", "binnen 5 mm van de rand", "witte rand"),
        ("ko", "코드 6개를 두 판독기가 모두 읽음", "가장자리 5 mm 안에", "여백"),
    ],
)
def test_a_report_speaks_the_language_of_its_reader(
    printed: tuple[Wall, Poster], language: Language, verdict: str, advice: str, head: str
) -> None:
    """The program's keys stay English."""
    plan, poster = printed
    near = sentences.note(
        "{near} of {codes} codes stand within {safe:g} mm of the edge, where a frame may cover "
        "them.",
        near=2, codes=6, safe=5.0,
    )  # fmt: skip
    found = report(
        plan, msgspec.structs.replace(poster.proof, advice=(proof.advise("edge", near),))
    )

    page = reports.as_html(found, poster.pdf, language=language).decode()
    sheet = reports.as_sheet(found, poster.pdf, faces(), language=language)
    with pypdfium2.PdfDocument(sheet) as file:
        on_paper = " ".join(file[0].get_textpage().get_text_range().split())

    assert f'<html lang="{language}">' in page
    for said in (verdict, advice):
        assert said in page
        assert said in on_paper
    assert f"<th>{head}</th>" in page
    assert b'"passed": true' in reports.as_json(found)
    assert b"within 5 mm of the edge" in reports.as_json(found)


def test_a_failing_code_is_a_red_light_and_a_sentence(printed: tuple[Wall, Poster]) -> None:
    plan, poster = printed
    found = report(plan, spoilt(poster))

    page = reports.as_html(found, poster.pdf).decode()
    with pypdfium2.PdfDocument(reports.as_sheet(found, poster.pdf, faces())) as file:
        said = " ".join(file[0].get_textpage().get_text_range().split())
        picture = file[0].render(scale=1).to_pil().convert("RGB")

    assert not found.passed
    assert page.count(reports.RED) == 1
    assert "1 of 6 codes must not be printed" in said
    assert "says something else" in said
    assert _many(picture, (200, 16, 46)) > 20


def test_the_sheet_shows_the_wall_and_is_the_same_again(printed: tuple[Wall, Poster]) -> None:
    plan, poster = printed
    sheet = reports.as_sheet(report(plan, poster.proof), poster.pdf, faces())

    with pypdfium2.PdfDocument(sheet) as file:
        assert len(file) == 1
        picture = file[0].render(scale=1).to_pil().convert("RGB")
    # The poster's own green and the green of a light.
    assert _many(picture, (15, 92, 67)) > 300
    assert _many(picture, (26, 127, 75)) > 100
    assert sheet == reports.as_sheet(report(plan, poster.proof), poster.pdf, faces())


def _many(picture: object, colour: tuple[int, int, int]) -> int:
    pixels = (
        picture.get_flattened_data()
        if hasattr(picture, "get_flattened_data")
        else picture.getdata()
    )  # type: ignore[attr-defined]
    return sum(
        all(abs(one - other) < 30 for one, other in zip(pixel, colour, strict=True))
        for pixel in pixels
    )
