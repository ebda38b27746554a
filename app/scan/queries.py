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
