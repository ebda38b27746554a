"""The address inside a wall's QR code: ``HTTPS://HOST/<TOKEN>/01/<GTIN14>``.

An uncompressed GS1 Digital Link (URI Syntax 1.6, 4.2: any path may stand before the key, here
the token of the printed label; 4.3: AI 01 with 14 digits), wholly in upper case, so that it fits
QR's alphanumeric mode and needs 29 modules where the usual lower-case form needs 33 to 41.
"""

import re
from urllib.parse import urlsplit

import msgspec

from qr_walls import digital_link, tokens
from qr_walls import gtin as gtins
from qr_walls.digital_link import DigitalLink
from qr_walls.errors import BadDigitalLink, BadGtin, BadToken, UnreadableLink, WallError

_LONGEST = 300
_PRINTABLE_HOST = re.compile(r"[A-Z0-9.-]+(:\d{1,5})?", re.ASCII)
_NOT_OURS = "This code is not from one of our walls."


class Link(msgspec.Struct, frozen=True):
    """What a code says: which printed label it is, and the product printed on it."""

    token: str  # 7 characters, upper case
    gtin: str  # 14 digits


def write(base_url: str, token: str, gtin: str) -> str:
    """The text of one code. ``base_url`` gives scheme, host and port: ``https://shop.example``.

    Raises ``WallError`` for a base url that cannot be printed, ``BadToken`` and ``BadGtin``.
    """
    return digital_link.write(_label(origin(base_url), f"/{tokens.read(token)}", gtin))


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
    try:
        link = digital_link.read(text[: _LONGEST + 1])
    except BadDigitalLink as error:
        if isinstance(mistyped := error.__cause__, BadGtin):
            raise UnreadableLink(mistyped.sentence, **mistyped.values) from error
        raise UnreadableLink(_NOT_OURS) from error
    if link != _label(link.origin, link.stem, link.gtin) or len(text) > _LONGEST:
        raise UnreadableLink(_NOT_OURS)
    try:
        return Link(tokens.read(link.stem[1:]), link.gtin)
    except BadToken as error:
        raise UnreadableLink(error.sentence, **error.values) from error


def _label(origin: str, stem: str, gtin: str) -> DigitalLink:
    """A link that names a printed label and its product, and nothing else."""
    return DigitalLink(gtins.read(gtin), origin=origin, stem=stem)
