"""The catalogue as a file that an import takes back exactly.

Text that a spreadsheet would carry out as a formula gets an apostrophe in front (CWE-1236), which
the import takes off again. Rows are written in a thread: a hundred thousand take a while, and the
event loop belongs to shoppers.
"""

import asyncio
import csv
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision

from app.catalog.importing import cells
from app.catalog.importing.columns import COLUMNS, NUTRIENTS
from app.catalog.queries.imports import sheet_after
from app.db import Connection, Pool, begin
from app.errors import NotFound
from qr_walls import gtin as numbers

AT_ONCE = 2000
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""


async def as_csv(pool: Pool) -> AsyncIterator[bytes]:
    """In UTF-8, with semicolons and decimal commas, as spreadsheets of this country open it."""
    yield _lines([COLUMNS], BYTE_ORDER_MARK)
    async for rows in _parts(pool):
        yield await asyncio.to_thread(_csv_part, rows)


async def as_xlsx(pool: Pool) -> bytes:
    """Every cell is text: numbers keep their zeros, and nothing is ever a formula."""
    from openpyxl import Workbook  # heavy, and most processes never write a spreadsheet

    book = Workbook(write_only=True)
    sheet = book.create_sheet("catalogue")
    sheet.freeze_panes = "B2"
    sheet.append(list(COLUMNS))
    async for rows in _parts(pool):
        await asyncio.to_thread(_append, sheet, rows)
    file = BytesIO()
    await asyncio.to_thread(book.save, file)
    return file.getvalue()


async def cells_of(db: Connection, product_id: UUID) -> dict[str, str]:
    """One product as its row in a file: column → text. Raises NotFound."""
    rows = await sheet_after(db, "", 1, product_id)
    if not rows:
        raise NotFound("We do not know this product.")
    return dict(zip(COLUMNS, _cells_of(rows[0]), strict=True))


async def _parts(pool: Pool) -> AsyncIterator[list[dict[str, Any]]]:
    """Short transactions: somebody's slow download must not hold one open."""
    after = ""
    while True:
        async with begin(pool) as db:
            rows = await sheet_after(db, after, AT_ONCE)
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["gtin"]


def _csv_part(rows: list[dict[str, Any]]) -> bytes:
    return _lines([[cells.mask(cell) for cell in _cells_of(row)] for row in rows])


def _append(sheet: Any, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        sheet.append([_text_cell(sheet, cell) for cell in _cells_of(row)])


def _lines(rows: Sequence[Sequence[str]], start: str = "") -> bytes:
    # All cells are quoted: opened with another separator, text must not fall apart into formulas.
    text = StringIO(newline="")
    text.write(start)
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _text_cell(sheet: Any, text: str) -> Any:
    if not text:
        return None
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, cells.mask(text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _cells_of(row: dict[str, Any]) -> list[str]:
    nutrition = row["nutrition"]
    words = row | {
        "gtin": numbers.shortest(row["gtin"]),
        "more_codes": " ".join(numbers.shortest(code) for code in row["codes"]),
        "content": str(row["content_quantity"]),
        "unit": row["content_unit"],
        "price": _amount(row["price"], row["currency"]),
        "deposit": _amount(row["deposit"], row["currency"]),
        "age_limit": str(row["age_limit"] or ""),
        "weight_g": str(row["weight_g"] or ""),
        "allergens": " ".join(row["allergens"]),
        "on_sale": "yes" if row["on_sale"] else "no",
        "popularity": str(row["popularity"]),
        "most_per_basket": str(row["most_per_basket"] or ""),
        "by_weight": "yes" if row["by_weight"] else "no",
        "dated": "yes" if row["dated"] else "no",
    }
    words |= {column: _decimal(nutrition.get(key)) for column, key in NUTRIENTS.items()}
    return [words[column] for column in COLUMNS]


def _amount(amount: int, currency: str) -> str:
    return _decimal(Decimal(amount).scaleb(-get_currency_precision(currency)))


def _decimal(value: Any) -> str:
    return "" if value is None else f"{value}".replace(".", ",")
