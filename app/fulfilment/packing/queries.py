from collections.abc import Mapping
from uuid import UUID

from app.db import Connection
from app.fulfilment.models import Parcel, Storage
from app.fulfilment.packing.models import PackLine, ToPack


async def to_pack(db: Connection) -> list[ToPack]:
    """Picked and waiting for a parcel, and what is packed but has not left; earliest van first, but
    before them what nobody has brought to the table: it should be picked and packed by now, or what
    stood beside it on its cart was packed ten minutes ago."""
    rows = await db.fetch(
        """
        SELECT fulfilment.id, fulfilment.order_number, place.name AS place, place.time_zone,
               fulfilment.state, fulfilment.window_starts_at, fulfilment.window_ends_at,
               fulfilment.way, fulfilment.tote,
               fulfilment.state = 'picked'
               AND (fulfilment.pick_by < now()
                    OR EXISTS (SELECT
                                 FROM fulfilment.fulfilments AS beside
                                 JOIN fulfilment.parcels AS packed
                                   ON packed.order_id = beside.order_id
                                  AND packed.fulfilment_id = beside.id
                                WHERE beside.batch_id = fulfilment.batch_id
                                  AND packed.sealed_at < now() - interval '10 minutes'))
               AND NOT EXISTS (SELECT
                                 FROM fulfilment.parcels AS parcel
                                WHERE parcel.order_id = fulfilment.order_id
                                  AND parcel.fulfilment_id = fulfilment.id) AS missing,
               line.pieces, line.pieces - line.packed AS left, line.storages,
               (SELECT count(*)
                  FROM fulfilment.parcels AS parcel
                 WHERE parcel.order_id = fulfilment.order_id
                   AND parcel.fulfilment_id = fulfilment.id) AS parcels
          FROM fulfilment.fulfilments AS fulfilment
          JOIN stock.places AS place ON place.id = fulfilment.place_id
         CROSS JOIN LATERAL (
               SELECT coalesce(sum(pick.picked), 0)::int AS pieces,
                      coalesce(sum((SELECT sum(content.quantity)
                                      FROM fulfilment.contents AS content
                                     WHERE content.order_id = pick.order_id
                                       AND content.pick_id = pick.id)), 0)::int AS packed,
                      coalesce(array_agg(DISTINCT pick.storage ORDER BY pick.storage), '{}') AS storages
                 FROM fulfilment.picks AS pick
                WHERE pick.order_id = fulfilment.order_id
                  AND pick.fulfilment_id = fulfilment.id
                  AND pick.picked > 0) AS line
         WHERE fulfilment.state IN ('picked', 'packed')
         ORDER BY fulfilment.state DESC, missing DESC, fulfilment.window_starts_at,
                  fulfilment.order_number
         LIMIT 200
        """
    )
    return [ToPack(**row) for row in rows]


async def lines(db: Connection, fulfilment_id: UUID) -> list[PackLine]:
    rows = await db.fetch(
        """
        SELECT pick.id AS pick_id, pick.line_no, coalesce(other.name, line.name) AS name,
               CASE WHEN other.name IS NULL THEN line.picture ELSE other.picture END AS picture,
               coalesce(other.gtin, line.gtin) AS gtin, pick.storage,
               CASE WHEN other.name IS NOT NULL THEN line.name END AS instead_of,
               CASE WHEN other.name IS NOT NULL THEN line.gtin END AS gtin_instead_of,
               line.age_limit, pick.weight_g, pick.quantity, pick.picked,
               pick.short - pick.resourced AS short, pick.replaced, pick.weighed_g,
               coalesce(sum(content.quantity), 0)::int AS packed,
               coalesce(array_agg(parcel.number ORDER BY parcel.number)
                        FILTER (WHERE parcel.number IS NOT NULL), '{}') AS numbers
          FROM fulfilment.picks AS pick
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
          LEFT JOIN LATERAL (
               SELECT offer.name, offer.picture, offer.gtin
                 FROM fulfilment.substitutes AS offer
                WHERE offer.order_id = pick.order_id
                  AND offer.pick_id = pick.replaces
                  AND offer.product_id = pick.product_id
                  AND offer.state = 'accepted'
                LIMIT 1) AS other ON true
          LEFT JOIN fulfilment.contents AS content
            ON content.order_id = pick.order_id AND content.pick_id = pick.id
          LEFT JOIN fulfilment.parcels AS parcel
            ON parcel.order_id = content.order_id AND parcel.id = content.parcel_id
         WHERE pick.fulfilment_id = $1
         GROUP BY pick.order_id, pick.id, line.order_id, line.line_no, other.name, other.picture,
                  other.gtin
         ORDER BY pick.storage, pick.line_no, pick.replaces NULLS FIRST
        """,
        fulfilment_id,
    )
    return [PackLine(**row) for row in rows]


