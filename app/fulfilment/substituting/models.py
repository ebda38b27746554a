from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.fulfilment.models import ShortReason, Storage
from app.money import Money
from app.orders.models import Wish

State = Literal["offered", "accepted", "refused", "withdrawn"]
Voice = Literal["shopper", "silence", "picker", "gone"]
"""Who ended it; gone: it was not there any more, or must not be sold."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The line something else is looked for: what was ordered, and what its shopper wishes."""

    product_id: UUID
    name: str
    brand: str
    category: str
    content_quantity: int
    content_unit: str
    storage: Storage
    age_limit: int | None
    wish: Wish
    language: str
    currency: str
    place_id: UUID
    order_number: str
    pick_by: datetime
    unit_share: Money
    """What was paid for one at the least, with its deposit."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A product that might do; `price` is for one with its deposit."""

    product_id: UUID
    gtin: str
    name: str
    picture: str | None
    brand: str
    category: str
    content_quantity: int
    content_unit: str
    storage: Storage
    age_limit: int | None
    weight_g: int
    price: Money
    currency: str
    popularity: int
    available: int


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What the picker may offer; `charged` is what the shopper would pay for one."""

    product_id: UUID
    gtin: str
    name: str
    picture: str | None
    price: Money
    charged: Money
    same_brand: bool
    available: int


class Substitute(msgspec.Struct, frozen=True, kw_only=True):
    """An offer and how it ended. `charged` is for all, in minor units with deposit."""

    order_id: UUID
    id: UUID
    fulfilment_id: UUID
    pick_id: UUID
    product_id: UUID
    gtin: str
    name: str
    picture: str | None
    storage: Storage
    weight_g: int
    quantity: int
    price: Money
    charged: Money
    wish: Wish
    reason: ShortReason
    state: State
    ended_by: Voice | None
    offered_by: UUID
    offered_at: datetime
    answer_by: datetime
    ended_at: datetime | None
    hold_id: UUID
    elsewhere: int
    """Of what was to be replaced and was not, another place sends so many."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An offer as shopper and picker see it: instead of what, for how much, until when. `paid` is
    what the same number of what was ordered cost; `comes_if_silent` what no answer means."""

    id: UUID
    pick_id: UUID
    line_no: int
    tote: int | None
    name: str
    picture: str | None
    instead_of: str
    quantity: int
    charged: Money
    paid: Money
    state: State
    ended_by: Voice | None
    answer_by: datetime
    comes_if_silent: bool
    elsewhere: int
    gtin: str
    gtin_instead_of: str
