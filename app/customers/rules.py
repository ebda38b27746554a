import hashlib
import hmac
import secrets
from uuid import UUID

LINK_HOLDS_S = 15 * 60
LINKS_AT_ONCE = 5
"""Mails to one address within a quarter of an hour: a mailbox is not to be filled by others."""
SESSION_S = 90 * 24 * 3600


def new_token() -> str:
    return secrets.token_urlsafe(24)


def hash_of(token: str) -> bytes:
    """What the database keeps of a link or a session."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def tidy(email: str) -> str:
    """One mailbox has one account, however somebody types its address."""
    return email.strip().lower()


def session_token(secret: str, link: str, command: UUID) -> str:
    """The same use of the same link gives the same session, so a lost answer can be asked again."""
    told = f"session {link} {command}".encode("utf-8", "replace")
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
