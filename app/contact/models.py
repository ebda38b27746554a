from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.money import Money
from app.orders.models import State


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """An order that fits what a caller said; who and where is shown to nobody yet."""

    id: UUID
    number: str
    state: State
    placed_at: datetime
    total: Money
    currency: str
    things: int


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """An agent looks at an order or a basket, for a reason. What is personal is shown, and anything
    changed, once the caller has proved to be the customer."""

    id: UUID
    agent_id: UUID
    order_id: UUID | None
    cart_id: UUID | None
    view_id: UUID | None
    reason: str
    found_by: str
    verified_at: datetime | None
    tries: int
    opened_at: datetime
    ended_at: datetime | None


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of everything that happened, whoever did it."""

    at: datetime
    kind: str
    who: str = ""
    words: str = ""


Proof = Literal["email", "phone", "postcode", "house_number", "name"]
FoundBy = Literal["", "number", "email", "phone", "postcode"]
