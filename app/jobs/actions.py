from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db import Connection, new_id
from app.jobs import queries
from app.jobs.models import News
from app.jobs.register import registered


async def announce(
    db: Connection,
    *,
    aggregate: str,
    id: UUID,
    number: int,
    kind: str,
    body: dict[str, Any] | None = None,
) -> None:
    """Tell what happened, in the transaction in which it happened.

    `number` is the version the change gave its aggregate: one event per version, without gaps
    from 1. `body` holds ids and sums, never personal data.
    """
    await queries.tell(
        db, id, number, aggregate, kind, body or {}, registered.consumers.get(kind, [])
    )


async def announce_all(db: Connection, *, aggregate: str, news: Sequence[News]) -> None:
    """`announce` for verbs that take many: the same promises, in one statement."""
    if not news:
        return
    hearers = [
        (kind, consumer)
        for kind in sorted({item.kind for item in news})
        for consumer in registered.consumers.get(kind, [])
    ]
    if not hearers:
        await queries.write_events(db, aggregate, news)
        return
    await queries.tell_all(db, aggregate, news, hearers)


def is_heard(kind: str) -> bool:
    """Whether anybody waits for events of this kind. Where nobody does, a verb that is always in a
    hurry may write its events in the statement of its own rows instead of announcing them."""
    return bool(registered.consumers.get(kind))


async def later(
    db: Connection,
    kind: str,
    body: dict[str, Any],
    *,
    due_at: datetime | None = None,
    id: UUID | None = None,
) -> UUID:
    """A step to be taken once it is due; the same id again is the same step."""
    id = id or new_id()
    await queries.write_task(db, id, kind, body, due_at)
    return id
