"""The words of what comes back: why, in what state, what is paid back for it and by which means."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.http.bounds import Amount, Text
from app.money import Money

Cause = Literal["changed-mind", "withdrawal", "missing", "damaged", "warm", "wrong"]
"""The first two are the shopper's own reasons; in the others the shop has failed."""
Channel = Literal["web", "till", "phone", "door", "parcel"]
Condition = Literal["as-new", "opened", "broken", "not-here"]
"""not-here: it stays with the customer, at a desk that believes it."""
Disposition = Literal["kept", "restock", "mark-down", "quarantine", "waste"]
"""kept: the goods stay with the shopper."""
Way = Literal["shop", "van", "parcel"]
"""How what was asked for comes back: brought to any shop, fetched by the van, sent as a parcel."""
Exempt = Literal["", "hygiene", "made-to-order", "perishable"]
Piece = Annotated[
    str, Meta(pattern="^[0-9]{1,4}(-[0-9]{14})?$", examples=["1", "1-09521234543213"])
]
"""The number of a line of the order, and the GTIN of what was handed over for it where that is
something else than what was ordered. A number alone is what was ordered first, then the rest."""
Units = Annotated[int, Meta(ge=1, le=9999)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shall come back: so many of each line, and why. `amount` is the sum the shopper
    was shown, in minor units of the order's currency; `None` asks for a preview."""

    lines: dict[Piece, Units]
    cause: Cause
    amount: Amount | None = None
    condition: Condition = "as-new"
    note: Text = ""
    request: UUID | None = None
    """The request that is settled with it."""
    way: Way = "shop"
    slot: UUID | None = None
    """When the van comes, where it fetches it."""
    instead: UUID | None = None
    """The product they would like for it, as many of it. Where it is brought to a shop the difference
    is paid there; else at once, by a link, and it is brought when what comes back is here."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where it happens: `place_id` is where the goods are handed in, None when they stay away."""

    channel: Channel
    place_id: UUID | None = None
    by: UUID | None = None


class Instead(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may have for what comes back, and what one of it costs now, with its deposit."""

    product_id: UUID
    gtin: str
    name: str
    price: Money


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed over for a line otherwise than it was ordered: another product, or less of the
    same by its weight. `worth` of one, deposit with it, is what was paid for it in the end."""

    line_no: int
    product_id: UUID
    gtin: str
    name: str
    picture: str | None
    storage: str
    delivered: int
    worth: Money


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Under which an order was bought: how many days the class of a product has and the exception it
    falls under; the country and the time zone in which days are counted; what was handed over
    otherwise than ordered."""

    windows: Mapping[UUID, tuple[int, Exempt]]
    country: str
    time_zone: str
    others: Sequence[Other] = ()


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A class of product: how many days it may come back for the shopper's own reasons."""

    category: str
    name: str
    products: int
    days: int
    reason: Exempt
    usual: bool


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed over for a line of an order, one for each product; `key` names it in a request.
    `left` of it may still come back; `until` is the end of the time in which the shopper may change
    their mind, `withdrawal_until` of the one the law gives; None when they may not. What may only come
    back sealed has the exception `hygiene`."""

    key: str
    line_no: int
    product_id: UUID
    gtin: str
    name: str
    picture: str | None
    storage: str
    quantity: int
    delivered: int
    left: int
    paid: Money
    until: datetime | None
    exception: str
    withdrawal_until: datetime | None = None
    instead_of: str = ""
    """The name of what was ordered, where this came instead."""
    less: Money = 0
    """So much less than its share of the line was paid for one in the end."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """So many of what was handed over for a line of an order came back, and where they lie."""

    line_no: int
    product_id: UUID
    instead_gtin: str | None
    """Its number, where it was not what was ordered."""
    quantity: int
    disposition: Disposition


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
    delivery: Money = 0
    """Of `amount`: what bringing it cost, where all of the order is withdrawn from."""
    settled_before: Money = 0
    """Where it goes by shares: so much of `shares` and `delivery` went back before, with what came back
    then, so that they make `amount`; below zero, so much more goes back: what is kept costs less under
    the offers than its shares, or less went back before."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is of the return, or of the request when a person has to look at it first. `exchange` is the
    order that is taken instead, and `to_pay` what of it has to be paid now, at `pay_at`."""

    id: UUID
    settled: bool
    amount: Money
    currency: str
    parts: list[Part] = []
    exchange: UUID | None = None
    to_pay: Money = 0
    intent: UUID | None = None
    pay_at: str | None = None


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """A return as it stands in the books."""

    id: UUID
    cause: Cause
    channel: Channel
    amount: Money
    at: datetime
    units: dict[str, int]
    """By `Bought.key`."""
    exchanged_for: UUID | None = None
    """The order that was taken instead."""
    request_id: UUID | None = None
    """The request that was settled with it."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    order_id: UUID
    cause: Cause
    lines: dict[str, int]
    note: str
    kept: bool
    state: Literal["open", "done", "refused", "withdrawn"]
    why_refused: str | None
    asked_at: datetime
    way: Way = "shop"
    code: str | None = None
    instead: UUID | None = None
    exchange_id: UUID | None = None
    """The order that is taken instead, where it is not exchanged at a till."""

    @property
    def spoken(self) -> str:
        """`R-7K3M-2QZX`, as it stands under its code."""
        return f"R-{self.code[:4]}-{self.code[4:]}" if self.code else ""


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A stop of the van that fetches something."""

    request_id: UUID
    order_id: UUID
    number: str
    place_id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    state: Literal["planned", "collected", "failed", "off"]
    name: str
    street: str
    house_number: str
    postcode: str
    city: str
    phone: str


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """A door at which a van stands: the order that was brought there, or from which it fetches."""

    run_id: UUID
    place_id: UUID
    state: str
    """Of the run."""
    order_id: UUID
    number: str
    currency: str
    email: str


class Stranded(msgspec.Struct, frozen=True, kw_only=True):
    """What was restocked at a place that had not sent it, and may go on to the one that had."""

    id: UUID
    """Of the return."""
    number: str
    """Of the order."""
    place_id: UUID
    place_name: str
    home_id: UUID
    home_name: str
    at: datetime
    goods: str


class Given(msgspec.Struct, frozen=True):
    """One row of the picture of what came back: how many units and how much money."""

    label: str
    units: int
    amount: Money
    at: datetime | None = None
    time_zone: str = ""
    """When it was, on the clock of which place, where a row is of one moment."""


class Record(msgspec.Struct, frozen=True):
    """Of a year, of one customer: orders that were brought and what they cost, how often something was
    wrong and what went back for it, and how often that was refused. `usual`: of a hundred orders of
    everybody, in a season, so many were complained of."""

    orders: int
    bought: Money
    claims: int
    claimed: Money
    refused: int
    usual: int = 0
