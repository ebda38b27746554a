from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money

Kind = Literal["invoice", "credit"]


class Seller(msgspec.Struct, frozen=True):
    code: str
    name: str
    address: str
    vat_number: str


class DocumentLine(msgspec.Struct, frozen=True):
    """`amount` is with VAT, for all. Of a credit note: what goes back, and why."""

    text: str
    quantity: int
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
