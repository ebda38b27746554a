from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection, Pool
from app.orders.models import Address, Contact, Line, Order, Past, PickUp, Sums


async def read(db: Connection, order_id: UUID) -> Order | None:
    row = await db.fetchrow(
        """
        SELECT sold.*, to_jsonb(pick_up) AS pick_up
          FROM orders.orders AS sold
          LEFT JOIN orders.pick_ups AS pick_up ON pick_up.order_id = sold.id
         WHERE sold.id = $1
        """,
        order_id,
    )
    return await _whole(db, row) if row else None


async def by_token_hash(db: Connection, token_hash: bytes) -> Order | None:
    row = await db.fetchrow(
        """
        SELECT sold.*, to_jsonb(pick_up) AS pick_up
          FROM orders.orders AS sold
          LEFT JOIN orders.pick_ups AS pick_up ON pick_up.order_id = sold.id
         WHERE sold.token_hash = $1
        """,
        token_hash,
    )
    return await _whole(db, row) if row else None


async def by_number(db: Connection, number: str) -> UUID | None:
    id: UUID | None = await db.fetchval("SELECT id FROM orders.orders WHERE number = $1", number)
    return id


async def last_of(db: Connection, email: str, most: int) -> list[Past]:
    """The newest orders for this address that were paid, with what was in them."""
    rows = await db.fetch(
        """
        SELECT sold.id, sold.number, sold.state, sold.placed_at, sold.currency, sold.total,
               goods.pieces, goods.names, goods.product_ids, goods.pictures
          FROM (SELECT newest.id, newest.number, newest.state, newest.placed_at, newest.currency,
                       newest.total
                  FROM orders.orders AS newest
                 WHERE lower(newest.email) = $1
                   AND newest.state NOT IN ('placed', 'cancelled')
                 ORDER BY newest.placed_at DESC, newest.id
                 LIMIT $2) AS sold
         CROSS JOIN LATERAL (
               SELECT sum(line.quantity)::integer AS pieces,
                      array_agg(line.name ORDER BY line.line_no) AS names,
                       array_agg(line.product_id ORDER BY line.line_no) AS product_ids,
                      coalesce(array_agg(line.picture ORDER BY line.line_no)
                               FILTER (WHERE line.picture IS NOT NULL), '{}') AS pictures
                 FROM orders.lines AS line
                WHERE line.order_id = sold.id) AS goods
         ORDER BY sold.placed_at DESC, sold.id
        """,
        email, most,
    )  # fmt: skip
    return [Past(**row) for row in rows]


async def bought_lately(db: Connection, product_id: UUID, days: int) -> list[UUID]:
    """Orders with this product that were delivered in the last days, or are on their way."""
    rows = await db.fetch(
        """
        SELECT DISTINCT sold.id
          FROM orders.lines AS line
          JOIN orders.orders AS sold ON sold.id = line.order_id
         WHERE line.product_id = $1
           AND sold.state NOT IN ('placed', 'cancelled')
           AND (sold.delivered_at IS NULL OR sold.delivered_at > now() - make_interval(days => $2))
         ORDER BY sold.id
        """,
        product_id, days,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def by_carrier(db: Connection, order_id: UUID) -> bool:
    """A parcel service brings it, no van of ours."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT
                             FROM fulfilment.fulfilments
                            WHERE order_id = $1
                              AND way = 'carrier')
            """,
            order_id,
        )
    )


async def stranded(db: Connection, order_id: UUID) -> bool:
    """It was not brought because its van broke down."""
    return bool(
        await db.fetchval(
            """
            SELECT reason = 'breakdown'
              FROM fulfilment.stops
             WHERE order_id = $1
               AND state = 'failed'
             ORDER BY received_at DESC
             LIMIT 1
            """,
            order_id,
        )
    )


async def versions(pool: Pool, ids: Sequence[str]) -> dict[str, int]:
    """For those who watch the topic `order:<id>`."""
    rows = await pool.fetch(
        "SELECT id, version FROM orders.orders WHERE id = ANY ($1::text[]::uuid[])", list(ids)
    )
    return {str(row["id"]): row["version"] for row in rows}


async def _whole(db: Connection, row: asyncpg.Record) -> Order:
    lines = await db.fetch(
        """
        SELECT line_no, product_id, edition_id, gtin, name, picture, handover, quantity, unit_price,
               discount, paid, vat, deposit, age_limit, storage, delivered_quantity, substitution,
               measured_g
          FROM orders.lines
         WHERE order_id = $1
         ORDER BY line_no
        """,
        row["id"],
    )
    plain: dict[str, Any] = {name: row[name] for name in _OWN_COLUMNS}
    return Order(
        **plain,
        contact=Contact(row["name"], row["email"], row["phone"]),
        address=Address(
            row["street"], row["house_number"], row["postcode"], row["city"], row["country"]
        ),
        sums=Sums(row["subtotal"], row["discount"], row["deposits"], row["delivery"], row["total"]),
        lines=[Line(**line) for line in lines],
        pick_up=msgspec.convert(row["pick_up"], PickUp | None),
    )


_OWN_COLUMNS = set(Order.__struct_fields__) - {"contact", "address", "sums", "lines", "pick_up"}
