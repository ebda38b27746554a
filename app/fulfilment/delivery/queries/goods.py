"""What is in the van: parcels, and the picked lines in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.delivery.models import DoorLine
from app.fulfilment.models import Parcel


async def load_parcel(
    db: Connection, parcel: Parcel, run_id: UUID, at: datetime | None = None
) -> None:
    """`at` is when it left the cold room, by the clock of the phone; None is now. Who was out of it
    before has so much less time."""
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET run_id = $3, place_id = NULL,
               loaded_at = coalesce($4, now()) - make_interval(secs => stood_s)
         WHERE order_id = $1
           AND id = $2
        """,
        parcel.order_id, parcel.id, run_id, at,
    )  # fmt: skip


async def hand_over_parcels(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET delivered_at = now(), run_id = NULL, place_id = NULL
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND emptied_at IS NULL
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def unload_parcels(
    db: Connection, order_id: UUID, fulfilment_id: UUID, place_id: UUID
) -> None:
    """Into the cold room again: how long it was out of it is kept."""
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET place_id = $3, run_id = NULL, loaded_at = NULL,
               stood_s = coalesce(greatest(0, extract(epoch FROM now() - loaded_at))::int, stood_s)
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND emptied_at IS NULL
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
           AND emptied_at IS NULL
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def put_back(db: Connection, run_id: UUID, parcels: Sequence[Parcel]) -> None:
    """They were never taken out of the van."""
    await db.execute(
        """
        UPDATE fulfilment.parcels AS parcel
           SET run_id = $1, place_id = NULL, loaded_at = was.loaded_at, stood_s = was.stood_s
          FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::int[])
               AS was (order_id, id, loaded_at, stood_s)
         WHERE parcel.order_id = was.order_id
           AND parcel.id = was.id
        """,
        run_id,
        [one.order_id for one in parcels],
        [one.id for one in parcels],
        [one.loaded_at for one in parcels],
        [one.stood_s for one in parcels],
    )


async def not_in_the_van(db: Connection, order_id: UUID, fulfilment_id: UUID) -> int:
    count: int = await db.fetchval(
        """
        SELECT count(*)
          FROM fulfilment.parcels
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND run_id IS NULL
           AND emptied_at IS NULL
        """,
        order_id, fulfilment_id,
    )  # fmt: skip
    return count


async def parcels(db: Connection, run_ids: Sequence[UUID]) -> list[Parcel]:
    """Of the orders these runs visit, wherever the parcels are by now; empty ones are none."""
    rows = await db.fetch(
        """
        SELECT parcel.order_id, parcel.id, parcel.fulfilment_id, parcel.sscc, parcel.number,
               parcel.storage, parcel.weight_g, parcel.place_id, parcel.run_id,
               parcel.delivered_at, parcel.emptied_at, parcel.loaded_at, parcel.stood_s
          FROM fulfilment.parcels AS parcel
         WHERE parcel.emptied_at IS NULL
           AND EXISTS (SELECT
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


async def door_lines(db: Connection, run_id: UUID) -> list[DoorLine]:
    """What lies in the van for each door of a run, or was handed over there, line by line."""
    rows = await db.fetch(
        """
        SELECT pick.fulfilment_id, pick.id AS pick_id, pick.line_no,
               pick.line_no || coalesce('-' || other.gtin, '') AS key,
               coalesce(other.gtin, line.gtin) AS gtin, coalesce(other.name, line.name) AS name,
               pick.picked, pick.storage, line.age_limit
          FROM fulfilment.stops AS stop
          JOIN fulfilment.picks AS pick
            ON pick.order_id = stop.order_id AND pick.fulfilment_id = stop.fulfilment_id
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
          LEFT JOIN LATERAL (
               SELECT min(given.gtin) AS gtin, min(given.name) AS name
                 FROM fulfilment.substitutes AS given
                WHERE given.order_id = pick.order_id
                  AND given.pick_id = pick.replaces
                  AND given.product_id = pick.product_id
                  AND given.state = 'accepted') AS other ON true
         WHERE stop.run_id = $1
           AND stop.state IN ('planned', 'failed', 'delivered')
           AND pick.picked > 0
         ORDER BY pick.fulfilment_id, pick.line_no, key
        """,
        run_id,
    )
    return [DoorLine(**row) for row in rows]
