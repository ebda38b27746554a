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
    version: int = 1


class UnitPrice(msgspec.Struct, frozen=True):
    amount: Money
    unit: Literal["kg", "l", "piece"]
