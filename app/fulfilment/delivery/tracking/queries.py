from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.delivery.tracking.models import Ahead, Standing


async def ahead(db: Connection, run_id: UUID) -> list[Ahead]:
    """Doors of a run that are still ahead, in visiting order."""
    rows = await db.fetch(
        """
        SELECT order_id, id, latitude, longitude, arrives_at, told_at, shown, at_the_door_s
          FROM fulfilment.stops
         WHERE run_id = $1
           AND state = 'planned'
         ORDER BY position
        """,
        run_id,
    )
    return [Ahead(**row) for row in rows]


async def last_left_at(db: Connection, run_id: UUID) -> datetime | None:
    """When the van left its last door. A phone whose clock is ahead does not make it late, and one
    whose clock is hours behind does not make it early: then it is when we heard of it."""
    at: datetime | None = await db.fetchval(
        """
        SELECT max(CASE WHEN happened_at > received_at - interval '3 hours'
                        THEN least(happened_at, received_at)
                        ELSE received_at END)
          FROM fulfilment.stops
         WHERE run_id = $1
           AND state IN ('delivered', 'failed')
        """,
        run_id,
    )
    return at


async def note_told(
    db: Connection, ids: Sequence[UUID], told: Sequence[datetime | None], shown: Sequence[str]
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.stops AS stop
           SET told_at = news.told_at, shown = news.shown
          FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) AS news (id, told_at, shown)
         WHERE stop.id = news.id
        """,
        list(ids), list(told), list(shown),
    )  # fmt: skip


async def standing(db: Connection, order_id: UUID) -> Standing | None:
    """The stop of an order that comes first, None when no van will come."""
    row = await db.fetchrow(
        """
        SELECT stop.run_id, run.state AS run_state, fulfilment.window_starts_at AS starts_at,
               fulfilment.window_ends_at AS ends_at, stop.arrives_at, stop.latitude,
               stop.longitude,
               (SELECT count(*)
                  FROM fulfilment.stops AS other
                 WHERE other.run_id = stop.run_id
                   AND other.state = 'planned'
                   AND other.position < stop.position) AS stops_before
          FROM fulfilment.stops AS stop
          JOIN fulfilment.runs AS run ON run.id = stop.run_id
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = stop.order_id AND fulfilment.id = stop.fulfilment_id
         WHERE stop.order_id = $1
           AND stop.state = 'planned'
         ORDER BY stop.arrives_at
         LIMIT 1
        """,
        order_id,
    )
    return Standing(**row) if row else None
