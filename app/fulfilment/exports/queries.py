from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.exports.models import CameBack, Goods, Happened, OrderRow, ParcelRow, StopRow


async def time_zone(db: Connection, place_id: UUID) -> str | None:
    zone: str | None = await db.fetchval(
        "SELECT time_zone FROM stock.places WHERE id = $1", place_id
    )
    return zone


async def orders(
    db: Connection, place_id: UUID, since: datetime, until: datetime
) -> list[OrderRow]:
    """Those whose window begins in that time."""
    rows = await db.fetch(
        """
        SELECT fulfilment.order_number, fulfilment.state, fulfilment.way,
               fulfilment.window_starts_at, fulfilment.window_ends_at, fulfilment.pick_by,
               sold.postcode, sold.city, line.pieces, line.short, parcel.parcels, parcel.weight_g,
               collection.ready_at, collection.keep_until
          FROM fulfilment.fulfilments AS fulfilment
          JOIN orders.orders AS sold ON sold.id = fulfilment.order_id
          LEFT JOIN fulfilment.collections AS collection
            ON collection.order_id = fulfilment.order_id
           AND collection.fulfilment_id = fulfilment.id
         CROSS JOIN LATERAL (
               SELECT coalesce(sum(quantity), 0)::int AS pieces, coalesce(sum(short), 0)::int AS short
                 FROM fulfilment.picks
                WHERE order_id = fulfilment.order_id
                  AND fulfilment_id = fulfilment.id) AS line
         CROSS JOIN LATERAL (
               SELECT count(*) AS parcels, coalesce(sum(weight_g), 0)::int AS weight_g
                 FROM fulfilment.parcels
                WHERE order_id = fulfilment.order_id
                  AND fulfilment_id = fulfilment.id) AS parcel
         WHERE fulfilment.place_id = $1
           AND fulfilment.window_starts_at >= $2
           AND fulfilment.window_starts_at < $3
         ORDER BY fulfilment.window_starts_at, fulfilment.order_number
        """,
        place_id, since, until,
    )  # fmt: skip
    return [OrderRow(**row) for row in rows]


async def parcels(
    db: Connection, place_id: UUID, since: datetime, until: datetime
) -> list[ParcelRow]:
    rows = await db.fetch(
        """
        SELECT fulfilment.order_number, parcel.sscc, parcel.number, parcel.storage, parcel.weight_g,
               CASE WHEN parcel.place_id IS NOT NULL THEN 'here'
                    WHEN parcel.run_id IS NOT NULL THEN 'van'
                    WHEN parcel.carrier IS NOT NULL THEN 'carrier'
                    WHEN parcel.delivered_at IS NOT NULL THEN 'handed over'
                    ELSE 'emptied' END AS where,
               parcel.shelf, run.number AS van, consignment.carrier, consignment.reference,
               parcel.sealed_at
          FROM fulfilment.fulfilments AS fulfilment
          JOIN fulfilment.parcels AS parcel
            ON parcel.order_id = fulfilment.order_id AND parcel.fulfilment_id = fulfilment.id
          LEFT JOIN fulfilment.runs AS run ON run.id = parcel.run_id
          LEFT JOIN fulfilment.consignments AS consignment
            ON consignment.order_id = parcel.order_id AND consignment.parcel_id = parcel.id
         WHERE fulfilment.place_id = $1
           AND fulfilment.window_starts_at >= $2
           AND fulfilment.window_starts_at < $3
         ORDER BY fulfilment.window_starts_at, fulfilment.order_number, parcel.number
        """,
        place_id, since, until,
    )  # fmt: skip
    return [ParcelRow(**row) for row in rows]


async def stops(db: Connection, place_id: UUID, since: datetime, until: datetime) -> list[StopRow]:
    rows = await db.fetch(
        """
        SELECT run.number AS van, run.starts_at AS run_starts_at, stop.position, stop.state,
               fulfilment.order_number, sold.street, sold.house_number, sold.postcode, sold.city,
               sold.country, stop.latitude, stop.longitude, stop.arrives_at,
               (SELECT count(*)
                  FROM fulfilment.parcels AS parcel
                 WHERE parcel.order_id = stop.order_id
                   AND parcel.fulfilment_id = stop.fulfilment_id) AS parcels,
               content.age_limit, content.cold
          FROM fulfilment.runs AS run
          JOIN fulfilment.stops AS stop ON stop.run_id = run.id AND stop.state <> 'dropped'
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = stop.order_id AND fulfilment.id = stop.fulfilment_id
          JOIN orders.orders AS sold ON sold.id = stop.order_id
         CROSS JOIN LATERAL (
               SELECT max(line.age_limit) AS age_limit,
                      coalesce(bool_or(pick.storage <> 'ambient'), false) AS cold
                 FROM fulfilment.picks AS pick
                 JOIN orders.lines AS line
                   ON line.order_id = pick.order_id AND line.line_no = pick.line_no
                WHERE pick.order_id = stop.order_id
                  AND pick.fulfilment_id = stop.fulfilment_id
                  AND pick.short < pick.quantity) AS content
         WHERE run.place_id = $1
           AND run.starts_at >= $2
           AND run.starts_at < $3
         ORDER BY run.starts_at, run.number, stop.position
        """,
        place_id, since, until,
    )  # fmt: skip
    return [StopRow(**row) for row in rows]


