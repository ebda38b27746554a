"""Vans under way: a run is one trip of one van in one window."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.delivery.models import RunRow
from app.fulfilment.delivery.timetable import Leg
from app.fulfilment.models import Run, RunState, Stop


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


async def address_of(db: Connection, order_id: UUID) -> tuple[str, str]:
    row = await db.fetchrow(
        "SELECT postcode, house_number FROM orders.orders WHERE id = $1", order_id
    )
    assert row is not None, "a stop has an order"
    return row["postcode"], row["house_number"]


async def forget_door_note_of(db: Connection, order_id: UUID) -> None:
    """What drivers noted of the door of an order."""
    await db.execute(
        """
        DELETE FROM fulfilment.door_notes AS note
         USING orders.orders AS sold
         WHERE sold.id = $1
           AND note.door = sha256(convert_to(upper(regexp_replace(
                   concat_ws('|', sold.country, sold.postcode, sold.house_number), '[[:space:]]', '', 'g')),
                   'UTF8'))
        """,
        order_id,
    )


async def legs_driven(db: Connection, since: datetime) -> dict[UUID, list[Leg]]:
    """Place → ways between two doors one after the other, by the clocks of the phones. Where a van broke
    down before it came there, it never was."""
    rows = await db.fetch(
        """
        SELECT run.place_id, run.starts_at AS opens_at, stop.latitude, stop.longitude,
               stop.happened_at AS done_at,
               lag(stop.latitude) OVER way AS from_latitude,
               lag(stop.longitude) OVER way AS from_longitude,
               lag(stop.happened_at) OVER way AS left_at, stop.id AS stop_id,
               CASE WHEN stop.handed_to = 'customer' THEN sold.postcode ELSE '' END AS postcode,
               sold.house_number
          FROM fulfilment.runs AS run
          JOIN fulfilment.stops AS stop
            ON stop.run_id = run.id AND stop.state IN ('delivered', 'failed')
           AND stop.reason IS DISTINCT FROM 'breakdown'
          JOIN orders.orders AS sold ON sold.id = stop.order_id
         WHERE run.starts_at > $1
        WINDOW way AS (PARTITION BY run.id ORDER BY stop.happened_at)
         ORDER BY run.starts_at DESC
         LIMIT 20000
        """,
        since,
    )
    legs: dict[UUID, list[Leg]] = {}
    for row in rows:
        if row["left_at"] is None:
            continue
        leg = Leg(
            (row["from_latitude"], row["from_longitude"]),
            (row["latitude"], row["longitude"]),
            row["left_at"],
            row["done_at"],
            row["opens_at"],
            (row["stop_id"], row["postcode"], row["house_number"]) if row["postcode"] else None,
        )
        legs.setdefault(row["place_id"], []).append(leg)
    return legs


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


async def lock_window_of(db: Connection, run_id: UUID) -> list[Run]:
    """All vans of the window of this one; empty when there is no such run."""
    rows = await db.fetch(
        """
        SELECT run.id, run.place_id, run.starts_at, run.ends_at, run.number, run.state,
               run.driver_id, run.departed_at, run.completed_at, run.version
          FROM fulfilment.runs AS mine
          JOIN fulfilment.runs AS run USING (place_id, starts_at, ends_at)
         WHERE mine.id = $1
         ORDER BY run.number
           FOR NO KEY UPDATE OF run
        """,
        run_id,
    )
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


async def next_runs_at(db: Connection, after: datetime) -> datetime | None:
    """When the first run begins from then on that somebody waits for."""
    starts_at: datetime | None = await db.fetchval(
        """
        SELECT run.starts_at
          FROM fulfilment.runs AS run
         WHERE run.starts_at >= $1
           AND EXISTS (SELECT
                         FROM fulfilment.stops AS stop
                        WHERE stop.run_id = run.id
                          AND stop.state <> 'dropped')
         ORDER BY run.starts_at
         LIMIT 1
        """,
        after,
    )
    return starts_at


async def runs_to_forget(db: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Those of these runs whose shift ended more than a day ago."""
    rows = await db.fetch(
        """
        SELECT id
          FROM fulfilment.runs
         WHERE id = ANY ($1)
           AND coalesce(completed_at, ends_at) < now() - interval '24 hours'
         ORDER BY id
        """,
        list(ids),
    )
    return [row["id"] for row in rows]


async def last_point(db: Connection, run_id: UUID) -> tuple[float, float] | None:
    """The door a van was at last; None when it has been at none."""
    row = await db.fetchrow(
        """
        SELECT latitude, longitude
          FROM fulfilment.stops
         WHERE run_id = $1
           AND state IN ('delivered', 'failed')
           AND reason IS DISTINCT FROM 'breakdown'
         ORDER BY position DESC
         LIMIT 1
        """,
        run_id,
    )
    return (row["latitude"], row["longitude"]) if row else None


