"""Promises that were made, and how they end."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.stock.models import HeldLine, Hold, Line


async def holds(db: Connection | Pool, ids: Sequence[UUID]) -> list[Hold]:
    rows = await db.fetch(
        """
        SELECT id, holder, state, expires_at, version
          FROM stock.holds
         WHERE id = ANY ($1::uuid[])
        """,
        list(ids),
    )
    return [Hold(**row) for row in rows]


async def held_lines(db: Connection | Pool, hold_ids: Sequence[UUID]) -> dict[UUID, list[HeldLine]]:
    rows = await db.fetch(
        """
        SELECT hold_id, product_id, place_id, quantity, picked, short
          FROM stock.hold_lines
         WHERE hold_id = ANY ($1::uuid[])
         ORDER BY hold_id, product_id, place_id
        """,
        list(hold_ids),
    )
    found: dict[UUID, list[HeldLine]] = {id: [] for id in hold_ids}
    for hold_id, *line in rows:
        found[hold_id].append(HeldLine(*line))
    return found


async def lock_holds(db: Connection, ids: Sequence[UUID]) -> list[Hold]:
    rows = await db.fetch(
        """
        SELECT id, holder, state, expires_at, version
          FROM stock.holds
         WHERE id = ANY ($1::uuid[])
         ORDER BY id
           FOR UPDATE
        """,
        list(ids),
    )
    return [Hold(**row) for row in rows]


async def lock_run_out(db: Connection, limit: int) -> list[Hold]:
    rows = await db.fetch(
        """
        SELECT id, holder, state, expires_at, version
          FROM stock.holds
         WHERE state = 'held'
           AND expires_at <= now()
         ORDER BY expires_at
         LIMIT $1
           FOR UPDATE SKIP LOCKED
        """,
        limit,
    )
    return [Hold(**row) for row in rows]


async def give_back(db: Connection, hold_ids: Sequence[UUID], how: str) -> list[Hold]:
    """`how` is released or expired. The holds are locked; lines already picked stay as they are."""
    rows = await db.fetch(
        """
        WITH line AS MATERIALIZED (
            SELECT hold_id, product_id, place_id, quantity - short AS quantity
              FROM stock.hold_lines
             WHERE hold_id = ANY ($1::uuid[])
               AND picked IS NULL
               AND quantity > short
        ), locked AS MATERIALIZED (
            SELECT level.product_id, level.place_id
              FROM stock.levels AS level
             WHERE (level.product_id, level.place_id) IN (SELECT product_id, place_id FROM line)
             ORDER BY level.product_id, level.place_id
               FOR UPDATE
        ), level AS (
            UPDATE stock.levels AS level
               SET reserved = level.reserved - together.quantity, changed_at = clock_timestamp()
              FROM (SELECT product_id, place_id, sum(quantity)::int AS quantity
                      FROM locked
                      JOIN line USING (product_id, place_id)
                     GROUP BY product_id, place_id) AS together
             WHERE level.product_id = together.product_id
               AND level.place_id = together.place_id
        ), entry AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, reserved_change, hold_id)
            SELECT product_id, place_id, $2, -quantity, hold_id
              FROM line
        ), let_go AS (
            DELETE FROM stock.awaited
             WHERE hold_id = ANY ($1::uuid[])
               AND (SELECT count(*) FROM locked) >= 0  -- levels are locked first, everywhere
            RETURNING expected_id, quantity
        ), coming AS (
            UPDATE stock.expected AS coming
               SET promised = coming.promised - together.quantity
              FROM (SELECT expected_id, sum(quantity)::int AS quantity
                      FROM let_go
                     GROUP BY expected_id) AS together
             WHERE coming.id = together.expected_id
        )
        UPDATE stock.holds
           SET state = $2, version = version + 1
         WHERE id = ANY ($1::uuid[])
        RETURNING id, holder, state, expires_at, version
        """,
        list(hold_ids), how,
    )  # fmt: skip
    return [Hold(**row) for row in rows]


async def mark_confirmed(db: Connection, hold_id: UUID) -> Hold | None:
    row = await db.fetchrow(
        """
        UPDATE stock.holds
           SET state = 'confirmed', version = version + 1
         WHERE id = $1
           AND state = 'held'
        RETURNING id, holder, state, expires_at, version
        """,
        hold_id,
    )
    return Hold(**row) if row else None


async def take_goods(db: Connection, hold_id: UUID, picked: Sequence[Line]) -> Hold:
    """Picked goods leave, and what was not found was never there. The hold is locked."""
    row = await db.fetchrow(
        """
        WITH settled AS (
            UPDATE stock.hold_lines AS line
               SET picked = found.quantity
              FROM unnest($2::uuid[], $3::uuid[], $4::int[])
                AS found (product_id, place_id, quantity)
             WHERE line.hold_id = $1
               AND line.product_id = found.product_id
               AND line.place_id = found.place_id
               AND line.picked IS NULL
            RETURNING line.product_id, line.place_id, line.quantity - line.short AS promised,
                      line.picked
        ), locked AS MATERIALIZED (
            SELECT level.product_id, level.place_id
              FROM stock.levels AS level
             WHERE (level.product_id, level.place_id) IN (SELECT product_id, place_id FROM settled)
             ORDER BY level.product_id, level.place_id
               FOR UPDATE
        ), leaving AS (
            SELECT product_id, place_id, promised
              FROM locked
              JOIN settled USING (product_id, place_id)
        ), level AS (
            UPDATE stock.levels AS level
               SET on_hand = level.on_hand - leaving.promised,
                   reserved = level.reserved - leaving.promised,
                   changed_at = clock_timestamp()
              FROM leaving
             WHERE level.product_id = leaving.product_id
               AND level.place_id = leaving.place_id
        ), let_go AS (
            DELETE FROM stock.awaited AS awaited
             USING stock.expected AS coming, settled
             WHERE awaited.hold_id = $1
               AND coming.id = awaited.expected_id
               AND coming.product_id = settled.product_id
               AND coming.place_id = settled.place_id
               AND (SELECT count(*) FROM locked) >= 0  -- levels are locked first, everywhere
            RETURNING awaited.expected_id, awaited.quantity
        ), coming AS (
            UPDATE stock.expected AS coming
               SET promised = coming.promised - together.quantity
              FROM (SELECT expected_id, sum(quantity)::int AS quantity
                      FROM let_go
                     GROUP BY expected_id) AS together
             WHERE coming.id = together.expected_id
        ), taken AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change,
                                      reserved_change, hold_id)
            SELECT product_id, place_id, 'taken', -picked, -least(picked, promised), $1
              FROM settled
             WHERE picked > 0
        ), found_after_all AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change, hold_id)
            SELECT product_id, place_id, 'counted', picked - promised, $1
              FROM settled
             WHERE picked > promised
        ), missing AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change,
                                      reserved_change, hold_id)
            SELECT product_id, place_id, 'written_off', picked - promised, picked - promised, $1
              FROM settled
             WHERE picked < promised
        )
        UPDATE stock.holds AS hold
           SET version = hold.version + 1,
               state = CASE WHEN EXISTS (SELECT
                                           FROM stock.hold_lines AS line
                                          WHERE line.hold_id = $1
                                            AND line.picked IS NULL
                                            AND (line.product_id, line.place_id)
                                                NOT IN (SELECT product_id, place_id FROM settled))
                            THEN hold.state
                            ELSE 'taken' END
         WHERE hold.id = $1
        RETURNING hold.id, hold.holder, hold.state, hold.expires_at, hold.version
        """,
        hold_id,
        [line.product_id for line in picked],
        [line.place_id for line in picked],
        [line.quantity for line in picked],
    )
    assert row is not None, "locked before, so it is there"
    return Hold(**row)
