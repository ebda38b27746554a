from collections.abc import Sequence
from uuid import UUID

import asyncpg

from app.db import Connection
from app.stock.models import Line


async def promised(db: Connection, order_id: UUID, *, collected: bool) -> dict[UUID, list[Line]]:
    """Hold → goods that are promised to the order by it and were not picked yet; those that are
    brought, or those that are `collected`, where it is both."""
    rows = await db.fetch(
        """
        SELECT line.hold_id, line.product_id, line.place_id, line.quantity
          FROM stock.holds AS hold
          JOIN stock.hold_lines AS line ON line.hold_id = hold.id
         WHERE hold.holder = $1
           AND hold.state = 'confirmed'
           AND line.picked IS NULL
           AND (EXISTS (SELECT FROM orders.desk_holds AS desk WHERE desk.hold_id = hold.id) = $2
                OR NOT EXISTS (SELECT FROM orders.pick_ups AS kept WHERE kept.order_id = $1))
         ORDER BY line.hold_id, line.product_id, line.place_id
        """,
        order_id, collected,
    )  # fmt: skip
    found: dict[UUID, list[Line]] = {}
    for hold_id, *line in rows:
        found.setdefault(hold_id, []).append(Line(*line))
    return found


async def about(
    db: Connection, order_ids: Sequence[UUID], language: str
) -> dict[UUID, asyncpg.Record]:
    """Number and window of each order, what its products are called in this language (or were when they
    were sold), and which places refused it."""
    rows = await db.fetch(
        """
        SELECT sold.id, sold.number,
               coalesce(part.window_starts_at, sold.starts_at) AS window_starts_at,
               coalesce(part.window_ends_at, sold.ends_at) AS window_ends_at,
               (SELECT jsonb_object_agg(line.product_id, coalesce(words.name, line.name))
                  FROM orders.lines AS line
                  LEFT JOIN catalog.texts AS words
                    ON words.product_id = line.product_id AND words.language = $2
                 WHERE line.order_id = sold.id) AS called,
               ARRAY (SELECT place.name
                        FROM stock.places AS place
                       WHERE place.id IN (SELECT unnest(decision.refused_by)
                                            FROM sourcing.decisions AS decision
                                           WHERE decision.order_id = sold.id)
                       ORDER BY place.name) AS refused_by
          FROM orders.orders AS sold
          LEFT JOIN LATERAL (
                SELECT refused.window_starts_at, refused.window_ends_at
                  FROM fulfilment.fulfilments AS refused
                 WHERE refused.order_id = sold.id
                   AND refused.state = 'refused'
                 ORDER BY refused.id
                 LIMIT 1) AS part ON true
         WHERE sold.id = ANY ($1)
        """,
        list(order_ids), language,
    )  # fmt: skip
    return {row["id"]: row for row in rows}
