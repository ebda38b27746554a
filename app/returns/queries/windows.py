"""How long a class of product may come back, and under which law an order was bought."""

from uuid import UUID

from app.db import Connection
from app.returns.models import Exempt, Other, Terms, Window


async def terms(db: Connection, order_id: UUID) -> Terms:
    """Days and exception of the products whose class has others than the usual ones; where the buyer
    lives, and the time zone of the place that sold it."""
    row = await db.fetchrow(
        """
        SELECT sold.country, place.time_zone,
               (SELECT jsonb_object_agg(product.id, jsonb_build_array(period.days, period.reason))
                  FROM (SELECT line.product_id
                          FROM orders.lines AS line
                         WHERE line.order_id = sold.id
                         UNION
                        SELECT pick.product_id
                          FROM fulfilment.picks AS pick
                         WHERE pick.order_id = $1) AS theirs
                  JOIN catalog.products AS product ON product.id = theirs.product_id
                  JOIN returns.windows AS period ON period.category = product.category) AS windows,
               EXISTS (SELECT
                         FROM fulfilment.picks AS pick
                        WHERE pick.order_id = $1
                          AND pick.delivered > 0
                          AND (pick.replaces IS NOT NULL OR pick.nominal_g IS NOT NULL)) AS otherwise
          FROM orders.orders AS sold
          JOIN stock.places AS place ON place.id = sold.place_id
         WHERE sold.id = $1
        """,
        order_id,
    )
    assert row is not None, "the order was read"
    windows = {UUID(id): (days, reason) for id, (days, reason) in (row["windows"] or {}).items()}
    return Terms(
        windows=windows,
        country=row["country"],
        time_zone=row["time_zone"],
        others=await others(db, order_id) if row["otherwise"] else (),
    )


async def others(db: Connection, order_id: UUID) -> list[Other]:
    """What was handed over otherwise than it was ordered, in the order of the lines; what weighed less
    first, then what came instead as it was picked. What was weighed is worth what in the end was paid for
    it: what weighs more when it is picked anew brings nothing back that was paid back before."""
    rows = await db.fetch(
        """
        SELECT pick.line_no, pick.product_id, line.gtin, line.name, line.picture, line.storage,
               sum(pick.delivered)::integer AS delivered,
               (((line.paid + line.deposit)
                 * sum(pick.short - pick.resourced + pick.replaced + pick.picked) / line.quantity
                 - sum(pick.paid_back + coalesce(other.charged, 0)))
                / sum(pick.picked))::bigint AS worth,
               NULL AS first
          FROM fulfilment.picks AS pick
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id
           AND line.line_no = pick.line_no
          LEFT JOIN LATERAL (
               SELECT sum(given.charged) AS charged
                 FROM fulfilment.substitutes AS given
                WHERE given.order_id = pick.order_id
                  AND given.pick_id = pick.id
                  AND given.state = 'accepted') AS other ON true
         WHERE pick.order_id = $1
           AND pick.replaces IS NULL
           AND pick.nominal_g > 0
           AND pick.delivered > 0
         GROUP BY pick.line_no, pick.product_id, line.gtin, line.name, line.picture, line.storage,
                  line.paid, line.deposit, line.quantity
         UNION ALL
        SELECT came.line_no, came.product_id, offer.gtin, offer.name, offer.picture, offer.storage,
               came.delivered, offer.worth, came.first
          FROM (SELECT pick.line_no, pick.product_id, sum(pick.delivered)::integer AS delivered,
                       min(pick.id::text) AS first
                  FROM fulfilment.picks AS pick
                 WHERE pick.order_id = $1
                   AND pick.replaces IS NOT NULL
                   AND pick.delivered > 0
                 GROUP BY pick.line_no, pick.product_id) AS came
         CROSS JOIN LATERAL (
               SELECT min(given.gtin) AS gtin, min(given.name) AS name, min(given.picture) AS picture,
                      min(given.storage) AS storage,
                      (sum(given.charged) / sum(given.quantity))::bigint AS worth
                 FROM fulfilment.substitutes AS given
                 JOIN fulfilment.picks AS wanted
                   ON wanted.order_id = given.order_id
                  AND wanted.id = given.pick_id
                WHERE given.order_id = $1
                  AND given.product_id = came.product_id
                  AND given.state = 'accepted'
                  AND wanted.line_no = came.line_no) AS offer
         ORDER BY line_no, first NULLS FIRST
        """,
        order_id,
    )
    return [Other(**{name: row[name] for name in Other.__struct_fields__}) for row in rows]


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
