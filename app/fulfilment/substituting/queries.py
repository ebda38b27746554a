from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from app.db import Connection, Pool
from app.fulfilment.models import Location, Pick
from app.fulfilment.substituting.models import Candidate, Shown, State, Substitute, Voice, Wanted
from app.fulfilment.substituting.rules import comes_if_silent, unit_share
from app.orders.models import Line


async def wanted(db: Connection, pick: Pick, line: Line) -> Wanted:
    row = await db.fetchrow(
        """
        SELECT line.product_id, line.name, coalesce(product.brand, '') AS brand,
               coalesce(product.category, '') AS category,
               coalesce(product.content_quantity, 1) AS content_quantity,
               coalesce(product.content_unit, 'piece') AS content_unit,
               line.storage, line.age_limit,
               coalesce(line.substitution, sold.substitution) AS wish,
               sold.language, sold.currency, fulfilment.place_id, fulfilment.order_number,
               fulfilment.pick_by
          FROM fulfilment.fulfilments AS fulfilment
          JOIN orders.orders AS sold ON sold.id = fulfilment.order_id
          JOIN orders.lines AS line ON line.order_id = sold.id AND line.line_no = $3
          LEFT JOIN catalog.products AS product ON product.id = line.product_id
         WHERE fulfilment.order_id = $1
           AND fulfilment.id = $2
        """,
        pick.order_id, pick.fulfilment_id, pick.line_no,
    )  # fmt: skip
    assert row is not None, "a pick has an order and a line"
    return Wanted(**row, unit_share=unit_share(line))