async def last_door_before(db: Connection, run: Run) -> tuple[tuple[float, float], datetime] | None:
    """The last door of this van's run before, of the same day, and when it leaves there."""
    row = await db.fetchrow(
        """
        SELECT stop.latitude, stop.longitude,
               stop.arrives_at + make_interval(secs => stop.at_the_door_s) AS leaves_at
          FROM fulfilment.runs AS run
          JOIN fulfilment.stops AS stop ON stop.run_id = run.id AND stop.state <> 'dropped'
         WHERE run.place_id = $1
           AND run.number = $2
           AND run.starts_at < $3
           AND run.starts_at > $3 - interval '16 hours'
           AND run.id <> $4
         ORDER BY stop.arrives_at DESC
         LIMIT 1
        """,
        run.place_id, run.number, run.starts_at, run.id,
    )  # fmt: skip
    return ((row["latitude"], row["longitude"]), row["leaves_at"]) if row else None


async def later_runs(db: Connection, run: Run) -> int:
    """Stops this van is to bring later that day."""
    found: int = await db.fetchval(
        """
        SELECT count(*)
          FROM fulfilment.runs AS later
          JOIN fulfilment.stops AS stop ON stop.run_id = later.id AND stop.state = 'planned'
         WHERE later.place_id = $1
           AND later.number = $2
           AND later.starts_at > $3
           AND later.starts_at < $3 + interval '16 hours'
           AND later.state IN ('planned', 'published')
        """,
        run.place_id, run.number, run.starts_at,
    )  # fmt: skip
    return found


async def planned_stops(db: Connection, place_id: UUID, day: date) -> list[Stop]:
    """Of that day at the place, ahead, in runs nobody has published, and not pinned."""
    rows = await db.fetch(
        """
        SELECT stop.order_id, stop.id, stop.fulfilment_id, stop.run_id, stop.position, stop.state,
               stop.latitude, stop.longitude, stop.arrives_at, stop.handed_to, stop.age_checked,
               stop.reason, stop.next_step, stop.happened_at, stop.received_at
          FROM fulfilment.runs AS run
          JOIN stock.places AS place ON place.id = run.place_id
          JOIN fulfilment.stops AS stop ON stop.run_id = run.id AND stop.state = 'planned'
         WHERE run.place_id = $1
           AND (run.starts_at AT TIME ZONE place.time_zone)::date = $2
           AND run.starts_at BETWEEN $2::date - 1 AND $2::date + 2
           AND run.state = 'planned'
           AND NOT stop.pinned
         ORDER BY run.starts_at, run.number, stop.position
        """,
        place_id, day,
    )  # fmt: skip
    return [Stop(**row) for row in rows]


async def planned_windows(
    db: Connection, place_id: UUID, day: date
) -> list[tuple[datetime, datetime]]:
    rows = await db.fetch(
        """
        SELECT DISTINCT run.starts_at, run.ends_at
          FROM fulfilment.runs AS run
          JOIN stock.places AS place ON place.id = run.place_id
         WHERE run.place_id = $1
           AND (run.starts_at AT TIME ZONE place.time_zone)::date = $2
           AND run.starts_at BETWEEN $2::date - 1 AND $2::date + 2
           AND run.state = 'planned'
         ORDER BY run.starts_at, run.ends_at
        """,
        place_id, day,
    )  # fmt: skip
    return [(row["starts_at"], row["ends_at"]) for row in rows]


async def followed(db: Connection, since: date) -> dict[tuple[UUID, date], int]:
    rows = await db.fetch(
        "SELECT place_id, day, version FROM fulfilment.plans_followed WHERE day >= $1", since
    )
    return {(row["place_id"], row["day"]): row["version"] for row in rows}


async def note_followed(db: Connection, place_id: UUID, day: date, version: int) -> bool:
    """False when somebody was faster; two who follow the same plan wait for each other here."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO fulfilment.plans_followed AS known (place_id, day, version)
            VALUES ($1, $2, $3)
                ON CONFLICT (place_id, day) DO UPDATE
               SET version = excluded.version
             WHERE known.version < excluded.version
            RETURNING true
            """,
            place_id, day, version,
        )
    )  # fmt: skip


async def set_window(
    db: Connection,
    order_id: UUID,
    id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    pick_by: datetime,
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.fulfilments
           SET window_starts_at = $3, window_ends_at = $4, pick_by = $5
         WHERE order_id = $1
           AND id = $2
        """,
        order_id, id, starts_at, ends_at, pick_by,
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
           AND parcel.emptied_at IS NULL
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
           AND parcel.emptied_at IS NULL
         WHERE run.id = $1
         GROUP BY run.id, place.id, driver.id
        """,
        id,
    )
    return RunRow(**row) if row else None
