"""A planogram as a table: one row per label, as it comes out of a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path
from random import Random
from typing import NamedTuple

from babel.numbers import get_currency_precision

from qr_walls import gtin, tokens
from qr_walls.errors import WallError
from qr_walls.model import Panel, PanelFormat, Position, Product, Shelf, UnitPrice
from qr_walls.words import Language

NEEDED = ("gtin", "name", "price")
COLUMNS = (
    "panel",
    "shelf",
    "position",
    *NEEDED,
    "token",
    "facings",
    "brand",
    "category",
    "content",
    "unit_price",
    "unit",
    "prior_price",
    "offer",
    "deposit",
    "age",
    "picture",
)
_UNITS = ("kg", "l", "piece")


class Planogram(NamedTuple):
    """What a table says."""

    panels: tuple[Panel, ...]
    products: dict[str, Product]


def read(
    text: str,
    format: PanelFormat,
    *,
    language: Language = "nl",
    currency: str = "EUR",
    pictures: Path | None = None,
    random: Random | None = None,
) -> Planogram:
    """Panels, shelves and products of a CSV text (``;`` or ``,``, decimal point or comma).

    Rows stand in the order of their columns panel, shelf and position. ``picture`` is a file in
    the folder ``pictures``. A row without a token gets a fresh one. Raises ``WallError`` naming
    the row (1 is the head of the table).
    """
    rows = [_Row(number, cells, language, currency) for number, cells in _cells(text)]
    if not rows:
        raise WallError("The table has no products.")
    rows.sort(key=lambda row: (row.whole("panel"), row.whole("shelf"), row.whole("position")))
    panels = tuple(
        Panel(format, tuple(_shelves(list(panel), random)))
        for _, panel in groupby(rows, key=lambda row: row.whole("panel"))
    )
    return Planogram(panels, {row.gtin: row.product(pictures) for row in rows})


def _cells(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    found = [name.strip().lower() for name in lines.fieldnames or []]
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise WallError("The table lacks the column “{column}”.", column=missing[0])
    unknown = [name for name in found if name not in COLUMNS]
    if unknown:
        raise WallError(
            "The table has a column “{column}”, which means nothing here.", column=unknown[0][:40]
        )
    lines.fieldnames = found
    for row in lines:
        if any(row.values()):
            yield (
                lines.line_num,
                {name: (value or "").strip() for name, value in row.items() if name is not None},
            )


def _shelves(rows: list["_Row"], random: Random | None) -> Iterator[Shelf]:
    for _, shelf in groupby(rows, key=lambda row: row.whole("shelf")):
        yield Shelf(tuple(row.position(random) for row in shelf))


class _Row:
    """One row, read cell by cell so that what is wrong can be named."""

    def __init__(
        self, number: int, cells: Mapping[str, str], language: Language, currency: str
    ) -> None:
        self._number, self._cells = number, cells
        self._language, self._currency = language, currency

    @property
    def gtin(self) -> str:
        try:
            return gtin.read(self._cells["gtin"])
        except WallError as error:
            raise self._wrong(str(error)) from error

    def position(self, random: Random | None) -> Position:
        token = self._cells.get("token")
        try:
            name = tokens.read(token) if token else tokens.new(random)
        except WallError as error:
            raise self._wrong(str(error)) from error
        return Position(self.gtin, name, self.whole("facings"))

    def product(self, pictures: Path | None) -> Product:
        price = self._money("price")
        if price is None or not self._cells["name"]:
            raise self._wrong("A product needs a name and a price.")
        return Product(
            gtin=self.gtin,
            names={self._language: self._cells["name"]},
            brand=self._cells.get("brand", ""),
            category=self._cells.get("category", ""),
            content=self._cells.get("content", ""),
            price=price,
            unit_price=self._unit_price(),
            prior_price=self._money("prior_price"),
            offer=self._cells.get("offer", ""),
            deposit=self._money("deposit") or 0,
            age_limit=self.whole("age") or None,
            picture=self._picture(pictures),
        )

    def whole(self, column: str) -> int:
        """A whole number; an empty cell is 0."""
        cell = self._cells.get(column) or "0"
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
            raise self._wrong(f"“{cell[:40]}” is no whole number for {column}.")
        return int(cell)

    def _money(self, column: str) -> int | None:
        cell = self._cells.get(column)
        if not cell:
            return None
        try:
            amount = Decimal(cell.replace(",", ".")).scaleb(get_currency_precision(self._currency))
        except InvalidOperation as error:
            raise self._wrong(f"“{cell[:40]}” is no amount for {column}.") from error
        if not (amount.is_finite() and 0 <= amount < 10**12 and amount == int(amount)):
            raise self._wrong(f"“{cell[:40]}” is no amount of {self._currency}.")
        return int(amount)

    def _unit_price(self) -> UnitPrice | None:
        amount, unit = self._money("unit_price"), self._cells.get("unit")
        if amount is None:
            return None
        if unit not in _UNITS:
            raise self._wrong(f"A unit price is per kg, l or piece, not “{unit or ''}”.")
        return UnitPrice(amount, unit)

    def _picture(self, folder: Path | None) -> bytes | None:
        name = self._cells.get("picture")
        if not name or folder is None:
            return None
        file = (folder / name).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            raise self._wrong(f"There is no picture “{name[:80]}” beside the table.")
        return file.read_bytes()

    def _wrong(self, sentence: str) -> WallError:
        return WallError("Row {row}: {why}", row=self._number, why=sentence)
