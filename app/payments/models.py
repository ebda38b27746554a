from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.languages import Language
from app.money import Money

State = Literal["open", "captured", "failed"]
Kind = Literal["pending", "captured", "failed"]
Teller = Literal["notification", "answer"]


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What an order wants paid. Its id is our reference at the provider."""

    id: UUID
    order_id: UUID
    provider: str
    reference: str | None
    address: str | None
    amount: Money
    currency: str
    state: State
    version: int
    expires_at: datetime
    asked: int = 0


class Started(msgspec.Struct, frozen=True):
    """The provider knows of it: `address` is the hosted page to send the shopper to."""

    reference: str
    address: str


class Wish(msgspec.Struct, frozen=True):
    """What the provider's page needs to know: a title to show, the reader's language, where the
    shopper goes afterwards, and where the shop wants to be told."""

    title: str
    language: Language
    return_to: str
    notify: str


class Fact(msgspec.Struct, frozen=True):
    """What a provider told us. `event_id` names the fact at the provider, so that hearing it
    twice is hearing it once; `capture` names the charge when money came in."""

    provider: str
    event_id: str
    intent_id: UUID
    kind: Kind
    amount: Money
    currency: str
    capture: str | None = None


class Answer(msgspec.Struct, frozen=True):
    """What a provider says when asked; `final` when nothing more will come of it."""

    facts: list[Fact]
    final: bool


class Refund(msgspec.Struct, frozen=True):
    id: UUID
    intent_id: UUID
    provider: str
    reference: str
    amount: Money
    currency: str
    attempts: int
