"""Vans that were loaded and did not leave."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection
from app.fulfilment.delivery.models import Before, Breakdown


async def write_breakdown(
    db: Connection, id: UUID, run_id: UUID, was: Before, *, stranded: bool
) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.breakdowns (id, run_id, was, stranded)
        VALUES ($1, $2, $3, $4)
        """,
        id, run_id, msgspec.to_builtins(was), stranded,
    )  # fmt: skip


async def breakdown(db: Connection, id: UUID) -> Breakdown | None:
    row = await db.fetchrow(
        """
        SELECT broke.id, broke.run_id, run.number, place.name AS place, run.starts_at, broke.was,
               broke.stranded, broke.undone_at
          FROM fulfilment.breakdowns AS broke
          JOIN fulfilment.runs AS run ON run.id = broke.run_id
          JOIN stock.places AS place ON place.id = run.place_id
         WHERE broke.id = $1
        """,
        id,
    )
    return _breakdown(row) if row else None


async def undoable(db: Connection, since: datetime, until: datetime) -> list[Breakdown]:
    """Those of the runs that start in that time of which nothing was loaded again, and no van left."""
    rows = await db.fetch(
        """
        SELECT broke.id, broke.run_id, run.number, place.name AS place, run.starts_at, broke.was,
               broke.stranded, broke.undone_at
          FROM fulfilment.breakdowns AS broke
          JOIN fulfilment.runs AS run ON run.id = broke.run_id AND run.state = 'completed'
          JOIN stock.places AS place ON place.id = run.place_id
         WHERE run.starts_at >= $1
           AND run.starts_at < $2
           AND broke.undone_at IS NULL
           AND NOT broke.stranded
           AND NOT EXISTS (SELECT
                             FROM jsonb_array_elements_text(broke.was -> 'doors') AS door (id)
                             LEFT JOIN fulfilment.stops AS stop ON stop.id = door.id::uuid
                             LEFT JOIN fulfilment.runs AS now ON now.id = stop.run_id
                            WHERE stop.state IS DISTINCT FROM 'planned'
                               OR now.state NOT IN ('planned', 'published')
                               OR NOT jsonb_exists(broke.was -> 'helpers', stop.run_id::text)
                               OR EXISTS (SELECT
                                            FROM fulfilment.parcels AS parcel
                                           WHERE parcel.order_id = stop.order_id
                                             AND parcel.fulfilment_id = stop.fulfilment_id
                                             AND parcel.run_id IS NOT NULL))
         ORDER BY broke.at DESC
         LIMIT 20
        """,
        since, until,
    )  # fmt: skip
    return [_breakdown(row) for row in rows]


async def note_undone(db: Connection, id: UUID) -> bool:
    """False when somebody was faster."""
    return bool(
        await db.fetchval(
            """
            UPDATE fulfilment.breakdowns
               SET undone_at = now()
             WHERE id = $1
               AND undone_at IS NULL
            RETURNING true
            """,
            id,
        )
    )


async def reopen_run(db: Connection, run_id: UUID) -> None:
    """It never was over."""
    await db.execute("UPDATE fulfilment.runs SET completed_at = NULL WHERE id = $1", run_id)


def _breakdown(row: Any) -> Breakdown:
    return Breakdown(**{**row, "was": msgspec.convert(row["was"], Before)})
