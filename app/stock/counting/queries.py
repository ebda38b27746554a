from collections.abc import Mapping, Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.stock.counting.models import Count, Difference, Standing
from app.stock.models import Channel
from app.stock.rules import Spot


async def promised(db: Connection, spots: Sequence[Spot]) -> list[tuple[UUID, Spot, int]]:
    """Hold, product and place, pieces that are promised and still there; the newest hold first."""
    rows = await db.fetch(
        """
        WITH hold AS (
            SELECT id, made_at FROM stock.holds WHERE state = 'held'
             UNION ALL
            SELECT id, made_at FROM stock.holds WHERE state = 'confirmed'
        )
        SELECT line.hold_id, line.product_id, line.place_id, line.quantity - line.short AS pieces
          FROM unnest($1::uuid[], $2::uuid[]) AS spot (product_id, place_id)
          JOIN stock.hold_lines AS line USING (product_id, place_id)
          JOIN hold ON hold.id = line.hold_id
         WHERE line.picked IS NULL
           AND line.quantity > line.short
         ORDER BY hold.made_at DESC, hold.id DESC
        """,
        *_columns(spots),
    )
    return [
        (row["hold_id"], (row["product_id"], row["place_id"]), row["pieces"]) for row in rows
    ]  # fmt: skip


async def make_room(db: Connection, spots: Sequence[Spot]) -> None:
    """A level for goods that never lay there, so that there is something to lock."""
    await db.execute(
        """
        INSERT INTO stock.levels (product_id, place_id)
        SELECT product_id, place_id
          FROM unnest($1::uuid[], $2::uuid[]) AS spot (product_id, place_id)
         ORDER BY product_id, place_id
            ON CONFLICT (product_id, place_id) DO NOTHING
        """,
        *_columns(spots),
    )


async def lock(db: Connection, spots: Sequence[Spot]) -> dict[Spot, int]:
    """What is reserved there, unchanged until the end of this transaction; also where nothing of it
    ever lay."""
    await make_room(db, spots)
    rows = await db.fetch(
        """
        SELECT level.product_id, level.place_id, level.reserved
          FROM unnest($1::uuid[], $2::uuid[]) AS spot (product_id, place_id)
          JOIN stock.levels AS level USING (product_id, place_id)
         ORDER BY level.product_id, level.place_id
           FOR UPDATE OF level
        """,
        *_columns(spots),
    )
    return {(row["product_id"], row["place_id"]): row["reserved"] for row in rows}


async def write_count(
    db: Connection, counted: Mapping[Spot, int], short: Mapping[tuple[UUID, Spot], int],
    reference: UUID | None,
) -> None:  # fmt: skip
    """Levels become what was counted; what was promised and is not there is not promised any more.
    The levels are locked, and so are the holds that fall short."""
    await db.execute(
        """
        WITH seen AS MATERIALIZED (
            SELECT product_id, place_id, counted
              FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS seen (product_id, place_id, counted)
        ), short AS MATERIALIZED (
            SELECT hold_id, product_id, place_id, missing
              FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::int[])
                AS short (hold_id, product_id, place_id, missing)
        ), difference AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change, reference)
            SELECT product_id, place_id, 'counted', seen.counted - level.on_hand, $8
              FROM seen
              JOIN stock.levels AS level USING (product_id, place_id)
             WHERE seen.counted <> level.on_hand
        ), missing AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, reserved_change, hold_id, reference)
            SELECT product_id, place_id, 'short', -missing, hold_id, $8
              FROM short
        ), line AS (
            UPDATE stock.hold_lines AS line
               SET short = line.short + short.missing
              FROM short
             WHERE line.hold_id = short.hold_id
               AND line.product_id = short.product_id
               AND line.place_id = short.place_id
        )
        UPDATE stock.levels AS level
           SET on_hand = seen.counted,
               reserved = level.reserved - coalesce(
                   (SELECT sum(missing)::int
                      FROM short
                     WHERE short.product_id = level.product_id
                       AND short.place_id = level.place_id), 0),
               changed_at = clock_timestamp()
          FROM seen
         WHERE level.product_id = seen.product_id
           AND level.place_id = seen.place_id
        """,
        *_columns(list(counted)),
        list(counted.values()),
        [hold_id for hold_id, _ in short],
        [product_id for _, (product_id, _) in short],
        [place_id for _, (_, place_id) in short],
        list(short.values()),
        reference,
    )


async def next_versions(db: Connection, hold_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, int]]:
    """Hold → its holder and its new version."""
    rows = await db.fetch(
        """
        UPDATE stock.holds
           SET version = version + 1
         WHERE id = ANY ($1::uuid[])
        RETURNING id, holder, version
        """,
        list(hold_ids),
    )
    return {row["id"]: (row["holder"], row["version"]) for row in rows}


async def adjust(
    db: Connection, spot: Spot, change: int, reason: str, reference: UUID | None
) -> int | None:
    """What is on hand afterwards; None when that would be less than what is promised."""
    left: int | None = await db.fetchval(
        """
        WITH level AS (
            UPDATE stock.levels
               SET on_hand = on_hand + $3, changed_at = clock_timestamp()
             WHERE product_id = $1
               AND place_id = $2
               AND on_hand + $3 >= reserved
            RETURNING product_id, place_id, on_hand
        ), entry AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change, reason, reference)
            SELECT product_id, place_id, 'adjusted', $3, $4, $5
              FROM level
        )
        SELECT on_hand
          FROM level
        """,
        *spot, change, reason, reference,
    )  # fmt: skip
    return left


