from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from app.db import Connection
from app.scan.figures.models import Honoured, Morning, MorningList, Silent, Traffic, Warmth


async def heat(db: Connection, site_id: UUID, since: datetime, until: datetime) -> list[Warmth]:
    """Every place of a site, in walking order, whatever was printed there meanwhile."""
    rows = await db.fetch(
        """
        WITH label AS MATERIALIZED (
             SELECT label.token, label.panel, label.shelf, label.place, label.product_id,
                    label.edition_id, edition.number
               FROM walls.editions AS edition
               JOIN walls.labels AS label ON label.edition_id = edition.id
              WHERE edition.site_id = $1
                AND label.hung_at IS NOT NULL),
             scanned AS (
             SELECT label.panel, label.shelf, label.place,
                    sum(count.opens) AS opens, sum(count.adds) AS adds
               FROM label
               JOIN scan.counts AS count ON count.label = label.token
              WHERE count.hour >= $2 AND count.hour < $3
              GROUP BY label.panel, label.shelf, label.place),
             sold AS (
             SELECT label.panel, label.shelf, label.place, sum(line.quantity) AS sold
               FROM label
               JOIN orders.lines AS line
                 ON line.edition_id = label.edition_id AND line.product_id = label.product_id
               JOIN orders.orders AS sale ON sale.id = line.order_id
              WHERE sale.placed_at >= $2 AND sale.placed_at < $3
                AND sale.state <> 'cancelled'
                AND line.edition_id <> '00000000-0000-0000-0000-000000000000'
              GROUP BY label.panel, label.shelf, label.place)
        SELECT DISTINCT ON (label.panel, label.shelf, label.place)
               label.panel, label.shelf, label.place, label.product_id,
               coalesce(scanned.opens, 0)::bigint AS opens,
               coalesce(scanned.adds, 0)::bigint AS adds,
               coalesce(sold.sold, 0)::bigint AS sold
          FROM label
          LEFT JOIN scanned USING (panel, shelf, place)
          LEFT JOIN sold USING (panel, shelf, place)
         ORDER BY label.panel, label.shelf, label.place, label.number DESC
        """,
        site_id, since, until,
    )  # fmt: skip
    return [Warmth(**row) for row in rows]


async def traffic(
    db: Connection, site_ids: Sequence[UUID], since: Sequence[datetime]
) -> list[Traffic]:
    """Of each site since a moment of its own."""
    rows = await db.fetch(
        """
        SELECT site.id AS site_id, scanned.opens, scanned.adds, sold.orders
          FROM unnest($1::uuid[], $2::timestamptz[]) AS site (id, since)
         CROSS JOIN LATERAL (
               SELECT coalesce(sum(count.opens), 0)::bigint AS opens,
                      coalesce(sum(count.adds), 0)::bigint AS adds
                 FROM walls.editions AS edition
                 JOIN walls.labels AS label ON label.edition_id = edition.id
                 JOIN scan.counts AS count ON count.label = label.token
                WHERE edition.site_id = site.id
                  AND count.hour >= site.since) AS scanned
         CROSS JOIN LATERAL (
               SELECT count(DISTINCT sale.id) AS orders
                 FROM walls.editions AS edition
                 JOIN orders.lines AS line ON line.edition_id = edition.id
                 JOIN orders.orders AS sale ON sale.id = line.order_id
                WHERE edition.site_id = site.id
                  AND line.edition_id <> '00000000-0000-0000-0000-000000000000'
                  AND sale.state <> 'cancelled'
                  AND sale.placed_at >= site.since) AS sold
        """,
        list(site_ids), list(since),
    )  # fmt: skip
    return [Traffic(**row) for row in rows]


