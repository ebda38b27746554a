"""Many commands at a time, for verbs that lock what they change before they ask what was done."""

from collections.abc import Sequence
from uuid import UUID

from app.commands import queries
from app.commands.queries import Done
from app.db import Connection


async def record_many(db: Connection, done: Sequence[Done]) -> None:
    """Keep what each command did, in the transaction of the effects.

    The caller holds the lock of every scope and has read `commands.done` under it, so that an id
    that is there all the same was used by another verb meanwhile: asyncpg.UniqueViolationError.
    """
    await queries.record_many(db, done)


async def copy_to(db: Connection, scope: UUID, survivor: UUID) -> None:
    """What was done in one scope counts as done in another, e.g. in the cart that follows it."""
    await queries.copy_to(db, scope, survivor)
