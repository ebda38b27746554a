from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

State = Literal["quarantine", "mark-down", "waste"]
"""quarantine: nobody knows yet; mark-down: fit to be sold, but not as new."""
Goal = Literal["shelf", "quarantine", "mark-down", "waste"]


class Goods(msgspec.Struct, frozen=True):
    """So many pieces that come to lie aside."""

    product_id: UUID
    place_id: UUID
    state: State
    quantity: int


class Lying(msgspec.Struct, frozen=True, kw_only=True):
    """So many pieces beside a shelf, since when, and where they may go."""

    product_id: UUID
    place_id: UUID
    place_name: str
    gtin: str
    name: str
    picture: str | None
    storage: str
    state: State
    quantity: int
    since: datetime
