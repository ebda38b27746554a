from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.models import Pick, ShortReason
from app.fulfilment.picking.models import Batch, PickListLine, Waiting


async def waiting(db: Connection, place_id: UUID | None) -> list[Waiting]:
    """What is to be picked, per place and deadline, the most pressing first."""
    rows = await db.fetch(
        """
        SELECT fulfilment.place_id, place.name AS place, place.time_zone, fulfilment.pick_by,
               fulfilment.window_starts_at, fulfilment.window_ends_at,
               count(*) AS orders, coalesce(sum(line.pieces), 0)::int AS pieces
          FROM fulfilment.fulfilments AS fulfilment
          JOIN stock.places AS place ON place.id = fulfilment.place_id
         CROSS JOIN LATERAL (
               SELECT sum(pick.quantity) AS pieces
                 FROM fulfilment.picks AS pick
                WHERE pick.order_id = fulfilment.order_id
                  AND pick.fulfilment_id = fulfilment.id) AS line
         WHERE fulfilment.state = 'released'
           AND ($1::uuid IS NULL OR fulfilment.place_id = $1)
         GROUP BY fulfilment.place_id, place.name, place.time_zone, fulfilment.pick_by,
                  fulfilment.window_starts_at, fulfilment.window_ends_at
         ORDER BY fulfilment.pick_by, place.name
         LIMIT 100
        """,
        place_id,
    )
    return [Waiting(**row) for row in rows]


async def open_batches(db: Connection) -> list[Batch]:
    """Carts that are being walked, with who pushes them."""
    rows = await db.fetch(
        """
        SELECT batch.id, batch.place_id, place.name AS place, batch.picker_id,
               person.name AS picker, batch.created_at,
               count(DISTINCT fulfilment.id) AS orders,
               sum(pick.quantity)::int AS pieces,
               sum(pick.picked + pick.short)::int AS done
          FROM fulfilment.batches AS batch
          JOIN stock.places AS place ON place.id = batch.place_id
          LEFT JOIN staff.people AS person ON person.id = batch.picker_id
          JOIN fulfilment.fulfilments AS fulfilment ON fulfilment.batch_id = batch.id
          JOIN fulfilment.picks AS pick
            ON pick.order_id = fulfilment.order_id AND pick.fulfilment_id = fulfilment.id
         WHERE batch.id IN (SELECT walked.batch_id
                              FROM fulfilment.fulfilments AS walked
                             WHERE walked.state = 'picking')
         GROUP BY batch.id, place.name, person.name
         ORDER BY batch.created_at
         LIMIT 100
        """
    )
    return [Batch(**row) for row in rows]


async def batch(db: Connection, id: UUID) -> Batch | None:
    row = await db.fetchrow(
        """
        SELECT batch.id, batch.place_id, place.name AS place, batch.picker_id,
               person.name AS picker, batch.created_at,
               count(DISTINCT fulfilment.id) AS orders,
               coalesce(sum(pick.quantity), 0)::int AS pieces,
               coalesce(sum(pick.picked + pick.short), 0)::int AS done
          FROM fulfilment.batches AS batch
          JOIN stock.places AS place ON place.id = batch.place_id
          LEFT JOIN staff.people AS person ON person.id = batch.picker_id
          LEFT JOIN fulfilment.fulfilments AS fulfilment ON fulfilment.batch_id = batch.id
          LEFT JOIN fulfilment.picks AS pick
            ON pick.order_id = fulfilment.order_id AND pick.fulfilment_id = fulfilment.id
         WHERE batch.id = $1
         GROUP BY batch.id, place.name, person.name
        """,
        id,
    )
    return Batch(**row) if row else None


