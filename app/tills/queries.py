from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection, Pool
from app.money import Money
from app.returns.models import Wanted
from app.tills.models import Closing, Exchange, Kind, Movement, Receipt, State, Sums, Tender, Till


async def of_device(db: Connection | Pool, sha256: bytes) -> Till | None:
    row = await db.fetchrow(
        """
        SELECT till.id, till.number, till.place_id, place.name AS place_name,
               place.code AS place_code, place.country, shift.id AS shift_id,
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
        SELECT shift.id AS shift_id, till.number AS till_number, place.name AS place_name,
               shift.z_number, shift.opened_at, shift.closed_at, shift.currency, shift.expected,
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


async def begin_receipt(
    db: Connection, id: UUID, till_id: UUID, shift_id: UUID, cart_id: UUID, *,
    state: State = "open", offline: bool = False,
) -> bool:  # fmt: skip
    """False when another one is open on this till, or this id is there."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO tills.receipts (id, till_id, shift_id, cart_id, state, offline)
            VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT DO NOTHING
            RETURNING true
            """,
            id, till_id, shift_id, cart_id, state, offline,
        )
    )  # fmt: skip


async def receipt(db: Connection | Pool, id: UUID, till_id: UUID) -> Receipt | None:
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by
          FROM tills.receipts
         WHERE id = $1 AND till_id = $2
        """,
        id, till_id,
    )  # fmt: skip
    return Receipt(**row) if row else None


async def lock_receipt(db: Connection, id: UUID, till_id: UUID) -> Receipt | None:
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by
          FROM tills.receipts
         WHERE id = $1 AND till_id = $2
           FOR UPDATE
        """,
        id, till_id,
    )  # fmt: skip
    return Receipt(**row) if row else None


async def open_receipt(db: Connection | Pool, till_id: UUID) -> Receipt | None:
    """The one at which the clerk is."""
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by
          FROM tills.receipts
         WHERE till_id = $1 AND state = 'open'
        """,
        till_id,
    )
    return Receipt(**row) if row else None


