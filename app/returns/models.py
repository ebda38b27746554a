"""The words of what comes back: why, in what state, what is paid back for it and by which means."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.http.bounds import Amount, Text
from app.money import Money

Cause = Literal["changed-mind", "withdrawal", "missing", "damaged", "warm", "wrong"]
"""The first two are the shopper's own reasons; in the others the shop has failed."""
Channel = Literal["web", "till", "phone", "door"]
Condition = Literal["as-new", "opened", "broken"]
Disposition = Literal["kept", "restock", "mark-down", "quarantine", "waste"]
"""kept: the goods stay with the shopper."""
LineNo = Annotated[str, Meta(pattern="^[0-9]{1,4}$")]
Units = Annotated[int, Meta(ge=1, le=9999)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shall come back: so many of each line number, and why. `amount` is the sum the shopper
    was shown, in minor units of the order's currency; `None` asks for a preview."""

    lines: dict[LineNo, Units]
    cause: Cause
    amount: Amount | None = None
    condition: Condition = "as-new"
    note: Text = ""
    request: UUID | None = None
    """The request that is settled with it."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where it happens: `place_id` is where the goods are handed in, None when they stay away."""

    channel: Channel
    place_id: UUID | None = None
    by: UUID | None = None
    photo: str | None = None


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order as a return sees it. `left` of it may still come back; `until` is the end
    of the time in which the shopper may change their mind, None when they may not."""

    line_no: int
    product_id: UUID
    name: str
    picture: str | None
    storage: str
    quantity: int
    delivered: int
    left: int
    paid: Money
    until: datetime | None
    exception: str


class Share(msgspec.Struct, frozen=True):
    """Of so many units of a line: what they cost without advantages, and what was paid for them,
    deposits with them."""

    line_no: int
    name: str
    quantity: int
    price: Money
    paid: Money


class Part(msgspec.Struct, frozen=True):
    """So much goes back by this means of payment."""

    refund_id: UUID
    provider: str
    amount: Money


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a return brings, and why, before anybody agrees. `kept_costs` is the best price of what
    is kept; `so_far` went back before. `lost` are the advantages that no longer hold for it."""

    amount: Money
    currency: str
    paid: Money
    kept_costs: Money
    so_far: Money
    by_share: bool
    """The shop has failed, or the law says so: what was paid for the units themselves, at least."""
    shares: list[Share]
    lost: list[Mapping[str, str]] = []


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is of the return, or of the request when a person has to look at it first."""

    id: UUID
    settled: bool
    amount: Money
    currency: str
    parts: list[Part] = []


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """A return as it stands in the books."""

    id: UUID
    cause: Cause
    channel: Channel
    amount: Money
    at: datetime
    units: dict[str, int]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    order_id: UUID
    cause: Cause
    lines: dict[str, int]
    note: str
    photo: str | None
    kept: bool
    state: Literal["open", "done", "refused", "withdrawn"]
    why_refused: str | None
    asked_at: datetime


class Given(msgspec.Struct, frozen=True):
    """One row of the picture of what came back: how many units and how much money."""

    label: str
    units: int
    amount: Money
