"""The columns of a file of products, and how a row of cells becomes a record to be staged.

A column that is not in the file leaves what it names as it is; an empty cell clears it.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from app.catalog.importing import cells
from app.catalog.importing import complaints as say
from app.catalog.importing.complaints import Unreadable
from app.catalog.models import Complaint
from qr_walls import gtin as numbers

LANGUAGES = ("nl", "en", "ko")
NUTRIENTS: Mapping[str, str] = MappingProxyType(
    {
        "energy_kj": "energy_kj", "energy_kcal": "energy_kcal", "fat_g": "fat",
        "saturates_g": "saturates", "carbohydrate_g": "carbohydrate", "sugars_g": "sugars",
        "fibre_g": "fibre", "protein_g": "protein", "salt_g": "salt",
    }
)  # fmt: skip
"""Column → key in the product's nutrition, per 100 g or 100 ml."""

COLUMNS: tuple[str, ...] = (
    "gtin", "more_codes", "brand",
    *(f"name_{language}" for language in LANGUAGES),
    "category", *(f"category_{language}" for language in LANGUAGES),
    "content", "unit", "price", "currency", "vat", "deposit", "age_limit", "storage", "weight_g",
    "allergens", *NUTRIENTS, "origin",
    *(f"description_{language}" for language in LANGUAGES),
    *(f"ingredients_{language}" for language in LANGUAGES),
    "picture", "on_sale", "popularity", "most_per_basket", "by_weight", "scale_number", "dated",
)  # fmt: skip

OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ean": "gtin", "barcode": "gtin", "product_number": "gtin", "name": "name_en",
        "naam": "name_nl", "merk": "brand", "prijs": "price", "categorie": "category",
        "inhoud": "content", "eenheid": "unit", "btw": "vat", "statiegeld": "deposit",
        "omschrijving": "description_nl", "상품명": "name_ko", "가격": "price", "브랜드": "brand",
    }
)  # fmt: skip

STAGED: tuple[str, ...] = (
    "import_id", "row", "gtin", "codes", "brand", "category", "category_nl", "category_en",
    "category_ko", "name_nl", "name_en", "name_ko", "description_nl", "description_en",
    "description_ko", "ingredients_nl", "ingredients_en", "ingredients_ko", "content_quantity",
    "content_unit", "price", "currency", "vat", "deposit", "age_limit", "storage", "weight_g",
    "allergens", "nutrition", "origin", "picture", "on_sale", "popularity", "most_per_basket",
    "by_weight", "scale_number", "dated",
)  # fmt: skip
"""The record that is staged, in the order of its fields."""

_PLACE = {field: place for place, field in enumerate(STAGED)}
_REQUIRED = {"gtin", "category", "content", "unit", "price", "vat"}

Reader = Callable[[str], Any]
READERS: Mapping[str, tuple[str, Reader, Any]] = MappingProxyType(
    {
        "more_codes": ("codes", cells.codes, []),
        "brand": ("brand", lambda text: cells.line(text, 100), ""),
        "category": ("category", lambda text: cells.line(text, 60), ""),
        **{f"category_{one}": (f"category_{one}", lambda text: cells.line(text, 80), "")
           for one in LANGUAGES},
        **{f"name_{one}": (f"name_{one}", lambda text: cells.line(text, 200), "")
           for one in LANGUAGES},
        **{f"description_{one}": (f"description_{one}", lambda text: cells.lines(text, 2000), "")
           for one in LANGUAGES},
        **{f"ingredients_{one}": (f"ingredients_{one}", lambda text: cells.lines(text, 4000), "")
           for one in LANGUAGES},
        "vat": ("vat", lambda text: cells.one_of(text, cells.VATS), ""),
        "age_limit": ("age_limit", lambda text: cells.whole(text, 0, 99), 0),
        "storage": ("storage", lambda text: cells.one_of(text, cells.STORAGES), "ambient"),
        "weight_g": ("weight_g", lambda text: cells.whole(text, 0, cells.HEAVIEST_G), 0),
        "allergens": ("allergens", cells.allergens, []),
        "origin": ("origin", lambda text: cells.line(text, 60), ""),
        "picture": ("picture", cells.picture, b""),
        "on_sale": ("on_sale", lambda text: cells.one_of(text, cells.ANSWERS), True),
        "popularity": ("popularity", lambda text: cells.whole(text, 0, 1_000_000), 0),
        "most_per_basket": ("most_per_basket", lambda text: cells.whole(text, 0, 99), 0),
        "by_weight": ("by_weight", lambda text: cells.one_of(text, cells.ANSWERS), False),
        "scale_number": ("scale_number", cells.scale_number, ""),
        "dated": ("dated", lambda text: cells.one_of(text, cells.ANSWERS), False),
    }
)  # fmt: skip
"""Column → field of the record, its reader, and what an empty cell means."""


class Header(msgspec.Struct):
    """Which cell of a row belongs to which column, and what is wrong with that."""

    places: dict[str, int]
    complaints: list[Complaint]

    @property
    def usable(self) -> bool:
        return all(complaint.level != "error" for complaint in self.complaints)


