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
               wall.code AS wall_code, wall.name AS wall_name, wall.place_hint,
               CASE WHEN edition.valid_from <= now() AND edition.valid_until > now()
                    THEN edition.valid_until
               END AS honoured_until
          FROM (VALUES ($1::text, $2::text)) AS code (label, gtin)
          LEFT JOIN walls.labels AS label ON label.token = code.label
          LEFT JOIN walls.editions AS edition ON edition.id = label.edition_id
          LEFT JOIN walls.walls AS wall ON wall.id = edition.wall_id
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
    """The walls that sell now, each with its newest published edition and a few of its products."""
    return await db.fetch(
        """
        SELECT wall.code, wall.name, wall.place_hint, wall.city, edition.id AS edition_id,
               edition.codes,
               ARRAY(SELECT label.product_id
                       FROM walls.labels AS label
                      WHERE label.edition_id = edition.id AND label.state = 'live'
                      ORDER BY label.panel, label.shelf, label.place
                      LIMIT 12) AS product_ids
          FROM walls.walls AS wall
         CROSS JOIN LATERAL (
               SELECT edition.id, edition.codes
                 FROM walls.editions AS edition
                WHERE edition.wall_id = wall.id AND edition.state = 'published'
                ORDER BY edition.number DESC
                LIMIT 1) AS edition
         WHERE wall.retired_at IS NULL
         ORDER BY wall.city, wall.name
         LIMIT 50
        """
    )


async def labels_on(db: Connection, code: str) -> list[asyncpg.Record]:
    """The labels of the newest published edition of a wall, in the order they hang."""
    return await db.fetch(
        """
        SELECT label.token, label.gtin, label.product_id, label.panel, label.shelf, label.place,
               label.printed_price, label.currency, wall.name, wall.place_hint, wall.city,
               CASE WHEN edition.valid_from <= now() AND edition.valid_until > now()
                    THEN edition.valid_until
               END AS honoured_until
          FROM walls.walls AS wall
         CROSS JOIN LATERAL (
               SELECT edition.id, edition.valid_from, edition.valid_until
                 FROM walls.editions AS edition
                WHERE edition.wall_id = wall.id AND edition.state = 'published'
                ORDER BY edition.number DESC
                LIMIT 1) AS edition
          JOIN walls.labels AS label ON label.edition_id = edition.id AND label.state = 'live'
         WHERE wall.code = $1
         ORDER BY label.panel, label.shelf, label.place
        """,
        code,
    )
