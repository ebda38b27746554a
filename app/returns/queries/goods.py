"""Where what came back lies, and where it goes on to."""

from uuid import UUID

from app.db import Connection
from app.returns.models import Stranded


async def stranded(db: Connection, place_id: UUID | None, language: str) -> list[Stranded]:
    """On the shelf here since 60 days at most, but sent by another place; the oldest first."""
    rows = await db.fetch(
        """
        SELECT came.id, sold.number, came.place_id, here.name AS place_name,
               home.id AS home_id, home.name AS home_name, came.at,
               string_agg(line.quantity || ' × ' || words.name, ', ' ORDER BY line.line_no) AS goods
          FROM returns.returns AS came
          JOIN returns.lines AS line
            ON line.return_id = came.id
           AND line.disposition = 'restock'
          JOIN orders.orders AS sold ON sold.id = came.order_id
          JOIN stock.places AS here ON here.id = came.place_id
          LEFT JOIN LATERAL (SELECT part.place_id
                               FROM fulfilment.picks AS pick
                               JOIN fulfilment.fulfilments AS part
                                 ON part.order_id = pick.order_id
                                AND part.id = pick.fulfilment_id
                              WHERE pick.order_id = came.order_id
                                AND pick.line_no = line.line_no
                              ORDER BY part.place_id <> came.place_id,
                                       pick.product_id <> line.product_id, pick.delivered DESC,
                                       pick.id
                              LIMIT 1) AS filled ON true
          JOIN stock.places AS home ON home.id = coalesce(filled.place_id, sold.place_id)
         CROSS JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = line.product_id
                              ORDER BY text.language = $2 DESC, text.language
                              LIMIT 1) AS words
         WHERE came.place_id <> home.id
           AND came.transfer_id IS NULL
           AND came.at > now() - interval '60 days'
           AND ($1::uuid IS NULL OR came.place_id = $1)
         GROUP BY came.id, sold.number, here.name, home.id, home.name
         ORDER BY came.at
         LIMIT 100
        """,
        place_id, language,
    )  # fmt: skip
    return [Stranded(**row) for row in rows]


async def lock_to_send_on(db: Connection, id: UUID) -> tuple[UUID, dict[UUID, int]] | None:
    """Where it is, and the pieces of each product; None when it went on already, or there is none."""
    locked = await db.fetchrow(
        """
        SELECT place_id
          FROM returns.returns
         WHERE id = $1
           AND transfer_id IS NULL
           AND place_id IS NOT NULL
           FOR UPDATE
        """,
        id,
    )
    rows = await db.fetch(
        """
        SELECT coalesce(booked_as, product_id) AS product_id, sum(quantity)::integer AS quantity
          FROM returns.lines
         WHERE return_id = $1
           AND disposition = 'restock'
         GROUP BY coalesce(booked_as, product_id)
         ORDER BY coalesce(booked_as, product_id)
        """,
        id,
    )
    if locked is None or not rows:
        return None
    return locked["place_id"], {row["product_id"]: row["quantity"] for row in rows}


async def note_sent_on(db: Connection, id: UUID, transfer_id: UUID) -> None:
    await db.execute("UPDATE returns.returns SET transfer_id = $2 WHERE id = $1", id, transfer_id)
