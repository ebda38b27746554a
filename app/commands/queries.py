from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection


async def claim(db: Connection, scope: UUID, id: UUID, fingerprint: bytes) -> bool:
    return bool(
        await db.fetchval(
            """
            INSERT INTO commands.done (scope, id, fingerprint)
            VALUES ($1, $2, $3)
                ON CONFLICT (scope, id) DO NOTHING
            RETURNING true
            """,
            scope, id, fingerprint,
        )
    )  # fmt: skip


async def find(db: Connection, scope: UUID, id: UUID) -> asyncpg.Record:
    row = await db.fetchrow(
        "SELECT fingerprint, outcome FROM commands.done WHERE scope = $1 AND id = $2", scope, id
    )
    assert row is not None, "claimed by somebody, so it is there"
    return row


async def outcome(db: Connection, scope: UUID, id: UUID) -> dict[str, Any] | None:
    found: dict[str, Any] | None = await db.fetchval(
        "SELECT outcome FROM commands.done WHERE scope = $1 AND id = $2", scope, id
    )
    return found


async def keep_outcome(db: Connection, scope: UUID, id: UUID, outcome: Any) -> None:
    await db.execute(
        "UPDATE commands.done SET outcome = $3 WHERE scope = $1 AND id = $2", scope, id, outcome
    )


async def forget(db: Connection, days: int, limit: int) -> int:
    """How many were forgotten. The oldest by their index: the table holds every tap of a season."""
    gone: str = await db.execute(
        """
        DELETE FROM commands.done
         WHERE ctid = ANY (ARRAY (
               SELECT old.ctid
                 FROM commands.done AS old
                WHERE old.at < now() - make_interval(days => $1)
                ORDER BY old.at
                LIMIT $2
                  FOR UPDATE SKIP LOCKED))
        """,
        days, limit,
    )  # fmt: skip
    return int(gone.split()[-1])


class Done(msgspec.Struct, frozen=True):
    """A command with what it did, in the words that are kept: `cart.move` writes many at a time."""

    scope: UUID
    id: UUID
    fingerprint: bytes
    outcome: Any


async def copy_to(db: Connection, scope: UUID, survivor: UUID) -> None:
    await db.execute(
        """
        INSERT INTO commands.done (scope, id, fingerprint, outcome, at)
        SELECT $2, done.id, done.fingerprint, done.outcome, done.at
          FROM commands.done AS done
         WHERE done.scope = $1
            ON CONFLICT (scope, id) DO NOTHING
        """,
        scope, survivor,
    )  # fmt: skip
