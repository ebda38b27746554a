"""What lies on the counter beside a receipt: a guest's basket, an exchange, other prices."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.db import Connection
from app.money import Money
from app.returns.models import Wanted
from app.tills.models import Exchange, Sold


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
           AND NOT product.stopped
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


async def sold_with(db: Connection, place_id: UUID, product_id: UUID) -> list[Sold]:
    """Of the last hundred times this product left the place, the newest first."""
    rows = await db.fetch(
        """
        SELECT sold.id AS order_id, sold.number, sold.placed_at, sold.total, sold.currency
          FROM (SELECT hold_id, id
                  FROM stock.ledger
                 WHERE product_id = $2
                   AND place_id = $1
                   AND kind = 'taken'
                 ORDER BY id DESC
                 LIMIT 100) AS entry
          JOIN stock.holds AS hold ON hold.id = entry.hold_id
          JOIN orders.orders AS sold ON sold.id = hold.holder
         WHERE sold.state IN ('delivered', 'part_delivered')
         GROUP BY sold.id
         ORDER BY max(entry.id::text) DESC
         LIMIT 12
        """,
        place_id, product_id,
    )  # fmt: skip
    return [Sold(**row) for row in rows]
