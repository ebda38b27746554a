"""GS1 Digital Links of products: an address that names a trade item, and perhaps its lot or serial.

GS1 Digital Link Standard: URI Syntax 1.6. The path ends in ``/01/`` and the 14 digits of the GTIN,
then come qualifiers in their order, 22, 10 and 21, or 235 alone (4.3); any path may stand before
(4.2). Other identifiers are data attributes in the query; what there is not all digits belongs to
somebody else and is kept as it is. Nothing is guessed: an address is right, or its first wrong
character is named.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn
from urllib.parse import quote

import msgspec

from qr_walls import gtin as gtins
from qr_walls import identifiers
from qr_walls.errors import BadDigitalLink, BadGtin

Element = tuple[str, str]  # an application identifier and its value

CANONICAL_ORIGIN = "https://id.gs1.org"
QUALIFIERS = (("22", "10", "21"), ("235",))
LONGEST = 2000  # characters; longer ones do not fit into browsers, nor 300 into a code on a wall

_OTHER_KEYS = {
    "00": "a parcel", "253": "a document", "255": "a coupon", "401": "a consignment",
    "402": "a shipment", "414": "a place", "415": "an invoicing party", "417": "a party",
    "8003": "a returnable crate", "8004": "an asset", "8006": "a part of a trade item",
    "8010": "a component", "8013": "a model", "8017": "a service provider",
    "8018": "a service recipient",
}  # fmt: skip
# Names that stood for numbers until URI Syntax 1.2 took them out.
_ALPHAS = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21"}
_NOT_IN_ADDRESSES = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|%(?![0-9A-Fa-f]{2})")
_ORIGIN = re.compile(r"(?i:https?)://")
_HOST = re.compile(r"[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\]")
_PORT = re.compile(r":(?P<port>\d+)")
_COMPRESSED = re.compile(r"[0-9A-Za-z_-]{10,}")


class DigitalLink(msgspec.Struct, frozen=True):
    """What an address says. Values are plain text; ``stem`` and ``extras`` are as in the address."""

    gtin: str  # 14 digits
    qualifiers: tuple[Element, ...] = ()
    attributes: tuple[Element, ...] = ()
    origin: str = CANONICAL_ORIGIN  # scheme, host and port
    stem: str = ""  # the path before the key: "/KK56AR7"
    extras: tuple[str, ...] = ()  # what else the query says: "linkType=all"


def read(text: str) -> DigitalLink:
    """What this address says. Raises ``BadDigitalLink``, which knows the position.

    Convenience names (``/gtin/``) and compressed addresses are refused, and so are keys of other
    things than products. A fragment is ignored.
    """
    origin, path, query = _address(text)
    key = _key(text, path)
    gtin = _gtin(path[key + 1])
    qualifiers = tuple(_qualifiers(path[key + 2 :]))
    attributes, extras = _query(query, [ai for ai, _ in qualifiers])
    stem = text[len(origin) : path[key].start - 1]
    return DigitalLink(gtin, qualifiers, attributes, origin, stem, extras)


def write(link: DigitalLink) -> str:
    """The address that says this. Raises ``BadDigitalLink`` (its position is that in the address
    which would have been written) and ``BadGtin``."""
    path = "".join(f"/{ai}/{_quoted(value)}" for ai, value in link.qualifiers)
    query = "&".join([*(f"{ai}={_quoted(value)}" for ai, value in link.attributes), *link.extras])
    start = f"{link.origin}{link.stem}/01/{gtins.read(link.gtin)}"
    text = f"{start}{path}?{query}" if query else f"{start}{path}"
    if read(text) != link:
        raise BadDigitalLink("“{text}” would be read as something else.", position=0, text=text)
    return text


def canonical(link: DigitalLink) -> str:
    """The one address for the same thing (URI Syntax 1.6, 4.12): GS1's own host, no stem, nothing
    that is not GS1's. Attributes stand in the order of their identifiers."""
    ordered = tuple(sorted(link.attributes))
    return write(DigitalLink(link.gtin, link.qualifiers, ordered))


