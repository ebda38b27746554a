"""What came back as numbers, for pictures."""

from uuid import UUID

from app.db import Connection
from app.returns.models import Given, Record


async def by_cause(db: Connection, days: int) -> list[Given]:
    rows = await db.fetch(
        """
        SELECT came.cause AS label, coalesce(sum(line.quantity), 0)::integer AS units,
               (SELECT coalesce(sum(other.amount), 0)::bigint
                  FROM returns.returns AS other
                 WHERE other.cause = came.cause
                   AND other.at > now() - make_interval(days => $1)) AS amount
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
         WHERE came.at > now() - make_interval(days => $1)
         GROUP BY came.cause
         ORDER BY 2 DESC
        """,
        days,
    )
    return [Given(**row) for row in rows]


async def by_product(db: Connection, days: int, language: str) -> list[Given]:
    """The ten that came back, or were complained of, most."""
    rows = await db.fetch(
        """
        SELECT words.name AS label, sum(line.quantity)::integer AS units, 0::bigint AS amount
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
         CROSS JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = line.product_id
                              ORDER BY text.language = $2 DESC, text.language
                              LIMIT 1) AS words
         WHERE came.at > now() - make_interval(days => $1)
         GROUP BY words.name
         ORDER BY 2 DESC, 1
         LIMIT 10
        """,
        days, language,
    )  # fmt: skip
    return [Given(**row) for row in rows]


async def by_wall(db: Connection, days: int) -> list[Given]:
    """The walls whose goods came back most; what was not put in at a wall is not here."""
    rows = await db.fetch(
        """
        SELECT wall.name AS label, sum(line.quantity)::integer AS units, 0::bigint AS amount
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
          JOIN orders.lines AS sold
            ON sold.order_id = came.order_id
           AND sold.line_no = line.line_no
          JOIN walls.editions AS edition ON edition.id = sold.edition_id
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
         WHERE came.at > now() - make_interval(days => $1)
         GROUP BY wall.name
         ORDER BY 2 DESC, 1
         LIMIT 10
        """,
        days,
    )
    return [Given(**row) for row in rows]


async def by_place(db: Connection, days: int) -> list[Given]:
    """The places that had filled what came back, line by line; where two filled a line, the one that
    brought most of it."""
    rows = await db.fetch(
        """
        SELECT place.name AS label, sum(line.quantity)::integer AS units, 0::bigint AS amount
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
          JOIN orders.orders AS sold ON sold.id = came.order_id
          LEFT JOIN LATERAL (SELECT part.place_id
                               FROM fulfilment.picks AS pick
                               JOIN fulfilment.fulfilments AS part
                                 ON part.order_id = pick.order_id
                                AND part.id = pick.fulfilment_id
                              WHERE pick.order_id = came.order_id
                                AND pick.line_no = line.line_no
                              ORDER BY pick.product_id <> line.product_id, pick.delivered DESC,
                                       pick.id
                              LIMIT 1) AS filled ON true
          JOIN stock.places AS place ON place.id = coalesce(filled.place_id, sold.place_id)
         WHERE came.at > now() - make_interval(days => $1)
         GROUP BY place.name
         ORDER BY 2 DESC, 1
         LIMIT 10
        """,
        days,
    )
    return [Given(**row) for row in rows]


async def complaints_by_wall(db: Connection, days: int) -> list[Given]:
    """Where the shop has failed, by the wall at which it was put in."""
    rows = await db.fetch(
        """
        SELECT wall.name AS label, sum(line.quantity)::integer AS units, 0::bigint AS amount
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
          JOIN orders.lines AS sold
            ON sold.order_id = came.order_id
           AND sold.line_no = line.line_no
          JOIN walls.editions AS edition ON edition.id = sold.edition_id
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
         WHERE came.at > now() - make_interval(days => $1)
           AND came.cause NOT IN ('changed-mind', 'withdrawal')
         GROUP BY wall.name
         ORDER BY 2 DESC, 1
         LIMIT 10
        """,
        days,
    )
    return [Given(**row) for row in rows]


async def complaints_by_batch(db: Connection, days: int) -> list[Given]:
    """The walks of pickers, by place and time, after which something was missing or wrong; no names: a
    walk is looked into, not a person."""
    rows = await db.fetch(
        """
        SELECT place.name AS label, sum(line.quantity)::integer AS units, 0::bigint AS amount,
               batch.created_at AS at, place.time_zone
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
         CROSS JOIN LATERAL (SELECT part.batch_id
                               FROM fulfilment.picks AS pick
                               JOIN fulfilment.fulfilments AS part
                                 ON part.order_id = pick.order_id
                                AND part.id = pick.fulfilment_id
                              WHERE pick.order_id = came.order_id
                                AND pick.line_no = line.line_no
                              ORDER BY pick.product_id <> line.product_id, pick.delivered DESC,
                                       pick.id
                              LIMIT 1) AS filled
          JOIN fulfilment.batches AS batch ON batch.id = filled.batch_id
          JOIN stock.places AS place ON place.id = batch.place_id
         WHERE came.at > now() - make_interval(days => $1)
           AND came.cause NOT IN ('changed-mind', 'withdrawal')
         GROUP BY batch.id, batch.created_at, place.name, place.time_zone
         ORDER BY 2 DESC, batch.created_at DESC
         LIMIT 10
        """,
        days,
    )
    return [Given(**row) for row in rows]


