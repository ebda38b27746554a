"""GS1 application identifiers that may stand beside a product number, and what their values hold.

GS1 General Specifications, chapter 3 (syntax dictionary of January 2026). Numbers of countries and
currencies are three digits here: whether one is given out is not looked up.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

from qr_walls.gtin import check_digit

_DIGITS = "0123456789"
# The 82 characters of ISO/IEC 646 that GS1 allows (General Specifications, figure 7.11-1).
_CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

# Identifiers; the parts of a value; of what one must stand beside it; what must not.
# N6 is six digits, X..20 up to twenty characters, [ ] may be left out, 310n is any number of
# decimals, and a word is a check of its own.
_ROWS = (
    ("01", "N14", "", ""),
    ("10", "X..20", "", ""),
    ("11 13 15 16 17", "N6:date", "", ""),
    ("20", "N2", "", ""),
    ("21", "X..20", "", "235"),
    ("22", "X..20", "", ""),
    ("235", "X..28", "", "21"),
    ("240 241", "X..30", "", ""),
    ("242", "N..6", "", ""),
    ("243", "X..20", "", ""),
    ("250", "X..30", "21", ""),
    ("251", "X..30", "", ""),
    ("30", "N..8", "", ""),
    (
        "310n 311n 312n 313n 314n 315n 316n 320n 321n 322n 323n 324n 325n 326n 327n 328n",
        "N6",
        "",
        "=",
    ),
    (
        "329n 330n 331n 332n 333n 334n 335n 336n 337n 340n 341n 342n 343n 344n 345n 346n",
        "N6",
        "",
        "=",
    ),
    (
        "347n 348n 349n 350n 351n 352n 353n 354n 355n 356n 357n 360n 361n 362n 363n 364n",
        "N6",
        "",
        "=",
    ),
    ("365n 366n 367n 368n 369n", "N6", "", "="),
    ("392n", "N..15", "30,31,32,35,36", "=,393"),
    ("393n", "N3 N..15", "30,31,32,35,36", "=,392"),
    ("395n", "N6", "30,31,32,35,36", "=,392,393,8005"),
    ("400", "X..30", "", ""),
    ("410 411 412 413 416", "N13:check", "", ""),
    ("420", "X..20", "", "421"),
    ("421", "N3 X..9", "", "420"),
    ("422 424", "N3", "", "426"),
    ("423 425", "N..15:countries", "", "426"),
    ("426", "N3", "", "422,423,424,425"),
    ("427", "X..3", "422", ""),
    ("7001", "N13", "", ""),
    ("7002", "X..30", "", ""),
    ("7003", "N6:day N4:time", "", ""),
    ("7004", "N..4", "10", ""),
    ("7005", "X..12", "", ""),
    ("7006", "N6:day", "", ""),
    ("7007", "N6:day [N6:day]", "", ""),
    ("7008", "X..3", "", ""),
    ("7009", "X..10", "", ""),
    ("7010", "X..2", "", ""),
    ("7011", "N6:day [N4:time]", "", ""),
    ("7020", "X..20", "416", ""),
    ("7021", "X..20", "", ""),
    ("7022", "X..20", "7021", ""),
    ("7023", "X..30", "", ""),
    ("7030 7031 7032 7033 7034 7035 7036 7037 7038 7039", "N3 X..27", "", ""),
    ("710 711 712 713 714 715 716", "X..20", "", ""),
    ("7230 7231 7232 7233 7234 7235 7236 7237 7238 7239", "X2 X..28", "", ""),
    ("7240", "X..20", "", ""),
    ("8001", "N14", "", ""),
    ("8002", "X..20", "", ""),
    ("8005", "N6", "", ""),
    ("8008", "N8:hour [N..4]", "", ""),
    ("8009", "X..50", "", ""),
    ("8012", "X..20", "", ""),
    ("8200", "X..70", "", ""),
    ("90", "X..30", "", ""),
    ("91 92 93 94 95 96 97 98 99", "X..90", "", ""),
)

_PART = re.compile(r"(?P<kind>[NX])(?P<upto>\.\.)?(?P<count>\d+)(:(?P<check>\w+))?")


class Part(NamedTuple):
    """A stretch of a value."""

    digits: bool
    least: int
    most: int
    check: str
    optional: bool


class Identifier(NamedTuple):
    """One of what it ``needs`` must stand beside it, nothing that it ``excludes``; both name
    identifiers by how they begin."""

    ai: str
    parts: tuple[Part, ...]
    needs: tuple[str, ...]
    excludes: tuple[str, ...]


class Fault(NamedTuple):
    """What is wrong with a value, and at which of its characters, counted from 0."""

    at: int
    sentence: str
    values: dict[str, object]


def named(ai: str) -> Identifier | None:
    """The identifier of these digits, if it may stand beside a product number."""
    return _table().get(ai)


def fault(identifier: Identifier, value: str) -> Fault | None:
    """What keeps ``value`` (a character for each byte) from being one of this identifier, or None."""
    start = 0
    for part in identifier.parts:
        taken = value[start : start + part.most]
        if part.optional and not taken:
            break
        if found := _fault(identifier.ai, part, taken):
            return found._replace(at=start + found.at)
        start += len(taken)
    if start == len(value):
        return None
    return Fault(
        start,
        "{ai} holds at most {most} characters, not {count}",
        {"ai": identifier.ai, "most": start, "count": len(value)},
    )


def conflict(identifier: Identifier, others: list[str]) -> tuple[str, dict[str, object]] | None:
    """What keeps it from standing beside these other identifiers: a sentence and its values."""
    for excluded in identifier.excludes:
        for other in others:
            if other.startswith(excluded):
                return "{ai} cannot stand beside {other}", {"ai": identifier.ai, "other": other}
    if identifier.needs and not any(other.startswith(identifier.needs) for other in others):
        needed = " or ".join(identifier.needs)
        return "{ai} means nothing without {needed}", {"ai": identifier.ai, "needed": needed}
    return None


def _fault(ai: str, part: Part, taken: str) -> Fault | None:
    allowed = _DIGITS if part.digits else _CHARACTERS
    kind = "digits" if part.digits else "the 82 characters of GS1"
    for index, character in enumerate(taken):
        if character not in allowed:
            shown = character if " " <= character <= "~" else quote(character, encoding="latin-1")
            sentence = "“{character}” cannot stand in {ai}, which holds {kind}"
            return Fault(index, sentence, {"character": shown, "ai": ai, "kind": kind})
    if len(taken) < part.least:
        sentence = "{ai} wants {least} characters here, not {count}"
        return Fault(len(taken), sentence, {"ai": ai, "least": part.least, "count": len(taken)})
    wrong = _CHECKS[part.check](taken) if part.check else None
    if wrong is None:
        return None
    check = _SAID[part.check]
    sentence = "“{part}” is no {check} as {ai} wants it"
    return Fault(wrong, sentence, {"part": taken, "check": check, "ai": ai})


_SAID = {
    "check": "number with its check digit",
    "date": "date, written YYMMDD with day 00 for a whole month,",
    "day": "date, written YYMMDD,",
    "hour": "hour, written YYMMDDHH,",
    "time": "time, written HHMM,",
    "countries": "list of countries, three digits each,",
}


def _bad_check_digit(digits: str) -> int | None:
    return None if check_digit(digits[:-1]) == digits[-1] else len(digits) - 1


def _bad_date(digits: str, first_day: int = 0) -> int | None:
    """Years are read as 20YY: which century is meant changes nothing but 29 February 2100."""
    year, month, day = (int(digits[start : start + 2]) for start in (0, 2, 4))
    if not 1 <= month <= 12:
        return 2
    days = (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return None if first_day <= day <= days else 4


def _bad_day(digits: str) -> int | None:
    return _bad_date(digits, first_day=1)


def _bad_hour(digits: str) -> int | None:
    bad = _bad_day(digits)
    return bad if bad is not None else None if int(digits[6:]) < 24 else 6


def _bad_time(digits: str) -> int | None:
    return 0 if int(digits[:2]) > 23 else 2 if int(digits[2:]) > 59 else None


def _bad_countries(digits: str) -> int | None:
    return len(digits) // 3 * 3 if len(digits) % 3 else None


_CHECKS: dict[str, Callable[[str], int | None]] = {
    "check": _bad_check_digit,
    "date": _bad_date,
    "day": _bad_day,
    "hour": _bad_hour,
    "time": _bad_time,
    "countries": _bad_countries,
}


@cache
def _table() -> dict[str, Identifier]:
    return {identifier.ai: identifier for row in _ROWS for identifier in _identifiers(*row)}


def _identifiers(ais: str, value: str, needs: str, excludes: str) -> Iterator[Identifier]:
    parts = tuple(_part(part) for part in value.split())
    needed = tuple(filter(None, needs.split(",")))
    for ai in ais.split():
        family = ai.removesuffix("n")
        # The same measure cannot be said twice, with other decimals.
        not_beside = tuple(filter(None, excludes.replace("=", family).split(",")))
        for decimals in _decimals(ai):
            yield Identifier(family + decimals, parts, needed, not_beside)


def _decimals(ai: str) -> str | tuple[str]:
    if not ai.endswith("n"):
        return ("",)
    return "0123456789" if ai in ("392n", "393n") else "012345"


def _part(text: str) -> Part:
    found = _PART.fullmatch(text.strip("[]"))
    assert found is not None, text
    most = int(found["count"])
    return Part(
        digits=found["kind"] == "N",
        least=1 if found["upto"] else most,
        most=most,
        check=found["check"] or "",
        optional=text.startswith("["),
    )
