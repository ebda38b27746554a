from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from app.http import bounds
from app.http.bounds import Name, Phone
from app.languages import Language
from app.money import Money

State = Literal[
    "placed",
    "confirmed",
    "in_fulfilment",
    "packed",
    "on_the_way",
    "not_home",
    "delivered",
    "part_delivered",
    "cancelled",
]
"""placed: waits for its payment. in_fulfilment: being picked. not_home: tried, comes again."""

Vat = Literal["zero", "low", "high"]
Wish = Literal["similar", "same-brand", "ask-me", "leave-out"]
"""What the shopper wants when something is not on the shelf after all. Whatever is brought instead,
they can say no for some minutes; without a word `similar` and `same-brand` come, `ask-me` does not."""


class Contact(msgspec.Struct, frozen=True):
    name: str
    email: str
    phone: str


class Address(msgspec.Struct, frozen=True):
    street: str
    house_number: str
    postcode: str
    city: str
    country: str = "NL"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """As sold. `unit_price` is for one, before advantages; `paid` for all, after them; both with
    VAT and without deposit. `deposit` is for all."""

    line_no: int
    product_id: UUID
    edition_id: UUID
    gtin: str
    name: str
    picture: str | None
    handover: str
    quantity: int
    unit_price: Money
    discount: Money
    paid: Money
    vat: Vat
    deposit: Money
    age_limit: int | None
    storage: str
    delivered_quantity: int = 0
    substitution: Wish | None = None
    """For this line; None for what the order says."""
    measured_g: int | None = None
    """What one pack weighs by its own sticker, in grams."""


class Sent(msgspec.Struct, frozen=True):
    """So many pieces of a line are sent by this place, which is not the order's own."""

    line_no: int
    place_id: UUID
    quantity: int


class Sums(msgspec.Struct, frozen=True):
    """total = subtotal − discount + deposits + delivery, all with VAT."""

    subtotal: Money
    discount: Money
    deposits: Money
    delivery: Money
    total: Money


class PickUp(msgspec.Struct, frozen=True):
    """Where somebody comes for it, from when on, and until when it is kept. Aware UTC."""

    place_id: UUID
    ready_by: datetime
    keep_until: datetime


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """All that was agreed; `receipt` is kept exactly as the shopper accepted it."""

    id: UUID
    cart_id: UUID
    place_id: UUID
    slot_id: UUID
    starts_at: datetime
    ends_at: datetime
    contact: Contact
    address: Address
    note: str
    substitution: Wish
    language: Language
    currency: str
    sums: Sums
    receipt: Mapping[str, Any]
    lines: list[Line]
    pick_up: PickUp | None = None
    """Of what is collected, where the rest is brought."""
    elsewhere: Sequence[Sent] = ()
    """What does not come from `place_id`."""
    line_notes: Mapping[UUID, str] = {}
    """What the shopper said about single products."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str
    cart_id: UUID
    state: State
    why_cancelled: str | None
    place_id: UUID
    slot_id: UUID
    starts_at: datetime
    ends_at: datetime
    contact: Contact
    address: Address
    note: str
    substitution: Wish
    language: Language
    currency: str
    sums: Sums
    receipt: dict[str, Any]
    version: int
    placed_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    delivered_at: datetime | None
    lines: list[Line]
    pick_up: PickUp | None = None
    """Of its collected lines, where others are brought; place and time of an order that is collected
    whole are its own: `rules.pick_up` knows both."""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """An order as its shopper's list of orders shows it."""

    id: UUID
    number: str
    state: State
    placed_at: datetime
    currency: str
    total: Money
    pieces: int
    names: list[str]
    """As it was ordered; `product_ids` say what they are called in another language."""
    product_ids: list[UUID]
    pictures: list[str]


class Locked(msgspec.Struct, frozen=True):
    """Where an order is while its row is locked."""

    state: State
    version: int
    total: Money


class Happening(msgspec.Struct, frozen=True):
    """One entry of the order's timeline; `kind` is the kind of event, e.g. OrderPacked."""

    kind: str
    at: datetime


class Changes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may still change before picking starts; what is not named stays. The door may be another
    one in the same postcode: another postcode may have other delivery times."""

    name: Name | None = None
    phone: Phone | None = None
    street: Name | None = None
    house_number: Name | None = None
    note: bounds.Text | None = None
    substitution: Wish | None = None


class Note(msgspec.Struct, frozen=True):
    """What somebody of the shop wrote about an order; the shopper does not see it."""

    id: UUID
    by: UUID | None
    text: str
    at: datetime


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of everything that happened with an order: an event, a paper, or a note."""

    at: datetime
    kind: str
    what: dict[str, Any]


WhyKept = Literal["", "taken-along", "being-picked", "over"]
"""Why an order cannot be called off any more; empty while it can."""


class Tracked(msgspec.Struct, frozen=True):
    """What the holder of a tracking link sees; `why_kept` says why it cannot be cancelled."""

    order: Order
    happened: list[Happening]
    can_be_cancelled: bool
    why_kept: WhyKept = ""
