from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db import Connection
from app.fulfilment.models import Fulfilment, LineToPick, Location, Pick, State


async def write(db: Connection, new: Fulfilment) -> Fulfilment | None:
    """None when this place works on this order already, or has. Where its part was taken from it
    before anybody picked, it gets work again."""
    row = await db.fetchrow(
        """
        INSERT INTO fulfilment.fulfilments AS known (
               order_id, id, place_id, order_number, window_starts_at, window_ends_at, pick_by,
               way)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (order_id, place_id, (way = 'collect')) DO UPDATE
           SET state = 'released', window_starts_at = excluded.window_starts_at,
               window_ends_at = excluded.window_ends_at, pick_by = excluded.pick_by,
               way = excluded.way,
               version = known.version + 1, changed_at = now()
         WHERE known.state = 'cancelled'
           AND known.batch_id IS NULL
        RETURNING order_id, id, place_id, order_number, state, window_starts_at, window_ends_at,
                  pick_by, batch_id, tote, attempts, version, way
        """,
        new.order_id, new.id, new.place_id, new.order_number, new.window_starts_at,
        new.window_ends_at, new.pick_by, new.way,
    )  # fmt: skip
    return Fulfilment(**row) if row else None


async def write_picks(db: Connection, picks: Sequence[dict[str, Any]]) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.picks (
               order_id, id, fulfilment_id, line_no, product_id, quantity, storage, weight_g,
               aisle, bay, shelf, nominal_g, dated)
        SELECT pick.order_id, pick.id, pick.fulfilment_id, pick.line_no, pick.product_id,
               pick.quantity, pick.storage, pick.weight_g, pick.aisle, pick.bay, pick.shelf, pick.nominal_g, pick.dated
          FROM jsonb_to_recordset($1::jsonb) AS pick (
               order_id uuid, id uuid, fulfilment_id uuid, line_no integer, product_id uuid,
               quantity integer, storage text, weight_g integer,
               aisle smallint, bay smallint, shelf smallint, nominal_g integer, dated boolean)
        """,
        list(picks),
    )


async def remove_picks(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    """To be written anew in the same transaction, before anybody has picked."""
    await db.execute(
        "DELETE FROM fulfilment.picks WHERE order_id = $1 AND fulfilment_id = $2",
        order_id, fulfilment_id,
    )  # fmt: skip


async def move_window(db: Connection, moved: Fulfilment) -> None:
    await db.execute(
        """
        UPDATE fulfilment.fulfilments
           SET window_starts_at = $3, window_ends_at = $4, pick_by = $5, changed_at = now()
         WHERE order_id = $1 AND id = $2
        """,
        moved.order_id, moved.id, moved.window_starts_at, moved.window_ends_at, moved.pick_by,
    )  # fmt: skip


async def lines_to_pick(
    db: Connection, order_id: UUID, place_id: UUID, *, collected: bool
) -> list[LineToPick]:
    """What this place sends of it, or keeps for its shopper."""
    rows = await db.fetch(
        """
          WITH part AS (
               SELECT sent.line_no, sum(sent.quantity)::int AS elsewhere,
                      coalesce(sum(sent.quantity) FILTER (WHERE sent.place_id = $2), 0)::int AS here
                 FROM orders.elsewhere AS sent
                WHERE sent.order_id = $1
                GROUP BY sent.line_no
          )
        SELECT line.line_no, line.product_id, mine.quantity, line.storage,
               coalesce(product.category, '') AS category,
               coalesce(product.weight_g, 0) AS weight_g,
               spot.aisle, spot.bay, spot.shelf,
               CASE WHEN product.by_weight THEN product.content_quantity END AS nominal_g,
               coalesce(product.dated, false) AS dated
          FROM orders.lines AS line
          JOIN orders.orders AS sold ON sold.id = line.order_id
          LEFT JOIN part ON part.line_no = line.line_no
         CROSS JOIN LATERAL (
               SELECT CASE WHEN $3 THEN line.quantity
                           WHEN sold.place_id = $2
                           THEN line.quantity - coalesce(part.elsewhere, 0)
                           ELSE coalesce(part.here, 0) END AS quantity) AS mine
          LEFT JOIN catalog.products AS product ON product.id = line.product_id
          LEFT JOIN fulfilment.locations AS spot
            ON spot.product_id = line.product_id AND spot.place_id = $2
         WHERE line.order_id = $1
           AND line.handover = CASE WHEN $3 THEN 'collect' ELSE 'delivery' END
           AND mine.quantity > 0
         ORDER BY line.line_no
        """,
        order_id, place_id, collected,
    )  # fmt: skip
    return [LineToPick(**row) for row in rows]


async def set_location(
    db: Connection, product_id: UUID, place_id: UUID, location: Location
) -> bool:
    """False when there is no such product or place."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO fulfilment.locations (product_id, place_id, aisle, bay, shelf)
            SELECT product.id, place.id, $3, $4, $5
              FROM catalog.products AS product
              JOIN stock.places AS place ON place.id = $2
             WHERE product.id = $1
                ON CONFLICT (product_id, place_id) DO UPDATE
               SET aisle = excluded.aisle, bay = excluded.bay, shelf = excluded.shelf
            RETURNING true
            """,
            product_id, place_id, location.aisle, location.bay, location.shelf,
        )
    )  # fmt: skip


async def read(db: Connection, id: UUID) -> Fulfilment | None:
    row = await db.fetchrow(
        """
        SELECT order_id, id, place_id, order_number, state, window_starts_at, window_ends_at,
               pick_by, batch_id, tote, attempts, version, way
          FROM fulfilment.fulfilments
         WHERE id = $1
        """,
        id,
    )
    return Fulfilment(**row) if row else None


async def lock(db: Connection, ids: Sequence[UUID]) -> list[Fulfilment]:
    """In the order of their orders and ids, so that two who want the same ones never wait for each
    other; nor do two at different places whose parts are of the same orders."""
    rows = await db.fetch(
        """
        SELECT order_id, id, place_id, order_number, state, window_starts_at, window_ends_at,
               pick_by, batch_id, tote, attempts, version, way
          FROM fulfilment.fulfilments
         WHERE id = ANY ($1)
         ORDER BY order_id, id
           FOR NO KEY UPDATE
        """,
        list(ids),
    )
    return [Fulfilment(**row) for row in rows]


async def of_order(db: Connection, order_id: UUID) -> list[Fulfilment]:
    rows = await db.fetch(
        """
        SELECT order_id, id, place_id, order_number, state, window_starts_at, window_ends_at,
               pick_by, batch_id, tote, attempts, version, way
          FROM fulfilment.fulfilments
         WHERE order_id = $1
         ORDER BY id
        """,
        order_id,
    )
    return [Fulfilment(**row) for row in rows]


async def move(db: Connection, order_id: UUID, id: UUID, to: State, *, another_try: bool) -> int:
    version: int = await db.fetchval(
        """
        UPDATE fulfilment.fulfilments
           SET state = $3, version = version + 1, attempts = attempts + $4, changed_at = now()
         WHERE order_id = $1
           AND id = $2
        RETURNING version
        """,
        order_id, id, to, int(another_try),
    )  # fmt: skip
    return version


async def picks_of(db: Connection, fulfilment_ids: Sequence[UUID]) -> list[Pick]:
    rows = await db.fetch(
        """
        SELECT order_id, id, fulfilment_id, line_no, product_id, quantity, picked, short,
               resourced, short_reason, delivered, state, storage, weight_g, aisle, bay, shelf, replaces,
               offered, replaced, paid_back_for, paid_back, nominal_g, weighed_g, dated, best_before
          FROM fulfilment.picks
         WHERE fulfilment_id = ANY ($1)
         ORDER BY fulfilment_id, line_no
        """,
        list(fulfilment_ids),
    )
    return [Pick(**row) for row in rows]


async def write_act(
    db: Connection,
    fulfilment: Fulfilment,
    command: UUID,
    action: str,
    person_id: UUID,
    happened_at: datetime | None,
    details: dict[str, Any],
) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.acts (
               order_id, id, fulfilment_id, action, person_id, happened_at, details)
        VALUES ($1, $2, $3, $4, $5, coalesce($6, now()), $7)
        """,
        fulfilment.order_id, command, fulfilment.id, action, person_id, happened_at, details,
    )  # fmt: skip
