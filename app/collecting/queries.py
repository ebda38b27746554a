from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.collecting.models import Desk, Hours, Spot
from app.db import Connection, Pool


async def desks(db: Connection | Pool) -> list[Spot]:
    """Where orders can be collected now: open desks of open places."""
    rows = await db.fetch(
        """
        SELECT place.id AS place_id, place.name, place.street, place.postcode, place.city,
               place.country, place.time_zone, place.latitude, place.longitude,
               desk.ready_minutes, desk.keep_days, desk.on_holidays, desk.hint, desk.open,
               (SELECT coalesce(jsonb_agg(jsonb_build_object('weekday', hours.weekday,
                                                             'opens', hours.opens,
                                                             'closes', hours.closes)
                                          ORDER BY hours.weekday), '[]')
                  FROM collecting.hours AS hours
                 WHERE hours.place_id = desk.place_id) AS hours
          FROM collecting.desks AS desk
          JOIN stock.places AS place ON place.id = desk.place_id
         WHERE desk.open
           AND place.open
         ORDER BY place.name
        """
    )
    return [_spot(row) for row in rows]


async def spot(db: Connection | Pool, place_id: UUID) -> Spot | None:
    """A place with a desk, also one that takes no more orders."""
    row = await db.fetchrow(
        """
        SELECT place.id AS place_id, place.name, place.street, place.postcode, place.city,
               place.country, place.time_zone, place.latitude, place.longitude,
               desk.ready_minutes, desk.keep_days, desk.on_holidays, desk.hint,
               desk.open AND place.open AS open,
               (SELECT coalesce(jsonb_agg(jsonb_build_object('weekday', hours.weekday,
                                                             'opens', hours.opens,
                                                             'closes', hours.closes)
                                          ORDER BY hours.weekday), '[]')
                  FROM collecting.hours AS hours
                 WHERE hours.place_id = desk.place_id) AS hours
          FROM collecting.desks AS desk
          JOIN stock.places AS place ON place.id = desk.place_id
         WHERE desk.place_id = $1
        """,
        place_id,
    )
    return _spot(row) if row else None


async def desk(db: Connection | Pool, place_id: UUID) -> Desk | None:
    found = await spot(db, place_id)
    return found.desk if found else None


async def write_desk(db: Connection, place_id: UUID, desk: Desk, seen: int | None) -> bool:
    """False when there is no such place, or the desk is not as it was `seen` any more."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO collecting.desks (
                   place_id, ready_minutes, keep_days, on_holidays, hint, open)
            SELECT place.id, $2, $3, $4, $5, $6
              FROM stock.places AS place
             WHERE place.id = $1
                ON CONFLICT (place_id) DO UPDATE
               SET ready_minutes = excluded.ready_minutes, keep_days = excluded.keep_days,
                   on_holidays = excluded.on_holidays, hint = excluded.hint, open = excluded.open,
                   version = desks.version + 1
             WHERE $7::bigint IS NULL
                OR desks.version = $7
            RETURNING true
            """,
            place_id, desk.ready_minutes, desk.keep_days, desk.on_holidays, desk.hint, desk.open,
            seen,
        )
    )  # fmt: skip


async def write_hours(db: Connection, place_id: UUID, hours: Sequence[Hours]) -> None:
    """Instead of those there were; the desk was written in this transaction, so it is locked."""
    await db.execute("DELETE FROM collecting.hours WHERE place_id = $1", place_id)
    await db.executemany(
        """
        INSERT INTO collecting.hours (place_id, weekday, opens, closes)
        VALUES ($1, $2, $3, $4)
        """,
        [(place_id, one.weekday, one.opens, one.closes) for one in hours],
    )


async def version(db: Connection | Pool, place_id: UUID) -> int:
    """0 where there is no desk yet."""
    found: int | None = await db.fetchval(
        "SELECT version FROM collecting.desks WHERE place_id = $1", place_id
    )
    return found or 0


def _spot(row: asyncpg.Record) -> Spot:
    plain: dict[str, Any] = dict(row)
    kept = {name: plain.pop(name) for name in Desk.__struct_fields__}
    return Spot(**plain, desk=msgspec.convert(kept, Desk))
