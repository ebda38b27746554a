from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection, Pool
from app.sourcing.models import Asked, Choice, Decision, Missing, Unfilled, Version, Weights


async def weights(db: Connection | Pool) -> tuple[int, Weights]:
    """Version and rules that count now; version 0 are those the shop comes with."""
    row = await db.fetchrow(
        "SELECT version, weights FROM sourcing.rules ORDER BY version DESC LIMIT 1"
    )
    return (row["version"], msgspec.convert(row["weights"], Weights)) if row else (0, Weights())


async def write_weights(db: Connection, after: int, new: Weights, made_by: UUID | None) -> bool:
    """False when somebody else has made the version after `after`."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO sourcing.rules (version, weights, made_by)
            VALUES ($1 + 1, $2, $3)
                ON CONFLICT (version) DO NOTHING
            RETURNING true
            """,
            after, msgspec.to_builtins(new), made_by,
        )
    )  # fmt: skip


async def write_decision(
    db: Connection,
    order_id: UUID,
    version: int,
    asked: Asked,
    decided: Choice,
    refused_by: Sequence[UUID],
) -> int:
    """Which attempt it is. The caller has locked the order, or it is new."""
    attempt: int = await db.fetchval(
        """
        INSERT INTO sourcing.decisions (order_id, attempt, rules_version, asked, decided, refused_by)
        SELECT $1, 1 + coalesce(max(attempt), 0), $2, $3, $4, $5
          FROM sourcing.decisions
         WHERE order_id = $1
        RETURNING attempt
        """,
        order_id, version, msgspec.to_builtins(asked), msgspec.to_builtins(decided),
        list(refused_by),
    )  # fmt: skip
    return attempt


async def decisions(db: Connection | Pool, order_id: UUID) -> list[Decision]:
    rows = await db.fetch(
        """
        SELECT order_id, attempt, rules_version, asked, decided, refused_by, made_at
          FROM sourcing.decisions
         WHERE order_id = $1
         ORDER BY attempt
        """,
        order_id,
    )
    return [_decision(row) for row in rows]


async def last_decisions(
    db: Connection | Pool, most: int, before: Decision | None = None
) -> list[Decision]:
    """The newest first; those made before one that was read already."""
    rows = await db.fetch(
        """
        SELECT order_id, attempt, rules_version, asked, decided, refused_by, made_at
          FROM sourcing.decisions
         WHERE $2::timestamptz IS NULL
            OR (made_at, order_id, attempt) < ($2, $3, $4)
         ORDER BY made_at DESC, order_id DESC, attempt DESC
         LIMIT $1
        """,
        most, before and before.made_at, before and before.order_id, before and before.attempt,
    )  # fmt: skip
    return [_decision(row) for row in rows]


async def history(db: Connection | Pool, most: int) -> list[Version]:
    """The versions of the rules, the newest first."""
    rows = await db.fetch(
        """
        SELECT made.version, made.made_at, coalesce(person.name, '') AS made_by
          FROM sourcing.rules AS made
          LEFT JOIN staff.people AS person ON person.id = made.made_by
         ORDER BY made.version DESC
         LIMIT $1
        """,
        most,
    )
    return [Version(**row) for row in rows]


async def open_unfilled(db: Connection, order_id: UUID, missing: Sequence[Missing]) -> None:
    """One for each order; what is missing now replaces what was missing before."""
    await db.execute(
        """
        INSERT INTO sourcing.unfilled (order_id, missing)
        VALUES ($1, $2)
            ON CONFLICT (order_id) DO UPDATE
           SET missing = excluded.missing, settled_at = NULL, settled_by = NULL,
               waits_until = NULL
        """,
        order_id, msgspec.to_builtins(list(missing)),
    )  # fmt: skip


async def unfilled(db: Connection | Pool) -> list[Unfilled]:
    rows = await db.fetch(
        """
        SELECT order_id, missing, opened_at, waits_until
          FROM sourcing.unfilled
         WHERE settled_at IS NULL
         ORDER BY opened_at
         LIMIT 200
        """
    )
    return [
        Unfilled(**{**row, "missing": msgspec.convert(row["missing"], list[Missing])})
        for row in rows
    ]


async def is_unfilled(db: Connection | Pool, order_id: UUID) -> bool:
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT
                             FROM sourcing.unfilled
                            WHERE order_id = $1 AND settled_at IS NULL)
            """,
            order_id,
        )
    )


async def put_off(db: Connection, order_id: UUID, until: datetime) -> bool:
    """False when there is nothing to put off."""
    return bool(
        await db.fetchval(
            """
            UPDATE sourcing.unfilled
               SET waits_until = $2
             WHERE order_id = $1
               AND settled_at IS NULL
            RETURNING true
            """,
            order_id, until,
        )
    )  # fmt: skip


async def settle(db: Connection, order_id: UUID, by: UUID | None) -> bool:
    """False when there was nothing to settle. `by` None: it has settled itself."""
    return bool(
        await db.fetchval(
            """
            UPDATE sourcing.unfilled
               SET settled_at = now(), settled_by = $2
             WHERE order_id = $1
               AND settled_at IS NULL
            RETURNING true
            """,
            order_id, by,
        )
    )  # fmt: skip


def _decision(row: Any) -> Decision:
    return Decision(
        order_id=row["order_id"],
        attempt=row["attempt"],
        rules_version=row["rules_version"],
        asked=msgspec.convert(row["asked"], Asked),
        decided=msgspec.convert(row["decided"], Choice),
        refused_by=row["refused_by"],
        made_at=row["made_at"],
    )