async def happened(
    db: Connection,
    place_id: UUID,
    since: datetime,
    until: datetime,
    kinds: Sequence[str],
    most: int,
) -> list[Happened]:
    """What was told of the orders of a place; an act that was written down in the same breath says
    when it was by the clock of who did it."""
    rows = await db.fetch(
        """
        SELECT event.aggregate AS fulfilment_id, fulfilment.order_id, event.number, event.kind,
               event.body, event.at, coalesce(act.happened_at, event.at) AS happened_at
          FROM jobs.events AS event
          JOIN fulfilment.fulfilments AS fulfilment ON fulfilment.id = event.aggregate
          LEFT JOIN LATERAL (
               SELECT min(happened_at) AS happened_at
                 FROM fulfilment.acts
                WHERE fulfilment_id = event.aggregate
                  AND received_at = event.at) AS act ON true
         WHERE event.at >= $2
           AND event.at < $3
           AND event.aggregate_kind = 'fulfilment'
           AND event.kind = ANY ($4::text[])
           AND fulfilment.place_id = $1
         ORDER BY event.at, event.aggregate, event.number
         LIMIT $5
        """,
        place_id, since, until, list(kinds), most,
    )  # fmt: skip
    return [Happened(**row) for row in rows]


async def came_back(
    db: Connection, place_id: UUID, since: datetime, until: datetime
) -> list[CameBack]:
    """Brought back to this place, and what was left at its desk."""
    rows = await db.fetch(
        """
        SELECT back.id, back.order_id, back.at, jsonb_object_agg(back.gtin, back.quantity) AS goods
          FROM (SELECT came.id, came.order_id, came.at, coalesce(line.instead_gtin, bought.gtin) AS gtin,
                       sum(line.quantity)::int AS quantity
                  FROM returns.returns AS came
                  JOIN returns.lines AS line ON line.return_id = came.id
                  JOIN orders.lines AS bought
                    ON bought.order_id = came.order_id AND bought.line_no = line.line_no
                 WHERE came.place_id = $1
                   AND came.at >= $2
                   AND came.at < $3
                   AND line.disposition <> 'kept'
                 GROUP BY came.id, coalesce(line.instead_gtin, bought.gtin)
                 UNION ALL
                SELECT pick.fulfilment_id, pick.order_id, refused.at,
                       coalesce(other.gtin, bought.gtin), sum(refused.quantity)::int
                  FROM fulfilment.desk_refusals AS refused
                  JOIN fulfilment.picks AS pick
                    ON pick.order_id = refused.order_id AND pick.id = refused.pick_id
                  JOIN fulfilment.fulfilments AS fulfilment
                    ON fulfilment.order_id = pick.order_id AND fulfilment.id = pick.fulfilment_id
                  JOIN orders.lines AS bought
                    ON bought.order_id = pick.order_id AND bought.line_no = pick.line_no
                  LEFT JOIN LATERAL (
                       SELECT offer.gtin
                         FROM fulfilment.substitutes AS offer
                        WHERE offer.order_id = pick.order_id
                          AND offer.pick_id = pick.replaces
                          AND offer.product_id = pick.product_id
                        LIMIT 1) AS other ON true
                 WHERE fulfilment.place_id = $1
                   AND fulfilment.state = 'delivered'
                   AND refused.at >= $2
                   AND refused.at < $3
                 GROUP BY pick.fulfilment_id, pick.order_id, refused.at,
                          coalesce(other.gtin, bought.gtin)) AS back
         GROUP BY back.id, back.order_id, back.at
        """,
        place_id, since, until,
    )  # fmt: skip
    return [CameBack(**row) for row in rows]


async def goods(db: Connection, order_ids: Sequence[UUID]) -> Goods:
    lines = await db.fetch(
        "SELECT order_id, line_no, gtin FROM orders.lines WHERE order_id = ANY ($1)",
        list(order_ids),
    )
    rows = await db.fetch(
        """
        SELECT parcel.fulfilment_id, parcel.sscc, coalesce(other.gtin, bought.gtin) AS gtin,
               sum(content.quantity)::int AS quantity
          FROM fulfilment.parcels AS parcel
          JOIN fulfilment.contents AS content
            ON content.order_id = parcel.order_id AND content.parcel_id = parcel.id
          JOIN fulfilment.picks AS pick
            ON pick.order_id = content.order_id AND pick.id = content.pick_id
          JOIN orders.lines AS bought
            ON bought.order_id = pick.order_id AND bought.line_no = pick.line_no
          LEFT JOIN LATERAL (
               SELECT offer.gtin
                 FROM fulfilment.substitutes AS offer
                WHERE offer.order_id = pick.order_id
                  AND offer.pick_id = pick.replaces
                  AND offer.product_id = pick.product_id
                LIMIT 1) AS other ON true
         WHERE parcel.order_id = ANY ($1)
         GROUP BY parcel.fulfilment_id, parcel.sscc, coalesce(other.gtin, bought.gtin)
         ORDER BY parcel.sscc
        """,
        list(order_ids),
    )
    offers = await db.fetch(
        "SELECT id, gtin FROM fulfilment.substitutes WHERE order_id = ANY ($1)", list(order_ids)
    )
    parcels: dict[UUID, dict[str, None]] = defaultdict(dict)
    contents: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        parcels[row["fulfilment_id"]][row["sscc"]] = None
        contents[row["sscc"]][row["gtin"]] = row["quantity"]
    return Goods(
        {(row["order_id"], row["line_no"]): row["gtin"] for row in lines},
        {str(row["id"]): row["gtin"] for row in offers},
        {id: list(found) for id, found in parcels.items()},
        dict(contents),
    )
