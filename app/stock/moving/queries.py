from collections.abc import Mapping
from uuid import UUID

from app.db import Connection
from app.stock.moving.models import Sent, Transfer


async def take_away(
    db: Connection, id: UUID, from_place: UUID, goods: Mapping[UUID, int]
) -> set[UUID]:
    """The products of which so much was free; their pieces have left the place."""
    rows = await db.fetch(
        """
        WITH sent AS MATERIALIZED (
            SELECT product_id, quantity
              FROM unnest($3::uuid[], $4::int[]) AS sent (product_id, quantity)
        ), locked AS MATERIALIZED (
            SELECT level.product_id
              FROM stock.levels AS level
             WHERE level.place_id = $2
               AND level.product_id IN (SELECT product_id FROM sent)
             ORDER BY level.product_id
               FOR UPDATE
        ), level AS (
            UPDATE stock.levels AS level
               SET on_hand = level.on_hand - sent.quantity, changed_at = clock_timestamp()
              FROM sent
              JOIN locked USING (product_id)
             WHERE level.place_id = $2
               AND level.product_id = sent.product_id
               AND level.on_hand - level.reserved >= sent.quantity
            RETURNING level.product_id, sent.quantity
        ), entry AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change, reference)
            SELECT product_id, $2, 'sent', -quantity, $1
              FROM level
        )
        SELECT product_id
          FROM level
        """,
        id, from_place, list(goods), list(goods.values()),
    )  # fmt: skip
    return {row["product_id"] for row in rows}


async def write_transfer(
    db: Connection, id: UUID, from_place: UUID, to_place: UUID, goods: Mapping[UUID, int]
) -> None:
    await db.execute(
        """
        WITH transfer AS (
            INSERT INTO stock.transfers (id, from_place, to_place)
            VALUES ($1, $2, $3)
            RETURNING id
        )
        INSERT INTO stock.transfer_lines (transfer_id, product_id, quantity)
        SELECT transfer.id, line.product_id, line.quantity
          FROM transfer
         CROSS JOIN unnest($4::uuid[], $5::int[]) AS line (product_id, quantity)
        """,
        id, from_place, to_place, list(goods), list(goods.values()),
    )  # fmt: skip


async def end_transfer(db: Connection, id: UUID) -> UUID | None:
    """Where it was sent to; None when it has arrived before, or there is none."""
    place_id: UUID | None = await db.fetchval(
        """
        UPDATE stock.transfers
           SET arrived_at = now()
         WHERE id = $1
           AND arrived_at IS NULL
        RETURNING to_place
        """,
        id,
    )
    return place_id


async def note_arrived(
    db: Connection, id: UUID, arrived: Mapping[UUID, int]
) -> list[tuple[UUID, int]]:
    """What of it arrived; a product that is not named arrived whole."""
    rows = await db.fetch(
        """
        UPDATE stock.transfer_lines AS line
           SET arrived = least(coalesce(
                   (SELECT found.quantity
                      FROM unnest($2::uuid[], $3::int[]) AS found (product_id, quantity)
                     WHERE found.product_id = line.product_id), line.quantity), line.quantity)
         WHERE line.transfer_id = $1
        RETURNING line.product_id, line.arrived
        """,
        id, list(arrived), list(arrived.values()),
    )  # fmt: skip
    return [(row["product_id"], row["arrived"]) for row in rows]


async def under_way(db: Connection) -> list[Transfer]:
    rows = await db.fetch(
        """
        SELECT transfer.id, origin.name AS from_place, goal.name AS to_place, transfer.sent_at,
               line.product_id, product.gtin, line.quantity
          FROM stock.transfers AS transfer
          JOIN stock.places AS origin ON origin.id = transfer.from_place
          JOIN stock.places AS goal ON goal.id = transfer.to_place
          JOIN stock.transfer_lines AS line ON line.transfer_id = transfer.id
          JOIN catalog.products AS product ON product.id = line.product_id
         WHERE transfer.arrived_at IS NULL
         ORDER BY transfer.sent_at, transfer.id, product.gtin
        """
    )
    found: dict[UUID, Transfer] = {}
    for row in rows:
        transfer = found.setdefault(
            row["id"],
            Transfer(row["id"], row["from_place"], row["to_place"], row["sent_at"], []),
        )
        transfer.lines.append(Sent(row["product_id"], row["gtin"], row["quantity"]))
    return list(found.values())
