"""Places, and what lies there or comes in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.stock.models import Arrival, Channel, Coming, Level, Place
from app.stock.rules import Spot


async def places(db: Connection | Pool) -> list[Place]:
    rows = await db.fetch(
        """
        SELECT id, code, name, kind, street, postcode, city, country, time_zone,
               latitude, longitude, open
          FROM stock.places
         ORDER BY code
        """
    )
    return [Place(**row) for row in rows]


async def add_places(db: Connection, new: Sequence[Place]) -> None:
    """A place whose code is known keeps its id and gets the new particulars."""
    await db.executemany(
        """
        INSERT INTO stock.places (id, code, name, kind, street, postcode, city, country,
                                  time_zone, latitude, longitude, open)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (code) DO UPDATE
           SET name = excluded.name, kind = excluded.kind, street = excluded.street,
               postcode = excluded.postcode, city = excluded.city, country = excluded.country,
               time_zone = excluded.time_zone, latitude = excluded.latitude,
               longitude = excluded.longitude, open = excluded.open
        """,
        [
            (
                place.id, place.code, place.name, place.kind, place.street, place.postcode,
                place.city, place.country, place.time_zone, place.latitude, place.longitude,
                place.open,
            )
            for place in new
        ],
    )  # fmt: skip


async def available(
    db: Connection | Pool,
    product_ids: Sequence[UUID],
    place_ids: Sequence[UUID] | None = None,
    channel: Channel = "web",
) -> dict[UUID, int]:
    """Pieces this channel can still sell, at these places or at all that are open, per product."""
    rows = await db.fetch(
        """
        SELECT level.product_id,
               sum(greatest(level.on_hand - level.reserved - coalesce(kept.quantity, 0), 0))::int
               AS available
          FROM stock.levels AS level
          JOIN stock.places AS place ON place.id = level.place_id
          LEFT JOIN stock.safety AS kept
            ON kept.product_id = level.product_id
           AND kept.place_id = level.place_id
           AND kept.channel = $3
         WHERE level.product_id = ANY ($1::uuid[])
           AND ($2::uuid[] IS NULL OR level.place_id = ANY ($2::uuid[]))
           AND place.open
           AND NOT EXISTS (SELECT
                             FROM stock.stops AS stop
                            WHERE stop.product_id = level.product_id
                              AND stop.ended_at IS NULL)
         GROUP BY level.product_id
        """,
        list(product_ids), place_ids and list(place_ids), channel,
    )  # fmt: skip
    return dict.fromkeys(product_ids, 0) | {row["product_id"]: row["available"] for row in rows}


async def levels(
    db: Connection | Pool, product_ids: Sequence[UUID], channel: Channel = "web"
) -> dict[UUID, dict[UUID, int]]:
    """Place → product → pieces this channel can still sell there; open places only."""
    rows = await db.fetch(
        """
        SELECT level.place_id, level.product_id,
               greatest(level.on_hand - level.reserved - coalesce(kept.quantity, 0), 0) AS available
          FROM stock.levels AS level
          JOIN stock.places AS place ON place.id = level.place_id
          LEFT JOIN stock.safety AS kept
            ON kept.product_id = level.product_id
           AND kept.place_id = level.place_id
           AND kept.channel = $2
         WHERE level.product_id = ANY ($1::uuid[])
           AND place.open
           AND NOT EXISTS (SELECT
                             FROM stock.stops AS stop
                            WHERE stop.product_id = level.product_id
                              AND stop.ended_at IS NULL)
        """,
        list(product_ids), channel,
    )  # fmt: skip
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for row in rows:
        found[row["place_id"]][row["product_id"]] = row["available"]
    return dict(found)


async def lock_levels(db: Connection, spots: Sequence[Spot]) -> list[Level]:
    """What is free there, and stays so until the end of this transaction. Of a product that was
    stopped nothing is free."""
    rows = await db.fetch(
        """
        SELECT level.product_id, level.place_id,
               CASE WHEN EXISTS (SELECT
                                   FROM stock.stops AS stop
                                  WHERE stop.product_id = level.product_id
                                    AND stop.ended_at IS NULL)
                    THEN 0
                    ELSE level.on_hand - level.reserved END AS available,
               (SELECT jsonb_object_agg(kept.channel, kept.quantity)
                  FROM stock.safety AS kept
                 WHERE kept.product_id = level.product_id
                   AND kept.place_id = level.place_id) AS kept_back
          FROM unnest($1::uuid[], $2::uuid[]) AS spot (product_id, place_id)
          JOIN stock.levels AS level USING (product_id, place_id)
         ORDER BY level.product_id, level.place_id
           FOR UPDATE OF level
        """,
        [product_id for product_id, _ in spots], [place_id for _, place_id in spots],
    )  # fmt: skip
    return [
        Level((row["product_id"], row["place_id"]), row["available"], row["kept_back"] or {})
        for row in rows
    ]


async def watched(db: Connection | Pool, product_ids: Sequence[str]) -> dict[str, int]:
    """For those who watch the topic `supply:<product>`: when it changed last, in microseconds."""
    rows = await db.fetch(
        """
        SELECT level.product_id,
               (extract(epoch FROM greatest(max(level.changed_at), max(stop.at))) * 1000000)::bigint
               AS version
          FROM stock.levels AS level
          LEFT JOIN LATERAL (SELECT max(greatest(stopped_at, ended_at)) AS at
                               FROM stock.stops
                              WHERE product_id = level.product_id) AS stop ON true
         WHERE level.product_id = ANY ($1::text[]::uuid[])
         GROUP BY level.product_id
        """,
        list(product_ids),
    )
    return {str(row["product_id"]): row["version"] for row in rows}


async def lock_coming(db: Connection, spots: Sequence[Spot]) -> list[Coming]:
    """What is announced for there, of products that may be ordered before they are in; the first to
    come first. Locked after the levels."""
    rows = await db.fetch(
        """
        SELECT coming.id, coming.product_id, coming.place_id, coming.due_on,
               coming.quantity - coming.promised AS free
          FROM unnest($1::uuid[], $2::uuid[]) AS spot (product_id, place_id)
          JOIN stock.expected AS coming USING (product_id, place_id)
          JOIN stock.places AS place
            ON place.id = coming.place_id
         WHERE coming.arrived_at IS NULL
           AND coming.to_order
           AND coming.due_on >= (now() AT TIME ZONE place.time_zone)::date
           AND NOT EXISTS (SELECT
                             FROM stock.stops AS stop
                            WHERE stop.product_id = coming.product_id
                              AND stop.ended_at IS NULL)
         ORDER BY coming.due_on, coming.id
           FOR UPDATE OF coming
        """,
        [product_id for product_id, _ in spots], [place_id for _, place_id in spots],
    )  # fmt: skip
    return [
        Coming(row["id"], (row["product_id"], row["place_id"]), row["due_on"], row["free"])
        for row in rows
    ]


async def put_on_shelf(
    db: Connection, quantities: Mapping[Spot, int], kind: Arrival, reference: UUID | None
) -> None:
    await db.execute(
        """
        WITH arrived AS MATERIALIZED (
            SELECT product_id, place_id, quantity
              FROM unnest($1::uuid[], $2::uuid[], $3::int[])
                AS arrived (product_id, place_id, quantity)
        ), entry AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change, reference)
            SELECT product_id, place_id, $4, quantity, $5
              FROM arrived
        )
        INSERT INTO stock.levels AS level (product_id, place_id, on_hand)
        SELECT product_id, place_id, quantity
          FROM arrived
         ORDER BY product_id, place_id
            ON CONFLICT (product_id, place_id) DO UPDATE
           SET on_hand = level.on_hand + excluded.on_hand, changed_at = clock_timestamp()
        """,
        [product_id for product_id, _ in quantities],
        [place_id for _, place_id in quantities],
        list(quantities.values()),
        kind,
        reference,
    )
