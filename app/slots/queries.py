from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app.db import Connection, Pool, new_id
from app.slots.models import Arm, Choice, Found, Held, Need, Serving, Slot, Template, Window, Zone
from app.slots.rules import Postcode


async def serving(db: Connection | Pool, postcode: Postcode) -> list[Serving]:
    rows = await db.fetch(
        """
        SELECT zone.place_id, min(zone.priority) AS priority
          FROM slots.zones AS zone
          JOIN stock.places AS place ON place.id = zone.place_id
         WHERE zone.country = $1
           AND $2 BETWEEN zone.first_area AND zone.last_area
           AND place.open
         GROUP BY zone.place_id, place.code
         ORDER BY priority, place.code
        """,
        postcode.country, postcode.area,
    )  # fmt: skip
    return [Serving(**row) for row in rows]


async def choices(
    db: Connection | Pool,
    postcode: Postcode,
    now: datetime,
    until: datetime,
    place_ids: Sequence[UUID] | None,
    need: Need,
) -> list[Choice]:
    """Slots of every place that delivers there, by window, the place to be asked first before the
    others. What the order needs is weighed against the room left in each."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (slot.starts_at, slot.ends_at, zone.priority, place.code)
               slot.id, slot.place_id, slot.starts_at, slot.ends_at, slot.cutoff_at, slot.fee,
               slot.free_from, slot.capacity, slot.used, place.time_zone,
               (slot.starts_at AT TIME ZONE place.time_zone)::date AS day,
               slot.used < slot.capacity
               AND slot.ambient_used + $6 <= coalesce(slot.ambient_crates, slot.ambient_used + $6)
               AND slot.chilled_used + $7 <= coalesce(slot.chilled_crates, slot.chilled_used + $7)
               AND slot.frozen_used + $8 <= coalesce(slot.frozen_crates, slot.frozen_used + $8)
               AND slot.minutes_used + $9 <= coalesce(slot.picker_minutes, slot.minutes_used + $9)
               AS has_room
          FROM slots.zones AS zone
          JOIN stock.places AS place ON place.id = zone.place_id AND place.open
          JOIN slots.slots AS slot ON slot.place_id = zone.place_id
         WHERE zone.country = $1
           AND $2 BETWEEN zone.first_area AND zone.last_area
           AND slot.cutoff_at > $3
           AND slot.starts_at < $4
           AND ($5::uuid[] IS NULL OR slot.place_id = ANY ($5::uuid[]))
         ORDER BY slot.starts_at, slot.ends_at, zone.priority, place.code
        """,
        postcode.country, postcode.area, now, until, place_ids and list(place_ids),
        need.ambient_crates, need.chilled_crates, need.frozen_crates, need.picker_minutes,
    )  # fmt: skip
    return [
        Choice(
            slot=Slot(**{field: row[field] for field in Slot.__struct_fields__}),
            day=row["day"],
            time_zone=row["time_zone"],
            has_room=row["has_room"],
        )
        for row in rows
    ]


async def loads(db: Connection | Pool, place_ids: Sequence[UUID]) -> dict[UUID, float]:
    """Place → how full its coming day is, from 0 to 1."""
    rows = await db.fetch(
        """
        SELECT place_id, sum(used)::float8 / greatest(sum(capacity), 1) AS load
          FROM slots.slots
         WHERE place_id = ANY ($1::uuid[])
           AND starts_at >= now()
           AND starts_at < now() + interval '1 day'
         GROUP BY place_id
        """,
        list(place_ids),
    )
    return {row["place_id"]: row["load"] for row in rows}


async def find(db: Connection | Pool, slot_id: UUID) -> Slot | None:
    row = await db.fetchrow(
        """
        SELECT id, place_id, starts_at, ends_at, cutoff_at, capacity, used, fee, free_from
          FROM slots.slots
         WHERE id = $1
        """,
        slot_id,
    )
    return Slot(**row) if row else None


async def lock_all_live(db: Connection, holder: UUID) -> list[Held]:
    """Its own room and what it has beside that."""
    rows = await db.fetch(
        """
        SELECT id, slot_id, holder, state, expires_at, version, planned, beside
          FROM slots.holds
         WHERE (holder = $1 OR beside = $1)
           AND state IN ('held', 'confirmed')
         ORDER BY id
           FOR UPDATE
        """,
        holder,
    )
    return [Held(**row) for row in rows]


