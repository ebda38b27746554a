from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from app.catalog.models import Product
from app.http.bounds import NO_CONTROLS, Amount, Email, Name, Phone, Postcode, Text, Version
from app.money import Money
from app.orders.models import Wish
from app.pricing import SeenCoupon
from app.pricing.models import Receipt

State = Literal["frozen", "placed", "paid", "refused", "released"]


CouponCode: TypeAlias = Annotated[
    str, Meta(max_length=60, pattern=NO_CONTROLS, examples=["7Q2M-KX9D-0RTA"])
]


GiftCode: TypeAlias = Annotated[
    str, Meta(max_length=60, pattern=NO_CONTROLS, examples=["7Q2M-KX9D-0RTA-4HB8"])
]


ProductId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        max_length=36,
        examples=["0198c0de-0000-7000-8000-000000000001"],
    ),
]
"""A UUID as it is written, for a key."""


class AtDesk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where part of it is collected, and when it is ready there, as both were shown."""

    place: UUID
    ready_by: Annotated[datetime, Meta(tz=True)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the shopper agrees to: the basket and the total they saw, where, when, and whose it is.

    `total` is in minor units with VAT, deposits and delivery. `cart_version` is that of the basket
    the total was shown for.
    """

    cart_version: Version
    total: Amount
    slot: UUID
    name: Name
    email: Email
    phone: Annotated[Phone, Meta(min_length=6)]
    street: Name
    house_number: Name
    postcode: Postcode
    city: Name
    note: Text = ""
    substitution: Wish = "similar"
    """If something is not there after all."""
    substitutions: Annotated[dict[ProductId, Wish], Meta(max_length=500)] = {}
    """By product: where it is another wish than that."""
    coupon: CouponCode = ""
    """A code the shopper typed; what it takes off is in the total already."""
    gift_cards: Annotated[list[GiftCode], Meta(max_length=5)] = []
    """They pay first, in this order, each as much as it can."""
    of_age: bool = False
    """The shopper says that they are as old as the oldest age limit in the basket. At the door
    somebody looks."""
    to_pay: Amount | None = None
    """With gift cards: what was shown as left for the payment page, in minor units."""
    collect: AtDesk | None = None
    """Where the lines of the basket are collected that are not brought."""


class ToCollect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of who comes for it: `place` and `ready_by` as they were shown. No address is asked
    for, since nobody goes there."""

    cart_version: Version
    total: Amount
    place: UUID
    ready_by: Annotated[datetime, Meta(tz=True)]
    name: Name
    email: Email
    phone: Annotated[Phone, Meta(min_length=6)]
    note: Text = ""
    substitution: Wish = "similar"
    substitutions: Annotated[dict[ProductId, Wish], Meta(max_length=500)] = {}
    coupon: CouponCode = ""
    gift_cards: Annotated[list[GiftCode], Meta(max_length=5)] = []
    of_age: bool = False
    to_pay: Amount | None = None


Agreed: TypeAlias = Wanted | ToCollect


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What this basket costs now, delivered like this: shown here, charged there."""

    cart_id: UUID
    cart_version: int
    currency: str
    receipt: Receipt
    bought: list["Bought"]
    coupons: list[SeenCoupon] = []
    """What became of the codes that were given."""


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the basket beside the share of the receipt with the same place in the list."""

    edition_id: UUID
    handover: str
    product: Product
    note: str = ""
    measured_g: int | None = None
    """What one pack weighs by its own sticker."""


class Sender(msgspec.Struct, frozen=True):
    """A place that sends part of an order in its slot of the promised window: product → pieces."""

    place_id: UUID
    slot_id: UUID
    goods: dict[UUID, int]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One way of a cart to an order. Its id names the hold on the stock; the order's id, known
    from the start, names the holder of stock and slot."""

    id: UUID
    cart_id: UUID
    command: UUID
    fingerprint: bytes
    state: State
    order_id: UUID
    intent_id: UUID | None
    refusal: dict[str, Any] | None
    senders: list[Sender] | None = None
    """Once it is not all from the place of the chosen slot."""

    @property
    def has_order(self) -> bool:
        """It came as far as an order; one that costs nothing has no payment."""
        return self.intent_id is not None or self.state in ("placed", "paid")


class Placed(msgspec.Struct, frozen=True):
    """The order exists and waits for its payment: `pay_at` is where the shopper pays,
    `track_at` the page that follows it, by a token nobody can guess."""

    order_id: UUID
    number: str
    total: Money
    currency: str
    pay_at: str
    track_at: str
