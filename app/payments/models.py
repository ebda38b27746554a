from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from app.languages import Language
from app.money import Money

State = Literal["open", "authorised", "captured", "failed"]
"""authorised: a bank holds the money for us; it is taken when the order is packed."""
Kind = Literal["pending", "authorised", "captured", "failed"]
Takes = Literal["now", "later"]
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
    takes: Takes = "now"


class Tender(msgspec.Struct, frozen=True, kw_only=True):
    """What an order was paid with, as it stands on receipts: `provider` is "cash", "gift-card" or who
    takes cards; of a gift card the last characters, of a card the provider's `reference`. `moved` came
    along from an order it was exchanged for, `of_points` is a gift card that was made of points. `refunded`
    is promised back or made."""

    id: UUID
    provider: str
    amount: Money
    refunded: Money
    ends_with: str = ""
    reference: str = ""
    moved: bool = False
    of_points: bool = False


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


class Taking(msgspec.Struct, frozen=True):
    """So much of what is held shall be taken; the rest is let go."""

    intent: Intent
    amount: Money


class Oddity(msgspec.Struct, frozen=True):
    """Something told by a provider that a person has to look at: `what` is amount, currency, or
    hold-lapsed."""

    id: UUID
    order_id: UUID
    provider: str
    what: str
    told: dict[str, Any]
    found_at: datetime


class Refund(msgspec.Struct, frozen=True):
    id: UUID
    intent_id: UUID
    provider: str
    reference: str
    amount: Money
    currency: str
    attempts: int
