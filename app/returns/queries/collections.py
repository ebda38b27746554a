"""Stops of a van that fetches something."""

from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.returns.models import Collection
from app.slots import Slot


async def plan(db: Connection, request_id: UUID, slot: Slot) -> None:
    """A new time takes the place of the one before."""
    await db.execute(
        """
        INSERT INTO returns.collections (request_id, place_id, slot_id, starts_at, ends_at)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (request_id) DO UPDATE
           SET place_id = excluded.place_id, slot_id = excluded.slot_id,
               starts_at = excluded.starts_at, ends_at = excluded.ends_at, state = 'planned',
               reason = '', run_id = NULL, happened_at = NULL
        """,
        request_id, slot.place_id, slot.id, slot.starts_at, slot.ends_at,
    )  # fmt: skip


async def end(
    db: Connection, request_id: UUID, state: str, *, run_id: UUID | None = None, reason: str = ""
) -> bool:
    """False when there is no stop ahead."""
    return bool(
        await db.fetchval(
            """
            UPDATE returns.collections
               SET state = $2, run_id = $3, reason = $4, happened_at = now()
             WHERE request_id = $1
               AND state = 'planned'
            RETURNING true
            """,
            request_id, state, run_id, reason,
        )
    )  # fmt: skip


async def of_request(db: Connection, request_id: UUID) -> Collection | None:
    row = await db.fetchrow(
        """
        SELECT stop.request_id, asked.order_id, sold.number, stop.place_id, stop.starts_at,
               stop.ends_at, place.time_zone, stop.state, sold.name, sold.street,
               sold.house_number, sold.postcode, sold.city, sold.phone
          FROM returns.collections AS stop
          JOIN returns.requests AS asked ON asked.id = stop.request_id
          JOIN orders.orders AS sold ON sold.id = asked.order_id
          JOIN stock.places AS place ON place.id = stop.place_id
         WHERE stop.request_id = $1
        """,
        request_id,
    )
    return Collection(**row) if row else None


async def of_window(
    db: Connection, place_id: UUID, starts_at: datetime, ends_at: datetime
) -> list[Collection]:
    """Those that a van of this window has to fetch, and has fetched."""
    rows = await db.fetch(
        """
        SELECT stop.request_id, asked.order_id, sold.number, stop.place_id, stop.starts_at,
               stop.ends_at, place.time_zone, stop.state, sold.name, sold.street,
               sold.house_number, sold.postcode, sold.city, sold.phone
          FROM returns.collections AS stop
          JOIN returns.requests AS asked ON asked.id = stop.request_id
          JOIN orders.orders AS sold ON sold.id = asked.order_id
          JOIN stock.places AS place ON place.id = stop.place_id
         WHERE stop.place_id = $1
           AND stop.starts_at = $2
           AND stop.ends_at = $3
           AND stop.state <> 'off'
         ORDER BY stop.state <> 'planned', sold.postcode, sold.house_number
        """,
        place_id, starts_at, ends_at,
    )  # fmt: skip
    return [Collection(**row) for row in rows]


async def goods(db: Connection, request_id: UUID) -> list[str]:
    """What is fetched there, e.g. `1 × Shirt`."""
    rows = await db.fetch(
        """
        SELECT wanted.units || ' × ' || coalesce(instead.name, line.name) AS words
          FROM returns.requests AS asked
         CROSS JOIN jsonb_each_text(asked.lines) AS wanted (key, units)
          JOIN orders.lines AS line
            ON line.order_id = asked.order_id
           AND line.line_no = split_part(wanted.key, '-', 1)::int
          LEFT JOIN LATERAL (SELECT offer.name
                               FROM fulfilment.substitutes AS offer
                              WHERE offer.order_id = asked.order_id
                                AND offer.gtin = split_part(wanted.key, '-', 2)
                              LIMIT 1) AS instead ON true
         WHERE asked.id = $1
         ORDER BY line.line_no, wanted.key
        """,
        request_id,
    )
    return [row["words"] for row in rows]


async def left_behind(db: Connection, run_id: UUID) -> list[tuple[UUID, UUID]]:
    """Requests, and their orders, that nobody fetches any more: all vans of this window are back."""
    rows = await db.fetch(
        """
        SELECT stop.request_id, asked.order_id
          FROM fulfilment.runs AS run
          JOIN returns.collections AS stop
            ON stop.place_id = run.place_id
           AND stop.starts_at = run.starts_at
           AND stop.ends_at = run.ends_at
           AND stop.state = 'planned'
          JOIN returns.requests AS asked ON asked.id = stop.request_id
         WHERE run.id = $1
           AND NOT EXISTS (SELECT
                             FROM fulfilment.runs AS other
                            WHERE other.place_id = run.place_id
                              AND other.starts_at = run.starts_at
                              AND other.ends_at = run.ends_at
                              AND other.state <> 'completed')
         ORDER BY asked.order_id
        """,
        run_id,
    )
    return [(row["request_id"], row["order_id"]) for row in rows]
