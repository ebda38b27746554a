from collections.abc import Sequence
from datetime import datetime

import asyncpg

from app.db import Connection


async def look_up(db: Connection, label: str, gtin: str) -> asyncpg.Record:
    """Always one row, in one step, whether or not anything is known by that name."""
    row = await db.fetchrow(
        """
        SELECT label.token, label.state, label.product_id, label.edition_id, label.printed_price,
               label.currency, label.gtin, printed.product_id AS printed_product_id,
               coalesce(site.code, wall.code) AS wall_code,
               coalesce(site.name, wall.name) AS wall_name,
               coalesce(site.place_hint, wall.place_hint) AS place_hint,
               site.opens_at, coalesce(site.time_zone, wall.time_zone) AS time_zone,
               CASE WHEN edition.valid_from <= now() AND edition.valid_until > now()
                    THEN edition.valid_until
               END AS honoured_until
          FROM (VALUES ($1::text, $2::text)) AS code (label, gtin)
          LEFT JOIN walls.labels AS label ON label.token = code.label
          LEFT JOIN walls.editions AS edition ON edition.id = label.edition_id
          LEFT JOIN walls.walls AS wall ON wall.id = edition.wall_id
          LEFT JOIN walls.sites AS site ON site.id = edition.site_id
          LEFT JOIN catalog.codes AS printed ON printed.gtin = coalesce(label.gtin, code.gtin)
        """,
        label, gtin,
    )  # fmt: skip
    assert row is not None
    return row


async def count(
    db: Connection,
    labels: Sequence[str],
    hours: Sequence[datetime],
    opens: Sequence[int],
    adds: Sequence[int],
) -> None:
    await db.execute(
        """
        INSERT INTO scan.counts AS kept (label, hour, opens, adds)
        SELECT fresh.label, fresh.hour, fresh.opens, fresh.adds
          FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[])
               AS fresh (label, hour, opens, adds)
         ORDER BY fresh.label, fresh.hour
            ON CONFLICT (label, hour) DO UPDATE
           SET opens = kept.opens + excluded.opens, adds = kept.adds + excluded.adds
        """,
        labels, hours, opens, adds,
    )  # fmt: skip


async def hanging(db: Connection) -> list[asyncpg.Record]:
    """The walls that sell now, site by site, each with a few of the products that hang there."""
    return await db.fetch(
        """
        SELECT site.code, site.name, site.place_hint, site.city, count(*) AS codes,
               (array_agg(label.product_id ORDER BY label.panel, label.shelf, label.place))[:12]
               AS product_ids
          FROM walls.sites AS site
          JOIN walls.editions AS edition ON edition.site_id = site.id
          JOIN walls.labels AS label ON label.edition_id = edition.id
         WHERE site.state = 'open'
           AND edition.state = 'published'
           AND label.state = 'live'
           AND label.hung_at IS NOT NULL
           AND label.covered_at IS NULL
         GROUP BY site.id
         ORDER BY site.city, site.name, site.place_hint
         LIMIT 50
        """
    )


async def labels_on(db: Connection, code: str) -> list[asyncpg.Record]:
    """The labels that hang at a site, in the order somebody walks along them."""
    return await db.fetch(
        """
        SELECT label.token, label.gtin, label.product_id, label.panel, label.shelf, label.place,
               label.printed_price, label.currency,
               CASE WHEN edition.valid_from <= now() AND edition.valid_until > now()
                    THEN edition.valid_until
               END AS honoured_until
          FROM walls.sites AS site
          JOIN walls.editions AS edition ON edition.site_id = site.id
          JOIN walls.labels AS label ON label.edition_id = edition.id
         WHERE site.code = $1
           AND label.state = 'live'
           AND label.hung_at IS NOT NULL
           AND label.covered_at IS NULL
         ORDER BY label.panel, label.shelf, label.place
        """,
        code,
    )
