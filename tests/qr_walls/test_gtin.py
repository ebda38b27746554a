"""Product numbers: GS1's own examples, and what people type instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr_walls import gtin
from qr_walls.errors import BadGtin

FROM_THE_STANDARDS = [
    "09506000134352",  # GS1 Digital Link standard
    "09521234543213",  # the same, since the move to prefix 952
    "9506000134352",
    "614141007349",  # GS1 General Specifications, GTIN-12
    "96385074",  # GS1 General Specifications, GTIN-8
    "10614141000415",  # a case, indicator digit 1
    "4006381333931",
]


@pytest.mark.parametrize("number", FROM_THE_STANDARDS)
def test_the_numbers_in_the_standards_are_good(number: str) -> None:
    assert gtin.read(number) == number.rjust(14, "0")


def test_one_product_has_one_number_however_long_it_is_written() -> None:
    assert gtin.read("00614141007349") == gtin.read("0614141007349") == gtin.read("614141007349")


def test_spaces_and_hyphens_are_how_people_write_numbers() -> None:
    assert gtin.read(" 9 521234-543213 ") == "09521234543213"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "digits only"),
        ("952123454321A", "digits only"),
        ("9.52123E+12", "digits only"),
        ("٩٥٢١٢٣٤٥٤٣٢١٣", "digits only"),
        ("952123454321", "should be 4, not 1"),
        ("95212345432135", "should be 4, not 5"),
        ("12345678901", "11 digits"),
        ("9" * 5000, "5000 digits"),
        ("00000000", "all zeros"),
    ],
)
def test_a_bad_number_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(BadGtin, match=why):
        gtin.read(typed)


@given(st.text(alphabet="0123456789", min_size=13, max_size=13), st.integers(0, 13))
def test_one_wrong_digit_is_always_noticed(digits: str, place: int) -> None:
    number = digits + gtin.check_digit(digits)
    wrong = str((int(number[place]) + 1) % 10)

    assert not gtin.is_valid(number[:place] + wrong + number[place + 1 :])


@given(st.text(max_size=60))
def test_whatever_is_typed_it_is_a_number_or_a_clear_refusal(typed: str) -> None:
    if not gtin.is_valid(typed):
        with pytest.raises(BadGtin, match=r"\.$"):
            gtin.read(typed)
        return

    number = gtin.read(typed)
    assert len(number) == 14
    assert gtin.read(number) == gtin.read(gtin.shortest(number)) == number


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("09521234543213", "demo"),
        ("08712345678906", "global"),
        ("00212345678909", "restricted"),  # UPC number system 2
        ("00412345678903", "restricted"),
        ("02123456789012", "restricted"),
        ("02912345678904", "restricted"),
        ("00000020000004", "restricted"),  # GTIN-8 given out by one shop
        ("00000096385074", "global"),
        ("09781234567897", "book"),
        ("09771234567003", "serial"),
        ("09801234567891", "refund"),
        ("09911234567897", "coupon"),
        ("98712345678904", "measured"),
    ],
)
def test_the_prefix_tells_what_a_number_is_for(number: str, kind: str) -> None:
    assert gtin.kind(number) == kind


@given(st.integers(0, 10**9 - 1))
def test_demonstration_numbers_are_good_and_belong_to_nobody(number: int) -> None:
    assert gtin.kind(gtin.read(gtin.demo(number))) == "demo"
