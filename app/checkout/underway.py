"""A checkout on its way from a basket to an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app import payments, sourcing
from app.checkout.models import Attempt, Quote, Sender
from app.slots.models import Slot


@dataclass(frozen=True)
class Desk:
    """From when to when that part is kept there, and what it is."""

    name: str
    slot: Slot
    part: Sender


@dataclass(frozen=True)
class Underway:
    """A checkout that found its basket as seen."""

    attempt: Attempt
    quote: Quote
    slot: Slot
    senders: Sequence[Sender]
    """Who sends what; the first is the order's own place."""
    asked: sourcing.Asked
    """What sourcing thought of every place that could bring it."""
    customer: bytes
    """The key under which limited offers are counted for who buys it."""
    parts: Sequence[payments.giftcards.Part]
    """What gift cards pay of it; the rest is for the provider."""
    desk: Desk | None = None
    """Where part of it is collected, while the rest is brought."""
    leaves_on: date | None = None
    """The day on which it is brought, by the clock of its place; what is collected must be there now."""

    @property
    def ends_at(self) -> datetime:
        """By then the last part of it has left."""
        return max(slot.ends_at for slot in (self.slot, self.desk and self.desk.slot) if slot)
