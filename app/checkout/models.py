from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money

State = Literal["frozen", "reserved", "placed", "paid", "refused", "released"]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One way of a cart to an order. Its id names the holds on stock and slot."""

    id: UUID
    cart_id: UUID
    command: UUID
    state: State
    place_id: UUID | None
    slot_id: UUID | None
    order_id: UUID | None
    intent_id: UUID | None


class Placed(msgspec.Struct, frozen=True):
    """The order exists and waits for its payment: `pay_at` is where the shopper pays,
    `track_at` the page that follows it, by a token nobody can guess."""

    order_id: UUID
    number: str
    total: Money
    currency: str
    pay_at: str
    track_at: str
