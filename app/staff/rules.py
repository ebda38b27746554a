import hashlib
import re
import secrets

from app.errors import Malformed

ACCOUNT_FAILURES = 10
ADDRESS_FAILURES = 50
"""More than an account's: a whole shop sits behind one address."""
FAILURES_FADE_AFTER_S = 15 * 60
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
PIN_DIGITS = range(6, 11)
BADGE = re.compile(r"PERRON-([0-9A-HJKMNP-TV-Z]{26})")
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(text: str) -> bytes:
    """What the database keeps of a token, a login that failed, or an address."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def tidy_login(login: str) -> str:
    return login.strip().lower()


def check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Malformed(
            "Choose a password of {least} to {most} characters.",
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
            code="weak-password",
        )


def check_pin(pin: str) -> None:
    """Some digits, not one of them again and again."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS and len(set(pin)) > 2):
        raise Malformed(
            "Choose a PIN of {least} to {most} digits, with at least three different ones.",
            least=PIN_DIGITS[0],
            most=PIN_DIGITS[-1],
            code="weak-pin",
        )


def new_badge() -> str:
    """130 random bits, as a code on a card says them."""
    return "PERRON-" + "".join(secrets.choice(CROCKFORD) for _ in range(26))


def is_badge(text: str) -> bool:
    return BADGE.fullmatch(text.strip().upper()) is not None


def badge_hash(text: str) -> bytes:
    return hash_of(text.strip().upper())
