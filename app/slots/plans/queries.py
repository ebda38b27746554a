from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection, Pool, new_id
from app.routing import insertion
from app.routing.models import Draft, Roads
from app.slots.plans.models import DayPlan, Point, PointsOf, Shift


async def read(db: Connection | Pool, place_id: UUID, day: date) -> DayPlan | None:
    row = await db.fetchrow(
        """
        SELECT place_id, day, version, draft
          FROM slots.plans
         WHERE place_id = $1
           AND day = $2
        """,
        place_id, day,
    )  # fmt: skip
    return _plan(row) if row else None


async def trips(db: Connection | Pool, place_id: UUID, at: datetime) -> dict[UUID, tuple[int, int]]:
    """Holder → number of the van that is to bring it on that day by the plan, and how many doors
    come before in its tour. Empty where there is no plan."""
    row = await db.fetchrow(
        """
        SELECT plan.place_id, plan.day, plan.version, plan.draft
          FROM slots.plans AS plan
          JOIN stock.places AS place ON place.id = plan.place_id
         WHERE plan.place_id = $1
           AND plan.day = ($2 AT TIME ZONE place.time_zone)::date
        """,
        place_id, at,
    )  # fmt: skip
    if row is None:
        return {}
    draft = _plan(row).draft
    return {
        UUID(stop.key): (int(van.key.partition(".")[0]), rank)
        for van, tour in zip(draft.vans, draft.tours, strict=True)
        for rank, stop in enumerate(tour)
    }


async def day_at(db: Connection, place_id: UUID, at: datetime) -> date | None:
    """The date by the clock of the place."""
    day: date | None = await db.fetchval(
        "SELECT ($2 AT TIME ZONE time_zone)::date FROM stock.places WHERE id = $1", place_id, at
    )
    return day


async def versions(db: Connection | Pool, since: date) -> dict[tuple[UUID, date], int]:
    """Of the plans of that day and later that have a stop."""
    rows = await db.fetch(
        """
        SELECT place_id, day, version
          FROM slots.plans
         WHERE day >= $1
           AND stops > 0
        """,
        since,
    )
    return {(row["place_id"], row["day"]): row["version"] for row in rows}


async def roads_of(db: Connection | Pool, place_id: UUID) -> Roads:
    """As they were driven, else as they usually are."""
    row = await db.fetchrow(
        "SELECT factor, km_per_hour FROM slots.roads WHERE place_id = $1", place_id
    )
    return Roads(row["factor"], row["km_per_hour"]) if row else Roads()


async def write_roads(db: Connection, place_id: UUID, roads: Roads, legs: int) -> None:
    """Plans drawn up from now on count with it; promises made keep what they were made with."""
    await db.execute(
        """
        INSERT INTO slots.roads (place_id, factor, km_per_hour, legs)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (place_id) DO UPDATE
           SET factor = excluded.factor, km_per_hour = excluded.km_per_hour,
               legs = excluded.legs, learned_at = now()
        """,
        place_id, roads.factor, roads.km_per_hour, legs,
    )  # fmt: skip


async def read_many(
    db: Connection | Pool, place_ids: Sequence[UUID], since: date, until: date
) -> dict[tuple[UUID, date], DayPlan]:
    rows = await db.fetch(
        """
        SELECT place_id, day, version, draft
          FROM slots.plans
         WHERE place_id = ANY ($1::uuid[])
           AND day BETWEEN $2 AND $3
        """,
        list(place_ids), since, until,
    )  # fmt: skip
    return {(row["place_id"], row["day"]): _plan(row) for row in rows}


async def lock(db: Connection, days: Sequence[tuple[UUID, date]]) -> list[DayPlan]:
    """In one order for everybody; places without vans have no plan, so there may be fewer."""
    rows = await db.fetch(
        """
        SELECT plan.place_id, plan.day, plan.version, plan.draft
          FROM slots.plans AS plan
          JOIN unnest($1::uuid[], $2::date[]) AS wanted (place_id, day) USING (place_id, day)
         ORDER BY plan.place_id, plan.day
           FOR UPDATE OF plan
        """,
        [place for place, _ in days], [day for _, day in days],
    )  # fmt: skip
    return [_plan(row) for row in rows]


async def write(db: Connection, plan: DayPlan, draft: Draft, *, improved: bool = False) -> bool:
    """False when somebody has changed the plan since it was read."""
    return bool(
        await db.fetchval(
            """
            UPDATE slots.plans
               SET draft = $4, stops = $5, length_m = $6, version = version + 1,
                   improved_version = CASE WHEN $7 THEN version + 1 ELSE improved_version END,
                   changed_at = now()
             WHERE place_id = $1
               AND day = $2
               AND version = $3
            RETURNING true
            """,
            plan.place_id, plan.day, plan.version, msgspec.to_builtins(draft),
            len(insertion.stops_of(draft)), insertion.length_m(draft), improved,
        )
    )  # fmt: skip


