from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money
from app.orders.models import Vat

Kind = Literal["invoice", "credit"]


class Seller(msgspec.Struct, frozen=True):
    code: str
    name: str
    address: str
    vat_number: str


class DocumentLine(msgspec.Struct, frozen=True):
    """`amount` is with VAT, for all. Of a credit note: what goes back, and why; `about` which goods,
    e.g. `2 × Shirt`."""

    text: str
    quantity: int
    amount: Money
    about: str = ""


class Brought(msgspec.Struct, frozen=True):
    """What was handed over instead of what a line says, and what is charged for all of it, of which
    `deposit` is its deposit."""

    line_no: int
    name: str
    quantity: int
    amount: Money
    deposit: Money
    vat: Vat


class PaidBack(msgspec.Struct, frozen=True):
    """For a line, when it was packed: `units` were not there, for some of which something else is
    `charged`; what is more than that was lighter than ordered."""

    line_no: int
    amount: Money
    units: int
    charged: Money


class WentBack(msgspec.Struct, frozen=True):
    """Money on its way back, since `at`."""

    id: UUID
    amount: Money
    reason: str
    at: datetime


class Worth(msgspec.Struct, frozen=True):
    """What was paid for goods of one rate; None for deposits, which carry no VAT."""

    vat: Vat | None
    amount: Money


class VatSum(msgspec.Struct, frozen=True):
    percent: int
    gross: Money
    net: Money
    tax: Money


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """As it was issued. `lines` of deposits carry no VAT, so `vat` sums to less than `total`."""

    id: UUID
    order_id: UUID
    kind: Kind
    seller: Seller
    year: int
    number: int
    credits: UUID | None
    lines: list[DocumentLine]
    vat: list[VatSum]
    total: Money
    issued_at: datetime

    @property
    def name(self) -> str:
        """`P-2026-000012`; a credit note's has a C."""
        letter = "C" if self.kind == "credit" else ""
        return f"{self.seller.code}-{letter}{self.year}-{self.number:06}"
