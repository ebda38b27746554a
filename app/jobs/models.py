from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True):
    """Something that happened to an aggregate; `number` is the aggregate's version then."""

    aggregate: UUID
    number: int
    aggregate_kind: str
    kind: str
    body: dict[str, Any]
    at: datetime


class News(msgspec.Struct, frozen=True):
    """Something to be told of an aggregate: `number` is the version the change gave it."""

    id: UUID
    number: int
    kind: str
    body: dict[str, Any]


class Backlog(msgspec.Struct, frozen=True):
    consumer: str
    aggregate: UUID
    attempts: int
    first_failed_at: datetime | None


class Task(msgspec.Struct, frozen=True):
    """A step with a due time; `progress` in percent, `note` in words for who watches it."""

    id: UUID
    kind: str
    body: dict[str, Any]
    state: str
    attempts: int
    progress: int
    note: str | None
    outcome: Any


class Depth(msgspec.Struct, frozen=True):
    """What one consumer still has to hear."""

    consumer: str
    waiting: int
    oldest_s: float
    failing: int
    parked: int
    last_error: str | None


class Kind(msgspec.Struct, frozen=True):
    """Steps of one kind; `late` are due for more than a minute."""

    kind: str
    waiting: int
    late: int
    failed: int


class Parked(msgspec.Struct, frozen=True):
    """An event that a consumer could not take in for days."""

    consumer: str
    aggregate: UUID
    number: int
    kind: str
    at: datetime
    parked_at: datetime


class Failed(msgspec.Struct, frozen=True):
    """A step nobody will take again by itself."""

    id: UUID
    kind: str
    attempts: int
    note: str | None
    finished_at: datetime | None