async def write_new(db: Connection, place_id: UUID, day: date, draft: Draft) -> None:
    """A day that has a plan keeps it: somebody may count on it. One on which people were promised
    something before the place had vans goes on without: a plan that knows nothing of them would
    promise their room again."""
    await db.execute(
        """
        INSERT INTO slots.plans (place_id, day, draft)
        SELECT place.id, $2, $3
          FROM stock.places AS place
         WHERE place.id = $1
           AND NOT EXISTS (SELECT
                             FROM slots.slots AS slot
                             JOIN slots.holds AS hold ON hold.slot_id = slot.id
                            WHERE slot.place_id = $1
                              AND slot.starts_at BETWEEN $2::date - 1 AND $2::date + 2
                              AND (slot.starts_at AT TIME ZONE place.time_zone)::date = $2
                              AND hold.state IN ('held', 'confirmed'))
            ON CONFLICT (place_id, day) DO NOTHING
        """,
        place_id, day, msgspec.to_builtins(draft),
    )  # fmt: skip


async def take_to_improve(db: Connection, limit: int) -> list[tuple[UUID, date]]:
    """Plans that have changed since a better one was looked for; nobody else looks for one now."""
    rows = await db.fetch(
        """
        UPDATE slots.plans AS plan
           SET improved_version = plan.version
          FROM (SELECT place_id, day
                  FROM slots.plans
                 WHERE improved_version < version
                   AND day >= current_date - 1
                   AND stops > 3
                 ORDER BY day
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED) AS due
         WHERE plan.place_id = due.place_id
           AND plan.day = due.day
        RETURNING plan.place_id, plan.day
        """,
        limit,
    )
    return [(row["place_id"], row["day"]) for row in rows]


async def days_of(db: Connection, slot_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, date]]:
    """Slot → its place and its day there."""
    rows = await db.fetch(
        """
        SELECT slot.id, slot.place_id, (slot.starts_at AT TIME ZONE place.time_zone)::date AS day
          FROM slots.slots AS slot
          JOIN stock.places AS place ON place.id = slot.place_id
         WHERE slot.id = ANY ($1::uuid[])
        """,
        list(slot_ids),
    )
    return {row["id"]: (row["place_id"], row["day"]) for row in rows}


async def add_vans(db: Connection, shifts: Sequence[Shift]) -> None:
    """Days that have a plan already keep the vans they were promised with."""
    await db.executemany(
        """
        INSERT INTO slots.vans (id, place_id, number, weekdays, starts, ends, crates,
                                break_starts, break_ends)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (place_id, number, starts) DO UPDATE
           SET weekdays = excluded.weekdays, ends = excluded.ends, crates = excluded.crates,
               break_starts = excluded.break_starts, break_ends = excluded.break_ends
        """,
        [
            (
                new_id(), one.place_id, one.number, list(one.weekdays), one.starts, one.ends,
                one.crates, one.break_starts, one.break_ends,
            )
            for one in shifts
        ],
    )  # fmt: skip


async def shifts(db: Connection | Pool, place_id: UUID) -> list[Shift]:
    rows = await db.fetch(
        """
        SELECT place_id, number, weekdays, starts, ends, crates, break_starts, break_ends
          FROM slots.vans
         WHERE place_id = $1
         ORDER BY number, starts
        """,
        place_id,
    )
    return [Shift(**{**row, "weekdays": tuple(row["weekdays"])}) for row in rows]


async def located(db: Connection | Pool, country: str, postcode: str) -> Point | None:
    """As exactly as it is known: of this very postcode, else of its area."""
    row = await db.fetchrow(
        """
        SELECT latitude, longitude, code
          FROM slots.points
         WHERE country = $1
           AND code IN ($2, left($2, 4))
         ORDER BY length(code) DESC
         LIMIT 1
        """,
        country, postcode,
    )  # fmt: skip
    if row is None:
        return None
    exact = row["code"] == postcode
    return Point(row["latitude"], row["longitude"], "postcode" if exact else "area")


async def write_factor(db: Connection, place_id: UUID, factor: float, ways: int) -> None:
    """How fast the vans are is left to what they drive."""
    await db.execute(
        """
        INSERT INTO slots.roads AS known (place_id, factor, km_per_hour, legs)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (place_id) DO UPDATE
           SET factor = excluded.factor, learned_at = now()
         WHERE known.factor <> excluded.factor
        """,
        place_id, factor, Roads().km_per_hour, ways,
    )  # fmt: skip


async def known_points(db: Connection | Pool) -> list[PointsOf]:
    """How many postcodes are known, by country and where they come from."""
    rows = await db.fetch(
        """
        SELECT country, source, count(*) AS points
          FROM slots.points
         GROUP BY country, source
         ORDER BY country, source
         LIMIT 100
        """
    )
    return [PointsOf(**row) for row in rows]