async def silent(db: Connection, site_ids: Sequence[UUID], silence: timedelta) -> list[Silent]:
    """Codes that have hung at an open site for so long, and were not scanned in that time."""
    rows = await db.fetch(
        """
        SELECT site.id AS site_id, label.token AS label, label.panel, label.shelf, label.place,
               label.product_id, greatest(label.hung_at, site.opened_at) AS since
          FROM walls.sites AS site
          JOIN walls.editions AS edition ON edition.site_id = site.id
          JOIN walls.labels AS label ON label.edition_id = edition.id
         WHERE site.id = ANY ($1::uuid[])
           AND site.state = 'open'
           AND label.state = 'live'
           AND label.covered_at IS NULL
           AND greatest(label.hung_at, site.opened_at) < now() - $2::interval
           AND label.hung_at IS NOT NULL
           AND NOT EXISTS (
               SELECT FROM scan.counts AS count
                WHERE count.label = label.token
                  AND count.hour >= now() - $2::interval
                  AND count.opens + count.adds > 0)
         ORDER BY site.city, site.name, site.code, label.panel, label.shelf, label.place
         LIMIT 500
        """,
        list(site_ids), silence,
    )  # fmt: skip
    return [Silent(**row) for row in rows]


async def honoured(db: Connection, site_ids: Sequence[UUID], back: timedelta) -> list[Honoured]:
    """Where a price list was lower than the poster, it was not the poster that was honoured."""
    rows = await db.fetch(
        """
        SELECT edition.site_id, line.product_id, sum(line.quantity)::bigint AS sold,
               sum(line.quantity * (price.amount - line.unit_price))::bigint AS cost
          FROM walls.editions AS edition
          JOIN orders.lines AS line ON line.edition_id = edition.id
          JOIN orders.orders AS sale ON sale.id = line.order_id
          JOIN catalog.prices AS price
            ON price.product_id = line.product_id
           AND price.from_at <= sale.placed_at
           AND coalesce(price.until_at, 'infinity') > sale.placed_at
         WHERE edition.site_id = ANY ($1::uuid[])
           AND line.edition_id <> '00000000-0000-0000-0000-000000000000'
           AND sale.state <> 'cancelled'
           AND sale.placed_at >= now() - $2::interval
           AND price.amount > line.unit_price
           AND EXISTS (
               SELECT FROM walls.labels AS label
                WHERE label.edition_id = edition.id
                  AND label.product_id = line.product_id
                  AND label.printed_price = line.unit_price)
         GROUP BY edition.site_id, line.product_id
         ORDER BY cost DESC, line.product_id
        """,
        list(site_ids), back,
    )  # fmt: skip
    return [Honoured(**row) for row in rows]


async def mornings_to_begin(db: Connection, hour: int) -> list[tuple[str, date]]:
    """Sites that have no list for their own day yet, on whose clock it is `hour` or later."""
    rows = await db.fetch(
        """
        SELECT site.code, (now() AT TIME ZONE site.time_zone)::date AS day
          FROM walls.sites AS site
         WHERE site.state IN ('printed', 'hung', 'open')
           AND extract(hour FROM now() AT TIME ZONE site.time_zone) >= $1
           AND NOT EXISTS (
               SELECT FROM scan.mornings AS morning
                WHERE morning.site_id = site.id
                  AND morning.day = (now() AT TIME ZONE site.time_zone)::date)
         ORDER BY site.code
         LIMIT 200
        """,
        hour,
    )
    return [(row["code"], row["day"]) for row in rows]


async def keep_morning(db: Connection, site_id: UUID, day: date, list: MorningList) -> bool:
    """False when another worker was faster."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO scan.mornings (site_id, day, list)
            VALUES ($1, $2, $3)
                ON CONFLICT DO NOTHING
            RETURNING true
            """,
            site_id, day, list,
        )
    )  # fmt: skip


async def morning(db: Connection, site_id: UUID) -> Morning | None:
    """The newest list of a site."""
    row = await db.fetchrow(
        """
        SELECT day, made_at, list
          FROM scan.mornings
         WHERE site_id = $1
         ORDER BY day DESC
         LIMIT 1
        """,
        site_id,
    )
    if row is None:
        return None
    return Morning(row["day"], row["made_at"], msgspec.convert(row["list"], MorningList))