async def slots_of(db: Connection | Pool, holder: UUID) -> dict[UUID, Slot]:
    """Place → the slot in which it has room there."""
    rows = await db.fetch(
        """
        SELECT slot.id, slot.place_id, slot.starts_at, slot.ends_at, slot.cutoff_at, slot.capacity,
               slot.used, slot.fee, slot.free_from
          FROM slots.holds AS hold
          JOIN slots.slots AS slot ON slot.id = hold.slot_id
         WHERE (hold.holder = $1 OR hold.beside = $1)
           AND hold.state IN ('held', 'confirmed')
        """,
        holder,
    )
    return {row["place_id"]: Slot(**row) for row in rows}


async def lock_live(db: Connection, holder: UUID) -> Held | None:
    row = await db.fetchrow(
        """
        SELECT id, slot_id, holder, state, expires_at, version, planned, beside
          FROM slots.holds
         WHERE holder = $1
           AND state IN ('held', 'confirmed')
           FOR UPDATE
        """,
        holder,
    )
    return Held(**row) if row else None


async def open_hold(
    db: Connection,
    id: UUID,
    slot_id: UUID,
    holder: UUID,
    until: datetime,
    need: Need,
    arm: Arm | None,
    beside: UUID | None = None,
) -> Held | None:
    """None when the holder has a live hold by now; a twin that is under way is waited for."""
    row = await db.fetchrow(
        """
        INSERT INTO slots.holds (id, slot_id, holder, expires_at, ambient_crates, chilled_crates,
                                 frozen_crates, picker_minutes, arm, beside)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (holder) WHERE state IN ('held', 'confirmed') DO NOTHING
        RETURNING id, slot_id, holder, state, expires_at, version, planned, beside
        """,
        id, slot_id, holder, until, need.ambient_crates, need.chilled_crates, need.frozen_crates,
        need.picker_minutes, arm, beside,
    )  # fmt: skip
    return Held(**row) if row else None


async def mark_planned(db: Connection, id: UUID, detour_m: int) -> Held:
    row = await db.fetchrow(
        """
        UPDATE slots.holds
           SET planned = true, detour_m = $2
         WHERE id = $1
        RETURNING id, slot_id, holder, state, expires_at, version, planned, beside
        """,
        id, detour_m,
    )  # fmt: skip
    assert row is not None, "opened in this transaction"
    return Held(**row)


async def forget_hold(db: Connection, id: UUID) -> None:
    """One that found no room, in the transaction that opened it: nobody was told of it."""
    await db.execute("DELETE FROM slots.holds WHERE id = $1", id)


async def claim(db: Connection, slot_id: UUID, need: Need, at: datetime | None) -> bool:
    """Room for one more, if there is any of every kind and the cut-off has not passed."""
    return bool(
        await db.fetchval(
            """
            UPDATE slots.slots
               SET used = used + 1, ambient_used = ambient_used + $3,
                   chilled_used = chilled_used + $4, frozen_used = frozen_used + $5,
                   minutes_used = minutes_used + $6
             WHERE id = $1
               AND used < capacity
               AND ambient_used + $3 <= coalesce(ambient_crates, ambient_used + $3)
               AND chilled_used + $4 <= coalesce(chilled_crates, chilled_used + $4)
               AND frozen_used + $5 <= coalesce(frozen_crates, frozen_used + $5)
               AND minutes_used + $6 <= coalesce(picker_minutes, minutes_used + $6)
               AND cutoff_at > coalesce($2, now())
            RETURNING true
            """,
            slot_id, at, need.ambient_crates, need.chilled_crates, need.frozen_crates,
            need.picker_minutes,
        )
    )  # fmt: skip


