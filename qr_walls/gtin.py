"""Trade item numbers: GS1 General Specifications 3.3 (GTIN) and 7.9 (check digit).

Inside the shop a GTIN is always 14 digits of text, padded with zeros on the left, so that the
carton of six and the single can never be mistaken for each other and nothing becomes a number.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from qr_walls.errors import BadGtin

LENGTHS = (8, 12, 13, 14)

Kind = Literal["global", "demo", "restricted", "coupon", "refund", "serial", "book", "measured"]

# First three digits of the GTIN-13 inside (GS1 General Specifications, figure 1.4.2-1).
# What is not listed is an ordinary number, unique in the whole world.
_PREFIXES: Mapping[range, Kind] = MappingProxyType(
    {
        range(20, 30): "restricted",
        range(40, 50): "restricted",
        range(50, 60): "coupon",
        range(200, 300): "restricted",
        range(952, 953): "demo",
        range(977, 978): "serial",
        range(978, 980): "book",
        range(980, 981): "refund",
        range(981, 985): "coupon",
        range(990, 1000): "coupon",
    }
)


def read(text: str) -> str:
    """The 14 digits of a GTIN-8, -12, -13 or -14, with its check digit proven.

    Spaces and hyphens between digits are what people type, and are dropped. Raises ``BadGtin``.
    """
    digits = text.strip().replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        raise BadGtin("“{text}” is not a product number: it may hold digits only.", text=text[:40])
    if len(digits) not in LENGTHS:
        raise BadGtin(
            "“{text}” is not a product number: it has {count} digits, not 8, 12, 13 or 14.",
            text=text[:40],
            count=len(digits),
        )
    if not digits.strip("0"):
        raise BadGtin("“{text}” is not a product number: it is all zeros.", text=text[:40])
    expected = check_digit(digits[:-1])
    if digits[-1] != expected:
        raise BadGtin(
            "“{text}” is mistyped: its last digit should be {expected}, not {found}.",
            text=text[:40],
            expected=expected,
            found=digits[-1],
        )
    return digits.rjust(14, "0")


def check_digit(digits: str) -> str:
    """The digit that completes ``digits`` (all but the last of any GS1 number), modulo 10.

    Weights are 3, 1, 3, … counted from the right (GS1 General Specifications 7.9.1).
    """
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def is_valid(text: str) -> bool:
    """Whether ``read`` would take it."""
    try:
        read(text)
    except BadGtin:
        return False
    return True


def kind(gtin14: str) -> Kind:
    """What a GTIN may be used for, told by its prefix.

    ``restricted`` numbers (02, 04, 20 to 29, and GTIN-8 from 0 or 2) are given out by one shop for
    itself: elsewhere they mean something else, so they must never be published as if global.
    ``measured`` (indicator digit 9) needs a weight beside it. ``demo`` is prefix 952.
    """
    if gtin14[0] == "9":
        return "measured"
    if gtin14.startswith("000000"):
        return "restricted" if gtin14[6] in "02" else "global"
    prefix = int(gtin14[1:4])
    return next((kind for span, kind in _PREFIXES.items() if prefix in span), "global")


def shortest(gtin14: str) -> str:
    """The number as it stands on the pack: 8, 12, 13 or 14 digits."""
    if gtin14.startswith("000000"):
        return gtin14[6:]
    if gtin14.startswith("00"):
        return gtin14[2:]
    return gtin14.removeprefix("0")


def demo(number: int) -> str:
    """The ``number``-th GTIN of prefix 952, which GS1 keeps free for demonstrations.

    ``number`` counts from 0 to 999 999 999. These belong to nobody: safe in a demo shop.
    """
    if not 0 <= number < 10**9:
        raise BadGtin("There is no demonstration number {number}.", number=number)
    digits = f"0952{number:09d}"
    return digits + check_digit(digits)
