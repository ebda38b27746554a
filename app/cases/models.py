from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Kind = Literal["missing", "damaged", "warm", "wrong", "late", "other"]
State = Literal["open", "answered", "closed"]
"""answered: the money is back already, somebody still looks at why."""
Channel = Literal["web", "mail", "phone", "chat", "counter", "note"]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One problem of one order, until it is closed with what was learned from it."""

    id: UUID
    order_id: UUID
    number: str
    """Of the order."""
    about: UUID | None
    kind: Kind
    state: State
    owner: UUID | None
    owner_name: str | None
    words: str
    learned: str
    version: int
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said or done, by whichever means."""

    at: datetime
    who: str
    channel: Channel
    text: str


class Parcel(msgspec.Struct, frozen=True):
    """One of the parcels of its order."""

    sscc: str
    number: int
    storage: str
    delivered_at: datetime | None
