import hashlib
import secrets

from app.errors import Malformed

ACCOUNT_FAILURES = 10
ADDRESS_FAILURES = 50
"""More than an account's: a whole shop sits behind one address."""
FAILURES_FADE_AFTER_S = 15 * 60
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


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
