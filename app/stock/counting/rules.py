"""Reading a list of counts: a CSV file with `gtin` and `counted`, as every spreadsheet writes it."""

import csv
import io
from collections.abc import Iterator, Sequence

from app.errors import Unprocessable
from app.stock.counting.models import Read, Unread

MOST_ROWS = 20_000
MOST_PIECES = 1_000_000


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def read(body: bytes) -> Read:
    """GTIN → counted. Two rows of one product count together: it stood on two shelves.

    Raises Unprocessable when it is no such file at all.
    """
    counted: dict[str, int] = {}
    unread: list[Unread] = []
    for number, cells in rows(body, ("gtin", "counted")):
        gtin, pieces = (cells.get(name, "").strip() for name in ("gtin", "counted"))
        if not gtin and not pieces:
            continue
        if wrong := _wrong(gtin, pieces):
            unread.append(Unread(number, *wrong))
            continue
        digits = gtin.zfill(14)
        counted[digits] = min(counted.get(digits, 0) + int(pieces), MOST_PIECES)
    return Read(counted, unread)


def _wrong(gtin: str, pieces: str) -> tuple[str, dict[str, str]] | None:
    if not (gtin.isascii() and gtin.isdigit() and 8 <= len(gtin) <= 14):
        sentence = N_("{value} is not a product number of 8 to 14 digits.")
        return sentence, {"value": gtin[:40]}
    if not (pieces.isascii() and pieces.isdigit() and len(pieces) <= 6):
        return N_("{value} is not a whole number of pieces."), {"value": pieces[:40]}
    return None


def rows(body: bytes, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a CSV file with its number and its cells by name; `columns` have to be there."""
    text = _text(body)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") else ",")
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if not set(columns) <= set(header):
            raise Unprocessable(
                "The first row has to name the columns {columns}.", columns=", ".join(columns)
            )
        for number, row in enumerate(reader, 2):
            if number > MOST_ROWS + 1:
                raise Unprocessable("This list is too long. Count at most 20,000 rows at a time.")
            yield number, dict(zip(header, row, strict=False))
    except csv.Error as error:
        raise Unprocessable("We could not read this file. Save it as CSV in UTF-8.") from error


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unprocessable("We could not read this file. Save it as CSV in UTF-8.") from error
    if "\0" in text:
        raise Unprocessable("We could not read this file. Save it as CSV in UTF-8.")
    return text
