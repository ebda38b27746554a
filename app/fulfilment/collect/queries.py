from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection, Pool
from app.fulfilment.collect.models import DeskLine, OnShelf, Refused, Standing, Waiting
from app.fulfilment.models import Fulfilment, Parcel


async def write(db: Connection, new: Fulfilment) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.collections (order_id, fulfilment_id, ready_by, keep_until)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (order_id, fulfilment_id) DO UPDATE
           SET ready_by = excluded.ready_by, keep_until = excluded.keep_until, ended_at = NULL
        """,
        new.order_id, new.id, new.window_starts_at, new.window_ends_at,
    )  # fmt: skip


async def end(db: Connection, fulfilment: Fulfilment) -> None:
    """It was handed over, put back or called off; when that was stays as it was noted first."""
    await db.execute(
        """
        UPDATE fulfilment.collections
           SET ended_at = coalesce(ended_at, now())
         WHERE order_id = $1
           AND fulfilment_id = $2
        """,
        fulfilment.order_id, fulfilment.id,
    )  # fmt: skip


async def standing(db: Connection, fulfilment_id: UUID) -> Standing | None:
    row = await db.fetchrow(
        """
        SELECT order_id, fulfilment_id, ready_by, keep_until, ready_at, ended_at, age_checked
          FROM fulfilment.collections
         WHERE fulfilment_id = $1
        """,
        fulfilment_id,
    )
    return Standing(**row) if row else None


async def of_order(db: Connection, order_id: UUID) -> Standing | None:
    row = await db.fetchrow(
        """
        SELECT order_id, fulfilment_id, ready_by, keep_until, ready_at, ended_at, age_checked
          FROM fulfilment.collections
         WHERE order_id = $1
         ORDER BY ended_at IS NOT NULL, fulfilment_id
         LIMIT 1
        """,
        order_id,
    )
    return Standing(**row) if row else None


async def put_on_shelf(db: Connection, parcel: Parcel, shelf: str) -> int:
    """Returns how many parcels of its order are on no shelf yet."""
    left: int = await db.fetchval(
        """
        WITH shelved AS (
            UPDATE fulfilment.parcels
               SET shelf = $3
             WHERE order_id = $1
               AND id = $2
        )
        SELECT count(*)
          FROM fulfilment.parcels
         WHERE order_id = $1
           AND fulfilment_id = $4
           AND id <> $2
           AND shelf IS NULL
           AND emptied_at IS NULL
        """,
        parcel.order_id, parcel.id, shelf, parcel.fulfilment_id,
    )  # fmt: skip
    return left


async def note_ready(
    db: Connection,
    fulfilment: Fulfilment,
    code_hash: bytes,
    ready_at: datetime,
    keep_until: datetime,
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.collections
           SET code_hash = $3, ready_at = $4, keep_until = $5
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND ready_at IS NULL
        """,
        fulfilment.order_id, fulfilment.id, code_hash, ready_at, keep_until,
    )  # fmt: skip


async def by_code(db: Connection, code_hash: bytes) -> list[UUID]:
    """The last one first: what is over may be asked for once more."""
    rows = await db.fetch(
        """
        SELECT fulfilment_id
          FROM fulfilment.collections
         WHERE code_hash = $1
         ORDER BY ended_at IS NOT NULL, ready_at DESC
        """,
        code_hash,
    )
    return [row["fulfilment_id"] for row in rows]


async def by_number(db: Connection, number: str) -> tuple[UUID, str] | None:
    """The fulfilment, and who ordered it."""
    row = await db.fetchrow(
        """
        SELECT fulfilment.id, sold.name
          FROM fulfilment.fulfilments AS fulfilment
          JOIN orders.orders AS sold ON sold.id = fulfilment.order_id
         WHERE fulfilment.order_number = $1
           AND fulfilment.way = 'collect'
         ORDER BY fulfilment.state IN ('delivered', 'returned', 'cancelled'), fulfilment.id
         LIMIT 1
        """,
        number,
    )
    return (row["id"], row["name"]) if row else None


