"""The proof notices what a careless poster does to a code."""

import msgspec
import pytest
from fpdf import FPDF

from qr_walls import pdf, proof, symbols
from qr_walls.display import Code, Item, Page, Rect
from qr_walls.proof import Place
from tests.qr_walls.builders import NOON
from tests.qr_walls.fonts import faces

TEXT = "HTTPS://PERRON.EXAMPLE/KK56AR7/01/09520000000004"
OTHER = "HTTPS://PERRON.EXAMPLE/KK56AR8/01/09520000000004"
PLACE = Place(page=0, x=30, y=30, side=29 * 1.5, module_mm=1.5, text=TEXT, product="Halfvolle melk")


def printed(*over: Item, text: str = TEXT) -> bytes:
    """A page of 110 mm with one code on it, and what is painted over."""
    page = Page(110, 110, (Rect(0, 0, 110, 110, "#336699"), Code(30, 30, 1.5, text), *over))
    encoded = {symbol.text: symbol for symbol in symbols.encode_many([TEXT, OTHER])}
    return pdf.write([page], encoded, {}, faces(), title="", language="nl", created_at=NOON)


def faults(file: bytes, *places: Place) -> list[str]:
    return [failure.fault for failure in proof.check(file, places or [PLACE]).failures]


def test_a_good_code_passes() -> None:
    found = proof.check(printed(), [PLACE])

    assert found.passed
    assert found.codes == 1


def test_a_code_with_a_hole_in_it_is_unreadable() -> None:
    assert faults(printed(Rect(36, 36, 32, 32, "#ffffff"))) == ["unreadable"]


def test_a_code_that_says_something_else_is_noticed() -> None:
    assert faults(printed(text=OTHER)) == ["wrong"]


@pytest.mark.parametrize(
    "sticker",
    [
        Rect(24, 40, 3, 3, "#000000"),  # left
        Rect(40, 24, 3, 3, "#c8102e"),  # above
        Rect(76, 40, 3, 3, "#bbbbbb"),  # right
        Rect(40, 76, 3, 3, "#000000"),  # below
    ],
)
def test_artwork_in_the_quiet_zone_is_noticed_even_if_the_code_reads(sticker: Rect) -> None:
    assert faults(printed(sticker)) == ["crowded"]


def test_two_labels_with_the_same_code_are_noticed() -> None:
    assert faults(printed(), PLACE, PLACE) == ["twice", "twice"]


def test_a_code_that_hangs_over_the_edge_is_noticed() -> None:
    assert faults(printed(), msgspec.structs.replace(PLACE, x=100.0)) == ["outside"]


def test_a_code_on_a_panel_that_was_not_printed_is_noticed() -> None:
    assert faults(printed(), msgspec.structs.replace(PLACE, page=3)) == ["outside"]


def test_a_failure_names_product_and_panel() -> None:
    (failure,) = proof.check(printed(text=OTHER), [PLACE]).failures

    assert failure.sentence == "The code of “Halfvolle melk” on panel 1 says something else."


def test_a_blank_page_shows_nothing() -> None:
    blank = FPDF(unit="mm", format=(110, 110))
    blank.add_page()

    assert faults(bytes(blank.output())) == ["unreadable"]


def test_a_good_code_is_read_by_both_readers() -> None:
    (light,) = proof.check(printed(), [PLACE]).lights

    assert light.read == (True, True)
    assert light.quiet
    assert light.contrast > 0.8


def test_a_code_that_a_veil_makes_pale_is_noticed_even_if_it_reads() -> None:
    veil = Rect(20, 20, 64, 64, "#ffffff", opacity=0.45)

    assert faults(printed(veil)) == ["pale"]


def test_a_phone_of_720_lines_must_come_nearer() -> None:
    (light,) = proof.check(printed(), [PLACE]).lights

    assert light.reach_m == pytest.approx(1.5 * 1.40 / 4)
    assert light.reach_720_m == pytest.approx(1.5 * 0.93 / 4, abs=0.001)


def test_codes_out_of_reach_or_near_the_edge_are_told_of() -> None:
    high = msgspec.structs.replace(PLACE, above_floor_mm=2100.0)
    found = proof.check(printed(), [high], safe_mm=30)

    assert found.passed
    assert [one.kind for one in found.advice] == ["edge", "reach"]
    assert not found.lights[0].safe
    assert not found.lights[0].within_reach


def test_codes_of_different_sizes_on_one_page_are_all_read() -> None:
    small = msgspec.structs.replace(PLACE, x=5.0, y=90.0, side=29 * 0.5, module_mm=0.5, text=OTHER)

    assert proof.check(printed(Code(5, 90, 0.5, OTHER)), [PLACE, small]).passed