def header_of(first_row: Sequence[str]) -> Header:
    places: dict[str, int] = {}
    complaints: list[Complaint] = []

    def complain(sentence: str, **values: object) -> None:
        level = say.LEVELS.get(sentence, "error")
        words = {name: say.quoted(value) for name, value in values.items()}
        complaints.append(Complaint(1, words.get("column", ""), sentence, words, level))

    for place, title in enumerate(first_row):
        name = "_".join(title.strip().lower().replace("-", " ").split())
        column = name if name in COLUMNS else OTHER_NAMES.get(name, "")
        if column and column in places:
            complain(say.COLUMN_TWICE, column=column)
        elif column:
            places[column] = place
        elif name and (close := difflib.get_close_matches(name[:60], COLUMNS, 1, 0.75)):
            complain(say.ALMOST_COLUMN, column=title[:60], known=close[0])
        elif name:
            complain(say.UNKNOWN_COLUMN, column=title[:60])
    if "gtin" not in places:
        complain(say.NO_GTIN_COLUMN)
    elif len(places) == 1:
        complain(say.NO_OTHER_COLUMN)
    if ("content" in places) != ("unit" in places):
        complain(say.CONTENT_NEEDS_UNIT)
    return Header(places, complaints)


class RowReader:
    """Reads the rows of one file; the record of a row is None when anything in it is wrong."""

    def __init__(self, import_id: object, places: Mapping[str, int], currency: str) -> None:
        self._import_id = import_id
        self._places = dict(places)
        self._currency = currency
        self._plain = [(column, place, *READERS[column])
                       for column, place in places.items() if column in READERS]  # fmt: skip
        self._nutrients = [
            (column, place) for column, place in places.items() if column in NUTRIENTS
        ]
        self.complaints: list[Complaint] = []

    def read(self, row: int, given: Sequence[str]) -> tuple[Any, ...] | None:
        self._row, self._wrong = row, False
        record: list[Any] = [None] * len(STAGED)
        record[0], record[1] = self._import_id, row
        record[2] = self._read_gtin(given)
        for column, place, field, reader, empty in self._plain:
            text = given[place] if place < len(given) else ""
            if text == "" or text.isspace():
                self._require(column)
                record[_PLACE[field]] = empty
            else:
                record[_PLACE[field]] = self._try(column, reader, cells.unmask(text))
        self._read_content(record, given)
        self._read_money(record, given)
        if self._nutrients:
            record[_PLACE["nutrition"]] = self._read_nutrition(given)
        return None if self._wrong else tuple(record)

    def _cell(self, given: Sequence[str], column: str) -> str:
        place = self._places[column]
        return cells.unmask(given[place].strip()) if place < len(given) else ""

    def _read_gtin(self, given: Sequence[str]) -> str | None:
        text = self._cell(given, "gtin")
        if not text:
            self._complain("gtin", say.MISSING)
            return None
        try:
            gtin, notice = cells.gtin(text)
        except Unreadable as error:
            self._complain("gtin", error.sentence, **error.values)
            return None
        if notice:
            self._complain("gtin", notice, gtin=numbers.shortest(gtin))
        return gtin

    def _read_content(self, record: list[Any], given: Sequence[str]) -> None:
        if "content" not in self._places:
            return
        text, unit = self._cell(given, "content"), self._cell(given, "unit")
        if not text or not unit:
            self._complain("content" if not text else "unit", say.MISSING)
            return
        read = self._try("content", lambda _: cells.content(text, unit), text)
        if read is not None:
            record[_PLACE["content_quantity"]], record[_PLACE["content_unit"]] = read

    def _read_money(self, record: list[Any], given: Sequence[str]) -> None:
        currency = self._currency
        if "currency" in self._places and (text := self._cell(given, "currency")):
            currency = self._try("currency", cells.currency, text) or currency
        if "price" in self._places or "currency" in self._places:
            record[_PLACE["currency"]] = currency
        for column in ("price", "deposit"):
            if column not in self._places:
                continue
            text = self._cell(given, column)
            if text:
                record[_PLACE[column]] = self._try(
                    column, lambda it: cells.price(it, currency), text
                )
            elif column == "deposit":
                record[_PLACE[column]] = 0
            else:
                self._complain(column, say.MISSING)

    def _read_nutrition(self, given: Sequence[str]) -> str:
        parts = []
        for column, _ in self._nutrients:
            if text := self._cell(given, column):
                energy = column.startswith("energy")
                value = self._try(column, _energy if energy else cells.grams, text)
                parts.append(f'"{NUTRIENTS[column]}": {value}')
        return "{" + ", ".join(parts) + "}"

    def _require(self, column: str) -> None:
        if column in _REQUIRED:
            self._complain(column, say.MISSING)

    def _try(self, column: str, reader: Reader, text: str) -> Any:
        try:
            return reader(text)
        except Unreadable as error:
            self._complain(column, error.sentence, **error.values)
            return None

    def _complain(self, column: str, sentence: str, **values: object) -> None:
        level = say.LEVELS.get(sentence, "error")
        self._wrong = self._wrong or level == "error"
        words = {name: say.quoted(value) for name, value in values.items()}
        self.complaints.append(Complaint(self._row, column, sentence, words, level))


def _energy(text: str) -> int:
    return cells.whole(text, 0, 10_000)
