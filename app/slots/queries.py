from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection, Pool, new_id
from app.slots.models import Held, Offer, Serving, Slot, Template, Window, Zone
from app.slots.rules import Postcode, fullness


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


async def offered(
    db: Connection | Pool,
    postcode: Postcode,
    now: datetime,
    until: datetime,
    place_ids: Sequence[UUID] | None,
) -> list[Offer]:
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (slot.starts_at, slot.ends_at)
               slot.id, slot.place_id, slot.starts_at, slot.ends_at, slot.cutoff_at, slot.fee,
               slot.capacity, slot.used, place.time_zone
          FROM slots.zones AS zone
          JOIN stock.places AS place ON place.id = zone.place_id AND place.open
          JOIN slots.slots AS slot ON slot.place_id = zone.place_id
         WHERE zone.country = $1
           AND $2 BETWEEN zone.first_area AND zone.last_area
           AND slot.cutoff_at > $3
           AND slot.starts_at < $4
           AND ($5::uuid[] IS NULL OR slot.place_id = ANY ($5::uuid[]))
         ORDER BY slot.starts_at, slot.ends_at, (slot.used < slot.capacity) DESC, zone.priority,
                  place.code
        """,
        postcode.country, postcode.area, now, until, place_ids and list(place_ids),
    )  # fmt: skip
    return [
        Offer(
            id=row["id"],
            place_id=row["place_id"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            cutoff_at=row["cutoff_at"],
            time_zone=row["time_zone"],
            fee=row["fee"],
            left=row["capacity"] - row["used"],
            fullness=fullness(row["used"], row["capacity"]),
        )
        for row in rows
    ]


async def find(db: Connection | Pool, slot_id: UUID) -> Slot | None:
    row = await db.fetchrow(
        """
        SELECT id, place_id, starts_at, ends_at, cutoff_at, capacity, used, fee
          FROM slots.slots
         WHERE id = $1
        """,
        slot_id,
    )
    return Slot(**row) if row else None


async def held_by(db: Connection | Pool, holder: UUID) -> Held | None:
    row = await db.fetchrow(
        """
        SELECT id, slot_id, holder, state, expires_at, version
          FROM slots.holds
         WHERE holder = $1
         ORDER BY made_at DESC, id DESC
         LIMIT 1
        """,
        holder,
    )
    return Held(**row) if row else None


async def lock_live(db: Connection, holder: UUID) -> Held | None:
    row = await db.fetchrow(
        """
        SELECT id, slot_id, holder, state, expires_at, version
          FROM slots.holds
         WHERE holder = $1
           AND state IN ('held', 'confirmed')
           FOR UPDATE
        """,
        holder,
    )
    return Held(**row) if row else None


async def open_hold(
    db: Connection, id: UUID, slot_id: UUID, holder: UUID, until: datetime
) -> Held | None:
    """None when the holder has a live hold by now; a twin that is under way is waited for."""
    row = await db.fetchrow(
        """
        INSERT INTO slots.holds (id, slot_id, holder, expires_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (holder) WHERE state IN ('held', 'confirmed') DO NOTHING
        RETURNING id, slot_id, holder, state, expires_at, version
        """,
        id, slot_id, holder, until,
    )  # fmt: skip
    return Held(**row) if row else None


async def forget_hold(db: Connection, id: UUID) -> None:
    """One that found no room, in the transaction that opened it: nobody was told of it."""
    await db.execute("DELETE FROM slots.holds WHERE id = $1", id)


async def claim(db: Connection, slot_id: UUID, at: datetime | None) -> bool:
    """Room for one more, if there is any and the cut-off has not passed."""
    return bool(
        await db.fetchval(
            """
            UPDATE slots.slots
               SET used = used + 1
             WHERE id = $1
               AND used < capacity
               AND cutoff_at > coalesce($2, now())
            RETURNING true
            """,
            slot_id, at,
        )
    )  # fmt: skip


async def lock_slots(db: Connection, ids: Sequence[UUID]) -> None:
    await db.execute(
        "SELECT FROM slots.slots WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE", list(ids)
    )


async def move(db: Connection, hold: Held, slot_id: UUID, until: datetime) -> Held:
    """The room in the new slot is claimed already; the one in the old slot becomes free."""
    row = await db.fetchrow(
        """
        WITH freed AS (
            UPDATE slots.slots
               SET used = used - 1
             WHERE id = $2
        )
        UPDATE slots.holds
           SET slot_id = $3, expires_at = $4, version = version + 1
         WHERE id = $1
        RETURNING id, slot_id, holder, state, expires_at, version
        """,
        hold.id, hold.slot_id, slot_id, until,
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


async def mark_confirmed(db: Connection, holder: UUID) -> Held | None:
    row = await db.fetchrow(
        """
        UPDATE slots.holds
           SET state = 'confirmed', version = version + 1
         WHERE holder = $1
           AND state = 'held'
        RETURNING id, slot_id, holder, state, expires_at, version
        """,
        holder,
    )
    return Held(**row) if row else None


async def lock_run_out(db: Connection, limit: int) -> list[Held]:
    rows = await db.fetch(
        """
        SELECT id, slot_id, holder, state, expires_at, version
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
            SELECT slot_id, count(*)::int AS orders
              FROM slots.holds
             WHERE id = ANY ($1::uuid[])
             GROUP BY slot_id
        ), locked AS MATERIALIZED (
            SELECT slot.id
              FROM slots.slots AS slot
             WHERE slot.id IN (SELECT slot_id FROM leaving)
             ORDER BY slot.id
               FOR UPDATE
        ), slot AS (
            UPDATE slots.slots AS slot
               SET used = slot.used - leaving.orders
              FROM leaving
              JOIN locked ON locked.id = leaving.slot_id
             WHERE slot.id = leaving.slot_id
        )
        UPDATE slots.holds
           SET state = $2, version = version + 1
         WHERE id = ANY ($1::uuid[])
        RETURNING id, slot_id, holder, state, expires_at, version
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
        INSERT INTO slots.templates (id, place_id, weekdays, starts, ends, cutoff,
                                     cutoff_days_before, capacity, fee)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (place_id, starts, ends) DO UPDATE
           SET weekdays = excluded.weekdays, cutoff = excluded.cutoff,
               cutoff_days_before = excluded.cutoff_days_before,
               capacity = excluded.capacity, fee = excluded.fee
        """,
        [
            (
                new_id(), place_id, list(one.weekdays), one.starts, one.ends, one.cutoff,
                one.cutoff_days_before, one.capacity, one.fee,
            )
            for one in templates
        ],
    )  # fmt: skip


async def templates(db: Connection | Pool, place_id: UUID) -> list[Template]:
    rows = await db.fetch(
        """
        SELECT weekdays, starts, ends, cutoff, cutoff_days_before, capacity, fee
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
        INSERT INTO slots.slots (id, place_id, starts_at, ends_at, cutoff_at, capacity, fee)
        SELECT uuidv7(), $1, planned.starts_at, planned.ends_at, planned.cutoff_at,
               planned.capacity, planned.fee
          FROM unnest($2::timestamptz[], $3::timestamptz[], $4::timestamptz[],
                      $5::int[], $6::bigint[])
            AS planned (starts_at, ends_at, cutoff_at, capacity, fee)
            ON CONFLICT (place_id, starts_at, ends_at) DO NOTHING
        RETURNING id
        """,
        place_id,
        [window.starts_at for window in windows],
        [window.ends_at for window in windows],
        [window.cutoff_at for window in windows],
        [window.capacity for window in windows],
        [window.fee for window in windows],
    )
    return len(rows)