async def shorts_by_product(db: Connection, days: int, language: str) -> list[Given]:
    """What was not on the shelf when somebody came to pick it."""
    rows = await db.fetch(
        """
        SELECT words.name AS label, sum(pick.short)::integer AS units, 0::bigint AS amount
          FROM fulfilment.picks AS pick
         CROSS JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = pick.product_id
                              ORDER BY text.language = $2 DESC, text.language
                              LIMIT 1) AS words
         WHERE pick.short > 0
           AND pick.changed_at > now() - make_interval(days => $1)
         GROUP BY words.name
         ORDER BY 2 DESC, 1
         LIMIT 10
        """,
        days, language,
    )  # fmt: skip
    return [Given(**row) for row in rows]


async def shorts_by_place(db: Connection, days: int) -> list[Given]:
    rows = await db.fetch(
        """
        SELECT place.name AS label, sum(pick.short)::integer AS units, 0::bigint AS amount
          FROM fulfilment.picks AS pick
          JOIN fulfilment.fulfilments AS part
            ON part.order_id = pick.order_id
           AND part.id = pick.fulfilment_id
          JOIN stock.places AS place ON place.id = part.place_id
         WHERE pick.short > 0
           AND pick.changed_at > now() - make_interval(days => $1)
         GROUP BY place.name
         ORDER BY 2 DESC, 1
         LIMIT 10
        """,
        days,
    )
    return [Given(**row) for row in rows]


async def record_of(db: Connection, order_id: UUID) -> Record:
    """What is known of whoever bought this, by their mail address, of a year; for a person who decides,
    never for a machine. All zero without an address."""
    row = await db.fetchrow(
        """
        SELECT count(DISTINCT sold.id)::integer AS orders,
               coalesce(sum(sold.total), 0)::bigint AS bought,
               coalesce(sum(claim.claims), 0)::integer AS claims,
               coalesce(sum(claim.amount), 0)::bigint AS claimed,
               coalesce(sum(refused.number), 0)::integer AS refused,
               (SELECT count(*) * 100 / greatest(1, (SELECT count(*)
                                                       FROM orders.orders AS brought
                                                      WHERE brought.delivered_at
                                                            > now() - interval '90 days'))
                  FROM returns.returns AS came
                 WHERE came.at > now() - interval '90 days'
                   AND came.cause NOT IN ('changed-mind', 'withdrawal'))::integer AS usual
          FROM orders.orders AS this
          JOIN orders.orders AS sold
            ON lower(sold.email) = lower(this.email)
           AND sold.placed_at > now() - interval '1 year'
           AND sold.delivered_at IS NOT NULL
          LEFT JOIN LATERAL (SELECT count(*) AS claims, sum(came.amount) AS amount
                               FROM returns.returns AS came
                              WHERE came.order_id = sold.id
                                AND came.cause NOT IN ('changed-mind', 'withdrawal')) AS claim
            ON true
          LEFT JOIN LATERAL (SELECT count(*) AS number
                               FROM returns.requests AS asked
                              WHERE asked.order_id = sold.id
                                AND asked.state = 'refused') AS refused
            ON true
         WHERE this.id = $1
           AND this.email <> ''
        """,
        order_id,
    )
    assert row is not None, "sums are always one row"
    return Record(**row)


async def often(db: Connection, days: int) -> list[Given]:
    """How many complaints customers had, in these days: most have one."""
    rows = await db.fetch(
        """
        SELECT claims::text AS label, count(*)::integer AS units,
               coalesce(sum(amount), 0)::bigint AS amount
          FROM (SELECT least(count(*), 5) AS claims, sum(came.amount) AS amount
                  FROM returns.returns AS came
                  JOIN orders.orders AS sold ON sold.id = came.order_id
                 WHERE came.at > now() - make_interval(days => $1)
                   AND came.cause NOT IN ('changed-mind', 'withdrawal')
                   AND sold.email <> ''
                 GROUP BY lower(sold.email)) AS customer
         GROUP BY claims
         ORDER BY claims
        """,
        days,
    )
    return [Given(**row) for row in rows]