async def receipts(
    db: Connection, shift_id: UUID, states: Sequence[State], limit: int
) -> list[Receipt]:
    """The newest first."""
    rows = await db.fetch(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by
          FROM tills.receipts
         WHERE shift_id = $1 AND state = ANY ($2::text[])
         ORDER BY coalesce(sold_at, opened_at) DESC
         LIMIT $3
        """,
        shift_id, list(states), limit,
    )  # fmt: skip
    return [Receipt(**row) for row in rows]


async def by_order(db: Connection | Pool, order_id: UUID) -> Receipt | None:
    row = await db.fetchrow(
        """
        SELECT id, till_id, shift_id, cart_id, state, view_id, order_id, number, tender, total, given,
               rounding, sold_at, offline, void_reason, opened_at, cash, sold_by
          FROM tills.receipts
         WHERE order_id = $1
        """,
        order_id,
    )
    return Receipt(**row) if row else None


async def become(db: Connection, id: UUID, state: State) -> bool:
    """Parked, or open again where no other one is. False when it cannot."""
    return bool(
        await db.fetchval(
            """
            UPDATE tills.receipts AS receipt
               SET state = $2, order_id = NULL, tender = NULL, total = NULL, given = NULL,
                   rounding = 0, sold_at = NULL, cash = NULL
             WHERE receipt.id = $1
               AND receipt.state IN ('open', 'parked', 'paying')
               AND ($2 <> 'open' OR NOT EXISTS (SELECT
                                                  FROM tills.receipts AS other
                                                 WHERE other.till_id = receipt.till_id
                                                   AND other.id <> receipt.id
                                                   AND other.state = 'open'))
            RETURNING true
            """,
            id, state,
        )
    )  # fmt: skip


async def invite(db: Connection, receipt_id: UUID, view_id: UUID) -> None:
    await db.execute(
        "UPDATE tills.receipts SET invited_view = $2 WHERE id = $1", receipt_id, view_id
    )


async def guest(db: Connection, receipt_id: UUID) -> tuple[UUID, UUID] | None:
    """The look that was waited for, and the basket it is into by now; None while nobody came."""
    row = await db.fetchrow(
        """
        SELECT view.id, coalesce(cart.alias_of, cart.id) AS cart_id
          FROM tills.receipts AS receipt
          JOIN cart.views AS view ON view.id = receipt.invited_view AND view.until_at > now()
          JOIN cart.carts AS cart ON cart.id = view.cart_id
         WHERE receipt.id = $1
        """,
        receipt_id,
    )
    return (row["id"], row["cart_id"]) if row else None


async def carry_on_with(db: Connection, id: UUID, cart_id: UUID, view_id: UUID | None) -> None:
    """Another basket stands on this receipt from now on."""
    await db.execute(
        "UPDATE tills.receipts SET cart_id = $2, view_id = $3 WHERE id = $1", id, cart_id, view_id
    )


async def where_now(db: Connection, cart_id: UUID) -> UUID:
    """A customer who signs in meanwhile makes one basket of two."""
    id: UUID | None = await db.fetchval(
        "SELECT coalesce(alias_of, id) FROM cart.carts WHERE id = $1", cart_id
    )
    return id or cart_id


async def note_sold(
    db: Connection, receipt: Receipt, state: State, order_id: UUID, tender: Tender, total: Money,
    cash: Money, given: Money | None, rounding: Money, person_id: UUID,
    sold_at: datetime | None = None,
) -> int:  # fmt: skip
    """Gives it the next number of its till, once."""
    number: int = await db.fetchval(
        """
        WITH next AS (
             UPDATE tills.tills
                SET last_receipt = last_receipt + 1
              WHERE id = $2 AND $9::integer IS NULL
             RETURNING last_receipt)
        UPDATE tills.receipts
           SET state = $3, order_id = $4, tender = $5, total = $6, given = $7, rounding = $8,
               number = coalesce($9, (SELECT last_receipt FROM next)),
               sold_at = coalesce($10, now()), cash = $11, sold_by = $12
         WHERE id = $1
        RETURNING number
        """,
        receipt.id, receipt.till_id, state, order_id, tender, total, given, rounding,
        receipt.number, sold_at, cash, person_id,
    )  # fmt: skip
    return number


async def note_paid(db: Connection, id: UUID) -> bool:
    """False when somebody else noted it."""
    return bool(
        await db.fetchval(
            """
            UPDATE tills.receipts SET state = 'paid' WHERE id = $1 AND state = 'paying'
            RETURNING true
            """,
            id,
        )
    )


async def void(db: Connection, id: UUID, reason: str) -> None:
    await db.execute(
        "UPDATE tills.receipts SET state = 'void', void_reason = $2 WHERE id = $1", id, reason
    )


async def lay_down(
    db: Connection, receipt_id: UUID, order_id: UUID, wanted: Wanted, amount: Money
) -> None:
    """One exchange for a receipt: what was chosen last."""
    await db.execute(
        """
        INSERT INTO tills.exchanges (receipt_id, order_id, wanted, amount)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (receipt_id) DO UPDATE
           SET order_id = excluded.order_id, wanted = excluded.wanted, amount = excluded.amount
        """,
        receipt_id, order_id, msgspec.to_builtins(wanted), amount,
    )  # fmt: skip


async def exchange(db: Connection, receipt_id: UUID) -> Exchange | None:
    row = await db.fetchrow(
        """
        SELECT lying.order_id, sold.number, lying.wanted, lying.amount
          FROM tills.exchanges AS lying
          JOIN orders.orders AS sold ON sold.id = lying.order_id
         WHERE lying.receipt_id = $1
        """,
        receipt_id,
    )
    return msgspec.convert(dict(row), Exchange) if row else None


async def end_exchange(db: Connection, receipt_id: UUID) -> None:
    await db.execute("DELETE FROM tills.exchanges WHERE receipt_id = $1", receipt_id)


async def override(
    db: Connection, cart_id: UUID, line: str, price: Money, reason: str, person_id: UUID
) -> None:
    await db.execute(
        """
        INSERT INTO tills.overrides (cart_id, line, price, reason, person_id)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (cart_id, line) DO UPDATE
           SET price = excluded.price, reason = excluded.reason, person_id = excluded.person_id,
               at = now()
        """,
        cart_id, line, price, reason, person_id,
    )  # fmt: skip


async def overrides(db: Connection, cart_id: UUID) -> dict[str, Money]:
    """Line of the basket → what one of it costs instead."""
    rows = await db.fetch("SELECT line, price FROM tills.overrides WHERE cart_id = $1", cart_id)
    return {row["line"]: row["price"] for row in rows}


async def move_overrides(db: Connection, cart_id: UUID, to: UUID, lines: Sequence[str]) -> None:
    await db.execute(
        """
        INSERT INTO tills.overrides (cart_id, line, price, reason, person_id, at)
        SELECT $2, line, price, reason, person_id, at
          FROM tills.overrides
         WHERE cart_id = $1 AND line = ANY ($3::text[])
            ON CONFLICT (cart_id, line) DO NOTHING
        """,
        cart_id, to, list(lines),
    )  # fmt: skip


async def shelf_prices(db: Connection, language: str) -> list[dict[str, Any]]:
    rows = await db.fetch(
        """
        SELECT product.id AS product_id, code.numbers AS codes, words.name, product.price,
               product.deposit, product.age_limit
          FROM catalog.products AS product
         CROSS JOIN LATERAL (SELECT array_agg(code.gtin) AS numbers
                               FROM catalog.codes AS code
                              WHERE code.product_id = product.id) AS code
         CROSS JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = product.id
                              ORDER BY text.language = $1 DESC, text.language
                              LIMIT 1) AS words
         WHERE product.on_sale
           AND code.numbers IS NOT NULL
        """,
        language,
    )
    return [dict(row) for row in rows]


async def copy_override(db: Connection, cart_id: UUID, line: str, to: str) -> None:
    await db.execute(
        """
        INSERT INTO tills.overrides (cart_id, line, price, reason, person_id, at)
        SELECT cart_id, $3, price, reason, person_id, at
          FROM tills.overrides
         WHERE cart_id = $1 AND line = $2
            ON CONFLICT (cart_id, line) DO NOTHING
        """,
        cart_id, line, to,
    )  # fmt: skip
