"""What a scanned or typed text means, and what a mistyped number was perhaps meant to be."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from app.cart.models import Measured
from app.errors import Malformed
from app.scan.models import Code
from app.settings import IN_STORE_HERE
from qr_walls import gtin as gtins
from qr_walls import links, tokens
from qr_walls.errors import BadGtin, BadToken, UnreadableLink, WallError

Inside = Literal["g", "price"]
IN_STORE: dict[str, Inside] = {}
"""What the second digit of a store's own number says is inside; the others are whole numbers. The
organisation of GS1 in each country says so, and a shop may differ (`PERRON_IN_STORE`)."""

_NUMBER = re.compile(r"[0-9 -]{8,20}", re.ASCII)
_WITHOUT_LABEL = re.compile(
    r"https?://[a-z0-9.-]+(:\d{1,5})?/01/(\d{8,14})", re.IGNORECASE | re.ASCII
)

_LIST = re.compile(
    r"(?:https?://)?[a-z0-9.-]+(?::\d{1,5})?/w/([a-z0-9][a-z0-9-]{0,39})/?",
    re.IGNORECASE | re.ASCII,
)


def agree_in_store(prefixes: Sequence[str]) -> None:
    """`22=price`, `28=weight`: what the shop's own scales and printers put behind each prefix."""
    IN_STORE.clear()
    for one in (one for one in prefixes if one != "none"):
        prefix, _, inside = one.partition("=")
        IN_STORE[prefix] = "g" if inside == "weight" else "price"
    read.cache_clear()


@lru_cache(maxsize=4096)
def read(text: str) -> Code:
    """A wall's address in any case, `host/token`, a token, or a product's number. Raises Malformed.

    Seven digits are a label's token, eight or more a product's number.
    """
    text = text.strip()
    if wall_list(text):
        raise Malformed(
            "This code opens the whole wall as a list. Scan the code beside a product.",
            code="list-code",
        )
    if _NUMBER.fullmatch(text):
        return _of_number(number(text))
    if found := _WITHOUT_LABEL.fullmatch(text):
        return Code(gtin=number(found[2]))
    try:
        link = links.read(text)
    except UnreadableLink as error:
        short = _typed(text)
        if short is None:
            raise Malformed(error.sentence, code="unreadable-code", **_in_text(error)) from error
        return Code(label=short)
    return Code(link.token, link.gtin)


def _of_number(gtin: str) -> Code:
    """A number that a store gives out itself (GS1 General Specifications, 2.1.11) may say more.

    `2P IIIII VVVVV C`: P is what is measured, I the item, V grams or minor units. The catalogue has
    the item with zeros for what is measured.
    """
    kind = IN_STORE.get(gtin[1:3]) if gtin.startswith("02") else None
    value = int(gtin[8:13])
    if kind is None or value == 0:
        return Code(gtin=gtin)
    item = gtin[:8] + "00000"
    return Code(gtin=item + gtins.check_digit(item), measured=Measured(kind, value))


def wall_list(text: str) -> str:
    """The wall whose list a header code's address opens, on whatever host; else nothing.

    The host is not judged: a shop that has moved still finds its old posters on the walls.
    """
    found = _LIST.fullmatch(text.strip())
    return found[1].lower() if found else ""


def of_address(token: str, digits: str) -> Code:
    """The two parts of a wall's address, as they stand in its path. Raises Malformed."""
    return Code(label(token), number(digits))


def label(token: str) -> str:
    try:
        return tokens.read(token)
    except BadToken as error:
        raise Malformed(error.sentence, code="mistyped", **_in_text(error)) from error


def number(digits: str) -> str:
    try:
        return gtins.read(digits)
    except BadGtin as error:
        raise Malformed(error.sentence, code="mistyped", **_in_text(error)) from error


def meant(digits: str) -> list[str]:
    """Numbers one slip away from a mistyped one: a wrong digit, or two that changed places."""
    digits = digits.strip().replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in gtins.LENGTHS):
        return []
    slips = {
        digits[:place] + other + digits[place + 1 :]
        for place in range(len(digits))
        for other in "0123456789"
    } | {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
    }
    return sorted(slip.rjust(14, "0") for slip in slips if gtins.is_valid(slip))


def _typed(text: str) -> str | None:
    """`shop.example/kk56ar7`, or only its last part."""
    try:
        return tokens.read(text.rstrip("/").rpartition("/")[2])
    except BadToken:
        return None


def _in_text(error: WallError) -> dict[str, Any]:
    return dict(error.values)


agree_in_store(IN_STORE_HERE)
