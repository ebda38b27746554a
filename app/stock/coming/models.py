from datetime import date
from uuid import UUID

import msgspec


class Expected(msgspec.Struct, frozen=True):
    """So many are coming in, on a day of that place; `promised` of them are sold."""

    id: UUID
    product_id: UUID
    place_id: UUID
    place: str
    quantity: int
    due_on: date
    to_order: bool
    promised: int


class Due(msgspec.Struct, frozen=True):
    """When some of it comes next, and the day from which it can be brought to who orders it now."""

    due_on: date
    brought_from: date | None


class Announced(msgspec.Struct, frozen=True):
    """A row of a supplier's list."""

    gtin: str
    place: str
    quantity: int
    due_on: date
    to_order: bool
