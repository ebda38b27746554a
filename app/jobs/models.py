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
