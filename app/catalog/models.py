from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from app.money import Money

Unit = Literal["g", "ml", "piece"]
Vat = Literal["zero", "low", "high"]
Storage = Literal["ambient", "chilled", "frozen"]


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product in one language; `price` includes VAT, `deposit` comes on top of it."""

    id: UUID
    gtin: str
    """14 digits, padded with zeros on the left."""
    name: str
    description: str = ""
    ingredients: str = ""
    brand: str = ""
    category: str
    content_quantity: int
    content_unit: Unit
    price: Money
    currency: str
    vat: Vat
    deposit: Money = 0
    age_limit: int | None = None
    storage: Storage = "ambient"
    weight_g: int | None = None
    allergens: list[str] = []
    nutrition: dict[str, Any] | None = None
    """Per 100 g or 100 ml: energy_kj, energy_kcal, and grams of the rest."""
    origin: str = ""
    picture: str | None = None
    """Name of the picture in files, at `/files/{picture}`."""
    on_sale: bool = True
    by_weight: bool = False
    """One weighs about its content in grams: lighter ones cost less, heavier ones no more."""
    version: int = 1


class Category(msgspec.Struct, frozen=True):
    code: str
    name: str
    products: int


class PastPrice(msgspec.Struct, frozen=True):
    amount: Money
    from_at: datetime
    until_at: datetime | None
    """None while it holds."""


class UnitPrice(msgspec.Struct, frozen=True):
    amount: Money
    unit: Literal["kg", "l", "piece"]


Level = Literal["error", "notice"]
ImportState = Literal["waiting", "checked", "imported"]
ImportKind = Literal["file", "edit", "undo"]


class Complaint(msgspec.Struct, frozen=True):
    """What is wrong with one cell of a file, or worth knowing: an English sentence to translate.

    `row` counts as the spreadsheet does, its header being row 1; 0 is the file as a whole.
    """

    row: int
    column: str
    sentence: str
    values: dict[str, Any] = {}
    level: Level = "error"


class Import(msgspec.Struct, frozen=True):
    """A file on its way into the catalogue: checked first, imported only when somebody says so."""

    id: UUID
    file_name: str
    kind: ImportKind
    state: ImportState
    rows: int
    errors: int
    notices: int
    new: int
    changed: int
    same: int
    left: int
    """Products an undo leaves alone because they changed again since."""
    taken: bool
    """A worker is importing it."""
    created_at: datetime
    imported_at: datetime | None
    undone: bool


class Change(msgspec.Struct, frozen=True):
    """What one row of a file would do."""

    row: int
    gtin: str
    name: str
    brand: str
    fate: Literal["new", "changed"]
    columns: list[str]
    price: Money | None
    price_before: Money | None
    currency: str | None
