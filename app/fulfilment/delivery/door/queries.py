"""Proofs, refusals, notes of doors, and second tries: one function per statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection, Pool
from app.fulfilment.delivery.door.models import Chosen, GoingBack, Known
from app.fulfilment.delivery.door.rules import Stays
from app.fulfilment.models import Fulfilment, RefusalCause, Stop


async def write_proof(
    db: Connection,
    stop: Stop,
    kind: str,
    file: str | None,
    words: str,
    happened_at: datetime | None,
) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.proofs (order_id, stop_id, kind, file, words, happened_at)
        VALUES ($1, $2, $3, $4, $5, coalesce($6, now()))
        """,
        stop.order_id, stop.id, kind, file, words, happened_at,
    )  # fmt: skip


async def proof(db: Connection, order_id: UUID) -> Known | None:
    """How it is known that this order was handed over; the newest, where it came in parts."""
    row = await db.fetchrow(
        """
        SELECT proof.kind, proof.file, proof.words, stop.handed_to, proof.happened_at
          FROM fulfilment.proofs AS proof
          JOIN fulfilment.stops AS stop
            ON stop.order_id = proof.order_id AND stop.id = proof.stop_id
         WHERE proof.order_id = $1
         ORDER BY proof.received_at DESC
         LIMIT 1
        """,
        order_id,
    )
    return Known(**row) if row else None


async def proofs_to_forget(db: Connection, days: int, limit: int) -> list[str]:
    """Forgets the words and the picture of old proofs; returns the names of the files."""
    rows = await db.fetch(
        """
        WITH old AS (
             SELECT order_id, stop_id, file
               FROM fulfilment.proofs
              WHERE forgotten_at IS NULL
                AND received_at < now() - make_interval(days => $1)
              ORDER BY received_at
              LIMIT $2
                FOR UPDATE SKIP LOCKED)
        UPDATE fulfilment.proofs AS proof
           SET file = NULL, words = '', forgotten_at = now()
          FROM old
         WHERE proof.order_id = old.order_id
           AND proof.stop_id = old.stop_id
        RETURNING coalesce(old.file, '') AS file
        """,
        days, limit,
    )  # fmt: skip
    return [row["file"] for row in rows]


async def forget_notes(pool: Pool, days: int) -> None:
    await pool.execute(
        "DELETE FROM fulfilment.door_notes WHERE written_at < now() - make_interval(days => $1)",
        days,
    )


async def hand_over(db: Connection, order_id: UUID, pick_id: UUID, quantity: int) -> None:
    await db.execute(
        "UPDATE fulfilment.picks SET delivered = $3 WHERE order_id = $1 AND id = $2",
        order_id, pick_id, quantity,
    )  # fmt: skip


