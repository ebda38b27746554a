from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection
from app.money import Money
from app.orders.invoicing.models import Document, DocumentLine, Kind, Seller, VatSum


async def save_entity(db: Connection, seller: Seller, place_ids: Sequence[UUID] = ()) -> None:
    """A seller, and the places that are theirs."""
    await db.execute(
        """
        WITH entity AS (
            INSERT INTO orders.entities (code, name, address, vat_number)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (code) DO UPDATE
               SET name = excluded.name, address = excluded.address,
                   vat_number = excluded.vat_number
            RETURNING code
        )
        INSERT INTO orders.entity_places (place_id, entity)
        SELECT place.id, entity.code
          FROM entity
         CROSS JOIN unnest($5::uuid[]) AS place (id)
            ON CONFLICT (place_id) DO UPDATE SET entity = excluded.entity
        """,
        seller.code, seller.name, seller.address, seller.vat_number, list(place_ids),
    )  # fmt: skip


async def seller_at(db: Connection, place_id: UUID) -> Seller | None:
    """Whose place it is; else the seller P, to whom all other places belong."""
    row = await db.fetchrow(
        """
        SELECT entity.code, entity.name, entity.address, entity.vat_number
          FROM orders.entities AS entity
          LEFT JOIN orders.entity_places AS mine
            ON mine.entity = entity.code
           AND mine.place_id = $1
         WHERE mine.place_id IS NOT NULL OR entity.code = 'P'
         ORDER BY mine.place_id IS NULL
         LIMIT 1
        """,
        place_id,
    )
    return Seller(**row) if row else None


async def next_number(db: Connection, entity: str, kind: Kind, year: int) -> int:
    """Without gaps: whoever comes next waits until this transaction is over, and gets the same
    number when it is undone."""
    number: int = await db.fetchval(
        """
        INSERT INTO orders.series AS series (entity, kind, year, last)
        VALUES ($1, $2, $3, 1)
            ON CONFLICT (entity, kind, year) DO UPDATE SET last = series.last + 1
        RETURNING last
        """,
        entity, kind, year,
    )  # fmt: skip
    return number


async def write(
    db: Connection, id: UUID, order_id: UUID, kind: Kind, seller: Seller, year: int, number: int,
    credits: UUID | None, lines: Sequence[DocumentLine], vat: Sequence[VatSum], total: Money,
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO orders.documents (
               id, order_id, entity, kind, year, number, credits, seller, lines, vat, total)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        id, order_id, seller.code, kind, year, number, credits, msgspec.to_builtins(seller),
        msgspec.to_builtins(lines), msgspec.to_builtins(vat), total,
    )  # fmt: skip


async def exists(db: Connection, id: UUID) -> bool:
    return bool(await db.fetchval("SELECT true FROM orders.documents WHERE id = $1", id))


async def documents_of(db: Connection, order_id: UUID) -> list[Document]:
    rows = await db.fetch(
        """
        SELECT id, order_id, kind, seller, year, number, credits, lines, vat, total, issued_at
          FROM orders.documents
         WHERE order_id = $1
         ORDER BY issued_at, number
        """,
        order_id,
    )
    return [_document(row) for row in rows]


def _document(row: Any) -> Document:
    return msgspec.convert(dict(row), Document)


async def refused_at_the_door(db: Connection, order_id: UUID) -> tuple[dict[int, int], Money]:
    """Units by line that were not handed over there, or at the desk where it was collected, and what
    was paid back for all of them."""
    rows = await db.fetch(
        """
        SELECT pick.line_no, sum(refusal.quantity)::int AS units
          FROM (SELECT order_id, pick_id, quantity
                  FROM fulfilment.refusals
                 UNION ALL
                SELECT order_id, pick_id, quantity
                  FROM fulfilment.desk_refusals) AS refusal
          JOIN fulfilment.picks AS pick
            ON pick.order_id = refusal.order_id AND pick.id = refusal.pick_id
         WHERE refusal.order_id = $1
         GROUP BY pick.line_no
        """,
        order_id,
    )
    paid_back: Money = await db.fetchval(
        """
        SELECT coalesce(sum(refund.amount), 0)::bigint
          FROM payments.refunds AS refund
          JOIN payments.intents AS intent ON intent.id = refund.intent_id
         WHERE intent.order_id = $1
           AND refund.reason IN ('refused', 'recalled')
        """,
        order_id,
    )
    return {row["line_no"]: row["units"] for row in rows}, paid_back
