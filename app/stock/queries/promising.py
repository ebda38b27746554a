"""Writing promises down, many at a time."""

from collections.abc import Sequence

from app.db import Connection
from app.stock.models import Promise
from app.stock.rules import Spot


async def write_holds(
    db: Connection, promises: Sequence[Promise], *, checked: bool, alone: bool, tell: bool
) -> dict[Spot, int] | None:
    """New holds, their lines, the ledger and one update per level, in one step, and with `tell` the
    event of each: while a hot product is locked, everybody waits. Returns what is left of each, before what is kept back.

    Unless it was `checked` under the lock of the levels, nothing is written and None returned where
    not all of it surely fits, or one of the ids is there already; whose statement stands `alone`,
    outside of any transaction, need not look for the ids first, but hears of it by the error. What
    is awaited is short on its line until it comes in. The entry of a line bears the hold's id: there
    is one, and drawing another id costs as much as writing it. Raises asyncpg.UniqueViolationError
    when one of the ids is there, or somebody used it at the same moment.
    """
    requests = [promise.request for promise in promises]
    lines = [
        (promise, spot, quantity)
        for promise in promises
        for spot, quantity in promise.goods.items()
    ]
    some_wait = any(promise.awaited for promise in promises)
    rows = await db.fetch(
        """
        WITH line AS MATERIALIZED (
            SELECT hold_id, product_id, place_id, quantity, coalesce(awaited, 0) AS awaited
              FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::int[], $8::int[])
                AS line (hold_id, product_id, place_id, quantity, awaited)
        ), together AS MATERIALIZED (
            SELECT product_id, place_id, sum(quantity - awaited)::int AS quantity
              FROM line
             GROUP BY product_id, place_id
        ), level AS MATERIALIZED (
            SELECT level.product_id, level.place_id, level.on_hand, level.reserved,
                   together.quantity
              FROM together
              JOIN stock.levels AS level USING (product_id, place_id)
             ORDER BY level.product_id, level.place_id
               FOR UPDATE OF level
        ), fits AS MATERIALIZED (
            SELECT true AS all_of_it
             WHERE $9
                OR ((SELECT count(*) FROM together)
                    = (SELECT count(*)
                         FROM level
                        WHERE level.on_hand - level.reserved - level.quantity
                              >= coalesce((SELECT max(kept.quantity)
                                             FROM stock.safety AS kept
                                            WHERE kept.product_id = level.product_id
                                              AND kept.place_id = level.place_id), 0)
                          AND NOT EXISTS (SELECT
                                            FROM stock.stops AS stop
                                           WHERE stop.product_id = level.product_id
                                             AND stop.ended_at IS NULL))
                    AND ($10
                         OR (SELECT count(*)  -- EXISTS, hoping to find one soon, reads all
                               FROM stock.holds
                              WHERE id = ANY ($1::uuid[])) = 0))
        ), hold AS (
            INSERT INTO stock.holds (id, holder, expires_at)
            SELECT request.id, request.holder, request.until
              FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS request (id, holder, until)
             CROSS JOIN fits
        ), kept AS (
            INSERT INTO stock.hold_lines (hold_id, product_id, place_id, quantity, short)
            SELECT line.hold_id, line.product_id, line.place_id, line.quantity, line.awaited
              FROM line
             CROSS JOIN fits
        ), entry AS (
            INSERT INTO stock.ledger (id, product_id, place_id, kind, reserved_change, hold_id)
            SELECT line.hold_id, line.product_id, line.place_id, 'held',
                   line.quantity - line.awaited, line.hold_id
              FROM line
             CROSS JOIN fits
             WHERE line.quantity > line.awaited
        ), told AS (
            INSERT INTO jobs.events (aggregate_kind, aggregate, number, kind, body)
            SELECT 'hold', request.id, 1, 'StockHeld', '{}'
              FROM unnest($1::uuid[]) AS request (id)
             CROSS JOIN fits
             WHERE $11
        ), promised AS (
            UPDATE stock.levels AS shelf
               SET on_hand = level.on_hand,  -- as it was locked; what this statement
                   reserved = level.reserved + level.quantity,  -- first sees of the row may be older
                   changed_at = clock_timestamp()
              FROM level
             CROSS JOIN fits
             WHERE shelf.product_id = level.product_id
               AND shelf.place_id = level.place_id
        )
        SELECT level.product_id, level.place_id,
               level.on_hand - level.reserved - level.quantity AS left_there
          FROM fits
          LEFT JOIN level ON true
        """,
        [request.hold_id for request in requests],
        [request.holder for request in requests],
        [request.until for request in requests],
        [promise.request.hold_id for promise, _, _ in lines],
        [product_id for _, (product_id, _), _ in lines],
        [place_id for _, (_, place_id), _ in lines],
        [quantity for _, _, quantity in lines],
        [_awaited_at(promise, spot) for promise, spot, _ in lines] if some_wait else [],
        checked,
        alone,
        tell,
    )
    return {(row[0], row[1]): row[2] for row in rows if row[0]} if rows else None


async def write_awaited(db: Connection, promises: Sequence[Promise]) -> None:
    """The announcements are locked, and have as much to give."""
    awaited = [
        (one.expected_id, promise.request.hold_id, one.quantity)
        for promise in promises
        for one in promise.awaited
    ]
    if not awaited:
        return
    await db.execute(
        """
        WITH awaited AS (
            INSERT INTO stock.awaited (expected_id, hold_id, quantity)
            SELECT expected_id, hold_id, quantity
              FROM unnest($1::uuid[], $2::uuid[], $3::int[])
                AS awaited (expected_id, hold_id, quantity)
            RETURNING expected_id, quantity
        )
        UPDATE stock.expected AS coming
           SET promised = coming.promised + together.quantity
          FROM (SELECT expected_id, sum(quantity)::int AS quantity
                  FROM awaited
                 GROUP BY expected_id) AS together
         WHERE coming.id = together.expected_id
        """,
        *map(list, zip(*awaited, strict=True)),
    )


def _awaited_at(promise: Promise, spot: Spot) -> int:
    return sum(one.quantity for one in promise.awaited if one.spot == spot)
