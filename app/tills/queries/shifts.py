"""Tills, their shifts, and every coin in and out."""

from datetime import datetime
from uuid import UUID

from app.db import Connection, Pool
from app.money import Money
from app.tills.models import Closing, Kind, Movement, Sums, Till


async def of_device(db: Connection | Pool, sha256: bytes) -> Till | None:
    row = await db.fetchrow(
        """
        SELECT till.id, till.number, till.place_id, place.name AS place_name,
               place.code AS place_code,
               concat_ws(', ', place.street, concat_ws(' ', place.postcode, place.city))
                   AS place_address, place.country, place.time_zone, shift.id AS shift_id,
               shift.opened_at AS shift_opened_at, shift.currency
          FROM tills.tills AS till
          JOIN stock.places AS place ON place.id = till.place_id
          LEFT JOIN tills.shifts AS shift ON shift.till_id = till.id AND shift.closed_at IS NULL
         WHERE till.device_sha256 = $1
        """,
        sha256,
    )
    return Till(**row) if row else None


async def stand(
    db: Connection, id: UUID, place_id: UUID, number: int, sha256: bytes, *, take_over: bool
) -> UUID | None:
    """None when it is at work on another device, and may not be taken over."""
    found: UUID | None = await db.fetchval(
        """
        INSERT INTO tills.tills AS till (id, place_id, number, device_sha256)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (place_id, number) DO UPDATE
           SET device_sha256 = excluded.device_sha256
         WHERE $5 OR NOT EXISTS (SELECT
                                   FROM tills.shifts AS shift
                                  WHERE shift.till_id = till.id
                                    AND shift.closed_at IS NULL)
        RETURNING till.id
        """,
        id, place_id, number, sha256, take_over,
    )  # fmt: skip
    return found


async def open_shift(
    db: Connection, id: UUID, till_id: UUID, person_id: UUID, currency: str
) -> bool:
    """False when the till is open already."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO tills.shifts (id, till_id, opened_by, currency)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (till_id) WHERE closed_at IS NULL DO NOTHING
            RETURNING true
            """,
            id, till_id, person_id, currency,
        )
    )  # fmt: skip


async def lock_shift(db: Connection, shift_id: UUID) -> bool:
    """Whoever sells, counts or closes does it one after the other. False when it is closed."""
    return bool(
        await db.fetchval(
            "SELECT true FROM tills.shifts WHERE id = $1 AND closed_at IS NULL FOR UPDATE", shift_id
        )
    )


async def close_shift(
    db: Connection, shift_id: UUID, person_id: UUID, expected: Money, counted: Money
) -> int:
    """The number of this closing of its till."""
    number: int = await db.fetchval(
        """
        WITH next AS (
             UPDATE tills.tills AS till
                SET last_z = last_z + 1
               FROM tills.shifts AS shift
              WHERE shift.id = $1
                AND till.id = shift.till_id
             RETURNING till.last_z)
        UPDATE tills.shifts
           SET closed_by = $2, closed_at = now(), expected = $3, counted = $4,
               z_number = next.last_z
          FROM next
         WHERE id = $1
        RETURNING z_number
        """,
        shift_id, person_id, expected, counted,
    )  # fmt: skip
    return number


async def closing(db: Connection, shift_id: UUID) -> Closing | None:
    row = await db.fetchrow(
        """
        SELECT shift.id AS shift_id, till.number AS till_number, till.place_id,
               place.name AS place_name,
               place.time_zone, shift.z_number, shift.opened_at, shift.closed_at, shift.currency, shift.expected,
               shift.counted
          FROM tills.shifts AS shift
          JOIN tills.tills AS till ON till.id = shift.till_id
          JOIN stock.places AS place ON place.id = till.place_id
         WHERE shift.id = $1
           AND shift.closed_at IS NOT NULL
        """,
        shift_id,
    )
    return Closing(**row) if row else None


