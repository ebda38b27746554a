from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.stock.models import Arrival, Channel, Coming, HeldLine, Hold, Level, Line, Place, Promise
from app.stock.rules import Spot


async def places(db: Connection | Pool) -> list[Place]:
    rows = await db.fetch(
        """
        SELECT id, code, name, kind, street, postcode, city, country, time_zone,
               latitude, longitude, open
          FROM stock.places
         ORDER BY code
        """
    )
    return [Place(**row) for row in rows]


async def add_places(db: Connection, new: Sequence[Place]) -> None:
    """A place whose code is known keeps its id and gets the new particulars."""
    await db.executemany(
        """
        INSERT INTO stock.places (id, code, name, kind, street, postcode, city, country,
                                  time_zone, latitude, longitude, open)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (code) DO UPDATE
           SET name = excluded.name, kind = excluded.kind, street = excluded.street,
               postcode = excluded.postcode, city = excluded.city, country = excluded.country,
               time_zone = excluded.time_zone, latitude = excluded.latitude,
               longitude = excluded.longitude, open = excluded.open
        """,
        [
            (
                place.id, place.code, place.name, place.kind, place.street, place.postcode,
                place.city, place.country, place.time_zone, place.latitude, place.longitude,
                place.open,
            )
            for place in new
        ],
    )  # fmt: skip


async def available(
    db: Connection | Pool,
    product_ids: Sequence[UUID],
    place_ids: Sequence[UUID] | None = None,
    channel: Channel = "web",
) -> dict[UUID, int]:
    """Pieces this channel can still sell, at these places or at all that are open, per product."""
    rows = await db.fetch(
        """
        SELECT level.product_id,
               sum(greatest(level.on_hand - level.reserved - coalesce(kept.quantity, 0), 0))::int
               AS available
          FROM stock.levels AS level
          JOIN stock.places AS place ON place.id = level.place_id
          LEFT JOIN stock.safety AS kept
            ON kept.product_id = level.product_id
           AND kept.place_id = level.place_id
           AND kept.channel = $3
         WHERE level.product_id = ANY ($1::uuid[])
           AND ($2::uuid[] IS NULL OR level.place_id = ANY ($2::uuid[]))
           AND place.open
           AND NOT EXISTS (SELECT
                             FROM stock.stops AS stop
                            WHERE stop.product_id = level.product_id
                              AND stop.ended_at IS NULL)
         GROUP BY level.product_id
        """,
        list(product_ids), place_ids and list(place_ids), channel,
    )  # fmt: skip
    return dict.fromkeys(product_ids, 0) | {row["product_id"]: row["available"] for row in rows}


async def levels(
    db: Connection | Pool, product_ids: Sequence[UUID], channel: Channel = "web"
) -> dict[UUID, dict[UUID, int]]:
    """Place → product → pieces this channel can still sell there; open places only."""
    rows = await db.fetch(
        """
        SELECT level.place_id, level.product_id,
               greatest(level.on_hand - level.reserved - coalesce(kept.quantity, 0), 0) AS available
          FROM stock.levels AS level
          JOIN stock.places AS place ON place.id = level.place_id
          LEFT JOIN stock.safety AS kept
            ON kept.product_id = level.product_id
           AND kept.place_id = level.place_id
           AND kept.channel = $2
         WHERE level.product_id = ANY ($1::uuid[])
           AND place.open
           AND NOT EXISTS (SELECT
                             FROM stock.stops AS stop
                            WHERE stop.product_id = level.product_id
                              AND stop.ended_at IS NULL)
        """,
        list(product_ids), channel,
    )  # fmt: skip
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for row in rows:
        found[row["place_id"]][row["product_id"]] = row["available"]
    return dict(found)


async def lock_levels(db: Connection, spots: Sequence[Spot]) -> list[Level]:
    """What is free there, and stays so until the end of this transaction. Of a product that was
    stopped nothing is free."""
    rows = await db.fetch(
        """
        SELECT level.product_id, level.place_id,
               CASE WHEN EXISTS (SELECT
                                   FROM stock.stops AS stop
                                  WHERE stop.product_id = level.product_id
                                    AND stop.ended_at IS NULL)
                    THEN 0
                    ELSE level.on_hand - level.reserved END AS available,
               (SELECT jsonb_object_agg(kept.channel, kept.quantity)
                  FROM stock.safety AS kept
                 WHERE kept.product_id = level.product_id
                   AND kept.place_id = level.place_id) AS kept_back
          FROM unnest($1::uuid[], $2::uuid[]) AS spot (product_id, place_id)
          JOIN stock.levels AS level USING (product_id, place_id)
         ORDER BY level.product_id, level.place_id
           FOR UPDATE OF level
        """,
        [product_id for product_id, _ in spots], [place_id for _, place_id in spots],
    )  # fmt: skip
    return [
        Level((row["product_id"], row["place_id"]), row["available"], row["kept_back"] or {})
        for row in rows
    ]