async def waiting(db: Connection, place_id: UUID | None = None) -> list[Waiting]:
    """What the desk has to do: put on a shelf, hand over, and bring back what nobody came for."""
    rows = await db.fetch(
        """
        SELECT fulfilment.id AS fulfilment_id, fulfilment.order_number, fulfilment.place_id,
               place.name AS place, place.time_zone, collection.ready_by, collection.keep_until,
               CASE WHEN collection.ended_at IS NOT NULL THEN 'clear'
                    WHEN collection.ready_at IS NOT NULL THEN 'ready'
                    ELSE 'shelve' END AS what,
               (SELECT coalesce(sum(pick.picked), 0)::int
                  FROM fulfilment.picks AS pick
                 WHERE pick.order_id = fulfilment.order_id
                   AND pick.fulfilment_id = fulfilment.id) AS pieces,
               (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                    'number', parcel.number, 'storage', parcel.storage,
                                    'shelf', parcel.shelf, 'sscc', parcel.sscc)
                                ORDER BY parcel.number), '[]')
                  FROM fulfilment.parcels AS parcel
                 WHERE parcel.order_id = fulfilment.order_id
                   AND parcel.fulfilment_id = fulfilment.id) AS parcels
          FROM fulfilment.collections AS collection
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = collection.order_id
           AND fulfilment.id = collection.fulfilment_id
          JOIN stock.places AS place ON place.id = fulfilment.place_id
         WHERE fulfilment.way = 'collect'
           AND fulfilment.state IN ('packed', 'returned')
           AND (fulfilment.state = 'packed' OR collection.cleared_at IS NULL)
           AND ($1::uuid IS NULL OR fulfilment.place_id = $1)
         ORDER BY place.name, what DESC, collection.ready_by, fulfilment.order_number
         LIMIT 300
        """,
        place_id,
    )
    return [
        Waiting(**{**row, "parcels": msgspec.convert(row["parcels"], list[OnShelf])})
        for row in rows
    ]


async def lines(db: Connection, fulfilment_id: UUID) -> list[DeskLine]:
    rows = await db.fetch(
        """
        SELECT pick.id AS pick_id, pick.line_no, pick.product_id,
               coalesce(other.name, line.name) AS name, coalesce(other.gtin, line.gtin) AS gtin,
               CASE WHEN other.name IS NULL THEN line.picture ELSE other.picture END AS picture,
               CASE WHEN other.name IS NOT NULL THEN line.name END AS instead_of,
               CASE WHEN other.name IS NOT NULL THEN line.gtin END AS gtin_instead_of,
               pick.storage, line.age_limit, pick.quantity,
               pick.picked - coalesce((SELECT sum(warm.quantity)
                                         FROM fulfilment.refusals AS warm
                                        WHERE warm.order_id = pick.order_id
                                          AND warm.pick_id = pick.id), 0)::int AS picked,
               pick.short, pick.delivered,
               coalesce(refused.quantity, 0) AS refused,
               EXISTS (SELECT
                         FROM stock.stops AS stop
                        WHERE stop.product_id = pick.product_id
                          AND stop.ended_at IS NULL) AS stopped
          FROM fulfilment.picks AS pick
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
          LEFT JOIN fulfilment.desk_refusals AS refused
            ON refused.order_id = pick.order_id AND refused.pick_id = pick.id
          LEFT JOIN LATERAL (
               SELECT offer.name, offer.picture, offer.gtin
                 FROM fulfilment.substitutes AS offer
                WHERE offer.order_id = pick.order_id
                  AND offer.pick_id = pick.replaces
                  AND offer.product_id = pick.product_id
                LIMIT 1) AS other ON true
         WHERE pick.fulfilment_id = $1
         ORDER BY pick.line_no, pick.replaces IS NOT NULL, pick.id
        """,
        fulfilment_id,
    )
    return [DeskLine(**row) for row in rows]


async def shelves(db: Connection, fulfilment_id: UUID) -> dict[int, str]:
    rows = await db.fetch(
        """
        SELECT number, shelf
          FROM fulfilment.parcels
         WHERE fulfilment_id = $1
           AND shelf IS NOT NULL
        """,
        fulfilment_id,
    )
    return {row["number"]: row["shelf"] for row in rows}


