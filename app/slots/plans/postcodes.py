"""Where postcodes are, from a file of GeoNames (download.geonames.org/export/zip, readme.txt): twelve
columns with tabs between them and no heading, one postcode a row."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import msgspec

Point: TypeAlias = tuple[str, str, float, float]
"""Country, code without spaces, latitude, longitude."""
COLUMNS = 12
MOST_ROWS = 2_000_000
MOST_COMPLAINTS = 100
CODE = re.compile(r"[A-Z0-9]{2,10}", re.ASCII)
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", re.ASCII)


def N_(sentence: str) -> str:
    return sentence


NOT_UTF8 = N_("This file is not UTF-8 text.")
EMPTY = N_("There is nothing in this file.")
TOO_MANY_ROWS = N_("This file has more than {most} rows. Please split it.")
NOT_TWELVE = N_("This row has {count} columns; a file of GeoNames has 12, with tabs between them.")
NO_COUNTRY = N_("“{text}” is no country of two letters, like NL.")
NO_CODE = N_("“{text}” is no postcode.")
NO_DEGREES = N_("“{text}” is no point in degrees, like 52.09 and 5.12.")
NOWHERE = N_("Nobody lives at 0, 0: this point was never measured.")


class Complaint(msgspec.Struct, frozen=True):
    """Row 0 is the file as a whole."""

    row: int
    sentence: str
    values: Mapping[str, str | int] = {}


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """With one wrong row nothing of a file is taken. `wrong` may be more than the complaints shown."""

    rows: int
    points: list[Point]
    complaints: list[Complaint]
    wrong: int


class _Wrong(Exception):
    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence)
        self.sentence, self.values = sentence, values


def read(content: bytes) -> Read:
    """All points of a file, one for each postcode: the middle where it stands there more than once.
    Areas of Dutch postcodes that have no row of their own get the middle of theirs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(NOT_UTF8)
    if text.count("\n") > MOST_ROWS:
        return _refused(TOO_MANY_ROWS, most=MOST_ROWS)
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    complaints, wrong, rows = [], 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        rows += 1
        try:
            country, code, latitude, longitude = _point(line.rstrip("\r"))
        except _Wrong as error:
            wrong += 1
            if wrong <= MOST_COMPLAINTS:
                complaints.append(Complaint(number, error.sentence, error.values))
        else:
            found.setdefault((country, code), []).append((latitude, longitude))
    if not rows:
        return _refused(EMPTY)
    points = [(*key, *_middle(places)) for key, places in found.items()]
    return Read(rows=rows, points=[*points, *_areas(points)], complaints=complaints, wrong=wrong)


def _refused(sentence: str, **values: str | int) -> Read:
    return Read(rows=0, points=[], complaints=[Complaint(0, sentence, values)], wrong=1)


def _point(line: str) -> Point:
    cells = line.split("\t")
    if len(cells) != COLUMNS:
        raise _Wrong(NOT_TWELVE, count=len(cells))
    country, code = cells[0].strip().upper(), re.sub(r"[ -]", "", cells[1]).upper()
    if not re.fullmatch(r"[A-Z]{2}", country, re.ASCII):
        raise _Wrong(NO_COUNTRY, text=cells[0][:20])
    if not CODE.fullmatch(code):
        raise _Wrong(NO_CODE, text=cells[1][:20])
    latitude, longitude = _degrees(cells[9], 90), _degrees(cells[10], 180)
    if latitude == longitude == 0:
        raise _Wrong(NOWHERE)
    return country, code, latitude, longitude


def _degrees(cell: str, most: int) -> float:
    text = cell.strip()
    if not DEGREES.fullmatch(text) or abs(float(text)) > most:
        raise _Wrong(NO_DEGREES, text=cell[:20])
    return float(text)


def _middle(places: list[tuple[float, float]]) -> tuple[float, float]:
    count = len(places)
    return math.fsum(one[0] for one in places) / count, math.fsum(one[1] for one in places) / count


def _areas(points: list[Point]) -> Iterator[Point]:
    known = {code for country, code, *_ in points if country == "NL"}
    of_area: dict[str, list[tuple[float, float]]] = {}
    for country, code, latitude, longitude in points:
        if country == "NL" and len(code) == 6 and code[:4] not in known:
            of_area.setdefault(code[:4], []).append((latitude, longitude))
    for area, places in of_area.items():
        yield ("NL", area, *_middle(places))
