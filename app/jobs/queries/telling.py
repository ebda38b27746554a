"""What happened, written down for whoever wants to hear it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.db import Connection
from app.jobs.models import News


async def tell(
    db: Connection,
    aggregate: UUID,
    number: int,
    aggregate_kind: str,
    kind: str,
    body: dict[str, Any],
    consumers: Sequence[str],
) -> None:
    await db.execute(
        """
        WITH told AS (
            INSERT INTO jobs.events (aggregate, number, aggregate_kind, kind, body)
            VALUES ($1, $2, $3, $4, $5)
            RETURNING aggregate, number
        ), waiting AS (
            INSERT INTO jobs.deliveries (consumer, aggregate, number)
            SELECT hearer.name, told.aggregate, told.number
              FROM told
             CROSS JOIN unnest($6::text[]) AS hearer (name)
        )
        INSERT INTO jobs.backlogs (consumer, aggregate)
        SELECT hearer.name, told.aggregate
          FROM told
         CROSS JOIN unnest($6::text[]) AS hearer (name)
         ORDER BY hearer.name
            ON CONFLICT (consumer, aggregate) DO NOTHING
        """,
        aggregate, number, aggregate_kind, kind, body, list(consumers),
    )  # fmt: skip


async def tell_all(
    db: Connection, aggregate_kind: str, news: Sequence[News], hearers: Sequence[tuple[str, str]]
) -> None:
    await db.execute(
        """
        WITH told AS (
            INSERT INTO jobs.events (aggregate_kind, aggregate, number, kind, body)
            SELECT $1, happening.id, happening.number, happening.kind, happening.body
              FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::jsonb[])
                AS happening (id, number, kind, body)
            RETURNING aggregate, number, kind
        ), hearing AS (
            SELECT hearer.name, told.aggregate, told.number
              FROM told
              JOIN unnest($6::text[], $7::text[]) AS hearer (kind, name) USING (kind)
        ), waiting AS (
            INSERT INTO jobs.deliveries (consumer, aggregate, number)
            SELECT name, aggregate, number
              FROM hearing
        )
        INSERT INTO jobs.backlogs (consumer, aggregate)
        SELECT DISTINCT name, aggregate
          FROM hearing
         ORDER BY name, aggregate
            ON CONFLICT (consumer, aggregate) DO NOTHING
        """,
        aggregate_kind,
        [item.id for item in news],
        [item.number for item in news],
        [item.kind for item in news],
        [item.body for item in news],
        [kind for kind, _ in hearers],
        [name for _, name in hearers],
    )


async def write_events(db: Connection, aggregate_kind: str, news: Sequence[News]) -> None:
    """What nobody is registered for stands there all the same, for who comes later."""
    await db.execute(
        """
        INSERT INTO jobs.events (aggregate_kind, aggregate, number, kind, body)
        SELECT $1, happening.id, happening.number, happening.kind, happening.body
          FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::jsonb[])
            AS happening (id, number, kind, body)
        """,
        aggregate_kind,
        [item.id for item in news],
        [item.number for item in news],
        [item.kind for item in news],
        [item.body for item in news],
    )
