from collections.abc import Sequence
from uuid import UUID

from app.db import Connection
from app.orders.models import Sent


async def write(db: Connection, order_id: UUID, parts: Sequence[Sent]) -> None:
    if parts:
        await db.execute(
            """
            INSERT INTO orders.elsewhere (order_id, line_no, place_id, quantity)
            SELECT $1, line_no, place_id, quantity
              FROM unnest($2::int[], $3::uuid[], $4::int[]) AS part (line_no, place_id, quantity)
            """,
            order_id,
            [part.line_no for part in parts],
            [part.place_id for part in parts],
            [part.quantity for part in parts],
        )


async def elsewhere(db: Connection, order_id: UUID) -> list[Sent]:
    rows = await db.fetch(
        """
        SELECT line_no, place_id, quantity
          FROM orders.elsewhere
         WHERE order_id = $1
         ORDER BY line_no, place_id
        """,
        order_id,
    )
    return [Sent(**row) for row in rows]


async def move(db: Connection, order_id: UUID, parts: Sequence[Sent], away_from: UUID) -> None:
    """What comes from the order's own place stands nowhere: it is the rest of each line."""
    await db.execute(
        """
        WITH part AS (
            SELECT line_no, place_id, quantity
              FROM unnest($2::int[], $3::uuid[], $4::int[]) AS part (line_no, place_id, quantity)
        ), moved AS (
            SELECT line_no, sum(quantity) AS quantity
              FROM part
             GROUP BY line_no
        ), gone AS (
            DELETE FROM orders.elsewhere AS sent
             USING moved
             WHERE sent.order_id = $1
               AND sent.line_no = moved.line_no
               AND sent.place_id = $5
               AND sent.quantity <= moved.quantity
        ), fewer AS (
            UPDATE orders.elsewhere AS sent
               SET quantity = sent.quantity - moved.quantity
              FROM moved
             WHERE sent.order_id = $1
               AND sent.line_no = moved.line_no
               AND sent.place_id = $5
               AND sent.quantity > moved.quantity
        )
        INSERT INTO orders.elsewhere AS sent (order_id, line_no, place_id, quantity)
        SELECT $1, part.line_no, part.place_id, part.quantity
          FROM part
         WHERE part.place_id <> (SELECT place_id FROM orders.orders WHERE id = $1)
            ON CONFLICT (order_id, line_no, place_id) DO UPDATE
           SET quantity = sent.quantity + excluded.quantity
        """,
        order_id,
        [part.line_no for part in parts],
        [part.place_id for part in parts],
        [part.quantity for part in parts],
        away_from,
    )


async def senders(db: Connection, order_id: UUID) -> dict[UUID, dict[int, int]]:
    """Place → line → pieces it sends, of all that is not carried out; the order's own place first.
    Without what is collected of an order whose other lines are brought."""
    rows = await db.fetch(
        """
        WITH sent AS (
            SELECT part.place_id, part.line_no, part.quantity, false AS own
              FROM orders.elsewhere AS part
             WHERE part.order_id = $1
             UNION ALL
            SELECT sold.place_id, line.line_no,
                   line.quantity - coalesce((SELECT sum(part.quantity)::int
                                               FROM orders.elsewhere AS part
                                              WHERE part.order_id = line.order_id
                                                AND part.line_no = line.line_no), 0), true
              FROM orders.lines AS line
              JOIN orders.orders AS sold ON sold.id = line.order_id
             WHERE line.order_id = $1
               AND line.handover <> 'carry-out'
               AND (line.handover <> 'collect'
                    OR NOT EXISTS (SELECT FROM orders.pick_ups WHERE order_id = $1))
        )
        SELECT place_id, line_no, quantity
          FROM sent
         WHERE quantity > 0
         ORDER BY own DESC, place_id, line_no
        """,
        order_id,
    )
    found: dict[UUID, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row["place_id"], {})[row["line_no"]] = row["quantity"]
    return found
