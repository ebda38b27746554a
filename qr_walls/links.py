"""The address inside a wall's QR code: ``HTTPS://HOST/<TOKEN>/01/<GTIN14>``.

An uncompressed GS1 Digital Link (URI Syntax 1.6, 4.2: any path may stand before the key, here
the token of the printed label; 4.3: AI 01 with 14 digits), wholly in upper case, so that it fits
QR's alphanumeric mode and needs 29 modules where the usual lower-case form needs 33 to 41.
"""

import re
from urllib.parse import urlsplit

import msgspec

from qr_walls import gtin as gtins
from qr_walls import tokens
from qr_walls.errors import BadGtin, BadToken, UnreadableLink, WallError

_LONGEST = 300
_ADDRESS = re.compile(
    r"https?://(?P<host>[a-z0-9.-]+)(:\d{1,5})?/(?P<token>[^/]+)/01/(?P<gtin>\d+)",
    re.IGNORECASE | re.ASCII,
)
_PRINTABLE_HOST = re.compile(r"[A-Z0-9.-]+(:\d{1,5})?", re.ASCII)


class Link(msgspec.Struct, frozen=True):
    """What a code says: which printed label it is, and the product printed on it."""

    token: str  # 7 characters, upper case
    gtin: str  # 14 digits


def write(base_url: str, token: str, gtin: str) -> str:
    """The text of one code. ``base_url`` gives scheme, host and port: ``https://shop.example``.

    Raises ``WallError`` for a base url that cannot be printed, ``BadToken`` and ``BadGtin``.
    """
    return f"{origin(base_url)}/{tokens.read(token)}/01/{gtins.read(gtin)}"


def origin(base_url: str) -> str:
    """``HTTPS://SHOP.EXAMPLE``: scheme, host and port in upper case (RFC 3986 6.2.2.1)."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise WallError("“{url}” is not the address of a shop.", url=base_url[:80])
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise WallError(
            "“{url}” cannot be printed: give the shop's address without a path.",
            url=base_url[:80],
        )
    host = parts.netloc.upper()
    if not _PRINTABLE_HOST.fullmatch(host):
        raise WallError(
            "“{url}” cannot be printed: a host in a code has only letters, digits, dots, hyphens.",
            url=base_url[:80],
        )
    return f"{parts.scheme.upper()}://{host}"


def short(base_url: str, token: str) -> str:
    """The same label as a person types it: ``shop.example/kk56ar7``."""
    return f"{origin(base_url).partition('://')[2]}/{tokens.read(token)}".lower()


def read(text: str) -> Link:
    """What a scanned text says, on whatever host and in whatever case. Raises ``UnreadableLink``.

    The host is not judged: a shop that has moved still finds its old posters on the walls.
    """
    found = _ADDRESS.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise UnreadableLink("This code is not from one of our walls.")
    try:
        return Link(tokens.read(found["token"]), _whole(found["gtin"]))
    except (BadToken, BadGtin) as error:
        raise UnreadableLink(error.sentence, **error.values) from error


def _whole(digits: str) -> str:
    """In an address a GTIN always has all its 14 digits (URI Syntax 1.6, 4.3)."""
    if len(digits) != 14:
        raise BadGtin("A code from our walls has 14 digits, this one {count}.", count=len(digits))
    return gtins.read(digits)