async def place_of(db: Connection, fulfilment_id: UUID) -> UUID:
    """Where it is collected: for what nobody took at the door, not always where its order is from."""
    place_id: UUID = await db.fetchval(
        "SELECT place_id FROM fulfilment.fulfilments WHERE id = $1", fulfilment_id
    )
    return place_id


async def place_and_name(db: Connection, fulfilment_id: UUID) -> dict[str, Any]:
    row = await db.fetchrow(
        """
        SELECT place.name AS place, place.time_zone, sold.name
          FROM fulfilment.fulfilments AS fulfilment
          JOIN stock.places AS place ON place.id = fulfilment.place_id
          JOIN orders.orders AS sold ON sold.id = fulfilment.order_id
         WHERE fulfilment.id = $1
        """,
        fulfilment_id,
    )
    assert row is not None, "it was read before"
    return dict(row)


async def note_handed(
    db: Connection, fulfilment: Fulfilment, by: UUID, leaving: Mapping[UUID, int], *, age: bool
) -> None:
    """What leaves with its shopper, and with whom the parcels are now."""
    await db.execute(
        """
        WITH ended AS (
            UPDATE fulfilment.collections
               SET ended_at = now(), ended_by = $3, age_checked = $4
             WHERE order_id = $1
               AND fulfilment_id = $2
        ), parcels AS (
            UPDATE fulfilment.parcels
               SET delivered_at = now(), place_id = NULL
             WHERE order_id = $1
               AND fulfilment_id = $2
               AND emptied_at IS NULL
        )
        UPDATE fulfilment.picks AS pick
           SET delivered = leaving.quantity
          FROM unnest($5::uuid[], $6::int[]) AS leaving (id, quantity)
         WHERE pick.order_id = $1
           AND pick.id = leaving.id
        """,
        fulfilment.order_id, fulfilment.id, by, age, list(leaving), list(leaving.values()),
    )  # fmt: skip


async def note_refused(db: Connection, order_id: UUID, refused: Sequence[Refused]) -> None:
    await db.executemany(
        """
        INSERT INTO fulfilment.desk_refusals (order_id, pick_id, quantity, reason)
        VALUES ($1, $2, $3, $4)
        """,
        [(order_id, one.pick_id, one.quantity, one.reason) for one in refused],
    )


async def empty_parcels(db: Connection, fulfilment: Fulfilment) -> None:
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET emptied_at = now(), place_id = NULL
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND emptied_at IS NULL
        """,
        fulfilment.order_id, fulfilment.id,
    )  # fmt: skip


async def run_out(db: Connection | Pool, most: int) -> list[UUID]:
    rows = await db.fetch(
        """
        SELECT fulfilment_id
          FROM fulfilment.collections
         WHERE ready_at IS NOT NULL
           AND ended_at IS NULL
           AND keep_until <= now()
         ORDER BY keep_until
         LIMIT $1
        """,
        most,
    )
    return [row["fulfilment_id"] for row in rows]


async def give_up(db: Connection, fulfilment: Fulfilment) -> bool:
    """False when somebody came after all, or it is kept for longer; the fulfilment is locked."""
    return bool(
        await db.fetchval(
            """
            UPDATE fulfilment.collections
               SET ended_at = now()
             WHERE order_id = $1
               AND fulfilment_id = $2
               AND ready_at IS NOT NULL
               AND ended_at IS NULL
               AND keep_until <= now()
            RETURNING true
            """,
            fulfilment.order_id, fulfilment.id,
        )
    )  # fmt: skip


async def note_cleared(db: Connection, fulfilment: Fulfilment) -> bool:
    """False when it is on the shelves already, or not over."""
    return bool(
        await db.fetchval(
            """
            UPDATE fulfilment.collections
               SET cleared_at = now()
             WHERE order_id = $1
               AND fulfilment_id = $2
               AND ended_at IS NOT NULL
               AND cleared_at IS NULL
            RETURNING true
            """,
            fulfilment.order_id, fulfilment.id,
        )
    )  # fmt: skip
