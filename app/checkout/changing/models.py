from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.http.bounds import Amount, Quantity, QuantityOrNone
from app.money import Money
from app.orders.models import Line
from app.pricing.models import Receipt

Hand = Literal["shopper", "agent"]


class More(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product that was not in the order, or more of one that was."""

    product_id: UUID
    quantity: Quantity


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`quantities` of lines by their number, 0 to leave one out; lines not named stay as they are.
    `total` is the new total as it was seen, in minor units."""

    quantities: Annotated[dict[int, QuantityOrNone], Meta(max_length=300)] = {}
    added: Annotated[list[More], Meta(max_length=50)] = []
    total: Amount = 0


class Amended(msgspec.Struct, frozen=True, kw_only=True):
    """What the order would be. `difference` is to be paid, below zero it is paid back."""

    lines: list[Line]
    receipt: Receipt
    difference: Money


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting`: it is made once `intent_id` is paid."""

    id: UUID
    state: Literal["waiting", "made"]
    difference: Money
    intent_id: UUID | None = None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A change that waits for its payment."""

    id: UUID
    order_id: UUID
    intent_id: UUID
    difference: Money
    lines: list[Line]
    receipt: Receipt