async def parcels(db: Connection, fulfilment_id: UUID) -> list[Parcel]:
    rows = await db.fetch(
        """
        SELECT order_id, id, fulfilment_id, sscc, number, storage, weight_g, place_id, run_id,
               delivered_at, emptied_at
          FROM fulfilment.parcels
         WHERE fulfilment_id = $1
         ORDER BY number
        """,
        fulfilment_id,
    )
    return [Parcel(**row) for row in rows]


async def by_sscc(db: Connection, sscc: str) -> Parcel | None:
    row = await db.fetchrow(
        """
        SELECT order_id, id, fulfilment_id, sscc, number, storage, weight_g, place_id, run_id,
               delivered_at, emptied_at
          FROM fulfilment.parcels
         WHERE sscc = $1
        """,
        sscc,
    )
    return Parcel(**row) if row else None


async def by_order_number(db: Connection, number: str) -> UUID | None:
    """Of an order with several parts the one that lies at the table, else one that was packed."""
    id: UUID | None = await db.fetchval(
        """
        SELECT id
          FROM fulfilment.fulfilments
         WHERE order_number = $1
         ORDER BY state = 'picked' DESC, state = 'packed' DESC, id
         LIMIT 1
        """,
        number,
    )
    return id


async def next_serial(db: Connection) -> int:
    serial: int = await db.fetchval("SELECT nextval('fulfilment.sscc_serials')")
    return serial


async def write_parcel(
    db: Connection,
    *,
    order_id: UUID,
    id: UUID,
    fulfilment_id: UUID,
    sscc: str,
    storage: Storage,
    weight_g: int,
    place_id: UUID,
) -> int:
    """Returns its number within the order: 1, 2, 3. Under the lock of its order."""
    number: int = await db.fetchval(
        """
        INSERT INTO fulfilment.parcels (
               order_id, id, fulfilment_id, sscc, number, storage, weight_g, place_id)
        SELECT $1, $2, $3, $4, 1 + count(*), $5, $6, $7
          FROM fulfilment.parcels
         WHERE order_id = $1
           AND fulfilment_id = $3
        RETURNING number
        """,
        order_id, id, fulfilment_id, sscc, storage, weight_g, place_id,
    )  # fmt: skip
    return number


async def write_contents(
    db: Connection, order_id: UUID, parcel_id: UUID, quantities: Mapping[UUID, int]
) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.contents (order_id, parcel_id, pick_id, quantity)
        SELECT $1, $2, content.pick_id, content.quantity
          FROM unnest($3::uuid[], $4::int[]) AS content (pick_id, quantity)
        """,
        order_id, parcel_id, list(quantities), list(quantities.values()),
    )  # fmt: skip


async def place_and_order(db: Connection, fulfilment_id: UUID) -> tuple[str, str, str, str]:
    """Name and time zone of the place, language and note of the shopper."""
    row = await db.fetchrow(
        """
        SELECT place.name, place.time_zone, sold.language, sold.note
          FROM fulfilment.fulfilments AS fulfilment
          JOIN stock.places AS place ON place.id = fulfilment.place_id
          JOIN orders.orders AS sold ON sold.id = fulfilment.order_id
         WHERE fulfilment.id = $1
        """,
        fulfilment_id,
    )
    assert row is not None, "it was read before"
    return row["name"], row["time_zone"], row["language"], row["note"]