async def lock_slots(db: Connection, ids: Sequence[UUID]) -> None:
    """Not against keys: who opens a hold refers to the slot, and then waits for it in line."""
    await db.execute(
        "SELECT FROM slots.slots WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )


async def move(
    db: Connection, hold: Held, slot_id: UUID, until: datetime, need: Need, detour_m: int | None
) -> Held:
    """The room in the new slot is claimed already; what it had in the old one becomes free."""
    row = await db.fetchrow(
        """
        WITH freed AS (
            UPDATE slots.slots AS slot
               SET used = slot.used - 1,
                   ambient_used = slot.ambient_used - hold.ambient_crates,
                   chilled_used = slot.chilled_used - hold.chilled_crates,
                   frozen_used = slot.frozen_used - hold.frozen_crates,
                   minutes_used = slot.minutes_used - hold.picker_minutes
              FROM slots.holds AS hold
             WHERE slot.id = $2
               AND hold.id = $1
        )
        UPDATE slots.holds
           SET slot_id = $3, expires_at = $4, version = version + 1, ambient_crates = $5,
               chilled_crates = $6, frozen_crates = $7, picker_minutes = $8,
               planned = $9::integer IS NOT NULL, detour_m = $9
         WHERE id = $1
        RETURNING id, slot_id, holder, state, expires_at, version, planned, beside
        """,
        hold.id, hold.slot_id, slot_id, until, need.ambient_crates, need.chilled_crates,
        need.frozen_crates, need.picker_minutes, detour_m,
    )  # fmt: skip
    assert row is not None, "locked before, so it is there"
    return Held(**row)


async def renew(db: Connection, hold_id: UUID, until: datetime, at: datetime | None) -> None:
    """Longer only while the slot can still be ordered; nothing has happened, so nothing is told."""
    await db.execute(
        """
        UPDATE slots.holds AS hold
           SET expires_at = greatest(hold.expires_at, $2)
          FROM slots.slots AS slot
         WHERE hold.id = $1
           AND slot.id = hold.slot_id
           AND slot.cutoff_at > coalesce($3, now())
        """,
        hold_id, until, at,
    )  # fmt: skip


async def mark_confirmed(db: Connection, holder: UUID) -> list[Held]:
    rows = await db.fetch(
        """
        UPDATE slots.holds
           SET state = 'confirmed', version = version + 1
         WHERE (holder = $1 OR beside = $1)
           AND state = 'held'
        RETURNING id, slot_id, holder, state, expires_at, version, planned, beside
        """,
        holder,
    )
    return [Held(**row) for row in rows]


async def has_all_its_room(db: Connection, holder: UUID) -> bool:
    """It is confirmed, and no part of it has run out before."""
    return bool(
        await db.fetchval(
            """
            SELECT bool_or(state = 'confirmed') AND NOT bool_or(state = 'expired')
              FROM slots.holds
             WHERE holder = $1 OR beside = $1
            """,
            holder,
        )
    )


async def found(db: Connection | Pool) -> list[Found]:
    """An order that comes from several places counts once, with all their detours."""
    rows = await db.fetch(
        """
        SELECT arm, count(*) AS orders, avg(detour_m)::float8 AS detour_m
          FROM (SELECT arm, coalesce(beside, holder) AS ordered, sum(detour_m) AS detour_m
                  FROM slots.holds
                 WHERE arm IS NOT NULL
                   AND state = 'confirmed'
                 GROUP BY arm, ordered) AS sold
         GROUP BY arm
         ORDER BY arm
        """
    )
    return [Found(**row) for row in rows]


async def lock_run_out(db: Connection, limit: int) -> list[Held]:
    rows = await db.fetch(
        """
        SELECT id, slot_id, holder, state, expires_at, version, planned, beside
          FROM slots.holds
         WHERE state = 'held'
           AND expires_at <= now()
         ORDER BY expires_at
         LIMIT $1
           FOR UPDATE SKIP LOCKED
        """,
        limit,
    )
    return [Held(**row) for row in rows]


async def give_back(db: Connection, hold_ids: Sequence[UUID], how: str) -> list[Held]:
    """`how` is released or expired. The holds are locked; slots are, in the order of their ids."""
    rows = await db.fetch(
        """
        WITH leaving AS MATERIALIZED (
            SELECT slot_id, count(*)::int AS orders, sum(ambient_crates)::int AS ambient,
                   sum(chilled_crates)::int AS chilled, sum(frozen_crates)::int AS frozen,
                   sum(picker_minutes)::int AS minutes
              FROM slots.holds
             WHERE id = ANY ($1::uuid[])
             GROUP BY slot_id
        ), locked AS MATERIALIZED (
            SELECT slot.id
              FROM slots.slots AS slot
             WHERE slot.id IN (SELECT slot_id FROM leaving)
             ORDER BY slot.id
               FOR NO KEY UPDATE
        ), slot AS (
            UPDATE slots.slots AS slot
               SET used = slot.used - leaving.orders,
                   ambient_used = slot.ambient_used - leaving.ambient,
                   chilled_used = slot.chilled_used - leaving.chilled,
                   frozen_used = slot.frozen_used - leaving.frozen,
                   minutes_used = slot.minutes_used - leaving.minutes
              FROM leaving
              JOIN locked ON locked.id = leaving.slot_id
             WHERE slot.id = leaving.slot_id
        )
        UPDATE slots.holds
           SET state = $2, version = version + 1
         WHERE id = ANY ($1::uuid[])
        RETURNING id, slot_id, holder, state, expires_at, version, planned, beside
        """,
        list(hold_ids), how,
    )  # fmt: skip
    return [Held(**row) for row in rows]


async def add_zones(db: Connection, zones: Sequence[Zone]) -> None:
    await db.executemany(
        """
        INSERT INTO slots.zones (id, place_id, country, first_area, last_area, priority)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (place_id, country, first_area, last_area) DO UPDATE
           SET priority = excluded.priority
        """,
        [
            (new_id(), zone.place_id, zone.country, zone.first_area, zone.last_area, zone.priority)
            for zone in zones
        ],
    )


async def write_templates(db: Connection, place_id: UUID, templates: Sequence[Template]) -> None:
    await db.executemany(
        """
        INSERT INTO slots.templates (
               id, place_id, weekdays, starts, ends, cutoff, cutoff_days_before, capacity, fee,
               picking_minutes, driving_minutes, ambient_crates, chilled_crates, frozen_crates,
               picker_minutes, free_from)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (place_id, starts, ends) DO UPDATE
           SET weekdays = excluded.weekdays, cutoff = excluded.cutoff,
               cutoff_days_before = excluded.cutoff_days_before,
               capacity = excluded.capacity, fee = excluded.fee,
               picking_minutes = excluded.picking_minutes,
               driving_minutes = excluded.driving_minutes,
               ambient_crates = excluded.ambient_crates, chilled_crates = excluded.chilled_crates,
               frozen_crates = excluded.frozen_crates, picker_minutes = excluded.picker_minutes,
               free_from = excluded.free_from
        """,
        [
            (
                new_id(), place_id, list(one.weekdays), one.starts, one.ends, one.cutoff,
                one.cutoff_days_before, one.capacity, one.fee, one.picking_minutes,
                one.driving_minutes, one.ambient_crates, one.chilled_crates, one.frozen_crates,
                one.picker_minutes, one.free_from,
            )
            for one in templates
        ],
    )  # fmt: skip


async def templates(db: Connection | Pool, place_id: UUID) -> list[Template]:
    rows = await db.fetch(
        """
        SELECT weekdays, starts, ends, cutoff, cutoff_days_before, capacity, fee, picking_minutes,
               driving_minutes, ambient_crates, chilled_crates, frozen_crates, picker_minutes,
               free_from
          FROM slots.templates
         WHERE place_id = $1
         ORDER BY starts, ends
        """,
        place_id,
    )
    return [Template(**{**row, "weekdays": tuple(row["weekdays"])}) for row in rows]


async def write_slots(db: Connection, place_id: UUID, windows: Sequence[Window]) -> int:
    """Those that are there already stay as they are: somebody may have chosen one. How many are new."""
    rows = await db.fetch(
        """
        INSERT INTO slots.slots (
               id, place_id, starts_at, ends_at, cutoff_at, capacity, fee, ambient_crates,
               chilled_crates, frozen_crates, picker_minutes, free_from)
        SELECT uuidv7(), $1, planned.starts_at, planned.ends_at, planned.cutoff_at,
               planned.capacity, planned.fee, planned.ambient_crates, planned.chilled_crates,
               planned.frozen_crates, planned.picker_minutes, planned.free_from
          FROM jsonb_to_recordset($2::jsonb) AS planned (
               starts_at timestamptz, ends_at timestamptz, cutoff_at timestamptz,
               capacity integer, fee bigint, ambient_crates integer, chilled_crates integer,
               frozen_crates integer, picker_minutes integer, free_from bigint)
            ON CONFLICT (place_id, starts_at, ends_at) DO NOTHING
        RETURNING id
        """,
        place_id,
        [
            {
                **msgspec.structs.asdict(window.template),
                "starts_at": window.starts_at,
                "ends_at": window.ends_at,
                "cutoff_at": window.cutoff_at,
            }
            for window in windows
        ],
    )
    return len(rows)
