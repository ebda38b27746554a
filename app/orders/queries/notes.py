from collections.abc import Mapping
from uuid import UUID

from app.db import Connection, Pool
from app.orders.models import Entry, Happening, Note


async def write_line_notes(db: Connection, order_id: UUID, notes: Mapping[UUID, str]) -> None:
    await db.execute(
        """
        INSERT INTO orders.line_notes (order_id, product_id, text)
        SELECT $1, note.product_id, note.text
          FROM unnest($2::uuid[], $3::text[]) AS note (product_id, text)
        """,
        order_id, list(notes), list(notes.values()),
    )  # fmt: skip


async def line_notes(db: Connection | Pool, order_id: UUID) -> dict[UUID, str]:
    """What the shopper said about single products when ordering them."""
    rows = await db.fetch(
        "SELECT product_id, text FROM orders.line_notes WHERE order_id = $1", order_id
    )
    return {row["product_id"]: row["text"] for row in rows}


async def write_note(db: Connection, id: UUID, order_id: UUID, by: UUID, text: str) -> bool:
    """False when there is no such order."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO orders.notes (id, order_id, by, text)
            SELECT $1, sold.id, $3, $4
              FROM orders.orders AS sold
             WHERE sold.id = $2
            RETURNING true
            """,
            id, order_id, by, text,
        )
    )  # fmt: skip


async def notes(db: Connection, order_id: UUID) -> list[Note]:
    rows = await db.fetch(
        "SELECT id, by, text, at FROM orders.notes WHERE order_id = $1 ORDER BY at, id", order_id
    )
    return [Note(**row) for row in rows]


async def history(db: Connection, order_id: UUID) -> list[Entry]:
    """Everything that happened with it, wherever: order, goods, payment, picking, papers, notes."""
    rows = await db.fetch(
        """
        WITH part (id) AS (
            SELECT $1::uuid
             UNION
            SELECT id FROM payments.intents WHERE order_id = $1
             UNION
            SELECT id FROM stock.holds WHERE holder = $1 AND state <> 'held'
             UNION
            SELECT id FROM stock.holds WHERE holder = $1 AND state = 'held'
             UNION
            SELECT id FROM fulfilment.fulfilments WHERE order_id = $1
        )
        SELECT event.at, event.kind, event.body AS what
          FROM part
          JOIN jobs.events AS event ON event.aggregate = part.id
         UNION ALL
        SELECT document.issued_at, document.kind,
               jsonb_build_object('number', document.number, 'total', document.total)
          FROM orders.documents AS document
         WHERE document.order_id = $1
         UNION ALL
        SELECT note.at, 'note', jsonb_build_object('by', note.by, 'text', note.text)
          FROM orders.notes AS note
         WHERE note.order_id = $1
         ORDER BY 1
        """,
        order_id,
    )
    return [Entry(**row) for row in rows]


async def timeline(db: Connection, order_id: UUID) -> list[Happening]:
    rows = await db.fetch(
        "SELECT kind, at FROM jobs.events WHERE aggregate = $1 ORDER BY number", order_id
    )
    return [Happening(**row) for row in rows]
