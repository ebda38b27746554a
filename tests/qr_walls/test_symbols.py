"""Codes: as small as they can be, strong where it is free, and read by someone else's reader."""

from collections.abc import Iterator
from itertools import groupby, product
from operator import itemgetter
from random import Random

import deqr
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from qr_walls import gtin, links, segments, symbols, tokens
from qr_walls.errors import WallError
from tests.qr_walls.drawn import picture

HOST_OF_16 = "https://shop.example.org"


def read(symbol: symbols.Symbol) -> str:
    (found,) = zxingcpp.read_barcodes(picture(symbol), formats=zxingcpp.BarcodeFormat.QRCode)
    return found.text


def read_by_another(symbol: symbols.Symbol) -> str:
    (found,) = deqr.QRdecDecoder().decode(picture(symbol), convert_data=False)
    return b"".join(part.data for part in found.data_entries).decode()


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
    plan = segments.plan(segments.shape(text), 5)
    all_in_bytes = segments.Run(segments.BYTES, len(text), len(text.encode()))

    assert "".join(segment.text for segment in segments.split(text, 5)) == text
    assert segments.bits(plan, 5) <= segments.bits((all_in_bytes,), 5)


@given(st.text(alphabet="019A:a한", min_size=1, max_size=9))
@settings(max_examples=60, deadline=None)
def test_no_other_split_is_shorter(text: str) -> None:
    said = segments.plan(segments.shape(text), 5)

    shortest = min(segments.bits(runs, 5) for runs in every_split(text))
    assert segments.bits(said, 5) == shortest


def every_split(text: str) -> Iterator[tuple[segments.Run, ...]]:
    modes = [
        [segments.BYTES]
        + [segments.ALPHANUMERIC] * (one in "019A:")
        + [segments.NUMERIC] * one.isdigit()
        for one in text
    ]
    for said in product(*modes):
        pairs = groupby(zip(said, text, strict=True), key=itemgetter(0))
        runs = [(mode, "".join(one for _, one in run)) for mode, run in pairs]
        yield tuple(segments.Run(mode, len(part), len(part.encode())) for mode, part in runs)


def test_all_addresses_of_a_wall_share_one_split() -> None:
    random = Random(3)
    addresses = [
        links.write(HOST_OF_16, tokens.new(random), gtin.demo(random.randrange(10**9)))
        for _ in range(200)
    ]

    shapes = {segments.shape(address) for address in addresses}
    assert len(shapes) == 1


def test_every_code_is_read_by_two_independent_readers() -> None:
    random = Random(1)
    texts = [
        links.write(HOST_OF_16, tokens.new(random), gtin.demo(random.randrange(10**9)))
        for _ in range(12)
    ]

    drawn = symbols.encode_many(texts)
    assert [read(symbol) for symbol in drawn] == texts
    assert [read_by_another(symbol) for symbol in drawn] == texts


def test_codes_come_back_in_the_order_of_their_texts_whatever_their_sizes() -> None:
    texts = ["7", "A" * 100, "é", "8", "https://shop.example/lower", "B" * 100, "9", "A" * 100]

    assert [symbol.text for symbol in symbols.encode_many(texts)] == texts
    assert [read(symbol) for symbol in symbols.encode_many(texts)] == texts


def test_a_code_does_not_depend_on_those_encoded_beside_it() -> None:
    random = Random(5)
    texts = [links.write(HOST_OF_16, tokens.new(random), gtin.demo(n)) for n in range(300)]

    together = symbols.encode_many(texts)
    alone = [symbols.encode_many([text])[0] for text in texts[::50]]

    assert [symbol.rows for symbol in together[::50]] == [symbol.rows for symbol in alone]


@given(st.text(alphabet="0123456789ABCXYZ $%*+-./:abcxyz", min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_any_mix_of_characters_comes_back_as_it_went_in(text: str) -> None:
    (symbol,) = symbols.encode_many([text])

    assert read(symbol) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [("A" * 8000, "too long"), ("a" * 2900, "too long"), ("", "something"), ("\ud800", "no code")],
)
def test_what_no_code_can_hold_is_refused(text: str, why: str) -> None:
    with pytest.raises(WallError, match=why):
        symbols.encode_many(["GOOD", text])


def test_the_largest_code_holds_7089_digits_at_the_lowest_level() -> None:
    (symbol,) = symbols.encode_many(["7" * 7089], at_least="L")

    assert (symbol.version, symbol.ecc) == (40, "L")
    assert read(symbol) == "7" * 7089
