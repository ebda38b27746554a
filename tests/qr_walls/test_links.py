"""What a code says, and what a person types who cannot scan it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr_walls import gtin, links, tokens
from qr_walls.errors import BadToken, UnreadableLink, WallError

any_token = st.text(alphabet=tokens.ALPHABET, min_size=7, max_size=7)
any_gtin = st.integers(0, 10**9 - 1).map(gtin.demo)


def test_a_code_is_a_digital_link_in_capitals() -> None:
    address = links.write("https://shop.example", "kk56ar7", "9521234543213")

    assert address == "HTTPS://SHOP.EXAMPLE/KK56AR7/01/09521234543213"


def test_a_demo_on_plain_http_prints_its_port() -> None:
    address = links.write("http://192.168.1.20:8000/", "KK56AR7", "09521234543213")

    assert address == "HTTP://192.168.1.20:8000/KK56AR7/01/09521234543213"


def test_the_short_address_is_what_a_person_can_type() -> None:
    assert links.short("https://Shop.Example", "KK56AR7") == "shop.example/kk56ar7"


@given(any_token, any_gtin, st.sampled_from([str.upper, str.lower, str.title]))
def test_what_is_written_is_read_back_in_any_case(token: str, number: str, case: object) -> None:
    address = links.write("https://shop.example", token, number)

    assert links.read(case(address)) == links.Link(token, number)  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "https://shop.example/",
        "https://shop.example/01/09521234543213",  # no label
        "https://shop.example/KK56AR7/01/9521234543213",  # 13 digits
        "https://shop.example/KK56AR7/01/09521234543214",  # check digit
        "https://shop.example/KK56ARU/01/09521234543213",  # U is no character of ours
        "https://shop.example/KK56AR/01/09521234543213",
        "https://shop.example/KK56AR7/01/09521234543213/21/7",
        "https://shop.example/KK56AR7/01/09521234543213?x=1",
        "https://shop.example/KK56AR7/01/09521234543213\n",
        "https://a@shop.example/KK56AR7/01/09521234543213",
        "ftp://shop.example/KK56AR7/01/09521234543213",
        "https://shop.example/KK56AR7/01/٠٩٥٢١٢٣٤٥٤٣٢١٣",
        "https://shop.example/" + "KK56AR7" * 100 + "/01/09521234543213",
    ],
)
def test_a_code_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(UnreadableLink):
        links.read(text)


@given(st.text(max_size=400))
def test_no_text_in_a_code_can_do_more_than_be_refused(text: str) -> None:
    with pytest.raises(UnreadableLink, match=r"\.$"):
        links.read(text)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("shop.example", "not the address"),
        ("ftp://shop.example", "not the address"),
        ("https://shop.example/walls", "without a path"),
        ("https://shop.example?x=1", "without a path"),
        ("https://[::1]:8000", "only letters"),
        ("https://my_shop.example", "only letters"),
        ("https://winkel.köln", "only letters"),
    ],
)
def test_an_address_that_does_not_fit_in_a_code_is_refused_before_printing(
    url: str, why: str
) -> None:
    with pytest.raises(WallError, match=why):
        links.write(url, "KK56AR7", "09521234543213")


def test_tokens_are_read_as_people_type_them() -> None:
    assert tokens.read(" kk56oil ") == "KK56011"


@pytest.mark.parametrize(
    "typed", ["", "KK56AR", "KK56AR77", "KK56ARU", "KK-56AR", "ＫＫ56AR7", "ß" * 7]
)
def test_a_token_nobody_printed_is_refused(typed: str) -> None:
    with pytest.raises(BadToken):
        tokens.read(typed)


def test_tokens_do_not_repeat_and_come_again_only_from_the_same_seed() -> None:
    assert len({tokens.new() for _ in range(2000)}) == 2000
    assert tokens.new(Random(7)) == tokens.new(Random(7))
