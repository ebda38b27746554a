"""Whether a caller is the customer, and what must never be written down."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from app.contact.models import Proof
from app.errors import Malformed
from app.orders.models import Order

ENOUGH = 2
"""Things only the customer knows; what the caller gave to be found does not count again."""

GIVEN_AWAY: Mapping[str, tuple[Proof, ...]] = {
    "email": ("email",),
    "phone": ("phone",),
    "postcode": ("postcode", "name"),
}

_DIGITS_IN_GROUPS = re.compile(r"[0-9]+(?:[\s./\-–]{1,3}[0-9]+)*")


def knows(order: Order, said: Mapping[Proof, str]) -> int:
    """How many of the things that were said are right."""
    right = {
        "email": _plain(order.contact.email),
        "phone": _digits(order.contact.phone)[-9:],
        "postcode": _plain(order.address.postcode),
        "house_number": _plain(order.address.house_number),
        "name": _plain(order.contact.name),
    }
    return sum(
        1
        for kind, text in said.items()
        if right[kind] and right[kind] == (_digits(text)[-9:] if kind == "phone" else _plain(text))
    )


def check_no_card(text: str) -> None:
    """Nobody hears a card number here, and nobody writes one down, whatever stands before or after it.
    Raises Malformed."""
    for found in _DIGITS_IN_GROUPS.findall(unicodedata.normalize("NFKC", text)):
        groups = re.findall("[0-9]+", found)
        if any(_may_be_card(groups[first:]) for first in range(len(groups))):
            raise Malformed(
                "This looks like a card number. Never take one down; send a link to pay instead.",
                code="card-number",
            )


def _may_be_card(groups: Sequence[str]) -> bool:
    """Whether some groups from the first on are one: 13 to 19 digits (ISO/IEC 7812-1, 4.1)."""
    digits = ""
    for group in groups:
        digits += group
        if len(digits) > 19:
            return False
        if len(digits) >= 13 and _luhn(digits):
            return True
    return False


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter == "@")


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter in "0123456789")
