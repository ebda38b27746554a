from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money

Why = Literal["sold", "goodwill", "empties", "points"]
Kind = Literal["issue", "hold", "release", "capture", "refund", "expire", "back"]
"""back: the card itself was given back to the shop."""
Worth = Literal["fits", "unknown", "over", "empty", "other-currency"]
"""over: too old, or blocked."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """`balance` can be spent; `held` waits for orders that are not paid yet."""

    id: UUID
    ends_with: str
    currency: str
    balance: Money
    held: Money
    why: Why
    note: str
    order_id: UUID | None
    made_at: datetime
    expires_at: datetime
    shown_at: datetime | None
    blocked_at: datetime | None
    by: str = ""
    """Who gave it; empty for one that was sold on the web."""


class Seen(msgspec.Struct, frozen=True):
    """What a code somebody typed is worth here."""

    code: str
    worth: Worth
    card_id: UUID | None = None
    ends_with: str = ""
    balance: Money = 0
    why: Why = "sold"


class Part(msgspec.Struct, frozen=True):
    """So much of a sum is paid by this card; `left` stays on it."""

    card_id: UUID
    ends_with: str
    amount: Money
    left: Money
    why: Why = "sold"
    """What points paid earns no points."""


class Entry(msgspec.Struct, frozen=True):
    kind: Kind
    balance_change: Money
    held_change: Money
    at: datetime
