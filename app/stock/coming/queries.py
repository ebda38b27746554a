from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from app.db import Connection, Pool
from app.stock.coming.models import Due, Expected
from app.stock.models import Coming
from app.stock.rules import Spot


async def expect(
    db: Connection, id: UUID, spot: Spot, quantity: int, due_on: date, *, to_order: bool
) -> None:
    await db.execute(
        """
        INSERT INTO stock.expected (id, product_id, place_id, quantity, due_on, to_order)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        id, *spot, quantity, due_on, to_order,
    )  # fmt: skip


async def still_expected(db: Connection, id: UUID) -> tuple[Spot, int] | None:
    """Where and how many; None when it came in before, or was never expected."""
    row = await db.fetchrow(
        """
        SELECT product_id, place_id, quantity
          FROM stock.expected
         WHERE id = $1
           AND arrived_at IS NULL
        """,
        id,
    )
    return ((row["product_id"], row["place_id"]), row["quantity"]) if row else None


async def waiting(db: Connection, id: UUID) -> list[tuple[UUID, int]]:
    """The holds that wait for it, with their pieces; the oldest first."""
    rows = await db.fetch(
        """
        SELECT awaited.hold_id, awaited.quantity
          FROM stock.awaited AS awaited
          JOIN stock.holds AS hold ON hold.id = awaited.hold_id
         WHERE awaited.expected_id = $1
         ORDER BY hold.made_at, hold.id
        """,
        id,
    )
    return [(row["hold_id"], row["quantity"]) for row in rows]


async def end(db: Connection, id: UUID) -> bool:
    """Nobody waits for it any more. False when it came in before."""
    return bool(
        await db.fetchval(
            """
            WITH awaited AS (
                DELETE FROM stock.awaited
                 WHERE expected_id = $1
            )
            UPDATE stock.expected
               SET arrived_at = now(), promised = 0
             WHERE id = $1
               AND arrived_at IS NULL
            RETURNING true
            """,
            id,
        )
    )


async def hand_over(db: Connection, id: UUID, spot: Spot, served: Mapping[UUID, int]) -> None:
    """What was short on these holds is there, and theirs. The holds and the level are locked."""
    await db.execute(
        """
        WITH served AS MATERIALIZED (
            SELECT hold_id, quantity
              FROM unnest($4::uuid[], $5::int[]) AS served (hold_id, quantity)
        ), line AS (
            UPDATE stock.hold_lines AS line
               SET short = line.short - served.quantity
              FROM served
             WHERE line.hold_id = served.hold_id
               AND line.product_id = $2
               AND line.place_id = $3
        ), entry AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, reserved_change, hold_id, reference)
            SELECT $2, $3, 'held', quantity, hold_id, $1
              FROM served
        )
        UPDATE stock.levels
           SET reserved = reserved + (SELECT sum(quantity)::int FROM served),
               changed_at = clock_timestamp()
         WHERE product_id = $2
           AND place_id = $3
        """,
        id, *spot, list(served), list(served.values()),
    )  # fmt: skip


async def expected_of(db: Connection | Pool, product_id: UUID) -> list[Expected]:
    rows = await db.fetch(
        """
        SELECT coming.id, coming.product_id, coming.place_id, place.name AS place, coming.quantity,
               coming.due_on, coming.to_order, coming.promised
          FROM stock.expected AS coming
          JOIN stock.places AS place ON place.id = coming.place_id
         WHERE coming.product_id = $1
           AND coming.arrived_at IS NULL
         ORDER BY coming.due_on, place.code
        """,
        product_id,
    )
    return [Expected(**row) for row in rows]


async def due(db: Connection | Pool, product_ids: Sequence[UUID], today: date) -> dict[UUID, Due]:
    """When some of it comes in next, per product, at a place that is open; what is late counts as
    not coming."""
    rows = await db.fetch(
        """
        SELECT coming.product_id, min(coming.due_on) AS due_on,
               min(coming.due_on) FILTER (WHERE coming.to_order
                                            AND coming.promised < coming.quantity) AS to_order
          FROM stock.expected AS coming
          JOIN stock.places AS place ON place.id = coming.place_id
         WHERE coming.product_id = ANY ($1::uuid[])
           AND coming.arrived_at IS NULL
           AND coming.due_on >= $2
           AND place.open
         GROUP BY coming.product_id
        """,
        list(product_ids), today,
    )  # fmt: skip
    return {
        row["product_id"]: Due(row["due_on"], row["to_order"] and row["to_order"] + timedelta(1))
        for row in rows
    }


async def to_order(
    db: Connection | Pool, product_ids: Sequence[UUID], place_ids: Sequence[UUID], now: datetime
) -> list[Coming]:
    """What of these can be ordered before it is in, by the day on which it comes."""
    rows = await db.fetch(
        """
        SELECT coming.id, coming.product_id, coming.place_id, coming.due_on,
               coming.quantity - coming.promised AS free
          FROM stock.expected AS coming
          JOIN stock.places AS place ON place.id = coming.place_id
         WHERE coming.product_id = ANY ($1::uuid[])
           AND coming.place_id = ANY ($2::uuid[])
           AND coming.arrived_at IS NULL
           AND coming.to_order
           AND coming.promised < coming.quantity
           AND coming.due_on >= ($3 AT TIME ZONE place.time_zone)::date
           AND place.open
           AND NOT EXISTS (SELECT
                             FROM stock.stops AS stop
                            WHERE stop.product_id = coming.product_id
                              AND stop.ended_at IS NULL)
         ORDER BY coming.due_on, coming.id
        """,
        list(product_ids), list(place_ids), now,
    )  # fmt: skip
    return [
        Coming(row["id"], (row["product_id"], row["place_id"]), row["due_on"], row["free"])
        for row in rows
    ]