def is_valid(text: str) -> bool:
    """Whether ``read`` would take it."""
    try:
        read(text)
    except BadDigitalLink:
        return False
    return True


class _Piece(NamedTuple):
    """A part of the path or query, and where in the address it begins."""

    start: int
    raw: str


def _address(text: str) -> tuple[str, list[_Piece], list[_Piece]]:
    """Scheme with host and port, the segments of the path, the parts of the query."""
    if len(text) > LONGEST:
        _refuse(LONGEST, "an address has at most {most} characters", most=LONGEST)
    if wrong := _NOT_IN_ADDRESSES.search(text):
        _refuse(wrong.start(), "“{character}” has to be percent-encoded", character=wrong[0])
    scheme = _ORIGIN.match(text)
    if scheme is None:
        _refuse(0, "a Digital Link begins with http:// or https://")
    origin = text[: _end_of_host(text, scheme.end())]
    address = text.partition("#")[0]
    path, mark, query = address[len(origin) :].partition("?")
    if not path.startswith("/"):
        _refuse(len(origin), "“/” has to follow the host")
    return (
        origin,
        list(_pieces(path[1:], "/", len(origin) + 1)),
        list(_pieces(query, "&", len(origin) + len(path) + 1)) if mark else [],
    )


def _end_of_host(text: str, start: int) -> int:
    host = _HOST.match(text, start)
    if host is None:
        _refuse(start, "a host has to follow “://”")
    port = _PORT.match(text, host.end())
    if port and not 1 <= int(port["port"][:6]) <= 65535:
        _refuse(port.start("port"), "there is no port {port}", port=port["port"][:20])
    end = port.end() if port else host.end()
    if end < len(text) and text[end] not in "/?#":
        _refuse(end, "“{character}” cannot stand in a host", character=text[end])
    return end


def _pieces(text: str, separator: str, start: int) -> Iterator[_Piece]:
    for raw in text.split(separator):
        yield _Piece(start, raw)
        start += len(raw) + 1


def _key(text: str, path: list[_Piece]) -> int:
    """Which segment is the key: the last one, counted in pairs from the end (4.2)."""
    for place in range(len(path) - 2, -1, -2):
        start, raw = path[place]
        if raw == "01":
            return place
        if raw in _OTHER_KEYS:
            what = _OTHER_KEYS[raw]
            _refuse(start, "{ai} names {what}, and only products (01) are read", ai=raw, what=what)
        _refuse_alpha(start, raw)
    return _no_key(text, path)


def _refuse_alpha(start: int, raw: str) -> None:
    if raw.lower() in _ALPHAS:
        said = _ALPHAS[raw.lower()]
        _refuse(start, "“{name}” is no longer allowed: write {said}", name=raw, said=said)


def _no_key(text: str, path: list[_Piece]) -> NoReturn:
    last = path[-1]
    named = any(raw == "01" for _, raw in path[:-1])
    if named and not last.raw:
        _refuse(last.start - 1, "a Digital Link does not end in “/”")
    if (named or len(path) == 1) and _COMPRESSED.fullmatch(last.raw) and not last.raw.isdigit():
        _refuse(last.start, "a compressed link is not read: write it out, with /01/ and 14 digits")
    if named:
        _refuse(last.start, "“{raw}” stands without a value", raw=last.raw)
    end = len(text.partition("#")[0].partition("?")[0])
    _refuse(end, "/01/ and the 14 digits of a product are missing")


def _gtin(piece: _Piece) -> str:
    value = _decoded(piece.raw)
    if value.isdigit() and len(value) != 14:
        sentence = "a product number has all its 14 digits here, not {count}"
        _refuse(piece.start, sentence, count=len(value))
    _check(piece, "01", value)
    try:
        return gtins.read(value)
    except BadGtin as error:
        last = piece.start + _place(piece.raw, 13)
        raise BadDigitalLink(error.sentence, position=last, **error.values) from error


