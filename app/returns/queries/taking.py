"""What came back, and what was paid back for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.db import Connection
from app.money import Money
from app.returns.models import Came, Cause, Desk, Line, Part


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
               id, order_id, request_id, cause, channel, amount, currency, place_id, by, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        id, order_id, request_id, cause, desk.channel, amount, currency, desk.place_id, desk.by,
        note,
    )  # fmt: skip


async def write_lines(
    db: Connection, return_id: UUID, order_id: UUID, lines: Sequence[Line]
) -> bool:
    """Conditional on what was handed over as that product and has not come back; the order is locked.
    False when that is too little for one of them: the caller undoes it all."""
    written = await db.fetch(
        """
        INSERT INTO returns.lines (
               return_id, line_no, product_id, quantity, disposition, instead_gtin)
        SELECT $1, coming.line_no, coming.product_id, coming.quantity, coming.disposition,
               coming.instead_gtin
          FROM unnest($3::int[], $4::uuid[], $5::int[], $6::text[], $7::text[])
               AS coming (line_no, product_id, quantity, disposition, instead_gtin)
          JOIN orders.lines AS line
            ON line.order_id = $2
           AND line.line_no = coming.line_no
         CROSS JOIN LATERAL (
               SELECT coalesce(sum(pick.delivered), 0) AS instead,
                      coalesce(sum(pick.delivered)
                               FILTER (WHERE pick.product_id = coming.product_id), 0) AS of_it
                 FROM fulfilment.picks AS pick
                WHERE pick.order_id = $2
                  AND pick.line_no = coming.line_no
                  AND pick.replaces IS NOT NULL) AS came
         WHERE coming.quantity + (SELECT coalesce(sum(other.quantity), 0)
                                    FROM returns.returns AS every
                                    JOIN returns.lines AS other ON other.return_id = every.id
                                   WHERE every.order_id = $2
                                     AND other.line_no = coming.line_no
                                     AND other.product_id = coming.product_id)
               <= CASE WHEN coming.instead_gtin IS NULL THEN line.delivered_quantity - came.instead
                       ELSE came.of_it END
        RETURNING line_no
        """,
        return_id, order_id, [line.line_no for line in lines], [line.product_id for line in lines],
        [line.quantity for line in lines], [line.disposition for line in lines],
        [line.instead_gtin for line in lines],
    )  # fmt: skip
    return len(written) == len(lines)


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


async def note_exchange(db: Connection, id: UUID, order_id: UUID) -> None:
    """Which order was taken instead of what came back."""
    await db.execute("UPDATE returns.returns SET exchanged_for = $2 WHERE id = $1", id, order_id)


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
        SELECT came.id, came.cause, came.channel, came.amount, came.at, came.exchanged_for,
               came.request_id,
               (SELECT jsonb_object_agg(line.line_no || coalesce('-' || line.instead_gtin, ''),
                                        line.quantity)
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
