"""Parcels that come back, in the hands of a carrier."""

from datetime import datetime, timedelta
from uuid import UUID

from app.db import Connection, Pool
from app.fulfilment.carriers.models import Address, Announcement


async def take_due(pool: Pool, most: int, lease: timedelta) -> list[tuple[UUID, int]]:
    """Those the carrier was not told of; each is put off, so that one worker tells."""
    rows = await pool.fetch(
        """
        UPDATE returns.labels AS label
           SET attempts = label.attempts + 1, due_at = now() + $2
          FROM (SELECT due.request_id
                  FROM returns.labels AS due
                 WHERE due.state = 'wanted'
                   AND due.due_at <= now()
                 ORDER BY due.due_at
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED) AS mine
         WHERE label.request_id = mine.request_id
        RETURNING label.request_id, label.attempts
        """,
        most, lease,
    )  # fmt: skip
    return [(row["request_id"], row["attempts"]) for row in rows]


async def announcement(pool: Pool, request_id: UUID) -> Announcement | None:
    """From the door of who bought it to the place that takes it; None once it is settled."""
    row = await pool.fetchrow(
        """
        SELECT label.sscc, asked.code, asked.asked_at, place.name AS place,
               place.street AS place_street, place.postcode AS place_postcode,
               place.city AS place_city, place.country AS place_country, sold.name, sold.phone,
               sold.street, sold.house_number, sold.postcode, sold.city, sold.country
          FROM returns.labels AS label
          JOIN returns.requests AS asked ON asked.id = label.request_id
          JOIN orders.orders AS sold ON sold.id = asked.order_id
          JOIN stock.places AS place ON place.id = label.place_id
         WHERE label.request_id = $1
           AND asked.state = 'open'
        """,
        request_id,
    )
    if row is None:
        return None
    return Announcement(
        sscc=row["sscc"],
        order_number=f"R-{row['code']}",
        number=1,
        of=1,
        weight_g=0,
        sender=Address(
            name=row["name"],
            street=f"{row['street']} {row['house_number']}",
            postcode=row["postcode"],
            city=row["city"],
            country=row["country"],
            phone=row["phone"],
        ),
        receiver=Address(
            name=row["place"],
            street=row["place_street"],
            postcode=row["place_postcode"],
            city=row["place_city"],
            country=row["place_country"],
        ),
        leave_with=(row["asked_at"] + timedelta(days=14)).isoformat(),
    )


async def note_announced(pool: Pool, request_id: UUID, track_at: str | None) -> None:
    """What the carrier told of it meanwhile stays."""
    await pool.execute(
        """
        UPDATE returns.labels
           SET due_at = NULL, track_at = coalesce($2, track_at),
               state = CASE WHEN state = 'wanted' THEN 'announced' ELSE state END
         WHERE request_id = $1
        """,
        request_id, track_at,
    )  # fmt: skip


async def tell_again(pool: Pool, request_id: UUID, at: datetime | None) -> None:
    """None: never, as it is not sent."""
    await pool.execute(
        "UPDATE returns.labels SET due_at = $2 WHERE request_id = $1", request_id, at
    )


async def note(
    db: Connection, sscc: str, state: str, at: datetime, track_at: str | None
) -> bool | None:
    """Whether it is over; None where there is no such parcel."""
    over: bool | None = await db.fetchval(
        """
        UPDATE returns.labels
           SET state = CASE WHEN heard_at IS NULL OR heard_at < $3 THEN $2 ELSE state END,
               heard_at = greatest(heard_at, $3), track_at = coalesce($4, track_at)
         WHERE sscc = $1
        RETURNING state IN ('delivered', 'returned')
        """,
        sscc, state, at, track_at,
    )  # fmt: skip
    return over


async def where(db: Connection, request_id: UUID) -> tuple[str, str | None]:
    """State and address to follow it; `wanted` where there is no parcel."""
    row = await db.fetchrow(
        "SELECT state, track_at FROM returns.labels WHERE request_id = $1", request_id
    )
    return (row["state"], row["track_at"]) if row else ("wanted", None)


async def lost(db: Connection, after: timedelta) -> list[tuple[UUID, UUID, str]]:
    rows = await db.fetch(
        """
        SELECT label.request_id, asked.order_id, label.sscc
          FROM returns.labels AS label
          JOIN returns.requests AS asked ON asked.id = label.request_id
         WHERE label.state IN ('accepted', 'in_transit', 'failed')
           AND label.heard_at < now() - $1::interval
           AND asked.state = 'open'
           AND NOT EXISTS (SELECT FROM cases.cases AS known WHERE known.about = asked.id)
         ORDER BY label.heard_at
         LIMIT 100
        """,
        after,
    )
    return [(row["request_id"], row["order_id"], row["sscc"]) for row in rows]
