"""The doors of a run, and how each ended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.delivery.models import Door, StopRow
from app.fulfilment.models import FailReason, NextStep, Receiver, Stop


async def write_stop(
    db: Connection,
    *,
    order_id: UUID,
    id: UUID,
    fulfilment_id: UUID,
    run_id: UUID,
    latitude: float,
    longitude: float,
    arrives_at: datetime,
    at_the_door_s: int,
) -> None:
    """As the last of its run, which is locked."""
    await db.execute(
        """
        INSERT INTO fulfilment.stops (
               order_id, id, fulfilment_id, run_id, position, latitude, longitude, arrives_at,
               at_the_door_s)
        SELECT $1, $2, $3, $4, 1 + coalesce(max(position), 0), $5, $6, $7, $8
          FROM fulfilment.stops
         WHERE run_id = $4
        """,
        order_id, id, fulfilment_id, run_id, latitude, longitude, arrives_at,
        at_the_door_s,
    )  # fmt: skip


async def stop(db: Connection, id: UUID) -> Stop | None:
    row = await db.fetchrow(
        """
        SELECT order_id, id, fulfilment_id, run_id, position, state, latitude, longitude,
               arrives_at, handed_to, age_checked, reason, next_step, happened_at, received_at
          FROM fulfilment.stops
         WHERE id = $1
        """,
        id,
    )
    return Stop(**row) if row else None


async def stop_of(db: Connection, fulfilment_id: UUID) -> Stop | None:
    """The one that is still ahead."""
    row = await db.fetchrow(
        """
        SELECT order_id, id, fulfilment_id, run_id, position, state, latitude, longitude,
               arrives_at, handed_to, age_checked, reason, next_step, happened_at, received_at
          FROM fulfilment.stops
         WHERE fulfilment_id = $1
           AND state = 'planned'
        """,
        fulfilment_id,
    )
    return Stop(**row) if row else None


async def van_at(
    db: Connection,
    place_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    door: tuple[float, float],
) -> int | None:
    """The number of a van of that window that has not left and stops at this very door."""
    number: int | None = await db.fetchval(
        """
        SELECT run.number
          FROM fulfilment.runs AS run
          JOIN fulfilment.stops AS stop ON stop.run_id = run.id AND stop.state = 'planned'
         WHERE run.place_id = $1
           AND run.starts_at = $2
           AND run.ends_at = $3
           AND run.state IN ('planned', 'published')
           AND stop.latitude = $4
           AND stop.longitude = $5
         ORDER BY run.number
         LIMIT 1
        """,
        place_id, starts_at, ends_at, *door,
    )  # fmt: skip
    return number


async def doors(db: Connection, run_id: UUID) -> list[Door]:
    """Stops of a run that are still ahead, in visiting order."""
    rows = await db.fetch(
        """
        SELECT order_id, id, latitude, longitude, pinned, at_the_door_s
          FROM fulfilment.stops
         WHERE run_id = $1
           AND state = 'planned'
         ORDER BY position
        """,
        run_id,
    )
    return [Door(**row) for row in rows]


async def fulfilments_of(db: Connection, run_id: UUID) -> list[UUID]:
    """Of the stops of a run that are still ahead."""
    rows = await db.fetch(
        "SELECT fulfilment_id FROM fulfilment.stops WHERE run_id = $1 AND state = 'planned'", run_id
    )
    return [row["fulfilment_id"] for row in rows]


async def doors_with_times(db: Connection, run_id: UUID) -> list[tuple[Door, datetime]]:
    """Stops still ahead in visiting order, each with the time it has been told."""
    rows = await db.fetch(
        """
        SELECT stop.order_id, stop.id, stop.latitude, stop.longitude, stop.pinned,
               stop.at_the_door_s, stop.arrives_at,
               (SELECT greatest(1, count(*))
                  FROM fulfilment.parcels AS parcel
                 WHERE parcel.order_id = stop.order_id
                   AND parcel.fulfilment_id = stop.fulfilment_id
                   AND parcel.emptied_at IS NULL) AS crates
          FROM fulfilment.stops AS stop
         WHERE stop.run_id = $1
           AND stop.state = 'planned'
         ORDER BY stop.position
        """,
        run_id,
    )
    return [
        (Door(**{field: row[field] for field in Door.__struct_fields__}), row["arrives_at"])
        for row in rows
    ]


async def hand_over_stops(
    db: Connection, from_run: UUID, to_run: UUID, ids: Sequence[UUID]
) -> None:
    """Those of the stops that are ahead, with their parcels, behind the stops of the other run; both
    are locked. What is over stays where it happened."""
    await db.execute(
        """
        WITH ahead AS MATERIALIZED (
            SELECT order_id, fulfilment_id
              FROM fulfilment.stops
             WHERE run_id = $1
               AND state = 'planned'
               AND id = ANY ($3)
        ), parcels AS (
            UPDATE fulfilment.parcels AS parcel
               SET run_id = $2
              FROM ahead
             WHERE parcel.order_id = ahead.order_id
               AND parcel.fulfilment_id = ahead.fulfilment_id
               AND parcel.run_id = $1
        )
        UPDATE fulfilment.stops AS stop
           SET run_id = $2,
               position = stop.position + (SELECT coalesce(max(position), 0)
                                             FROM fulfilment.stops
                                            WHERE run_id = $2)
         WHERE stop.run_id = $1
           AND stop.state = 'planned'
           AND stop.id = ANY ($3)
        """,
        from_run, to_run, list(ids),
    )  # fmt: skip


async def put_in_order(
    db: Connection, run_id: UUID, ids: Sequence[UUID], arrivals: Sequence[datetime]
) -> None:
    """The stops ahead come after those that are over."""
    await db.execute(
        """
        UPDATE fulfilment.stops AS stop
           SET position = over.count + wanted.place, arrives_at = wanted.arrives_at
          FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY
               AS wanted (id, arrives_at, place),
               (SELECT coalesce(max(position), 0) AS count
                  FROM fulfilment.stops
                 WHERE run_id = $1
                   AND NOT id = ANY ($2::uuid[])) AS over
         WHERE stop.run_id = $1
           AND stop.id = wanted.id
        """,
        run_id, list(ids), list(arrivals),
    )  # fmt: skip


async def drop_stop(db: Connection, order_id: UUID, id: UUID) -> None:
    await db.execute(
        "UPDATE fulfilment.stops SET state = 'dropped' WHERE order_id = $1 AND id = $2",
        order_id, id,
    )  # fmt: skip


async def change_run_of_stop(db: Connection, stop: Stop, run_id: UUID) -> None:
    """To the end of another run; both are locked."""
    await db.execute(
        """
        UPDATE fulfilment.stops
           SET run_id = $3,
               position = (SELECT 1 + coalesce(max(position), 0)
                             FROM fulfilment.stops
                            WHERE run_id = $3)
         WHERE order_id = $1
           AND id = $2
        """,
        stop.order_id, stop.id, run_id,
    )  # fmt: skip


async def pin_stop(db: Connection, order_id: UUID, id: UUID, pinned: bool) -> None:
    await db.execute(
        "UPDATE fulfilment.stops SET pinned = $3 WHERE order_id = $1 AND id = $2",
        order_id, id, pinned,
    )  # fmt: skip


async def note_delivered(
    db: Connection, stop: Stop, to: Receiver, age_checked: bool, happened_at: datetime | None
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.stops
           SET state = 'delivered', handed_to = $3, age_checked = $4,
               reason = NULL, next_step = NULL, choose_until = NULL,
               happened_at = coalesce($5, now()), received_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        stop.order_id, stop.id, to, age_checked, happened_at,
    )  # fmt: skip


async def note_failed(
    db: Connection,
    stop: Stop,
    reason: FailReason,
    next_step: NextStep,
    happened_at: datetime | None,
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.stops
           SET state = 'failed', reason = $3, next_step = $4,
               happened_at = coalesce($5, now()), received_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        stop.order_id, stop.id, reason, next_step, happened_at,
    )  # fmt: skip


async def stops(db: Connection, run_ids: Sequence[UUID]) -> list[StopRow]:
    """In visiting order, counted from one: places that moved to another van leave no hole."""
    rows = await db.fetch(
        """
        SELECT stop.order_id, stop.id, stop.fulfilment_id, stop.run_id,
               row_number() OVER (PARTITION BY stop.run_id ORDER BY stop.position, stop.id) AS position,
               stop.state,
               stop.latitude, stop.longitude, stop.arrives_at, stop.handed_to, stop.age_checked,
               stop.reason, stop.next_step, stop.happened_at, stop.received_at,
               fulfilment.order_number, fulfilment.state AS fulfilment_state,
               fulfilment.attempts AS tries, stop.pinned, stop.at_the_door_s,
               sold.name, sold.phone, sold.street, sold.house_number, sold.postcode, sold.city,
               sold.country, sold.note, sold.language,
               content.age_limit, content.cold, content.pieces,
               coalesce(note.words, '') AS door_note, tote.chilled_since, tote.frozen_since
          FROM fulfilment.stops AS stop
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = stop.order_id AND fulfilment.id = stop.fulfilment_id
          JOIN orders.orders AS sold ON sold.id = stop.order_id
          LEFT JOIN fulfilment.door_notes AS note
            ON note.door = sha256(convert_to(upper(regexp_replace(
                   concat_ws('|', sold.country, sold.postcode, sold.house_number), '[[:space:]]', '', 'g')),
                   'UTF8'))
         CROSS JOIN LATERAL (
               SELECT min(parcel.loaded_at) FILTER (WHERE parcel.storage = 'chilled')
                      AS chilled_since,
                      min(parcel.loaded_at) FILTER (WHERE parcel.storage = 'frozen')
                      AS frozen_since
                 FROM fulfilment.parcels AS parcel
                WHERE parcel.order_id = stop.order_id
                  AND parcel.fulfilment_id = stop.fulfilment_id
                  AND parcel.run_id = stop.run_id) AS tote
         CROSS JOIN LATERAL (
               SELECT max(line.age_limit) AS age_limit,
                      coalesce(bool_or(pick.storage <> 'ambient'), false) AS cold,
                      coalesce(sum(pick.picked), 0)::int AS pieces
                 FROM fulfilment.picks AS pick
                 JOIN orders.lines AS line
                   ON line.order_id = pick.order_id AND line.line_no = pick.line_no
                WHERE pick.order_id = stop.order_id
                  AND pick.fulfilment_id = stop.fulfilment_id
                  AND pick.short < pick.quantity) AS content
         WHERE stop.run_id = ANY ($1)
           AND stop.state <> 'dropped'
         ORDER BY stop.run_id, stop.position, stop.id
        """,
        list(run_ids),
    )
    return [StopRow(**row) for row in rows]
