"""What a scanner read on a pack: which product, and perhaps what it weighs and how long it keeps.

GS1 General Specifications: 3.4 (dates, AI 15 and 17), 3.6.2 (net weight, AI 310n), 2.1.12 (numbers
of the shop itself: 2, item, grams, check digit). GS1 Digital Link 1.6, 4.11 (the same in a link).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl

import msgspec

from qr_walls import gtin

_LINKED = re.compile(r"^https?://\S+/01/([0-9]{8,14})(?![0-9])", re.IGNORECASE | re.ASCII)
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9]")
_SEPARATOR = "\x1d"
_FIXED = {"01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
"""Digits that follow an identifier whose length is known; the rest ends at a separator."""
_NET_WEIGHT = re.compile(r"310([0-5])", re.ASCII)
_OWN = re.compile(r"2[0-9]{12}", re.ASCII)


class Scanned(msgspec.Struct, frozen=True):
    """`item` is the shop's own number on a label of its scale, with the grams beside it."""

    gtin: str
    item: str | None = None
    grams: int | None = None
    best_before: date | None = None


def read_scan(text: str) -> Scanned:
    """Bars in any length, a wall's code, a GS1 Digital Link, an element string with AI 01, or the
    label of the shop's own scale. Raises BadGtin."""
    text = text.strip()
    linked = _LINKED.search(text)
    if linked:
        _, _, query = text.partition("#")[0].partition("?")
        return _scanned(gtin.read(linked[1]), dict(parse_qsl(query)))
    elements = dict(_elements(text))
    if "01" in elements:
        return _scanned(gtin.read(elements["01"]), elements)
    digits = text.removeprefix("0") if len(text) == 14 else text
    if _OWN.fullmatch(digits):
        return Scanned(gtin.read(digits), item=digits[:7], grams=int(digits[7:12]))
    return Scanned(gtin.read(text))


def _scanned(number: str, said: dict[str, str]) -> Scanned:
    dated = _day(said.get("17", "")) or _day(said.get("15", ""))
    return Scanned(number, grams=_grams(said), best_before=dated)


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """`]C101…17…` as scanners send it, or `(01)…(17)…` as people type it."""
    text = _SYMBOLOGY.sub("", text).replace("(", _SEPARATOR).replace(")", "").lstrip(_SEPARATOR)
    if not text.startswith("01") or len(text) < 16:
        return
    while text:
        ai = text[:4] if _NET_WEIGHT.match(text) else text[:2]
        length = 6 if len(ai) == 4 else _FIXED.get(ai)
        end = len(ai) + length if length else (text + _SEPARATOR).index(_SEPARATOR)
        yield ai, text[len(ai) : end]
        text = text[end:].lstrip(_SEPARATOR)


def _grams(said: dict[str, str]) -> int | None:
    for ai, value in said.items():
        net = _NET_WEIGHT.fullmatch(ai)
        if net and re.fullmatch(r"[0-9]{6}", value, re.ASCII):
            return int(value) * 1000 // int("1" + "0" * int(net[1]))
    return None


def _day(digits: str) -> date | None:
    """YYMMDD; day 00 is the last of its month. What is no day is not there."""
    if not re.fullmatch(r"[0-9]{6}", digits, re.ASCII):
        return None
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