async def keep_back(db: Connection, spot: Spot, channel: Channel, quantity: int) -> None:
    await db.execute(
        """
        INSERT INTO stock.safety (product_id, place_id, channel, quantity)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (product_id, place_id, channel) DO UPDATE SET quantity = excluded.quantity
        """,
        *spot, channel, quantity,
    )  # fmt: skip


async def keep_nothing_back(db: Connection, spot: Spot, channel: Channel) -> None:
    await db.execute(
        "DELETE FROM stock.safety WHERE product_id = $1 AND place_id = $2 AND channel = $3",
        *spot, channel,
    )  # fmt: skip


async def kept_back(db: Connection, product_id: UUID) -> dict[UUID, dict[Channel, int]]:
    """Place → channel → pieces it never sells."""
    rows = await db.fetch(
        "SELECT place_id, channel, quantity FROM stock.safety WHERE product_id = $1", product_id
    )
    found: dict[UUID, dict[Channel, int]] = {}
    for row in rows:
        found.setdefault(row["place_id"], {})[row["channel"]] = row["quantity"]
    return found


async def standing(db: Connection | Pool, product_id: UUID) -> list[Standing]:
    """At every place, also where there is none of it."""
    rows = await db.fetch(
        """
        SELECT place.id AS place_id, place.name AS place, coalesce(level.on_hand, 0) AS on_hand,
               coalesce(level.reserved, 0) AS reserved
          FROM stock.places AS place
          LEFT JOIN stock.levels AS level ON level.place_id = place.id AND level.product_id = $1
         ORDER BY place.code
        """,
        product_id,
    )
    return [Standing(**row) for row in rows]


async def write_list(
    db: Connection, id: UUID, place_id: UUID, file_name: str, by: UUID, counted: Mapping[UUID, int]
) -> None:
    await db.execute(
        """
        WITH count AS (
            INSERT INTO stock.counts (id, place_id, file_name, made_by)
            VALUES ($1, $2, $3, $4)
            RETURNING id
        )
        INSERT INTO stock.count_lines (count_id, product_id, counted)
        SELECT count.id, line.product_id, line.counted
          FROM count
         CROSS JOIN unnest($5::uuid[], $6::int[]) AS line (product_id, counted)
        """,
        id, place_id, file_name, by, list(counted), list(counted.values()),
    )  # fmt: skip


async def take_list(db: Connection, id: UUID) -> dict[Spot, int] | None:
    """What it says, for who takes it over; None when somebody has done so, or there is none."""
    place_id = await db.fetchval(
        """
        UPDATE stock.counts
           SET counted_at = now()
         WHERE id = $1
           AND counted_at IS NULL
        RETURNING place_id
        """,
        id,
    )
    if place_id is None:
        return None
    rows = await db.fetch(
        "SELECT product_id, counted FROM stock.count_lines WHERE count_id = $1", id
    )
    return {(row["product_id"], place_id): row["counted"] for row in rows}


async def count_of(db: Connection, id: UUID) -> Count | None:
    row = await db.fetchrow(
        """
        SELECT count.id, count.place_id, place.name AS place, count.file_name,
               (SELECT count(*) FROM stock.count_lines WHERE count_id = count.id) AS lines,
               count.made_at, count.counted_at
          FROM stock.counts AS count
          JOIN stock.places AS place ON place.id = count.place_id
         WHERE count.id = $1
        """,
        id,
    )
    return Count(**row) if row else None


async def newest_counts(db: Connection, limit: int) -> list[Count]:
    rows = await db.fetch(
        """
        SELECT count.id, count.place_id, place.name AS place, count.file_name,
               (SELECT count(*) FROM stock.count_lines WHERE count_id = count.id) AS lines,
               count.made_at, count.counted_at
          FROM stock.counts AS count
          JOIN stock.places AS place ON place.id = count.place_id
         ORDER BY count.made_at DESC
         LIMIT $1
        """,
        limit,
    )
    return [Count(**row) for row in rows]


async def differences(db: Connection, id: UUID, limit: int) -> list[Difference]:
    """What taking it over would change now, the largest first."""
    rows = await db.fetch(
        """
        SELECT line.product_id, product.gtin, coalesce(level.on_hand, 0) AS on_hand,
               coalesce(level.reserved, 0) AS reserved, line.counted
          FROM stock.count_lines AS line
          JOIN stock.counts AS count ON count.id = line.count_id
          JOIN catalog.products AS product ON product.id = line.product_id
          LEFT JOIN stock.levels AS level
            ON level.product_id = line.product_id
           AND level.place_id = count.place_id
         WHERE line.count_id = $1
           AND line.counted <> coalesce(level.on_hand, 0)
         ORDER BY abs(line.counted - coalesce(level.on_hand, 0)) DESC, product.gtin
         LIMIT $2
        """,
        id, limit,
    )  # fmt: skip
    return [Difference(**row) for row in rows]


def _columns(spots: Sequence[Spot]) -> tuple[list[UUID], list[UUID]]:
    return [product_id for product_id, _ in spots], [place_id for _, place_id in spots]
