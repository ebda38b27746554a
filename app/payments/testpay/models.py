from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from app.languages import Language
from app.money import Money
from app.payments.models import Takes

Choice = Literal[
    "pay", "transfer", "decline", "secure", "refuse", "late", "twice", "shuffled", "never",
    "timeout", "less", "cancel",
]  # fmt: skip
"""What the shopper does on the page, and how the provider behaves afterwards."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as the provider knows it."""

    id: str
    reference: UUID
    amount: Money
    currency: str
    title: str
    language: Language
    state: Literal["open", "held", "charged", "cancelled"]
    declined: int
    return_to: str
    notify: str
    expires_at: datetime
    takes: Takes = "now"


class Event(msgspec.Struct, frozen=True):
    """Something that happened to a payment, as it is told in a notification and when asked."""

    id: UUID
    payment_id: str
    number: int
    kind: str
    amount: Money
    currency: str
    at: datetime


class Told(msgspec.Struct, frozen=True):
    """The body of a notification."""

    id: UUID
    type: Literal["pending", "authorised", "captured", "failed"]
    payment: str
    reference: UUID
    amount: Money
    currency: str

    @classmethod
    def of(cls, event: Event, page: Page) -> "Told":
        kind: Any = event.kind
        return cls(event.id, kind, page.id, page.reference, event.amount, event.currency)
