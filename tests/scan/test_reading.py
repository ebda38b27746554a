"""What people scan and type, and what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import scan
from app.errors import Malformed
from app.scan import rules
from app.scan.models import Code
from qr_walls import gtin as gtins
from qr_walls import links

NUMBER = gtins.demo(7)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"HTTPS://PERRON.SHOP/KK56AR7/01/{NUMBER}", Code("KK56AR7", NUMBER)),
        (f"http://192.0.2.7:8000/kk56ar7/01/{NUMBER}", Code("KK56AR7", NUMBER)),
        ("perron.shop/kk56ar7", Code("KK56AR7")),
        (" kk56ar7 ", Code("KK56AR7")),
        ("KK56ARO", Code("KK56AR0")),
        ("1234567", Code("1234567")),
        (NUMBER, Code(gtin=NUMBER)),
        (gtins.shortest(NUMBER), Code(gtin=NUMBER)),
        ("9520-0000 00073", Code(gtin=gtins.read("9520000000073"))),
        (f"https://perron.shop/01/{NUMBER}", Code(gtin=NUMBER)),
    ],
)
def test_codes_in_every_spelling_mean_the_same(text, code):
    assert scan.read(text) == code


@pytest.mark.parametrize(
    "text", ["", "hello", "https://example.com/", "http://[", "12345678", "KK56AR", "//", "1" * 30]
)
def test_what_is_no_code_is_said(text):
    with pytest.raises(Malformed):
        scan.read(text)


@given(st.text(max_size=300))
def test_nothing_that_can_be_scanned_breaks_the_reading(text):
    try:
        code = scan.read(text)
    except Malformed:
        return
    assert code.label or code.gtin


@given(
    st.integers(0, 10**9 - 1), st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=7, max_size=7)
)
def test_what_is_printed_is_read_back(number, token):
    printed = links.write("https://perron.shop", token, gtins.demo(number))

    assert scan.read(printed) == Code(token, gtins.demo(number))


def test_a_mistyped_number_finds_what_was_meant():
    swapped = NUMBER[:11] + NUMBER[12] + NUMBER[11] + NUMBER[13]

    assert NUMBER in rules.meant(NUMBER[:-1] + "0")
    assert NUMBER in rules.meant(swapped)
    assert rules.meant("letters") == []


def test_the_code_at_the_head_of_a_wall_names_its_list():
    assert rules.wall_list("HTTP://SHOP.TEST:8000/W/UTC-1") == "utc-1"
    assert rules.wall_list("shop.test/w/utc-1/") == "utc-1"
    for other in ("http://shop.test/kk56ar7", "/w/utc-1", "http://shop.test/w/../login", ""):
        assert rules.wall_list(other) == ""
