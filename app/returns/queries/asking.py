"""What shoppers ask for, until somebody settles it."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection
from app.money import Money
from app.returns.models import Instead, Request, Wanted, Way


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
    db: Connection, id: UUID, order_id: UUID, wanted: Wanted, code: str | None, *, kept: bool
) -> bool:
    """False when another request has this code."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO returns.requests (
                   id, order_id, cause, lines, note, kept, way, code, instead)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (code) DO NOTHING
            RETURNING true
            """,
            id, order_id, wanted.cause, dict(wanted.lines), wanted.note, kept, wanted.way, code,
            wanted.instead,
        )
    )  # fmt: skip


async def request(db: Connection, id: UUID) -> Request | None:
    row = await db.fetchrow(
        """
        SELECT id, order_id, cause, lines, note, kept, state, why_refused, asked_at, way,
               code, instead, exchange_id
          FROM returns.requests
         WHERE id = $1
        """,
        id,
    )
    return Request(**row) if row else None


async def requests(db: Connection, order_id: UUID) -> list[Request]:
    rows = await db.fetch(
        """
        SELECT id, order_id, cause, lines, note, kept, state, why_refused, asked_at, way,
               code, instead, exchange_id
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


async def by_code(db: Connection, code: str) -> Request | None:
    row = await db.fetchrow(
        """
        SELECT id, order_id, cause, lines, note, kept, state, why_refused, asked_at, way,
               code, instead, exchange_id
          FROM returns.requests
         WHERE code = $1
        """,
        code,
    )
    return Request(**row) if row else None


async def by_label(db: Connection, sscc: str) -> Request | None:
    """The request whose parcel has this number."""
    row = await db.fetchrow(
        """
        SELECT asked.id, asked.order_id, asked.cause, asked.lines, asked.note, asked.kept,
               asked.state, asked.why_refused, asked.asked_at, asked.way, asked.code,
               asked.instead, asked.exchange_id
          FROM returns.labels AS label
          JOIN returns.requests AS asked ON asked.id = label.request_id
         WHERE label.sscc = $1
        """,
        sscc,
    )
    return Request(**row) if row else None


async def become_way(db: Connection, id: UUID, way: Way) -> None:
    await db.execute("UPDATE returns.requests SET way = $2 WHERE id = $1", id, way)


async def note_exchange_order(db: Connection, id: UUID, order_id: UUID) -> None:
    await db.execute("UPDATE returns.requests SET exchange_id = $2 WHERE id = $1", id, order_id)


async def exchange_of(db: Connection, order_id: UUID) -> UUID | None:
    """The order from which something comes back for this one."""
    id: UUID | None = await db.fetchval(
        "SELECT order_id FROM returns.requests WHERE exchange_id = $1", order_id
    )
    return id


async def next_serial(db: Connection) -> int:
    serial: int = await db.fetchval("SELECT nextval('returns.sscc_serials')")
    return serial


async def write_label(db: Connection, request_id: UUID, sscc: str, place_id: UUID) -> None:
    await db.execute(
        "INSERT INTO returns.labels (request_id, sscc, place_id) VALUES ($1, $2, $3)",
        request_id, sscc, place_id,
    )  # fmt: skip


async def label(db: Connection, request_id: UUID) -> str | None:
    number: str | None = await db.fetchval(
        "SELECT sscc FROM returns.labels WHERE request_id = $1", request_id
    )
    return number


async def choices(
    db: Connection, order_id: UUID, line_nos: Sequence[int], language: str
) -> list[Instead]:
    """Other sizes and products of the same class as these lines, on sale now; by name."""
    rows = await db.fetch(
        """
        SELECT product.id AS product_id, product.gtin, words.name,
               product.price + product.deposit AS price
          FROM catalog.products AS product
         CROSS JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = product.id
                              ORDER BY text.language = $3 DESC, text.language
                              LIMIT 1) AS words
         WHERE product.on_sale
           AND NOT product.stopped
           AND product.storage = 'ambient'
           AND product.category IN (SELECT bought.category
                                      FROM orders.lines AS line
                                      JOIN catalog.products AS bought
                                        ON bought.id = line.product_id
                                     WHERE line.order_id = $1
                                       AND line.line_no = ANY ($2::int[]))
         ORDER BY words.name, product.gtin
         LIMIT 100
        """,
        order_id, list(line_nos), language,
    )  # fmt: skip
    return [Instead(**row) for row in rows]
