"""What is in the van: parcels, and the picked lines in them."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection
from app.fulfilment.models import Parcel, Pick


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
