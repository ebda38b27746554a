"""Codes of coupons: what people type, and what nobody can guess. Pure."""

import hmac
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U, so that nothing is misread."""
LENGTH = 12
"""60 bits: at a thousand guesses a second one of a million codes is hit in 18 years."""
_MISREAD = str.maketrans("ILO", "110")


def code_of(random: bytes) -> str:
    """A code of twelve characters from at least eight random bytes."""
    number = int.from_bytes(random[:8])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))


def as_typed(text: str) -> list[str]:
    """The codes that may be meant: as it stands, and with letters that were misread."""
    tidy = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())[:40]
    return list(dict.fromkeys([tidy, tidy.translate(_MISREAD)])) if len(tidy) >= 4 else []


def in_groups(code: str) -> str:
    """`7Q2MKX9D0RTA` as people read it: 7Q2M-KX9D-0RTA."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def customer_key(secret: str, email: str) -> bytes:
    """Under which somebody's uses are counted: it tells nobody who they are."""
    address = email.strip().lower().encode()
    return hmac.new(secret.encode(), b"customer " + address, sha256).digest()
