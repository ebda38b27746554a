"""What providers told us, and what a person must look at."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.db import Connection, Pool
from app.payments.models import Fact, Oddity, Teller


async def keep_fact(db: Connection, fact: Fact, told_by: Teller) -> bool:
    """False when it was heard before."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO payments.events (
                   provider, event_id, intent_id, kind, capture, amount, currency, told_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (provider, event_id) DO NOTHING
            RETURNING true
            """,
            fact.provider, fact.event_id, fact.intent_id, fact.kind, fact.capture, fact.amount,
            fact.currency, told_by,
        )
    )  # fmt: skip


async def keep_oddity(
    db: Connection, id: UUID, intent_id: UUID, what: str, told: Mapping[str, Any]
) -> None:
    await db.execute(
        "INSERT INTO payments.oddities (id, intent_id, what, told) VALUES ($1, $2, $3, $4)",
        id, intent_id, what, dict(told),
    )  # fmt: skip


async def oddities(db: Connection | Pool, limit: int) -> list[Oddity]:
    """What a person must look at, the oldest first."""
    rows = await db.fetch(
        """
        SELECT oddity.id, intent.order_id, intent.provider, oddity.what, oddity.told,
               oddity.found_at
          FROM payments.oddities AS oddity
          JOIN payments.intents AS intent ON intent.id = oddity.intent_id
         WHERE oddity.settled_at IS NULL
         ORDER BY oddity.found_at
         LIMIT $1
        """,
        limit,
    )
    return [Oddity(**row) for row in rows]


async def settle_oddity(db: Connection, id: UUID) -> bool:
    """Somebody has looked at it; false when somebody else had."""
    return bool(
        await db.fetchval(
            """
            UPDATE payments.oddities
               SET settled_at = now()
             WHERE id = $1 AND settled_at IS NULL
            RETURNING true
            """,
            id,
        )
    )
