from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.http.bounds import Amount, Quantity
from app.money import Money
from app.returns.models import Wanted

State = Literal["open", "parked", "paying", "paid", "void"]
Tender = Literal["cash", "card", "gift-card", "exchange", "several"]
How = Literal["print", "pdf", "mail"]
Kind = Literal["float", "sale", "refund", "paid-in", "paid-out"]


class Till(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered drawer in a store, and its open shift when somebody works at it."""

    id: UUID
    number: int
    place_id: UUID
    place_name: str
    place_code: str
    place_address: str
    country: str
    time_zone: str
    shift_id: UUID | None
    shift_opened_at: datetime | None
    currency: str | None
    """Of the shift."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's turn. Until it is paid its lines are those of the cart; then, of the order.

    `total` is what the order says, `cash` how much of it was paid in coins and notes, `given` what
    the customer handed over for that, `rounding` what the coins of the country made of it.
    """

    id: UUID
    till_id: UUID
    shift_id: UUID
    cart_id: UUID
    state: State
    view_id: UUID | None
    order_id: UUID | None
    number: int | None
    tender: Tender | None
    total: Money | None
    given: Money | None
    rounding: Money
    sold_at: datetime | None
    offline: bool
    void_reason: str | None
    opened_at: datetime
    cash: Money | None = None
    sold_by: UUID | None = None
    handed_out: int = 0
    """How often it was printed, mailed or made a file of; after the first each is a copy."""

    @property
    def in_cash(self) -> Money:
        if self.cash is None:
            return (self.total or 0) if self.tender == "cash" else 0
        return self.cash

    @property
    def change(self) -> Money:
        """What goes back to the customer, in cash."""
        return self.given - self.in_cash - self.rounding if self.given else 0


class Copy(msgspec.Struct, frozen=True):
    """A receipt as it was handed out once."""

    id: UUID
    number: int
    how: How

    @property
    def is_copy(self) -> bool:
        return self.number > 1


class Sold(msgspec.Struct, frozen=True):
    """An order of which something may lie on the counter; whose it is stands on it."""

    order_id: UUID
    number: str
    placed_at: datetime
    total: Money
    currency: str


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What lies on the counter to be exchanged for what is on the receipt: `wanted` of another order,
    whose worth is `amount`."""

    order_id: UUID
    number: str
    """Of that order."""
    wanted: Wanted
    amount: Money


class GiftCard(msgspec.Struct, frozen=True):
    """As scanned or typed; `at_most` where the customer wants to keep some of it."""

    code: str
    at_most: Money | None = None


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """Coins in or out: `amount` is what moved."""

    kind: Kind
    amount: Money
    reason: str
    at: datetime


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """What a shift amounts to: X while it lasts, Z when it is closed."""

    float: Money
    cash_sales: Money
    card_sales: Money
    gift_sales: Money
    """Paid with gift cards."""
    refunds: Money
    paid_in: Money
    paid_out: Money
    rounding: Money
    expected: Money
    """What lies in the drawer when nobody has made a mistake."""
    receipts: int
    voids: int
    parked: int
    offline: int


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A Z report: kept as it was counted."""

    shift_id: UUID
    till_number: int
    place_id: UUID
    place_name: str
    time_zone: str
    z_number: int
    opened_at: datetime
    closed_at: datetime
    currency: str
    expected: Money
    counted: Money


class OfflineLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As it was charged while there was no network; `price` is for one, without deposit."""

    product_id: UUID
    quantity: Quantity
    price: Amount


class OfflineSale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cash sale the network did not see. `at` is the clock of the till."""

    id: UUID
    at: Annotated[datetime, Meta(tz=True)]
    lines: Annotated[list[OfflineLine], Meta(min_length=1, max_length=200)]
    total: Amount
    given: Amount
