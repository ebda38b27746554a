from collections.abc import Mapping, Sequence
from uuid import UUID

from app.db import Connection
from app.money import Money
from app.returns.models import Came, Cause, Desk, Disposition, Given, Part, Request


async def windows(db: Connection, order_id: UUID) -> dict[int, tuple[int, str]]:
    """Days and exception of the lines whose class of product has others than the usual ones."""
    rows = await db.fetch(
        """
        SELECT line.line_no, period.days, period.reason
          FROM orders.lines AS line
          JOIN catalog.products AS product ON product.id = line.product_id
          JOIN returns.windows AS period ON period.category = product.category
         WHERE line.order_id = $1
        """,
        order_id,
    )
    return {row["line_no"]: (row["days"], row["reason"]) for row in rows}


async def set_window(db: Connection, category: str, days: int, reason: str) -> None:
    await db.execute(
        """
        INSERT INTO returns.windows (category, days, reason)
        VALUES ($1, $2, $3)
            ON CONFLICT (category) DO UPDATE SET days = excluded.days, reason = excluded.reason
        """,
        category, days, reason,
    )  # fmt: skip


async def count_units(db: Connection, order_id: UUID, units: Mapping[int, int]) -> bool:
    """Conditional on what was handed over and has not come back. False when that is too little for
    one of them: the caller undoes it all."""
    counted = await db.fetch(
        """
        INSERT INTO returns.units AS counted (order_id, line_no, delivered, returned)
        SELECT line.order_id, line.line_no, line.delivered_quantity, coming.units
          FROM unnest($2::int[], $3::int[]) AS coming (line_no, units)
          JOIN orders.lines AS line
            ON line.order_id = $1
           AND line.line_no = coming.line_no
           AND line.delivered_quantity >= coming.units
         ORDER BY line.line_no
            ON CONFLICT (order_id, line_no) DO UPDATE
               SET returned = counted.returned + excluded.returned,
                   delivered = excluded.delivered
             WHERE counted.returned + excluded.returned <= excluded.delivered
        RETURNING line_no
        """,
        order_id, list(units), list(units.values()),
    )  # fmt: skip
    return len(counted) == len(units)


async def write(
    db: Connection, id: UUID, order_id: UUID, request_id: UUID | None, cause: Cause, amount: Money,
    currency: str, desk: Desk, note: str,
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO returns.returns (
               id, order_id, request_id, cause, channel, amount, currency, place_id, by, note,
               photo)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        id, order_id, request_id, cause, desk.channel, amount, currency, desk.place_id, desk.by,
        note, desk.photo,
    )  # fmt: skip


async def write_lines(
    db: Connection, return_id: UUID, lines: Sequence[tuple[int, UUID, int, Disposition]]
) -> None:
    await db.execute(
        """
        INSERT INTO returns.lines (return_id, line_no, product_id, quantity, disposition)
        SELECT $1, line_no, product_id, quantity, disposition
          FROM unnest($2::int[], $3::uuid[], $4::int[], $5::text[])
               AS line (line_no, product_id, quantity, disposition)
        """,
        return_id, *([line[place] for line in lines] for place in range(4)),
    )  # fmt: skip


async def parts(db: Connection, order_id: UUID, refund_ids: Sequence[UUID]) -> list[Part]:
    """Of these refunds of an order, the ones that were promised, in their order of promise."""
    rows = await db.fetch(
        """
        SELECT refund.id AS refund_id, intent.provider, refund.amount
          FROM payments.refunds AS refund
          JOIN payments.intents AS intent ON intent.id = refund.intent_id
         WHERE intent.order_id = $1
           AND refund.id = ANY ($2::uuid[])
         ORDER BY intent.id DESC
        """,
        order_id, list(refund_ids),
    )  # fmt: skip
    return [Part(**row) for row in rows]


async def write_parts(db: Connection, return_id: UUID, parts: Sequence[Part]) -> None:
    await db.execute(
        """
        INSERT INTO returns.refunds (return_id, refund_id, provider, amount)
        SELECT $1, refund_id, provider, amount
          FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS part (refund_id, provider, amount)
        """,
        return_id, [part.refund_id for part in parts], [part.provider for part in parts],
        [part.amount for part in parts],
    )  # fmt: skip


async def intents(db: Connection, order_id: UUID) -> list[UUID]:
    rows = await db.fetch("SELECT id FROM payments.intents WHERE order_id = $1", order_id)
    return [row["id"] for row in rows]


async def providers(db: Connection, order_id: UUID) -> set[str]:
    rows = await db.fetch(
        "SELECT DISTINCT provider FROM payments.intents WHERE order_id = $1", order_id
    )
    return {row["provider"] for row in rows}


async def came(db: Connection, order_id: UUID) -> list[Came]:
    """All returns of an order, the oldest first."""
    rows = await db.fetch(
        """
        SELECT came.id, came.cause, came.channel, came.amount, came.at,
               (SELECT jsonb_object_agg(line.line_no::text, line.quantity)
                  FROM returns.lines AS line
                 WHERE line.return_id = came.id) AS units
          FROM returns.returns AS came
         WHERE came.order_id = $1
         ORDER BY came.at, came.id
        """,
        order_id,
    )
    return [Came(**row) for row in rows]


