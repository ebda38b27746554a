"""A file as rows of text cells, read piece by piece: neither kind is ever whole in memory.

What strangers send is bounded before it is unpacked: rows, columns, cells, and for XLSX (a zip of
XML) what it would unpack to.
"""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any, Protocol

from app.catalog.importing import complaints as say
from app.catalog.importing.complaints import Unreadable

MOST_ROWS = 250_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
MB = 1024 * 1024
MOST_UNPACKED_MB = 512
MOST_WORDS_MB = 96
MOST_PARTS = 500

csv.field_size_limit(LONGEST_CELL)


class Table(Protocol):
    """The first row of `rows` is number 1, the header."""

    def rows(self) -> Iterator[tuple[int, list[str]]]: ...

    def share_read(self) -> float:
        """How far we are, 0 to 1."""


def open_table(file: IO[bytes]) -> Table:
    """CSV or XLSX, told by its first bytes; the name of a file may lie."""
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not start:
        raise Unreadable(say.EMPTY)
    if start.startswith(b"PK\x03\x04"):
        return Spreadsheet(file)
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")):
        raise Unreadable(say.NOT_A_TABLE)
    if b"\x00" in start:  # UTF-16, which is UTF-8 to who does not look
        raise Unreadable(say.NOT_UTF8)
    return Separated(file)


class Separated:
    """CSV with `;`, `,` or tabs, in UTF-8 with or without a mark at its start."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._size = max(1, file.seek(0, io.SEEK_END))
        file.seek(0)
        self._text = io.TextIOWrapper(file, "utf-8-sig", errors="strict", newline="")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        row = 0
        try:
            reader = csv.reader(self._lines(), delimiter=self._separator(), strict=False)
            for row, given in enumerate(reader, start=1):
                if len(given) > MOST_COLUMNS:
                    raise Unreadable(say.TOO_MANY_COLUMNS, most=MOST_COLUMNS)
                if any(given):
                    yield row, given
                if row > MOST_ROWS:
                    raise Unreadable(say.TOO_MANY_ROWS, most=MOST_ROWS)
        except UnicodeDecodeError:
            raise Unreadable(say.NOT_UTF8) from None
        except csv.Error:
            raise Unreadable(say.BROKEN_CSV, row=row + 1) from None

    def share_read(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def _lines(self) -> Iterator[str]:
        """Bounded: a file may be one endless line."""
        while line := self._text.readline(LONGEST_CELL * MOST_COLUMNS):
            yield line

    def _separator(self) -> str:
        header = self._text.readline(LONGEST_CELL)
        self._text.seek(0)
        return max(";,\t", key=header.count)


class Spreadsheet:
    """The first sheet of an XLSX workbook; formulas count as the value they last had."""

    def __init__(self, file: IO[bytes]) -> None:
        _check_bounds(file)
        from openpyxl import load_workbook  # heavy, and most processes never see a spreadsheet
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            self._book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            self._sheet: Any = self._book.worksheets[0]
            self._expected = max(1, self._sheet.max_row or 1)
        except (InvalidFileException, zipfile.BadZipFile, *BREAKS) as error:
            raise Unreadable(say.BROKEN_XLSX) from error
        self._row = 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        try:
            for row, given in enumerate(
                self._sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1
            ):
                self._row = row
                if any(value is not None for value in given):
                    yield row, [_as_text(value) for value in given]
                if row > MOST_ROWS:
                    raise Unreadable(say.TOO_MANY_ROWS, most=MOST_ROWS)
        except BREAKS as error:
            raise Unreadable(say.BROKEN_XLSX, row=self._row + 1) from error
        finally:
            self._book.close()

    def share_read(self) -> float:
        return min(1.0, self._row / self._expected)


# What openpyxl, zipfile and the XML parser raise on damaged or hostile input: not one class.
BREAKS = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, SyntaxError, OSError, EOFError,
    NotImplementedError, RuntimeError, OverflowError, RecursionError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


def _check_bounds(file: IO[bytes]) -> None:
    """Zip bombs are refused by what their directory says, before anything is unpacked; what says
    less than it holds breaks off while it is read (zipfile stops at the stated size)."""
    try:
        with zipfile.ZipFile(file) as parts:
            entries = parts.infolist()
            declared = [parts.open(entry).read(4096) for entry in _xml(entries)[:MOST_PARTS]]
    except BREAKS as error:
        raise Unreadable(say.BROKEN_XLSX) from error
    words = sum(entry.file_size for entry in entries if "sharedStrings" in entry.filename)
    whole = sum(entry.file_size for entry in entries)
    if whole > MOST_UNPACKED_MB * MB or len(entries) > MOST_PARTS:
        raise Unreadable(say.TOO_MUCH_INSIDE, most=MOST_UNPACKED_MB)
    if words > MOST_WORDS_MB * MB:  # openpyxl keeps these in memory
        raise Unreadable(say.TOO_MUCH_INSIDE, most=MOST_WORDS_MB)
    if any(b"<!DOCTYPE" in start or b"<!ENTITY" in start for start in declared):
        raise Unreadable(say.BROKEN_XLSX)
    file.seek(0)


def _xml(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]


def _as_text(value: Any) -> str:
    """As a person would have typed it: no binary fractions, no `.0`."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
