from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime
    waiting: int = 0
    parked: int = 0
    answer: str | None = None
    """What it last answered, when it did not take a message."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One event for one endpoint."""

    endpoint_id: UUID
    url: str
    secrets: list[bytes]
    aggregate: UUID
    number: int
    kind: str
    happened_at: datetime
    body: dict[str, Any]
    attempts: int
    first_failed_at: datetime | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The body that is sent: what happened to what, when. Ids only, never personal data."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    endpoint_id: UUID
    url: str
    aggregate: UUID
    number: int
    kind: str
    attempts: int
    answer: str | None


class Went(msgspec.Struct, frozen=True):
    """How a delivery went: `status` is None when nobody answered. `words` are for the operator."""

    taken: bool
    words: str
