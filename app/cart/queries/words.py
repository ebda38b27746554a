"""Coupons that were shown, and words for whoever picks the basket."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection


async def coupons(db: Connection, cart_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Of locked carts, in the order in which they were shown."""
    rows = await db.fetch(
        """
        SELECT coupon.cart_id, array_agg(coupon.code ORDER BY coupon.attached_at, coupon.code) AS codes
          FROM cart.coupons AS coupon
         WHERE coupon.cart_id = ANY($1::uuid[])
         GROUP BY coupon.cart_id
        """,
        cart_ids,
    )
    return {row["cart_id"]: row["codes"] for row in rows}


async def write_coupons(db: Connection, cart_id: UUID, codes: Sequence[str]) -> None:
    """These and no others; those that were there keep the time at which they were shown."""
    await db.execute(
        """
        WITH gone AS (
             DELETE FROM cart.coupons WHERE cart_id = $1 AND code <> ALL($2::text[]))
        INSERT INTO cart.coupons (cart_id, code, attached_at)
        SELECT $1, shown.code, clock_timestamp()
          FROM unnest($2::text[]) AS shown (code)
            ON CONFLICT (cart_id, code) DO NOTHING
        """,
        cart_id, codes,
    )  # fmt: skip


async def write_note(db: Connection, cart_id: UUID, text: str) -> None:
    await db.execute("UPDATE cart.carts SET note = $2 WHERE id = $1", cart_id, text)


async def write_line_note(db: Connection, cart_id: UUID, product_id: UUID, text: str) -> None:
    """The last one stands; an empty one takes it away."""
    await db.execute(
        """
        WITH gone AS (
             DELETE FROM cart.line_notes
              WHERE cart_id = $1 AND product_id = $2 AND $3 = '')
        INSERT INTO cart.line_notes (cart_id, product_id, text)
        SELECT $1, $2, $3
         WHERE $3 <> ''
            ON CONFLICT (cart_id, product_id) DO UPDATE SET text = excluded.text
        """,
        cart_id, product_id, text,
    )  # fmt: skip
