"""Codes: as small as they can be, strong where it is free, and read by someone else's reader."""

from random import Random

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from qr_walls import gtin, links, segments, symbols, tokens
from qr_walls.errors import WallError
from qr_walls.model import QUIET_ZONE

HOST_OF_16 = "https://shop.example.org"


def picture(symbol: symbols.Symbol, scale: int = 4) -> Image.Image:
    """The outline filled by the even-odd rule, with its quiet zone."""
    side = (symbol.modules + 2 * QUIET_ZONE) * scale
    whole = Image.new("1", (side, side), 1)
    for loop in symbol.outline:
        mask = Image.new("1", (side, side), 0)
        corners = [((x + 4) * scale, (y + 4) * scale) for x, y in loop]
        ImageDraw.Draw(mask).polygon(corners, fill=1)
        whole.paste(whole.point(lambda white: not white), mask=mask)
    return whole.convert("L")


def read(symbol: symbols.Symbol) -> str:
    (found,) = zxingcpp.read_barcodes(picture(symbol), formats=zxingcpp.BarcodeFormat.QRCode)
    return found.text


def test_a_wall_code_has_29_modules_and_a_quarter_of_it_may_be_lost() -> None:
    address = links.write(HOST_OF_16, "KK56AR7", gtin.demo(7))

    assert symbols.fit(address, at_least="M") == (3, "Q")
    assert symbols.fit(address, at_least="Q") == (3, "Q")
    assert symbols.encode_many([address])[0].modules == 29


def test_a_short_host_gives_an_even_stronger_code_of_the_same_size() -> None:
    version, ecc = symbols.fit("HTTPS://A.NL", at_least="M")

    assert (version, ecc) == (1, "Q")


def test_capitals_and_digits_are_said_in_their_own_modes() -> None:
    said = segments.split("HTTPS://A.NL/KK56AR7/01/09521234543213", 3)

    assert [segment.mode for segment in said] == [segments.ALPHANUMERIC, segments.NUMERIC]
    assert said[1].text.endswith("09521234543213")


def test_a_few_digits_among_capitals_do_not_earn_a_segment_of_their_own() -> None:
    assert len(segments.split("AAAA1234AAAA", 3)) == 1


@given(st.text(alphabet="01289ABZ./:abé한", min_size=1, max_size=40))
@settings(max_examples=60)
def test_no_split_is_longer_than_saying_it_all_in_bytes(text: str) -> None:
    split = segments.split(text, 5)

    assert "".join(segment.text for segment in split) == text
    assert segments.bits(split, 5) <= segments.bits([segments.Segment(segments.BYTES, text)], 5)


def test_every_code_is_read_by_an_independent_reader() -> None:
    random = Random(1)
    texts = [
        links.write(HOST_OF_16, tokens.new(random), gtin.demo(random.randrange(10**9)))
        for _ in range(12)
    ]

    assert [read(symbol) for symbol in symbols.encode_many(texts)] == texts


@given(st.text(alphabet="0123456789ABCXYZ $%*+-./:abcxyz", min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_any_mix_of_characters_comes_back_as_it_went_in(text: str) -> None:
    (symbol,) = symbols.encode_many([text])

    assert read(symbol) == text


def test_the_outline_covers_the_dark_modules_and_nothing_else() -> None:
    (symbol,) = symbols.encode_many([links.write(HOST_OF_16, "KK56AR7", gtin.demo(7))])

    drawn = picture(symbol, scale=8)
    for y, row in enumerate(symbol.rows):
        for x, dark in enumerate(row):
            middle = ((x + 4) * 8 + 4, (y + 4) * 8 + 4)
            assert drawn.getpixel(middle) == (0 if dark else 255)


def test_the_outline_has_corners_only() -> None:
    (symbol,) = symbols.encode_many(["CORNERS"])

    for loop in symbol.outline:
        for before, here, after in zip(loop, loop[1:] + loop[:1], loop[2:] + loop[:2], strict=True):
            assert (before[0] == here[0]) != (here[0] == after[0])


def test_what_no_code_can_hold_is_refused() -> None:
    with pytest.raises(WallError, match="too long"):
        symbols.encode_many(["A" * 8000])
