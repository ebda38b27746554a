"""Receipts found again, and how often each was handed out."""

from datetime import datetime
from uuid import UUID

from app.db import Connection, Pool
from app.orders.invoicing.models import VatSum
from app.tills.models import Copy, How, Receipt, Till


async def hand_out(
    db: Connection, id: UUID, receipt_id: UUID, place_id: UUID, how: How, person_id: UUID
) -> int | None:
    """The first is the receipt, every further one a copy. None where this shop has no such receipt,
    or nothing is sold yet."""
    number: int | None = await db.fetchval(
        """
        WITH counted AS (
             UPDATE tills.receipts AS receipt
                SET handed_out = receipt.handed_out + 1
               FROM tills.tills AS till
              WHERE receipt.id = $2
                AND till.id = receipt.till_id
                AND till.place_id = $3
                AND receipt.sold_at IS NOT NULL
                AND receipt.state IN ('paid', 'void')
             RETURNING receipt.handed_out)
        INSERT INTO tills.copies (id, receipt_id, number, how, by)
        SELECT $1, $2, counted.handed_out, $4, $5 FROM counted
        RETURNING number
        """,
        id, receipt_id, place_id, how, person_id,
    )  # fmt: skip
    return number


async def copy(db: Connection | Pool, receipt_id: UUID, id: UUID) -> Copy | None:
    row = await db.fetchrow(
        "SELECT id, number, how FROM tills.copies WHERE receipt_id = $1 AND id = $2", receipt_id, id
    )
    return Copy(**row) if row else None


async def till_of(db: Connection | Pool, receipt_id: UUID) -> Till | None:
    """Where it was sold, as that till is now."""
    row = await db.fetchrow(
        """
        SELECT till.id, till.number, till.place_id, place.name AS place_name,
               place.code AS place_code,
               concat_ws(', ', place.street, concat_ws(' ', place.postcode, place.city))
                   AS place_address, place.country, place.time_zone, shift.id AS shift_id,
               shift.opened_at AS shift_opened_at, shift.currency
          FROM tills.receipts AS receipt
          JOIN tills.tills AS till ON till.id = receipt.till_id
          JOIN stock.places AS place ON place.id = till.place_id
          LEFT JOIN tills.shifts AS shift ON shift.till_id = till.id AND shift.closed_at IS NULL
         WHERE receipt.id = $1
        """,
        receipt_id,
    )
    return Till(**row) if row else None


async def sold_between(
    db: Connection, place_id: UUID, starts: datetime, ends: datetime, number: int | None, limit: int
) -> list[Receipt]:
    """At any till of this shop, the newest first; `number` is the receipt's."""
    rows = await db.fetch(
        """
        SELECT receipt.id, receipt.till_id, receipt.shift_id, receipt.cart_id, receipt.state,
               receipt.view_id, receipt.order_id, receipt.number, receipt.tender, receipt.total,
               receipt.given, receipt.rounding, receipt.sold_at, receipt.offline,
               receipt.void_reason, receipt.opened_at, receipt.cash, receipt.sold_by,
               receipt.handed_out
          FROM tills.tills AS till
          JOIN tills.receipts AS receipt ON receipt.till_id = till.id
         WHERE till.place_id = $1
           AND receipt.sold_at >= $2
           AND receipt.sold_at < $3
           AND ($4::integer IS NULL OR receipt.number = $4)
           AND receipt.state IN ('paid', 'void')
         ORDER BY receipt.sold_at DESC
         LIMIT $5
        """,
        place_id, starts, ends, number, limit,
    )  # fmt: skip
    return [Receipt(**row) for row in rows]


async def vat(db: Connection, shift_id: UUID) -> list[VatSum]:
    """What was sold in this shift and not undone, by rate, as it stands on the receipts."""
    rows = await db.fetch(
        """
        SELECT (part ->> 'percent')::integer AS percent,
               sum((part ->> 'gross')::bigint)::bigint AS gross,
               sum((part ->> 'net')::bigint)::bigint AS net,
               sum((part ->> 'tax')::bigint)::bigint AS tax
          FROM tills.receipts AS receipt
          JOIN orders.orders AS sold ON sold.id = receipt.order_id
         CROSS JOIN LATERAL jsonb_array_elements(sold.receipt -> 'vat') AS part
         WHERE receipt.shift_id = $1
           AND receipt.state = 'paid'
         GROUP BY (part ->> 'percent')::integer
        HAVING sum((part ->> 'gross')::bigint) <> 0
         ORDER BY percent
        """,
        shift_id,
    )
    return [VatSum(**row) for row in rows]