async def write_refusals(db: Connection, stop: Stop, stays: Sequence[Stays]) -> None:
    await db.executemany(
        """
        INSERT INTO fulfilment.refusals (order_id, pick_id, stop_id, quantity, cause, becomes)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [
            (stop.order_id, one.pick.id, stop.id, one.quantity, one.cause, one.becomes)
            for one in stays
        ],
    )


async def refused_of_picks(db: Connection, order_id: UUID) -> dict[UUID, int]:
    """How many of each pick were kept back at some door."""
    rows = await db.fetch(
        """
        SELECT pick_id, sum(quantity)::int AS quantity
          FROM fulfilment.refusals
         WHERE order_id = $1
         GROUP BY pick_id
        """,
        order_id,
    )
    return {row["pick_id"]: row["quantity"] for row in rows}


async def refused_units(db: Connection, order_id: UUID) -> list[tuple[int, int, RefusalCause]]:
    """Line, units and cause of everything of an order that was kept back at a door."""
    rows = await db.fetch(
        """
        SELECT pick.line_no, refusal.quantity, refusal.cause
          FROM fulfilment.refusals AS refusal
          JOIN fulfilment.picks AS pick
            ON pick.order_id = refusal.order_id AND pick.id = refusal.pick_id
         WHERE refusal.order_id = $1
         ORDER BY refusal.stop_id, pick.line_no
        """,
        order_id,
    )
    return [(row["line_no"], row["quantity"], row["cause"]) for row in rows]


async def kept_back_before(db: Connection, part: Fulfilment) -> list[tuple[int, int, RefusalCause]]:
    """Line, units and cause of what was ordered and kept back of this order, at a door or the desk of
    another part. What came instead of something is settled with what was missing."""
    rows = await db.fetch(
        """
        SELECT pick.line_no, kept.quantity, kept.cause
          FROM fulfilment.picks AS pick
          JOIN (SELECT pick_id, quantity, cause, stop_id
                  FROM fulfilment.refusals
                 WHERE order_id = $1
                 UNION ALL
                SELECT pick_id, quantity, reason, NULL
                  FROM fulfilment.desk_refusals
                 WHERE order_id = $1) AS kept ON kept.pick_id = pick.id
         WHERE pick.order_id = $1
           AND pick.replaces IS NULL
           AND (kept.stop_id IS NOT NULL OR pick.fulfilment_id <> $2)
         ORDER BY kept.stop_id, pick.line_no
        """,
        part.order_id, part.id,
    )  # fmt: skip
    return [(row["line_no"], row["quantity"], row["cause"]) for row in rows]


async def unwanted(db: Connection, order_id: UUID) -> dict[int, int]:
    """How many of each line the shopper did not take, for reasons on their side; not of what came instead
    or was weighed, for which its share was paid back."""
    rows = await db.fetch(
        """
        SELECT pick.line_no, sum(refusal.quantity)::int AS quantity
          FROM fulfilment.refusals AS refusal
          JOIN fulfilment.picks AS pick
            ON pick.order_id = refusal.order_id AND pick.id = refusal.pick_id
         WHERE refusal.order_id = $1
           AND refusal.cause IN ('not-wanted', 'age')
           AND pick.replaces IS NULL
           AND pick.nominal_g IS NULL
         GROUP BY pick.line_no
         ORDER BY pick.line_no
        """,
        order_id,
    )
    return {row["line_no"]: row["quantity"] for row in rows}


async def short_units(db: Connection, order_id: UUID) -> list[tuple[int, int]]:
    """Line and units of what was not on the shelf, in whichever place, replaced or not, and of what
    came back with another part of the order; not of what another place sent instead."""
    rows = await db.fetch(
        """
        SELECT pick.line_no, sum(missing.units)::int AS short
          FROM fulfilment.picks AS pick
          JOIN fulfilment.fulfilments AS part
            ON part.order_id = pick.order_id AND part.id = pick.fulfilment_id
         CROSS JOIN LATERAL (
               SELECT pick.short - pick.resourced + pick.replaced
                      + CASE WHEN part.state = 'returned'
                               OR (part.state = 'delivered' AND part.way = 'carrier')
                             THEN pick.picked - pick.delivered - coalesce((SELECT sum(refusal.quantity)
                                                            FROM fulfilment.refusals AS refusal
                                                           WHERE refusal.order_id = pick.order_id
                                                             AND refusal.pick_id = pick.id), 0)
                             ELSE 0 END AS units) AS missing
         WHERE pick.order_id = $1
           AND pick.replaces IS NULL
           AND missing.units > 0
         GROUP BY pick.line_no
         ORDER BY pick.line_no
        """,
        order_id,
    )
    return [(row["line_no"], row["short"]) for row in rows]


async def put_away(db: Connection, run_id: UUID) -> list[GoingBack]:
    """What was kept back on this run is put away now, once; returns it."""
    rows = await db.fetch(
        """
        UPDATE fulfilment.refusals AS refusal
           SET put_away_at = now()
          FROM fulfilment.stops AS stop, fulfilment.picks AS pick
         WHERE stop.run_id = $1
           AND refusal.order_id = stop.order_id
           AND refusal.stop_id = stop.id
           AND pick.order_id = refusal.order_id
           AND pick.id = refusal.pick_id
           AND refusal.put_away_at IS NULL
        RETURNING refusal.order_id, pick.product_id, refusal.quantity, refusal.becomes
        """,
        run_id,
    )
    return [GoingBack(**row) for row in rows]


async def write_door_note(db: Connection, door: bytes, words: str, by: UUID) -> None:
    await db.execute(
        """
        INSERT INTO fulfilment.door_notes (door, words, by)
        VALUES ($1, $2, $3)
            ON CONFLICT (door) DO UPDATE
           SET words = excluded.words, by = excluded.by, written_at = now()
        """,
        door, words, by,
    )  # fmt: skip


async def forget_door_note(db: Connection, door: bytes) -> None:
    await db.execute("DELETE FROM fulfilment.door_notes WHERE door = $1", door)


async def choose(db: Connection, chosen: Chosen) -> None:
    """The last word counts."""
    await db.execute(
        """
        INSERT INTO fulfilment.second_tries (
               order_id, fulfilment_id, slot_id, starts_at, ends_at, collect)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (order_id, fulfilment_id) DO UPDATE
           SET slot_id = excluded.slot_id, starts_at = excluded.starts_at,
               ends_at = excluded.ends_at, collect = excluded.collect, chosen_at = now()
        """,
        chosen.order_id, chosen.fulfilment_id, chosen.slot_id, chosen.starts_at, chosen.ends_at,
        chosen.collect,
    )  # fmt: skip


async def chosen(db: Connection, fulfilment_id: UUID, order_id: UUID) -> Chosen | None:
    row = await db.fetchrow(
        """
        SELECT order_id, fulfilment_id, slot_id, starts_at, ends_at, collect
          FROM fulfilment.second_tries
         WHERE order_id = $2
           AND fulfilment_id = $1
        """,
        fulfilment_id, order_id,
    )  # fmt: skip
    return Chosen(**row) if row else None


async def failed_stop(db: Connection, part: Fulfilment) -> Stop | None:
    """The last one at which nobody took it."""
    row = await db.fetchrow(
        """
        SELECT order_id, id, fulfilment_id, run_id, position, state, latitude, longitude,
               arrives_at, handed_to, age_checked, reason, next_step, happened_at, received_at
          FROM fulfilment.stops
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND state = 'failed'
         ORDER BY received_at DESC
         LIMIT 1
        """,
        part.order_id, part.id,
    )  # fmt: skip
    return Stop(**row) if row else None


async def note_choose_until(db: Connection, stop: Stop, until: datetime | None) -> None:
    await db.execute(
        "UPDATE fulfilment.stops SET choose_until = $3 WHERE order_id = $1 AND id = $2",
        stop.order_id, stop.id, until,
    )  # fmt: skip


async def choose_until(db: Connection, stop: Stop) -> datetime | None:
    """None while the van has it, and once something was chosen."""
    until: datetime | None = await db.fetchval(
        "SELECT choose_until FROM fulfilment.stops WHERE order_id = $1 AND id = $2",
        stop.order_id, stop.id,
    )  # fmt: skip
    return until


async def nobody_chose(db: Connection | Pool, most: int) -> list[UUID]:
    """Fulfilments whose shoppers had time enough to choose."""
    rows = await db.fetch(
        """
        SELECT fulfilment_id
          FROM fulfilment.stops
         WHERE choose_until <= now()
         ORDER BY choose_until
         LIMIT $1
        """,
        most,
    )
    return [row["fulfilment_id"] for row in rows]


async def is_due(db: Connection, stop: Stop) -> bool:
    return bool(
        await db.fetchval(
            """
            SELECT true
              FROM fulfilment.stops
             WHERE order_id = $1
               AND id = $2
               AND choose_until <= now()
            """,
            stop.order_id, stop.id,
        )
    )  # fmt: skip


async def is_collected_there(db: Connection, part: Fulfilment) -> bool:
    """Whether another part of the order is collected at the place of this one."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT
                         FROM fulfilment.fulfilments
                        WHERE order_id = $1
                          AND id <> $2
                          AND place_id = $3
                          AND way = 'collect')
        """,
        part.order_id, part.id, part.place_id,
    )  # fmt: skip
    return found


async def let_collect(
    db: Connection, part: Fulfilment, ready_by: datetime, keep_until: datetime
) -> None:
    """Its shopper comes for it; what has to be picked anew is picked for then."""
    await db.execute(
        """
        UPDATE fulfilment.fulfilments
           SET way = 'collect', window_starts_at = $3, window_ends_at = $4,
               pick_by = least(pick_by, $3)
         WHERE order_id = $1
           AND id = $2
        """,
        part.order_id, part.id, ready_by, keep_until,
    )  # fmt: skip


async def pick_anew(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    """What was cold is out of its totes, which are empty, and waits for a picker again; not what came
    instead of something."""
    await db.execute(
        """
        WITH cold AS (
             UPDATE fulfilment.parcels
                SET emptied_at = now(), run_id = NULL, place_id = NULL
              WHERE order_id = $1
                AND fulfilment_id = $2
                AND storage <> 'ambient'
                AND emptied_at IS NULL
             RETURNING id), again AS (
             UPDATE fulfilment.picks
                SET picked = 0, weighed_g = 0, best_before = NULL
              WHERE order_id = $1
                AND fulfilment_id = $2
                AND storage <> 'ambient'
                AND replaces IS NULL
             RETURNING id)
        DELETE FROM fulfilment.contents
         WHERE order_id = $1
           AND parcel_id IN (SELECT id FROM cold)
           AND pick_id IN (SELECT id FROM again)
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def empty_cold(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    """The totes of what was cold are empty; it is not brought again."""
    await db.execute(
        """
        UPDATE fulfilment.parcels
           SET emptied_at = now(), run_id = NULL, place_id = NULL
         WHERE order_id = $1
           AND fulfilment_id = $2
           AND storage <> 'ambient'
           AND emptied_at IS NULL
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def off_the_cart(db: Connection, order_id: UUID, fulfilment_id: UUID) -> None:
    """It is picked once more, so it lies in no tote of a cart."""
    await db.execute(
        """
        UPDATE fulfilment.fulfilments
           SET batch_id = NULL, tote = NULL
         WHERE order_id = $1
           AND id = $2
        """,
        order_id, fulfilment_id,
    )  # fmt: skip


async def forget_people(db: Connection, order_ids: Sequence[UUID], doors: Sequence[bytes]) -> None:
    """That it was handed over, and how that is known, stays. Where the door is becomes as coarse as a
    kilometre, and a carrier's page about it is not kept."""
    await db.execute(
        """
        WITH notes AS (
             DELETE FROM fulfilment.door_notes WHERE door = ANY ($2::bytea[])),
             proofs AS (
             UPDATE fulfilment.proofs
                SET file = NULL, words = '', forgotten_at = now()
              WHERE order_id = ANY ($1::uuid[])
                AND forgotten_at IS NULL),
             carried AS (
             UPDATE fulfilment.consignments
                SET track_at = NULL, problem = NULL
              WHERE order_id = ANY ($1::uuid[]))
        UPDATE fulfilment.stops
           SET latitude = round(latitude::numeric, 2)::float8,
               longitude = round(longitude::numeric, 2)::float8,
               shown = ''
         WHERE order_id = ANY ($1::uuid[])
        """,
        list(order_ids), list(doors),
    )  # fmt: skip
