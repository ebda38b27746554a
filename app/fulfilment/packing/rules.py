"""The number on a parcel: SSCC, GS1 General Specifications 2.2 (AI 00) and 7.9 (check digit)."""

import re

from app.errors import Malformed
from qr_walls import gtin

DEMO_PREFIX = "9521234"
"""GS1 keeps company prefixes under 952 for demonstrations; an operator sets their own."""

LANGUAGES = frozenset({"nl", "en"})
"""What the font inside a label printer can write."""
_SERIAL_DIGITS = 16
_LINK = re.compile(
    r"https?://[^/\s]+(?:/[^/\s]+)*?/00/(?P<sscc>[0-9]{18})", re.IGNORECASE | re.ASCII
)


def sscc(serial: int, prefix: str = DEMO_PREFIX) -> str:
    """18 digits: extension digit, company prefix, serial, check digit.

    Serials that outgrow their digits go on in the extension digit, so that there are ten times as
    many before any repeats.
    """
    room = _SERIAL_DIGITS - len(prefix)
    extension, rest = divmod(serial, 10**room)
    body = f"{extension % 10}{prefix}{rest:0{room}}"
    return body + gtin.check_digit(body)


def read_sscc(text: str) -> str:
    """The 18 digits in what a scanner read: bare, with AI 00 before them, or as a link.

    Raises Malformed.
    """
    digits = re.sub(r"[\s()]", "", text)
    link = _LINK.fullmatch(digits)
    if link:
        digits = link["sscc"]
    elif len(digits) == 20 and digits.startswith("00"):
        digits = digits[2:]
    if not re.fullmatch(r"[0-9]{18}", digits, re.ASCII) or digits[-1] != gtin.check_digit(
        digits[:-1]
    ):
        raise Malformed("This is not the number of a parcel. Scan the code on its label.")
    return digits


def link(base_url: str, number: str) -> str:
    """What the code on a label says: a GS1 Digital Link, upper case to fit a small symbol."""
    return f"{base_url.rstrip('/')}/00/{number}".upper()


def in_words(number: str) -> str:
    """`(00) 0 0614141 123456789 0`, as printed under the code."""
    return f"(00) {number[0]} {number[1:8]} {number[8:17]} {number[17]}"
