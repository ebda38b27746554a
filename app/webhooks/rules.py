"""Who may be called, how a message is signed, and when to try again."""

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import Unprocessable

PREFIX = "whsec_"
WAITS_S = (5, 30, 120, 600, 3600, 6 * 3600)
GIVE_UP_AFTER = timedelta(hours=72)
SECRET_BYTES, NONCE_BYTES = 32, 12

_PRINTED = re.compile(r"[\x21-\x7e]+")


def check_url(url: str) -> str:
    """`https://host/path` on port 443, without a password. Raises Unprocessable."""
    try:
        parts = urlsplit(url)
        plain = parts.port in (None, 443) and not parts.username and not parts.fragment
        (parts.hostname or "").encode("idna")
    except ValueError:
        plain = False
    spelled = _PRINTED.fullmatch(url)
    if not (plain and spelled) or parts.scheme != "https" or not parts.hostname or len(url) > 500:
        raise Unprocessable(
            "Give an address that begins with https:// and has no port and no password."
        )
    return url


def check_kinds(kinds: Sequence[str], known: Sequence[str]) -> None:
    """Raises Unprocessable for one that never happens: nobody would ever hear of it."""
    for kind in kinds:
        if kind not in known and kind != "*":
            raise Unprocessable(
                "There is no event called {kind}. Choose from the list below it.",
                code="no-such-kind",
                kind=kind[:60],
            )


def is_public(address: str) -> bool:
    """Whether it is somebody else's server on the internet: nothing of ours, nothing in between.

    IPv4 inside IPv6 counts as what it carries.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner:
            return is_public(str(inner))
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def message_id(endpoint_id: UUID, aggregate: UUID, number: int) -> str:
    """The same event for the same endpoint has the same id, however often it is sent."""
    return f"msg_{endpoint_id.hex[:12]}_{aggregate.hex}_{number}"


def sign(secrets: Sequence[bytes], id: str, at: datetime, body: bytes) -> str:
    """One signature per live secret, with a space between, as the standard wants."""
    stamp = f"{id}.{int(at.timestamp())}.".encode()
    return " ".join(
        "v1," + base64.b64encode(hmac.digest(secret, stamp + body, hashlib.sha256)).decode()
        for secret in secrets
    )


def as_text(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()


def wait_after(attempts: int, luck: float) -> timedelta:
    """`luck` in 0..1 spreads the crowd after a receiver was away."""
    seconds = WAITS_S[min(attempts, len(WAITS_S) - 1)]
    return timedelta(seconds=seconds * (0.75 + 0.5 * luck))


def seal(secret: bytes, shop_secret: str, nonce: bytes) -> bytes:
    """For the database: without the shop's own secret nobody can sign with it."""
    return nonce + AESGCM(_key(shop_secret)).encrypt(nonce, secret, b"webhook")


def open_sealed(sealed: bytes, shop_secret: str) -> bytes:
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(_key(shop_secret)).decrypt(nonce, rest, b"webhook")


def _key(shop_secret: str) -> bytes:
    return hmac.digest(shop_secret.encode(), b"webhook secrets", hashlib.sha256)
