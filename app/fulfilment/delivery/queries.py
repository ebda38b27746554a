from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.delivery.models import Door, RunRow, StopRow
from app.fulfilment.models import (
    NextStep,
    NotDelivered,
    Parcel,
    Pick,
    Receiver,
    Run,
    RunState,
    Stop,
)


async def where_to(db: Connection, order_id: UUID, place_id: UUID) -> tuple[float, float, str, str]:
    """Latitude and longitude of the place; postcode and house number of the door."""
    row = await db.fetchrow(
        """
        SELECT place.latitude, place.longitude, sold.postcode, sold.house_number
          FROM orders.orders AS sold
          JOIN stock.places AS place ON place.id = $2
         WHERE sold.id = $1
        """,
        order_id, place_id,
    )  # fmt: skip
    assert row is not None, "an order has a place"
    return row["latitude"], row["longitude"], row["postcode"], row["house_number"]


async def depot(db: Connection, place_id: UUID) -> tuple[float, float]:
    row = await db.fetchrow("SELECT latitude, longitude FROM stock.places WHERE id = $1", place_id)
    assert row is not None, "a run has a place"
    return row["latitude"], row["longitude"]


async def write_run(
    db: Connection, id: UUID, place_id: UUID, starts_at: datetime, ends_at: datetime, number: int
) -> bool:
    """False when that van is there already."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO fulfilment.runs (id, place_id, starts_at, ends_at, number)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (place_id, starts_at, ends_at, number) DO NOTHING
            RETURNING true
            """,
            id, place_id, starts_at, ends_at, number,
        )
    )  # fmt: skip


async def lock_runs_of_window(
    db: Connection, place_id: UUID, starts_at: datetime, ends_at: datetime
) -> list[Run]:
    rows = await db.fetch(
        """
        SELECT id, place_id, starts_at, ends_at, number, state, driver_id, departed_at,
               completed_at, version
          FROM fulfilment.runs
         WHERE place_id = $1
           AND starts_at = $2
           AND ends_at = $3
         ORDER BY number
           FOR NO KEY UPDATE
        """,
        place_id, starts_at, ends_at,
    )  # fmt: skip
    return [Run(**row) for row in rows]


async def lock_runs(db: Connection, ids: Sequence[UUID]) -> list[Run]:
    rows = await db.fetch(
        """
        SELECT id, place_id, starts_at, ends_at, number, state, driver_id, departed_at,
               completed_at, version
          FROM fulfilment.runs
         WHERE id = ANY ($1)
         ORDER BY place_id, starts_at, ends_at, number
           FOR NO KEY UPDATE
        """,
        list(ids),
    )
    return [Run(**row) for row in rows]


