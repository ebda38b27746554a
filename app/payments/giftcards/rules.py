"""Codes of gift cards, how long they hold, and how much of a sum each pays. Pure."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from app.money import Money
from app.payments.giftcards.models import Part, Seen

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U, so that nothing is misread."""
LENGTH = 16
"""80 bits: among a million cards, a thousand guesses a second hit one in 38 million years."""
_MISREAD = str.maketrans("ILO", "110")

HOLDS_FOR = timedelta(days=5 * 365 + 2)
"""Five years: what Ireland asks for (Consumer Protection (Gift Vouchers) Act 2019), and no less than
a debt lasts in the Netherlands (BW 3:307), in Germany (BGB §§ 195, 199) and in Korea (Commercial
Act, art. 64)."""
A_YEAR = timedelta(days=365)
"""So long at least what was refunded can be spent."""
A_WEEK = timedelta(days=7)
"""And what an order held that came to nothing."""
GUESSES = (8.0, 1 / 30)
"""Codes one address may get wrong: a few at once, then one every half minute."""


def code_of(secret: str, card_id: UUID) -> str:
    """Nobody can guess it, and nobody can read it from the database."""
    made = int.from_bytes(
        hmac.digest(secret.encode(), b"gift card " + card_id.bytes, "sha256")[:10]
    )
    return "".join(ALPHABET[made >> 5 * place & 31] for place in range(LENGTH))


def sha256_of(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def as_typed(text: str) -> str:
    """Without dashes and spaces, and with letters that are often misread put right."""
    tidy = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    return tidy.translate(_MISREAD)[:40]


def in_groups(code: str) -> str:
    """`7Q2MKX9D0RTA4HB8` as people read it: 7Q2M-KX9D-0RTA-4HB8."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def parts(
    total: Money, seen: Sequence[Seen], at_most: Mapping[UUID, Money] | None = None
) -> list[Part]:
    """How much of a sum each card pays, in the order they were given; `at_most` where somebody wants
    to keep some of it."""
    split: list[Part] = []
    for one in seen:
        if one.worth != "fits" or one.card_id is None:
            continue
        amount = min(total, one.balance, (at_most or {}).get(one.card_id, one.balance))
        if amount > 0:
            split.append(Part(one.card_id, one.ends_with, amount, one.balance - amount, one.why))
            total -= amount
    return split