async def watched(db: Connection | Pool, product_ids: Sequence[str]) -> dict[str, int]:
    """For those who watch the topic `supply:<product>`: when it changed last, in microseconds."""
    rows = await db.fetch(
        """
        SELECT level.product_id,
               (extract(epoch FROM greatest(max(level.changed_at), max(stop.at))) * 1000000)::bigint
               AS version
          FROM stock.levels AS level
          LEFT JOIN LATERAL (SELECT max(greatest(stopped_at, ended_at)) AS at
                               FROM stock.stops
                              WHERE product_id = level.product_id) AS stop ON true
         WHERE level.product_id = ANY ($1::text[]::uuid[])
         GROUP BY level.product_id
        """,
        list(product_ids),
    )
    return {str(row["product_id"]): row["version"] for row in rows}


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


async def lock_coming(db: Connection, spots: Sequence[Spot]) -> list[Coming]:
    """What is announced for there, of products that may be ordered before they are in; the first to
    come first. Locked after the levels."""
    rows = await db.fetch(
        """
        SELECT coming.id, coming.product_id, coming.place_id, coming.due_on,
               coming.quantity - coming.promised AS free
          FROM unnest($1::uuid[], $2::uuid[]) AS spot (product_id, place_id)
          JOIN stock.expected AS coming USING (product_id, place_id)
         WHERE coming.arrived_at IS NULL
           AND coming.to_order
           AND coming.due_on >= current_date
           AND NOT EXISTS (SELECT
                             FROM stock.stops AS stop
                            WHERE stop.product_id = coming.product_id
                              AND stop.ended_at IS NULL)
         ORDER BY coming.due_on, coming.id
           FOR UPDATE OF coming
        """,
        [product_id for product_id, _ in spots], [place_id for _, place_id in spots],
    )  # fmt: skip
    return [
        Coming(row["id"], (row["product_id"], row["place_id"]), row["due_on"], row["free"])
        for row in rows
    ]


async def write_holds(
    db: Connection, promises: Sequence[Promise], *, checked: bool, tell: bool
) -> dict[Spot, int] | None:
    """New holds, their lines, the ledger and one update per level, in one step, and with `tell` the
    event of each: while a hot product is locked, everybody waits. Returns what is left of each, before what is kept back.

    Unless it was `checked` under the lock of the levels, nothing is written and None returned where
    not all of it surely fits, or one of the ids is there already. What is awaited is short on its
    line until it comes in. The entry of a line bears the hold's id: there is one, and drawing
    another id costs as much as writing it. Raises asyncpg.UniqueViolationError when somebody used
    one of the ids at the same moment.
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
                    AND (SELECT count(*)  -- EXISTS, hoping to find one soon, reads the whole table
                           FROM stock.holds
                          WHERE id = ANY ($1::uuid[])) = 0)
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
            SELECT 'hold', request.id, 1, 'StockHeld', jsonb_build_object('holder', request.holder)
              FROM unnest($1::uuid[], $2::uuid[]) AS request (id, holder)
             CROSS JOIN fits
             WHERE $10
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


async def put_on_shelf(
    db: Connection, quantities: Mapping[Spot, int], kind: Arrival, reference: UUID | None
) -> None:
    await db.execute(
        """
        WITH arrived AS MATERIALIZED (
            SELECT product_id, place_id, quantity
              FROM unnest($1::uuid[], $2::uuid[], $3::int[])
                AS arrived (product_id, place_id, quantity)
        ), entry AS (
            INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change, reference)
            SELECT product_id, place_id, $4, quantity, $5
              FROM arrived
        )
        INSERT INTO stock.levels AS level (product_id, place_id, on_hand)
        SELECT product_id, place_id, quantity
          FROM arrived
         ORDER BY product_id, place_id
            ON CONFLICT (product_id, place_id) DO UPDATE
           SET on_hand = level.on_hand + excluded.on_hand, changed_at = clock_timestamp()
        """,
        [product_id for product_id, _ in quantities],
        [place_id for _, place_id in quantities],
        list(quantities.values()),
        kind,
        reference,
    )


def _awaited_at(promise: Promise, spot: Spot) -> int:
    return sum(one.quantity for one in promise.awaited if one.spot == spot)
