"""A planogram as tables: one row per label, as it comes out of a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from typing import NamedTuple

from qr_walls import formats, gtin
from qr_walls.errors import WallError
from qr_walls.model import Panel, PanelFormat, Product, Shelf
from qr_walls.rows import Reading, Row
from qr_walls.words import Language

PLACE = ("panel", "shelf", "position", "gtin", "facings", "token", "format")
NEEDED = ("gtin", "name", "price")
PRODUCT = (
    *NEEDED,
    "brand",
    "category",
    "content",
    "unit_price",
    "unit",
    "prior_price",
    "offer",
    "deposit",
    "age",
    "allergens",
    "picture",
)
COLUMNS = tuple(dict.fromkeys((*PLACE, *PRODUCT)))


class Planogram(NamedTuple):
    """What the tables say."""

    panels: tuple[Panel, ...]
    products: dict[str, Product]
    placed: bool = True  # whether they say where things stand, or only what there is


def read(
    text: str,
    format: PanelFormat,
    *,
    products: str | None = None,
    language: Language = "nl",
    currency: str = "EUR",
    pictures: Path | None = None,
    random: Random | None = None,
) -> Planogram:
    """Panels, shelves and products of a CSV text (``;`` or ``,``, decimal point or comma).

    Either one table says where things stand and what they are, or ``products`` is a second one
    that says what they are. Rows stand in the order of their columns panel, shelf and position;
    a panel may have a ``format`` of its own. ``picture`` is a file in the folder ``pictures``. A
    row without a token gets a fresh one. Raises ``WallError`` naming the row (1 is the head of the
    table), the product, and the rule.
    """
    reading = Reading(language, currency, pictures)
    if products is None:
        rows = list(_rows(text, NEEDED, COLUMNS, reading))
        described = _described(rows)
    else:
        rows = list(_rows(text, ("gtin",), PLACE, reading))
        table = reading._replace(table="The product table, row")
        described = _described(list(_rows(products, NEEDED, PRODUCT, table)))
    if not rows:
        raise WallError("The table has no products.")
    _check(rows, described)
    rows.sort(key=Row.place)
    panels = tuple(
        _panel(list(panel), format, random)
        for _, panel in groupby(rows, key=lambda row: row.whole("panel"))
    )
    placed = any(row.has("panel") or row.has("shelf") for row in rows)
    return Planogram(panels, {row.gtin: described[row.gtin].product() for row in rows}, placed)


def _rows(
    text: str, needed: Sequence[str], known: Sequence[str], reading: Reading
) -> Iterator[Row]:
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    try:
        lines.fieldnames = _columns(lines.fieldnames or [], needed, known, reading)
        for cells in lines:
            if any(cells.values()):
                yield Row(lines.line_num, cells, reading)
    except csv.Error as error:
        raise WallError(
            "{table} {row} cannot be read as a row of a table: {why}.",
            table=reading.table,
            row=lines.line_num + 1,
            why=error,
        ) from error


def _columns(
    head: Sequence[str], needed: Sequence[str], known: Sequence[str], reading: Reading
) -> list[str]:
    found = [name.strip().lower() for name in head]
    missing = [name for name in needed if name not in found]
    odd = [name for name in found if name not in known]
    twice = [name for name in found if found.count(name) > 1]
    whose = "The product table" if reading.table != "Row" else "The table"
    if missing:
        raise WallError(whose + " lacks the column “{column}”.", column=missing[0])
    if odd:
        raise WallError(
            whose + " has a column “{column}”, which means nothing here.", column=odd[0][:40]
        )
    if twice:
        raise WallError(whose + " has two columns “{column}”.", column=twice[0])
    return found


def _described(rows: Sequence[Row]) -> dict[str, Row]:
    """The first row of each product describes it; another one must not say otherwise."""
    found: dict[str, Row] = {}
    for row in rows:
        first = found.setdefault(row.gtin, row)
        differs = next(
            (
                name
                for name in PRODUCT[1:]
                if row.has(name) and first.has(name) and row.cell(name) != first.cell(name)
            ),
            None,
        )
        if differs:
            raise row.wrong(
                f"{row.named} has another {differs} here, “{row.cell(differs)[:40]}”, than in row "
                f"{first.number}, “{first.cell(differs)[:40]}”. One product has one."
            )
    return found


def _check(rows: Sequence[Row], described: dict[str, Row]) -> None:
    """No unknown product, no place or token taken twice, no panel of two sizes."""
    places: dict[tuple[int, ...], Row] = {}
    tokens: dict[str, Row] = {}
    sizes: dict[int, Row] = {}
    for row in rows:
        if row.gtin not in described:
            raise row.wrong(f"The product {gtin.shortest(row.gtin)} is not in the product table.")
        who, place = described[row.gtin].named, row.place()
        if row.has("position") and (first := places.setdefault(place, row)) is not row:
            raise row.wrong(
                f"{who} stands at panel {place[0]}, shelf {place[1]}, position {place[2]}, where "
                f"row {first.number} has put {described[first.gtin].named} already."
            )
        token = row.token()
        if token and (first := tokens.setdefault(token, row)) is not row:
            raise row.wrong(f"The label of {who} has the code {token} of row {first.number}.")
        size = sizes.setdefault(row.whole("panel"), row)
        if row.cell("format") != size.cell("format"):
            raise row.wrong(
                f"Panel {row.whole('panel')} is “{row.cell('format')[:40]}” at {who} and "
                f"“{size.cell('format')[:40]}” in row {size.number}. A panel has one size."
            )


def _panel(rows: list[Row], format: PanelFormat, random: Random | None) -> Panel:
    name = rows[0].cell("format")
    try:
        size = formats.named(name) if name else format
    except WallError as error:
        raise rows[0].wrong(str(error)) from error
    shelves = groupby(rows, key=lambda row: row.whole("shelf"))
    return Panel(
        size, tuple(Shelf(tuple(row.position(random) for row in shelf)) for _, shelf in shelves)
    )