async def move_run(
    db: Connection, id: UUID, state: RunState | None, driver_id: UUID | None = None
) -> int:
    """None leaves the state as it is; every change counts its version up."""
    version: int = await db.fetchval(
        """
        UPDATE fulfilment.runs
           SET version = version + 1,
               state = coalesce($2, state),
               driver_id = coalesce($3, driver_id),
               departed_at = CASE WHEN $2 = 'underway' THEN now() ELSE departed_at END,
               completed_at = CASE WHEN $2 = 'completed' THEN now() ELSE completed_at END
         WHERE id = $1
        RETURNING version
        """,
        id, state, driver_id,
    )  # fmt: skip
    return version


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
) -> None:
    """As the last of its run, which is locked."""
    await db.execute(
        """
        INSERT INTO fulfilment.stops (
               order_id, id, fulfilment_id, run_id, position, latitude, longitude, arrives_at)
        SELECT $1, $2, $3, $4, 1 + coalesce(max(position), 0), $5, $6, $7
          FROM fulfilment.stops
         WHERE run_id = $4
        """,
        order_id, id, fulfilment_id, run_id, latitude, longitude, arrives_at,
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


async def doors(db: Connection, run_id: UUID) -> list[Door]:
    """Stops of a run that are still ahead, in visiting order."""
    rows = await db.fetch(
        """
        SELECT order_id, id, latitude, longitude
          FROM fulfilment.stops
         WHERE run_id = $1
           AND state = 'planned'
         ORDER BY position
        """,
        run_id,
    )
    return [Door(**row) for row in rows]


async def doors_with_times(db: Connection, run_id: UUID) -> list[tuple[Door, datetime]]:
    """Stops still ahead in visiting order, each with the time it has been told."""
    rows = await db.fetch(
        """
        SELECT order_id, id, latitude, longitude, arrives_at
          FROM fulfilment.stops
         WHERE run_id = $1
           AND state = 'planned'
         ORDER BY position
        """,
        run_id,
    )
    return [
        (Door(row["order_id"], row["id"], row["latitude"], row["longitude"]), row["arrives_at"])
        for row in rows
    ]


async def last_point(db: Connection, run_id: UUID) -> tuple[float, float] | None:
    """The door a van was at last; None when it has been at none."""
    row = await db.fetchrow(
        """
        SELECT latitude, longitude
          FROM fulfilment.stops
         WHERE run_id = $1
           AND state IN ('delivered', 'failed')
         ORDER BY position DESC
         LIMIT 1
        """,
        run_id,
    )
    return (row["latitude"], row["longitude"]) if row else None


async def hand_over_stops(db: Connection, from_run: UUID, to_run: UUID) -> None:
    """All stops ahead with their parcels, behind the stops of the other run; both are locked. What
    is over stays where it happened."""
    await db.execute(
        """
        WITH ahead AS MATERIALIZED (
            SELECT order_id, fulfilment_id
              FROM fulfilment.stops
             WHERE run_id = $1
               AND state = 'planned'
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
        """,
        from_run, to_run,
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


async def note_delivered(
    db: Connection, stop: Stop, to: Receiver, age_checked: bool, happened_at: datetime | None
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.stops
           SET state = 'delivered', handed_to = $3, age_checked = $4,
               happened_at = coalesce($5, now()), received_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        stop.order_id, stop.id, to, age_checked, happened_at,
    )  # fmt: skip


async def note_failed(
    db: Connection,
    stop: Stop,
    reason: NotDelivered,
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


async def hand_over_picks(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET delivered = picked
         WHERE order_id = $1
           AND fulfilment_id = $2
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def keep_pick(db: Connection, pick: Pick) -> None:
    """It was in the van and was not handed over."""
    await db.execute(
        "UPDATE fulfilment.picks SET delivered = 0 WHERE order_id = $1 AND id = $2",
        pick.order_id, pick.id,
    )  # fmt: skip


async def load_parcel(db: Connection, parcel: Parcel, run_id: UUID) -> None:
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET run_id = $3, place_id = NULL
         WHERE order_id = $1
           AND id = $2
        """,
        parcel.order_id, parcel.id, run_id,
    )  # fmt: skip


async def hand_over_parcels(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET delivered_at = now(), run_id = NULL
         WHERE order_id = $1
           AND fulfilment_id = $2
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def unload_parcels(
    db: Connection, order_id: UUID, fulfilment_id: UUID, place_id: UUID
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET place_id = $3, run_id = NULL
         WHERE order_id = $1
           AND fulfilment_id = $2
        """,
        order_id, fulfilment_id, place_id,
    )  # fmt: skip


async def empty_parcels(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET emptied_at = now(), run_id = NULL, place_id = NULL
         WHERE order_id = $1
           AND fulfilment_id = $2
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def not_in_the_van(db: Connection, order_id: UUID, fulfilment_id: UUID) -> int:
    count: int = await db.fetchval(
        """
        SELECT count(*)
          FROM fulfilment.parcels
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND run_id IS NULL
        """,
        order_id, fulfilment_id,
    )  # fmt: skip
    return count


async def set_window(
    db: Connection, order_id: UUID, id: UUID, starts_at: datetime, ends_at: datetime
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.fulfilments
           SET window_starts_at = $3, window_ends_at = $4
         WHERE order_id = $1
           AND id = $2
        """,
        order_id, id, starts_at, ends_at,
    )  # fmt: skip


async def runs(db: Connection, since: datetime, until: datetime) -> list[RunRow]:
    """Runs whose window starts in that time and which have a stop, and any that is on the road."""
    rows = await db.fetch(
        """
        SELECT run.id, run.place_id, run.starts_at, run.ends_at, run.number, run.state,
               run.driver_id, run.departed_at, run.completed_at, run.version,
               place.name AS place, place.time_zone, place.latitude, place.longitude,
               driver.name AS driver,
               count(DISTINCT stop.id) AS stops,
               count(DISTINCT stop.id) FILTER (WHERE stop.state IN ('delivered', 'failed')) AS done,
               count(DISTINCT parcel.id) AS parcels,
               count(DISTINCT parcel.id) FILTER (WHERE parcel.place_id IS NULL) AS loaded
          FROM fulfilment.runs AS run
          JOIN stock.places AS place ON place.id = run.place_id
          LEFT JOIN staff.people AS driver ON driver.id = run.driver_id
          JOIN fulfilment.stops AS stop ON stop.run_id = run.id AND stop.state <> 'dropped'
          LEFT JOIN fulfilment.parcels AS parcel
            ON parcel.order_id = stop.order_id AND parcel.fulfilment_id = stop.fulfilment_id
         WHERE (run.starts_at >= $1 AND run.starts_at < $2)
            OR run.state = 'underway'
         GROUP BY run.id, place.id, driver.id
         ORDER BY run.starts_at, place.name, run.number
         LIMIT 200
        """,
        since, until,
    )  # fmt: skip
    return [RunRow(**row) for row in rows]


async def run(db: Connection, id: UUID) -> RunRow | None:
    row = await db.fetchrow(
        """
        SELECT run.id, run.place_id, run.starts_at, run.ends_at, run.number, run.state,
               run.driver_id, run.departed_at, run.completed_at, run.version,
               place.name AS place, place.time_zone, place.latitude, place.longitude,
               driver.name AS driver,
               count(DISTINCT stop.id) AS stops,
               count(DISTINCT stop.id) FILTER (WHERE stop.state IN ('delivered', 'failed')) AS done,
               count(DISTINCT parcel.id) AS parcels,
               count(DISTINCT parcel.id) FILTER (WHERE parcel.place_id IS NULL) AS loaded
          FROM fulfilment.runs AS run
          JOIN stock.places AS place ON place.id = run.place_id
          LEFT JOIN staff.people AS driver ON driver.id = run.driver_id
          LEFT JOIN fulfilment.stops AS stop ON stop.run_id = run.id AND stop.state <> 'dropped'
          LEFT JOIN fulfilment.parcels AS parcel
            ON parcel.order_id = stop.order_id AND parcel.fulfilment_id = stop.fulfilment_id
         WHERE run.id = $1
         GROUP BY run.id, place.id, driver.id
        """,
        id,
    )
    return RunRow(**row) if row else None


async def stops(db: Connection, run_ids: Sequence[UUID]) -> list[StopRow]:
    rows = await db.fetch(
        """
        SELECT stop.order_id, stop.id, stop.fulfilment_id, stop.run_id, stop.position, stop.state,
               stop.latitude, stop.longitude, stop.arrives_at, stop.handed_to, stop.age_checked,
               stop.reason, stop.next_step, stop.happened_at, stop.received_at,
               fulfilment.order_number, fulfilment.state AS fulfilment_state,
               fulfilment.attempts AS tries,
               sold.name, sold.phone, sold.street, sold.house_number, sold.postcode, sold.city,
               sold.country, sold.note, sold.language,
               content.age_limit, content.cold, content.pieces
          FROM fulfilment.stops AS stop
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = stop.order_id AND fulfilment.id = stop.fulfilment_id
          JOIN orders.orders AS sold ON sold.id = stop.order_id
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
         ORDER BY stop.run_id, stop.position
        """,
        list(run_ids),
    )
    return [StopRow(**row) for row in rows]


async def parcels(db: Connection, run_ids: Sequence[UUID]) -> list[Parcel]:
    """Of the orders these runs visit, wherever the parcels are by now."""
    rows = await db.fetch(
        """
        SELECT parcel.order_id, parcel.id, parcel.fulfilment_id, parcel.sscc, parcel.number,
               parcel.storage, parcel.weight_g, parcel.place_id, parcel.run_id,
               parcel.delivered_at, parcel.emptied_at
          FROM fulfilment.parcels AS parcel
         WHERE EXISTS (SELECT
                         FROM fulfilment.stops AS stop
                        WHERE stop.order_id = parcel.order_id
                          AND stop.fulfilment_id = parcel.fulfilment_id
                          AND stop.run_id = ANY ($1)
                          AND stop.state <> 'dropped')
         ORDER BY parcel.fulfilment_id, parcel.number
        """,
        list(run_ids),
    )
    return [Parcel(**row) for row in rows]
