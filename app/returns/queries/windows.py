"""How long a class of product may come back, and under which law an order was bought."""

from uuid import UUID

from app.db import Connection
from app.returns.models import Exempt, Terms, Window


async def terms(db: Connection, order_id: UUID) -> Terms:
    """Days and exception of the lines whose class of product has others than the usual ones; where the
    buyer lives, and the time zone of the place that sold it."""
    row = await db.fetchrow(
        """
        SELECT sold.country, place.time_zone,
               (SELECT jsonb_object_agg(line.line_no::text,
                                        jsonb_build_array(period.days, period.reason))
                  FROM orders.lines AS line
                  JOIN catalog.products AS product ON product.id = line.product_id
                  JOIN returns.windows AS period ON period.category = product.category
                 WHERE line.order_id = sold.id) AS windows
          FROM orders.orders AS sold
          JOIN stock.places AS place ON place.id = sold.place_id
         WHERE sold.id = $1
        """,
        order_id,
    )
    assert row is not None, "the order was read"
    windows = {int(no): (days, reason) for no, (days, reason) in (row["windows"] or {}).items()}
    return Terms(windows=windows, country=row["country"], time_zone=row["time_zone"])


async def windows(db: Connection, language: str, usual_days: int) -> list[Window]:
    """All classes of products there are, by name."""
    rows = await db.fetch(
        """
        SELECT product.category, coalesce(named.name, product.category) AS name,
               count(*)::integer AS products, coalesce(period.days, $2) AS days,
               coalesce(period.reason, '') AS reason, period.category IS NULL AS usual
          FROM catalog.products AS product
          LEFT JOIN catalog.categories AS named
            ON named.category = product.category
           AND named.language = $1
          LEFT JOIN returns.windows AS period ON period.category = product.category
         GROUP BY product.category, named.name, period.category
         ORDER BY name, product.category
        """,
        language, usual_days,
    )  # fmt: skip
    return [Window(**row) for row in rows]


async def set_window(db: Connection, category: str, days: int, reason: Exempt) -> bool:
    """False for a class no product is of."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO returns.windows (category, days, reason)
            SELECT $1, $2, $3
             WHERE EXISTS (SELECT
                             FROM catalog.products
                            WHERE category = $1)
                ON CONFLICT (category) DO UPDATE
               SET days = excluded.days, reason = excluded.reason
            RETURNING true
            """,
            category, days, reason,
        )
    )  # fmt: skip
