"""One row of a table, read cell by cell so that what is wrong can be named."""

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from babel.numbers import get_currency_precision

from qr_walls import gtin, measures, tokens, words
from qr_walls.errors import WallError
from qr_walls.model import Position, Product, UnitPrice
from qr_walls.words import Language

MOST_FACINGS = 99
_UNITS = ("kg", "l", "piece")
_LARGEST_PICTURE = 30_000_000  # bytes


class Reading(NamedTuple):
    """How a table is to be understood."""

    language: Language
    currency: str
    pictures: Path | None
    table: str = "Row"  # what an error calls a row of it


class Row:
    """Cells by the name of their column."""

    def __init__(self, number: int, cells: Mapping[Any, Any], reading: Reading) -> None:
        self.number, self._reading = number, reading
        if None in cells:
            raise self.wrong("It has more cells than the table has columns.")
        # On one line each: a cell of a spreadsheet may hold several, a sentence about it may not.
        self._cells = {name: " ".join((value or "").split()) for name, value in cells.items()}

    def cell(self, column: str) -> str:
        return self._cells.get(column, "")

    def has(self, column: str) -> bool:
        return bool(self.cell(column))

    @property
    def named(self) -> str:
        """The product as a sentence names it."""
        name = self.cell("name")[:60]
        return f"“{name}” ({self.gtin})" if name else f"the product {self.gtin}"

    @cached_property
    def gtin(self) -> str:
        try:
            return gtin.read(self.cell("gtin"))
        except WallError as error:
            raise self.wrong(str(error)) from error

    def place(self) -> tuple[int, int, int]:
        return self.whole("panel"), self.whole("shelf"), self.whole("position")

    def token(self) -> str:
        """As it is printed; empty where the row brings none."""
        try:
            return tokens.read(self.cell("token")) if self.has("token") else ""
        except WallError as error:
            raise self.wrong(str(error)) from error

    def position(self, random: Random | None) -> Position:
        facings = self.whole("facings")
        if facings > MOST_FACINGS:
            raise self.wrong(f"{facings} facings stand on no shelf: {MOST_FACINGS} do at most.")
        return Position(self.gtin, self.token() or tokens.new(random), facings)

    def product(self) -> Product:
        price = self._money("price")
        if price is None or not self.has("name"):
            raise self.wrong("A product needs a name and a price.")
        content = self.cell("content")
        return Product(
            gtin=self.gtin,
            names={self._reading.language: self.cell("name")},
            brand=self.cell("brand"),
            category=self.cell("category"),
            content=content,
            price=price,
            unit_price=self._unit_price(price, content),
            prior_price=self._money("prior_price"),
            offer=self.cell("offer"),
            deposit=self._money("deposit") or 0,
            age_limit=self.whole("age") or None,
            allergens=tuple(self.cell("allergens").replace(",", " ").split()),
            picture=self._picture(),
        )

    def whole(self, column: str) -> int:
        """A whole number; an empty cell is 0."""
        cell = self.cell(column) or "0"
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
            raise self.wrong(f"“{cell[:40]}” is no whole number for {column}.")
        return int(cell)

    def wrong(self, sentence: str) -> WallError:
        return WallError(
            "{table} {row}: {why}", table=self._reading.table, row=self.number, why=sentence
        )

    def _money(self, column: str) -> int | None:
        cell, currency = self.cell(column), self._reading.currency
        if not cell:
            return None
        try:
            amount = Decimal(cell.replace(",", ".")).scaleb(get_currency_precision(currency))
        except DecimalException as error:
            raise self.wrong(f"“{cell[:40]}” is no amount for {column}.") from error
        if not (amount.is_finite() and 0 <= amount < 10**12 and amount == int(amount)):
            raise self.wrong(f"“{cell[:40]}” is no amount of {currency}.")
        return int(amount)

    def _unit_price(self, price: int, content: str) -> UnitPrice | None:
        """As the table says, which its content must bear out; else from price and content."""
        amount, unit = self._money("unit_price"), self.cell("unit")
        if amount is None:
            return measures.unit_price(price, content)
        if unit not in _UNITS:
            raise self.wrong(f"A unit price is per kg, l or piece, not “{unit[:40]}”.")
        said = UnitPrice(amount, unit)
        if not measures.agrees(price, content, said):
            known = measures.unit_price(price, content) or UnitPrice(price, unit)
            raise self.wrong(
                f"{self.named} costs {self._amount(known.amount)} per {known.unit} if it holds "
                f"{content[:40]}, not {self._amount(amount)}. Content, price and unit price must "
                "agree (98/6/EC, article 2b)."
            )
        return said

    def _amount(self, amount: int) -> str:
        return words.money("en", amount, self._reading.currency)

    def _picture(self) -> bytes | None:
        name, folder = self.cell("picture"), self._reading.pictures
        if not name or folder is None:
            return None
        try:
            file = (folder / name).resolve()
            found = file.is_relative_to(folder.resolve()) and file.is_file()
            if found and file.stat().st_size <= _LARGEST_PICTURE:
                return file.read_bytes()
        except (OSError, ValueError) as error:  # a name no file can have
            raise self.wrong(f"{self.named} has no picture “{name[:80]}”.") from error
        why = "is larger than 30 MB" if found else "is not beside the table: there is no picture"
        raise self.wrong(f"The picture “{name[:80]}” of {self.named} {why}.")
