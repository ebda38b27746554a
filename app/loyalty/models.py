from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money

Kind = Literal["earn", "clawback", "goodwill", "spend", "expire"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement; `balance` is what there was after it."""

    id: UUID
    kind: Kind
    points: int
    balance: int
    at: datetime
    reason: str
    number: str | None
    """Of the order it came from."""
    card_id: UUID | None
    ends_with: str | None
    left: Money | None
    """Of the gift card it became: its last signs, and what can be spent of it now."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """`balance` is below zero when points were spent that had to be taken back."""

    balance: int
    moved_at: datetime | None
    entries: list[Entry]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An order as far as it earns. All sums in minor units; `paid` is for goods and deposits that were
    handed over and not paid back, `deposits` those that are still in it, `by_points` what points paid.
    """

    customer_id: UUID | None
    currency: str
    handed_over: bool
    total: Money
    delivery: Money
    deposits: Money
    by_points: Money
    earned: int
    rate: int | None
    """At which the order earned first; a later change of the rate changes nothing of it."""