def _qualifiers(path: list[_Piece]) -> Iterator[Element]:
    said: list[str] = []
    for name, value in zip(path[::2], path[1::2], strict=True):
        ai = name.raw
        if not any(ai in order for order in QUALIFIERS):
            known = identifiers.named(ai)
            sentence = "{ai} belongs behind “?”" if known else "“{ai}” does not qualify a product"
            _refuse(name.start, sentence, ai=ai)
        said.append(ai)
        if not _in_order(said):
            sentence = "{ai} is in the wrong place: 22, 10, 21 is the order, or 235 alone"
            _refuse(name.start, sentence, ai=ai)
        yield ai, _checked(value, ai)


def _in_order(said: list[str]) -> bool:
    return any([ai for ai in order if ai in said] == said for order in QUALIFIERS)


def _query(query: list[_Piece], path: list[str]) -> tuple[tuple[Element, ...], tuple[str, ...]]:
    attributes: dict[str, str] = {}
    places: dict[str, int] = {}
    extras = []
    for start, raw in query:
        ai, _, _ = raw.partition("=")
        if ai.isdigit():
            _check_name(start, ai, path, attributes)
            attributes[ai] = _attribute(_Piece(start, raw), ai)
            places[ai] = start
        elif raw:
            extras.append(raw)
    for ai, start in places.items():
        _check_company(ai, [other for other in (*path, *attributes) if other != ai], start)
    return tuple(attributes.items()), tuple(extras)


def _check_name(start: int, ai: str, path: list[str], attributes: dict[str, str]) -> None:
    if ai == "01" or ai in path or ai in attributes:
        _refuse(start, "{ai} is said twice", ai=ai)
    if identifiers.named(ai) is None:
        _refuse(start, "{ai} is no application identifier of products", ai=ai[:20])
    if any(ai in order and _in_order(_sorted([*path, ai], order)) for order in QUALIFIERS):
        _refuse(start, "{ai} belongs into the path", ai=ai)


def _sorted(said: list[str], order: tuple[str, ...]) -> list[str]:
    return sorted(said, key=lambda ai: order.index(ai) if ai in order else -1)


def _attribute(piece: _Piece, ai: str) -> str:
    if "+" in piece.raw:
        at = piece.start + piece.raw.index("+")
        _refuse(at, "“+” may mean a space behind “?”: write %2B")
    begin = min(len(ai) + 1, len(piece.raw))
    return _checked(_Piece(piece.start + begin, piece.raw[begin:]), ai)


def _check_company(ai: str, others: list[str], start: int) -> None:
    identifier = identifiers.named(ai)
    if identifier and (found := identifiers.conflict(identifier, others)):
        _refuse(start, found[0], **found[1])


def _checked(piece: _Piece, ai: str) -> str:
    value = _decoded(piece.raw)
    _check(piece, ai, value)
    return value


def _decoded(raw: str) -> str:
    """Byte by byte: what is not ASCII stands in nobody's value, and is refused with its place."""
    return re.sub("%(..)", lambda found: chr(int(found[1], 16)), raw)


def _check(piece: _Piece, ai: str, value: str) -> None:
    identifier = identifiers.named(ai)
    assert identifier is not None
    if found := identifiers.fault(identifier, value):
        _refuse(piece.start + _place(piece.raw, found.at), found.sentence, **found.values)


def _place(raw: str, index: int) -> int:
    """Where in the encoded text the character ``index`` of the decoded one stands."""
    starts = [found.start() for found in re.finditer("%..|.", raw)]
    return starts[index] if index < len(starts) else len(raw)


def _quoted(value: str) -> str:
    """Everything but letters, digits and -._~ is percent-encoded (4.6)."""
    return quote(value, safe="", errors="surrogatepass")


def _refuse(position: int, sentence: str, **values: object) -> NoReturn:
    raise BadDigitalLink(
        "At character {place}: " + sentence + ".", position=position, place=position + 1, **values
    )