async def most_pressing(
    db: Connection, place_id: UUID, pick_by: datetime | None, most: int
) -> list[UUID]:
    """Locked for us; what another picker is just taking is passed over, not waited for."""
    rows = await db.fetch(
        """
        SELECT fulfilment.id
          FROM fulfilment.fulfilments AS fulfilment
         WHERE fulfilment.place_id = $1
           AND fulfilment.state = 'released'
           AND ($2::timestamptz IS NULL OR fulfilment.pick_by = $2)
         ORDER BY fulfilment.pick_by, fulfilment.id
         LIMIT $3
           FOR NO KEY UPDATE SKIP LOCKED
        """,
        place_id, pick_by, most,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def write_batch(db: Connection, id: UUID, place_id: UUID, picker_id: UUID) -> None:
    await db.execute(
        "INSERT INTO fulfilment.batches (id, place_id, picker_id) VALUES ($1, $2, $3)",
        id, place_id, picker_id,
    )  # fmt: skip


async def put_in_tote(
    db: Connection, order_id: UUID, fulfilment_id: UUID, batch_id: UUID, tote: int
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.fulfilments
           SET batch_id = $3, tote = $4
         WHERE order_id = $1
           AND id = $2
        """,
        order_id, fulfilment_id, batch_id, tote,
    )  # fmt: skip


async def pick(db: Connection, id: UUID) -> Pick | None:
    row = await db.fetchrow(
        """
        SELECT order_id, id, fulfilment_id, line_no, product_id, quantity, picked, short,
               resourced, short_reason, delivered, state, storage, weight_g, aisle, bay, shelf
          FROM fulfilment.picks
         WHERE id = $1
        """,
        id,
    )
    return Pick(**row) if row else None


async def note_picked(db: Connection, pick: Pick, quantity: int, picker_id: UUID) -> None:
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET picked = picked + $3, picker_id = $4, changed_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        pick.order_id, pick.id, quantity, picker_id,
    )  # fmt: skip


async def note_short(
    db: Connection, pick: Pick, quantity: int, reason: ShortReason, picker_id: UUID
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET short = short + $3, short_reason = $4, picker_id = $5, changed_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        pick.order_id, pick.id, quantity, reason, picker_id,
    )  # fmt: skip


async def pick_list(db: Connection, batch_id: UUID) -> list[PickListLine]:
    rows = await db.fetch(
        """
        SELECT pick.order_id, pick.id, pick.fulfilment_id, pick.line_no, pick.product_id,
               pick.quantity, pick.picked, pick.short, pick.resourced,
               pick.short_reason, pick.delivered, pick.state,
               pick.storage, pick.weight_g, pick.aisle, pick.bay, pick.shelf,
               line.name, line.gtin, line.picture, line.age_limit, sold.substitution,
               fulfilment.order_number, fulfilment.state AS fulfilment_state, fulfilment.tote
          FROM fulfilment.fulfilments AS fulfilment
          JOIN fulfilment.picks AS pick
            ON pick.order_id = fulfilment.order_id AND pick.fulfilment_id = fulfilment.id
          JOIN orders.orders AS sold ON sold.id = pick.order_id
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
         WHERE fulfilment.batch_id = $1
        """,
        batch_id,
    )
    return [PickListLine(**row) for row in rows]


async def name_and_gtin(db: Connection, order_id: UUID, line_no: int) -> tuple[str, str]:
    row = await db.fetchrow(
        "SELECT name, gtin FROM orders.lines WHERE order_id = $1 AND line_no = $2",
        order_id, line_no,
    )  # fmt: skip
    assert row is not None, "a pick has a line"
    return row["name"], row["gtin"]


async def product_of_code(db: Connection, gtin14: str) -> UUID | None:
    id: UUID | None = await db.fetchval(
        "SELECT product_id FROM catalog.codes WHERE gtin = $1", gtin14
    )
    return id


async def promised(
    db: Connection, order_id: UUID, product_id: UUID, place_id: UUID
) -> list[tuple[UUID, int]]:
    """The holds that promise this product of this place to it, and how many each: mostly one; more
    where what another place did not have was added."""
    rows = await db.fetch(
        """
        SELECT hold.id, line.quantity
          FROM stock.holds AS hold
          JOIN stock.hold_lines AS line ON line.hold_id = hold.id
         WHERE hold.holder = $1
           AND hold.state = 'confirmed'
           AND line.product_id = $2
           AND line.place_id = $3
           AND line.picked IS NULL
         ORDER BY hold.id
        """,
        order_id, product_id, place_id,
    )  # fmt: skip
    return [(row["id"], row["quantity"]) for row in rows]


async def unfinished_of_product(
    db: Connection, order_id: UUID, fulfilment_id: UUID, product_id: UUID
) -> int:
    count: int = await db.fetchval(
        """
        SELECT count(*)
          FROM fulfilment.picks
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND product_id = $3
           AND state = 'open'
        """,
        order_id, fulfilment_id, product_id,
    )  # fmt: skip
    return count


async def places(db: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await db.fetch("SELECT id, name FROM stock.places WHERE id = ANY ($1)", list(ids))
    return {row["id"]: row["name"] for row in rows}