async def similar(db: Connection, like: Wanted, most: int = 60) -> list[UUID]:
    """On sale, of the same category, and there: of the same brand first, then the best known."""
    rows = await db.fetch(
        """
        SELECT product.id
          FROM catalog.products AS product
          JOIN stock.levels AS level ON level.product_id = product.id AND level.place_id = $1
         WHERE product.category = $2
           AND product.category <> ''
           AND product.id <> $4
           AND product.storage = $5
           AND product.on_sale
           AND NOT product.stopped
           AND level.on_hand > level.reserved
         ORDER BY product.brand = $3 DESC, product.popularity DESC, product.id
         LIMIT $6
        """,
        like.place_id, like.category, like.brand, like.product_id, like.storage, most,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def candidates(
    db: Connection, ids: Sequence[UUID], place_id: UUID, language: str
) -> list[Candidate]:
    rows = await db.fetch(
        """
        SELECT product.id AS product_id, product.gtin, words.name,
               encode(product.picture, 'hex') AS picture, product.brand, product.category,
               product.content_quantity, product.content_unit, product.storage, product.age_limit,
               coalesce(product.weight_g, 0) AS weight_g, product.price + product.deposit AS price,
               product.currency, product.popularity,
               CASE WHEN product.on_sale AND NOT product.stopped
                    THEN coalesce(level.on_hand - level.reserved, 0) ELSE 0 END AS available
          FROM catalog.products AS product
         CROSS JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = product.id
                              ORDER BY text.language = $3 DESC, text.language = 'en' DESC,
                                       text.language
                              LIMIT 1) AS words
          LEFT JOIN stock.levels AS level
            ON level.product_id = product.id AND level.place_id = $2
         WHERE product.id = ANY ($1::uuid[])
        """,
        list(ids), place_id, language,
    )  # fmt: skip
    return [Candidate(**row) for row in rows]


async def location(db: Connection, product_id: UUID, place_id: UUID) -> Location | None:
    row = await db.fetchrow(
        """
        SELECT aisle, bay, shelf
          FROM fulfilment.locations
         WHERE product_id = $1 AND place_id = $2
        """,
        product_id, place_id,
    )  # fmt: skip
    return Location(**row) if row else None


async def write(db: Connection, new: Substitute) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.substitutes (
               order_id, id, fulfilment_id, pick_id, product_id, gtin, name, picture, storage,
               weight_g, quantity, price, charged, wish, reason, offered_by, offered_at, answer_by,
               hold_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
                $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19)
        """,
        new.order_id, new.id, new.fulfilment_id, new.pick_id, new.product_id, new.gtin, new.name,
        new.picture, new.storage, new.weight_g, new.quantity, new.price, new.charged, new.wish,
        new.reason, new.offered_by, new.offered_at, new.answer_by, new.hold_id,
    )  # fmt: skip


async def note_offered(db: Connection, pick: Pick, quantity: int) -> None:
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET offered = offered + $3, changed_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        pick.order_id, pick.id, quantity,
    )  # fmt: skip


async def end(db: Connection, id: UUID, to: State, by: Voice) -> bool:
    """False when it has ended before, or when it is not yet, or no longer, `by` who decides: the
    shopper until the time in the row, silence after it."""
    return bool(
        await db.fetchval(
            """
            UPDATE fulfilment.substitutes
               SET state = $2, ended_by = $3, ended_at = clock_timestamp()
             WHERE id = $1
               AND state = 'offered'
               AND CASE $3 WHEN 'shopper' THEN clock_timestamp() < answer_by
                           WHEN 'silence' THEN clock_timestamp() >= answer_by
                           ELSE true END
            RETURNING true
            """,
            id, to, by,
        )
    )  # fmt: skip


async def note_gone(db: Connection, id: UUID) -> None:
    """It was accepted, but it is not there any more."""
    await db.execute(
        "UPDATE fulfilment.substitutes SET state = 'refused', ended_by = 'gone' WHERE id = $1", id
    )


async def note_elsewhere(db: Connection, id: UUID, quantity: int) -> None:
    await db.execute("UPDATE fulfilment.substitutes SET elsewhere = $2 WHERE id = $1", id, quantity)


async def settle_offer(db: Connection, offer: Substitute, *, replaced: int, short: int) -> None:
    """What was offered is replaced, or missing, or (neither) to be picked again."""
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET offered = offered - $3, replaced = replaced + $4, short = short + $5,
               short_reason = CASE WHEN $5 > 0 THEN $6 ELSE short_reason END,
               changed_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        offer.order_id, offer.pick_id, offer.quantity, replaced, short, offer.reason,
    )  # fmt: skip


async def write_pick(db: Connection, offer: Substitute, id: UUID, line_no: int,
                     spot: Location) -> None:  # fmt: skip
    """The substitute lies in the tote; another one of the same product is added to it."""
    await db.execute(
        """
        INSERT INTO fulfilment.picks AS pick (
               order_id, id, fulfilment_id, line_no, product_id, quantity, picked, storage,
               weight_g, aisle, bay, shelf, picker_id, replaces)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (order_id, fulfilment_id, line_no, product_id) DO UPDATE
           SET quantity = pick.quantity + excluded.quantity,
               picked = pick.picked + excluded.picked
        """,
        offer.order_id, id, offer.fulfilment_id, line_no, offer.product_id, offer.quantity,
        offer.storage, offer.weight_g, spot.aisle, spot.bay, spot.shelf, offer.offered_by,
        offer.pick_id,
    )  # fmt: skip


async def read(db: Connection, id: UUID) -> Substitute | None:
    row = await db.fetchrow(
        """
        SELECT order_id, id, fulfilment_id, pick_id, product_id, gtin, name, picture, storage,
               weight_g, quantity, price, charged, wish, reason, state, ended_by, offered_by,
               offered_at, answer_by, ended_at, hold_id, elsewhere
          FROM fulfilment.substitutes
         WHERE id = $1
        """,
        id,
    )
    return Substitute(**row) if row else None


async def unanswered(pool: Pool, most: int) -> list[UUID]:
    """Offers whose time is over."""
    rows = await pool.fetch(
        """
        SELECT id
          FROM fulfilment.substitutes
         WHERE state = 'offered'
           AND answer_by <= now()
         ORDER BY answer_by
         LIMIT $1
        """,
        most,
    )
    return [row["id"] for row in rows]


async def of_order(db: Connection, order_id: UUID) -> list[Shown]:
    """What was offered for an order and not taken back, the newest first."""
    rows = await db.fetch(
        """
        SELECT offer.id, offer.pick_id, pick.line_no, fulfilment.tote, offer.name, offer.picture,
               line.name AS instead_of, offer.quantity, offer.charged,
               (line.paid + line.deposit) * offer.quantity / line.quantity AS paid,
               offer.state, offer.ended_by, offer.answer_by, offer.elsewhere, offer.wish,
               offer.gtin, line.gtin AS gtin_instead_of
          FROM fulfilment.substitutes AS offer
          JOIN fulfilment.picks AS pick
            ON pick.order_id = offer.order_id AND pick.id = offer.pick_id
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = offer.order_id AND fulfilment.id = offer.fulfilment_id
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
         WHERE offer.order_id = $1
           AND offer.state <> 'withdrawn'
         ORDER BY offer.offered_at DESC, offer.id
        """,
        order_id,
    )
    return [_shown(row) for row in rows]


async def of_batch(db: Connection, batch_id: UUID) -> list[Shown]:
    """The offers of a cart that are not taken back, the newest first."""
    rows = await db.fetch(
        """
        SELECT offer.id, offer.pick_id, pick.line_no, fulfilment.tote, offer.name, offer.picture,
               line.name AS instead_of, offer.quantity, offer.charged,
               (line.paid + line.deposit) * offer.quantity / line.quantity AS paid,
               offer.state, offer.ended_by, offer.answer_by, offer.elsewhere, offer.wish,
               offer.gtin, line.gtin AS gtin_instead_of
          FROM fulfilment.fulfilments AS fulfilment
          JOIN fulfilment.substitutes AS offer
            ON offer.order_id = fulfilment.order_id AND offer.fulfilment_id = fulfilment.id
          JOIN fulfilment.picks AS pick
            ON pick.order_id = offer.order_id AND pick.id = offer.pick_id
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
         WHERE fulfilment.batch_id = $1
           AND offer.state <> 'withdrawn'
         ORDER BY offer.offered_at DESC, offer.id
        """,
        batch_id,
    )
    return [_shown(row) for row in rows]


def _shown(row: asyncpg.Record) -> Shown:
    fields = dict(row)
    return Shown(comes_if_silent=comes_if_silent(fields.pop("wish")), **fields)


async def database_now(db: Connection) -> datetime:
    now: datetime = await db.fetchval("SELECT clock_timestamp()")
    return now