async def counted_last(db: Connection, till_id: UUID) -> Money | None:
    counted: Money | None = await db.fetchval(
        """
        SELECT counted
          FROM tills.shifts
         WHERE till_id = $1
           AND closed_at IS NOT NULL
         ORDER BY closed_at DESC
         LIMIT 1
        """,
        till_id,
    )
    return counted


async def closings_between(
    db: Connection, place_id: UUID, starts: datetime, ends: datetime, limit: int
) -> list[Closing]:
    """Of all tills of a shop, the newest first."""
    rows = await db.fetch(
        """
        SELECT shift.id AS shift_id, till.number AS till_number, till.place_id,
               place.name AS place_name,
               place.time_zone, shift.z_number, shift.opened_at, shift.closed_at, shift.currency,
               shift.expected, shift.counted
          FROM tills.tills AS till
          JOIN tills.shifts AS shift ON shift.till_id = till.id
          JOIN stock.places AS place ON place.id = till.place_id
         WHERE till.place_id = $1
           AND shift.closed_at >= $2
           AND shift.closed_at < $3
         ORDER BY shift.closed_at DESC
         LIMIT $4
        """,
        place_id, starts, ends, limit,
    )  # fmt: skip
    return [Closing(**row) for row in rows]


async def move(
    db: Connection, id: UUID, shift_id: UUID, kind: Kind, amount: Money, person_id: UUID, *,
    rounding: Money = 0, receipt_id: UUID | None = None, reason: str = "",
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO tills.drawer (
               id, shift_id, kind, amount, rounding, receipt_id, person_id, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        id, shift_id, kind, amount, rounding, receipt_id, person_id, reason,
    )  # fmt: skip


async def movements(db: Connection, shift_id: UUID) -> list[Movement]:
    rows = await db.fetch(
        "SELECT kind, amount, reason, at FROM tills.drawer WHERE shift_id = $1 ORDER BY at, id",
        shift_id,
    )
    return [Movement(**row) for row in rows]


async def sums(db: Connection, shift_id: UUID) -> Sums:
    row = await db.fetchrow(
        """
        SELECT coalesce(sum(amount) FILTER (WHERE kind = 'float'), 0)::bigint AS float,
               coalesce(sum(amount) FILTER (WHERE kind = 'sale'), 0)::bigint AS cash_sales,
               coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0)::bigint AS refunds,
               coalesce(sum(amount) FILTER (WHERE kind = 'paid-in'), 0)::bigint AS paid_in,
               coalesce(sum(amount) FILTER (WHERE kind = 'paid-out'), 0)::bigint AS paid_out,
               coalesce(sum(rounding), 0)::bigint AS rounding,
               coalesce(sum(amount), 0)::bigint AS expected,
               (SELECT coalesce(sum(intent.amount), 0)::bigint
                  FROM tills.receipts AS receipt
                  JOIN payments.intents AS intent ON intent.order_id = receipt.order_id
                 WHERE receipt.shift_id = $1 AND receipt.state = 'paid'
                   AND intent.moved_from IS NULL
                   AND intent.provider NOT IN ('cash', 'gift-card')) AS card_sales,
               (SELECT coalesce(sum(intent.amount), 0)::bigint
                  FROM tills.receipts AS receipt
                  JOIN payments.intents AS intent ON intent.order_id = receipt.order_id
                 WHERE receipt.shift_id = $1 AND receipt.state = 'paid'
                   AND intent.moved_from IS NULL
                   AND intent.provider = 'gift-card') AS gift_sales,
               (SELECT count(*) FROM tills.receipts
                 WHERE shift_id = $1 AND state = 'paid') AS receipts,
               (SELECT count(*) FROM tills.receipts
                 WHERE shift_id = $1 AND state = 'void') AS voids,
               (SELECT count(*) FROM tills.receipts
                 WHERE shift_id = $1 AND state = 'parked') AS parked,
               (SELECT count(*) FROM tills.receipts
                 WHERE shift_id = $1 AND offline) AS offline
          FROM tills.drawer
         WHERE shift_id = $1
        """,
        shift_id,
    )
    assert row is not None, "sums are always one row"
    return Sums(**row)