async def paid_back(db: Connection, order_id: UUID) -> Money:
    """For goods: what was short, recalled, refused at the door or never came, and what came back; no
    goodwill, and not what bringing it would have cost. While something is still to come, only what came
    back: the rest is reckoned with once it is known what came."""
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(came.amount), 0)::bigint
               + (SELECT coalesce(sum(refund.amount)
                                  FILTER (WHERE refund.reason IN (
                                      'short', 'recalled', 'refused', 'unfilled', 'not-delivered')), 0)
                         + greatest(0, coalesce(sum(refund.amount)
                                                FILTER (WHERE refund.reason = 'cancelled'), 0)
                                       - (SELECT delivery FROM orders.orders WHERE id = $1))
                    FROM payments.refunds AS refund
                    JOIN payments.intents AS intent ON intent.id = refund.intent_id
                    JOIN orders.orders AS sold ON sold.id = intent.order_id
                   WHERE intent.order_id = $1
                     AND sold.state IN ('delivered', 'part_delivered', 'cancelled'))::bigint
          FROM returns.returns AS came
         WHERE came.order_id = $1
        """,
        order_id,
    )
    return amount


async def claimed(db: Connection, order_id: UUID) -> Money:
    """What went back on the shopper's own word."""
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(amount), 0)::bigint
          FROM returns.returns
         WHERE order_id = $1
           AND channel = 'web'
        """,
        order_id,
    )
    return amount


async def claims_before(db: Connection, order_id: UUID) -> int:
    """Of the same mail address, in 90 days."""
    number: int = await db.fetchval(
        """
        SELECT count(*)
          FROM orders.orders AS this
          JOIN orders.orders AS sold
            ON lower(sold.email) = lower(this.email)
           AND sold.placed_at > now() - interval '180 days'
          JOIN returns.returns AS came
            ON came.order_id = sold.id
           AND came.channel = 'web'
           AND came.at > now() - interval '90 days'
         WHERE this.id = $1
           AND this.email <> ''
        """,
        order_id,
    )
    return number


async def ask(
    db: Connection, id: UUID, order_id: UUID, cause: Cause, lines: Mapping[str, int], note: str,
    photo: str | None, *, kept: bool,
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO returns.requests (id, order_id, cause, lines, note, photo, kept)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        id, order_id, cause, dict(lines), note, photo, kept,
    )  # fmt: skip


async def request(db: Connection, id: UUID) -> Request | None:
    row = await db.fetchrow(
        """
        SELECT id, order_id, cause, lines, note, photo, kept, state, why_refused, asked_at
          FROM returns.requests
         WHERE id = $1
        """,
        id,
    )
    return Request(**row) if row else None


async def requests(db: Connection, order_id: UUID) -> list[Request]:
    rows = await db.fetch(
        """
        SELECT id, order_id, cause, lines, note, photo, kept, state, why_refused, asked_at
          FROM returns.requests
         WHERE order_id = $1
         ORDER BY asked_at DESC
        """,
        order_id,
    )
    return [Request(**row) for row in rows]


async def settle_request(
    db: Connection, id: UUID, order_id: UUID, state: str, why: str | None = None
) -> bool:
    """False when it was settled before."""
    return bool(
        await db.fetchval(
            """
            UPDATE returns.requests
               SET state = $3, why_refused = $4, settled_at = now()
             WHERE id = $1
               AND order_id = $2
               AND state = 'open'
            RETURNING true
            """,
            id, order_id, state, why,
        )
    )  # fmt: skip


async def give(
    db: Connection, id: UUID, order_id: UUID, amount: Money, most: Money, reason: str,
    by: UUID | None,
) -> bool:  # fmt: skip
    """Conditional on what was given for this order before. The order is locked."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO returns.goodwill (id, order_id, amount, reason, by)
            SELECT $1, $2, $3::bigint, $5, $6
             WHERE $3::bigint + (SELECT coalesce(sum(given.amount), 0)
                                   FROM returns.goodwill AS given
                                  WHERE given.order_id = $2) <= $4::bigint
            RETURNING true
            """,
            id, order_id, amount, most, reason, by,
        )
    )  # fmt: skip


async def given_for(db: Connection, order_id: UUID, reason: str) -> bool:
    return bool(
        await db.fetchval(
            "SELECT true FROM returns.goodwill WHERE order_id = $1 AND reason = $2",
            order_id, reason,
        )
    )  # fmt: skip


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
    """The places that had sent what came back."""
    rows = await db.fetch(
        """
        SELECT place.name AS label, sum(line.quantity)::integer AS units, 0::bigint AS amount
          FROM returns.returns AS came
          JOIN returns.lines AS line ON line.return_id = came.id
          JOIN orders.orders AS sold ON sold.id = came.order_id
          JOIN stock.places AS place ON place.id = sold.place_id
         WHERE came.at > now() - make_interval(days => $1)
         GROUP BY place.name
         ORDER BY 2 DESC, 1
         LIMIT 10
        """,
        days,
    )
    return [Given(**row) for row in rows]


async def deposits(db: Connection, currency: str) -> list[Money]:
    """The deposits there are, of what is or was for sale; each is a kind of empty."""
    rows = await db.fetch(
        """
        SELECT DISTINCT deposit
          FROM catalog.products
         WHERE deposit > 0 AND currency = $1
         ORDER BY deposit
        """,
        currency,
    )
    return [row["deposit"] for row in rows]


async def write_empties(
    db: Connection, id: UUID, place_id: UUID, shift_id: UUID, by: UUID, amount: Money,
    currency: str,
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO returns.empties (id, place_id, shift_id, by, amount, currency)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        id, place_id, shift_id, by, amount, currency,
    )  # fmt: skip


async def write_counted(db: Connection, id: UUID, counted: Mapping[Money, int]) -> None:
    await db.execute(
        """
        INSERT INTO returns.empties_counted (empties_id, deposit, quantity)
        SELECT $1, deposit, quantity
          FROM unnest($2::bigint[], $3::int[]) AS counted (deposit, quantity)
        """,
        id, list(counted), list(counted.values()),
    )  # fmt: skip