async def positions(db: Connection | Pool, door: bytes) -> list[tuple[float, float]]:
    """Where drivers stood at it, the last ones first."""
    rows = await db.fetch(
        """
        SELECT latitude, longitude
          FROM slots.doors
         WHERE door = $1
           AND NOT said
         ORDER BY seen_at DESC
         LIMIT 9
        """,
        door,
    )
    return [(row["latitude"], row["longitude"]) for row in rows]


async def said(db: Connection | Pool, door: bytes) -> tuple[float, float] | None:
    """Where a dispatcher says it is."""
    row = await db.fetchrow(
        "SELECT latitude, longitude FROM slots.doors WHERE door = $1 AND said", door
    )
    return (row["latitude"], row["longitude"]) if row else None


async def say(db: Connection, door: bytes, stop_id: UUID, at: tuple[float, float]) -> None:
    """The last word counts."""
    await db.execute(
        """
        WITH before AS (
             DELETE FROM slots.doors
              WHERE door = $1
                AND said
                AND stop_id <> $2)
        INSERT INTO slots.doors (door, stop_id, latitude, longitude, said)
        VALUES ($1, $2, $3, $4, true)
            ON CONFLICT (door, stop_id) DO UPDATE
           SET latitude = excluded.latitude, longitude = excluded.longitude, said = true,
               seen_at = now()
        """,
        door, stop_id, *at,
    )  # fmt: skip


async def stays(db: Connection | Pool, door: bytes) -> list[int]:
    """Seconds of deliveries at it, the last ones first."""
    rows = await db.fetch(
        """
        SELECT seconds
          FROM slots.door_times
         WHERE door = $1
         ORDER BY seen_at DESC
         LIMIT 9
        """,
        door,
    )
    return [row["seconds"] for row in rows]


async def write_stays(
    db: Connection, doors: Sequence[bytes], stop_ids: Sequence[UUID], seconds: Sequence[int]
) -> None:
    """One a stop; reckoned again, it is as it is known by now."""
    await db.execute(
        """
        INSERT INTO slots.door_times (door, stop_id, seconds)
        SELECT stay.door, stay.stop_id, stay.seconds
          FROM unnest($1::bytea[], $2::uuid[], $3::int[]) AS stay (door, stop_id, seconds)
            ON CONFLICT (door, stop_id) DO UPDATE
           SET seconds = excluded.seconds
        """,
        list(doors), list(stop_ids), list(seconds),
    )  # fmt: skip


async def forget_doors(db: Connection, doors: Sequence[bytes]) -> int:
    """How much of them was known."""
    forgotten: int = await db.fetchval(
        """
        WITH positions AS (
             DELETE FROM slots.doors WHERE door = ANY ($1::bytea[]) RETURNING 1),
             stays AS (
             DELETE FROM slots.door_times WHERE door = ANY ($1::bytea[]) RETURNING 1)
        SELECT (SELECT count(*) FROM positions) + (SELECT count(*) FROM stays)
        """,
        list(doors),
    )
    return forgotten


async def forget_old_doors(pool: Pool, days: int) -> None:
    for statement in (
        "DELETE FROM slots.doors WHERE seen_at < now() - make_interval(days => $1)",
        "DELETE FROM slots.door_times WHERE seen_at < now() - make_interval(days => $1)",
    ):
        await pool.execute(statement, days)


async def write_position(
    db: Connection, door: bytes, stop_id: UUID, at: tuple[float, float]
) -> None:
    """One a stop, however often it is told."""
    await db.execute(
        """
        INSERT INTO slots.doors (door, stop_id, latitude, longitude)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (door, stop_id) DO NOTHING
        """,
        door, stop_id, *at,
    )  # fmt: skip


async def write_points(
    db: Connection, source: str, points: Sequence[tuple[str, str, float, float]]
) -> None:
    """`points` are (country, code without spaces, latitude, longitude)."""
    await db.execute(
        """
        INSERT INTO slots.points (country, code, latitude, longitude, source)
        SELECT point.country, point.code, point.latitude, point.longitude, $1
          FROM unnest($2::text[], $3::text[], $4::float8[], $5::float8[])
            AS point (country, code, latitude, longitude)
            ON CONFLICT (country, code) DO UPDATE
           SET latitude = excluded.latitude, longitude = excluded.longitude,
               source = excluded.source
        """,
        source,
        [point[0] for point in points],
        [point[1] for point in points],
        [point[2] for point in points],
        [point[3] for point in points],
    )


def _plan(row: Any) -> DayPlan:
    draft = msgspec.convert(row["draft"], Draft)
    return DayPlan(place_id=row["place_id"], day=row["day"], version=row["version"], draft=draft)
