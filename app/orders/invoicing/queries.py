from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection
from app.money import Money
from app.orders.invoicing.models import (
    Brought,
    Document,
    DocumentLine,
    Kind,
    PaidBack,
    Seller,
    VatSum,
    WentBack,
    Worth,
)


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


async def brought_instead(db: Connection, order_id: UUID) -> list[Brought]:
    """With the deposit and the VAT of what it is."""
    rows = await db.fetch(
        """
        SELECT came.line_no, offer.name, came.quantity,
               offer.charged * came.quantity / offer.quantity AS amount,
               coalesce(product.deposit, 0) * came.quantity AS deposit,
               coalesce(product.vat, line.vat) AS vat
          FROM (SELECT line_no, product_id, sum(delivered)::integer AS quantity
                  FROM fulfilment.picks
                 WHERE order_id = $1
                   AND replaces IS NOT NULL
                   AND delivered > 0
                 GROUP BY line_no, product_id) AS came
          JOIN orders.lines AS line
            ON line.order_id = $1
           AND line.line_no = came.line_no
          LEFT JOIN catalog.products AS product ON product.id = came.product_id
         CROSS JOIN LATERAL (
               SELECT min(given.name) AS name, sum(given.charged)::bigint AS charged,
                      sum(given.quantity)::bigint AS quantity
                 FROM fulfilment.substitutes AS given
                 JOIN fulfilment.picks AS wanted
                   ON wanted.order_id = given.order_id
                  AND wanted.id = given.pick_id
                WHERE given.order_id = $1
                  AND given.product_id = came.product_id
                  AND given.state = 'accepted'
                  AND wanted.line_no = came.line_no) AS offer
         ORDER BY came.line_no, offer.name
        """,
        order_id,
    )
    return [Brought(**row) for row in rows]


async def paid_back_when_packed(db: Connection, order_id: UUID) -> list[PaidBack]:
    rows = await db.fetch(
        """
        SELECT pick.line_no, sum(pick.paid_back)::bigint AS amount,
               sum(pick.paid_back_for)::integer AS units,
               (SELECT coalesce(sum(given.charged), 0)::bigint
                  FROM fulfilment.substitutes AS given
                  JOIN fulfilment.picks AS wanted
                    ON wanted.order_id = given.order_id
                   AND wanted.id = given.pick_id
                 WHERE given.order_id = $1
                   AND given.state = 'accepted'
                   AND wanted.line_no = pick.line_no) AS charged
          FROM fulfilment.picks AS pick
         WHERE pick.order_id = $1
           AND pick.paid_back > 0
           AND (pick.nominal_g IS NOT NULL OR pick.replaced > 0)
         GROUP BY pick.line_no
        """,
        order_id,
    )
    return [PaidBack(**row) for row in rows]


async def refused_at_the_door(db: Connection, order_id: UUID) -> tuple[dict[int, int], Money]:
    """Units by line that were not handed over there, or at the desk where it was collected, and what
    was paid back for all of them; with what was paid back before, where they had come instead."""
    rows = await db.fetch(
        """
        SELECT pick.line_no, sum(refusal.quantity)::int AS units,
               coalesce(sum(ceil((line.paid + line.deposit) * refusal.quantity / line.quantity::numeric)
                            - instead.charged * refusal.quantity), 0)::bigint AS before
          FROM (SELECT order_id, pick_id, quantity
                  FROM fulfilment.refusals
                 UNION ALL
                SELECT order_id, pick_id, quantity
                  FROM fulfilment.desk_refusals) AS refusal
          JOIN fulfilment.picks AS pick
            ON pick.order_id = refusal.order_id AND pick.id = refusal.pick_id
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
          LEFT JOIN LATERAL (
               SELECT sum(given.charged) / sum(given.quantity) AS charged
                 FROM fulfilment.substitutes AS given
                WHERE given.order_id = pick.order_id
                  AND given.pick_id = pick.replaces
                  AND given.product_id = pick.product_id
                  AND given.state = 'accepted') AS instead ON true
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
    before = sum(row["before"] for row in rows)
    return {row["line_no"]: row["units"] for row in rows}, paid_back + before


async def went_back(db: Connection, order_id: UUID) -> list[WentBack]:
    """All that was promised back or will not be taken of this order, in order."""
    rows = await db.fetch(
        """
        SELECT refund.id, refund.amount, refund.reason, refund.wanted_at AS at
          FROM payments.refunds AS refund
          JOIN payments.intents AS intent ON intent.id = refund.intent_id
         WHERE intent.order_id = $1
         ORDER BY refund.wanted_at, refund.id
        """,
        order_id,
    )
    return [WentBack(**row) for row in rows]


async def worth_of_what_came_back(db: Connection, refund_id: UUID) -> list[Worth]:
    """By rate, of the goods this money goes back for, and of their deposits; nothing where it is for
    none. What came instead is of its own rate."""
    rows = await db.fetch(
        """
        SELECT worth.vat, sum(worth.amount)::bigint AS amount
          FROM returns.refunds AS part
          JOIN returns.returns AS came ON came.id = part.return_id
          JOIN returns.lines AS line ON line.return_id = came.id
          JOIN orders.lines AS bought
            ON bought.order_id = came.order_id
           AND bought.line_no = line.line_no
          LEFT JOIN catalog.products AS instead
            ON instead.id = line.product_id
           AND line.instead_gtin IS NOT NULL
         CROSS JOIN LATERAL (
               VALUES (coalesce(instead.vat, bought.vat),
                       round(bought.paid * line.quantity::numeric / bought.quantity)),
                      (NULL, round(bought.deposit * line.quantity::numeric / bought.quantity)))
               AS worth (vat, amount)
         WHERE part.refund_id = $1
         GROUP BY worth.vat
        """,
        refund_id,
    )
    return [Worth(**row) for row in rows]


async def came_back_with(db: Connection, refund_id: UUID) -> str:
    """The goods this money goes back for, e.g. `1 × Shirt, 2 × Milk`; nothing where it is for none."""
    words: str = await db.fetchval(
        """
        SELECT coalesce(string_agg(line.quantity || ' × ' || coalesce(instead.name, bought.name), ', '
                                   ORDER BY line.line_no, line.instead_gtin NULLS FIRST), '')
          FROM returns.refunds AS part
          JOIN returns.returns AS came ON came.id = part.return_id
          JOIN returns.lines AS line ON line.return_id = came.id
          JOIN orders.lines AS bought
            ON bought.order_id = came.order_id
           AND bought.line_no = line.line_no
          LEFT JOIN LATERAL (SELECT given.name
                               FROM fulfilment.substitutes AS given
                              WHERE given.order_id = came.order_id
                                AND given.gtin = line.instead_gtin
                              LIMIT 1) AS instead ON true
         WHERE part.refund_id = $1
        """,
        refund_id,
    )
    return words
