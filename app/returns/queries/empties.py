"""Deposits paid out, or credited."""

from collections.abc import Mapping
from uuid import UUID

from app.db import Connection
from app.money import Money


async def deposits(db: Connection, currency: str) -> list[Money]:
    """The deposits there are, of what is or was for sale; each is a kind of empty."""
    rows = await db.fetch(
        """
        SELECT DISTINCT deposit
          FROM catalog.products
         WHERE deposit > 0 AND currency = $1
         ORDER BY deposit
        """,
        currency,
    )
    return [row["deposit"] for row in rows]


async def write_empties(
    db: Connection, id: UUID, place_id: UUID, by: UUID, amount: Money, currency: str, *,
    shift_id: UUID | None = None, card_id: UUID | None = None, order_id: UUID | None = None,
) -> None:  # fmt: skip
    """Paid out of the drawer of a shift, or credited on a card."""
    await db.execute(
        """
        INSERT INTO returns.empties (
               id, place_id, shift_id, by, amount, currency, card_id, order_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        id, place_id, shift_id, by, amount, currency, card_id, order_id,
    )  # fmt: skip


async def write_counted(db: Connection, id: UUID, counted: Mapping[Money, int]) -> None:
    await db.execute(
        """
        INSERT INTO returns.empties_counted (empties_id, deposit, quantity)
        SELECT $1, deposit, quantity
          FROM unnest($2::bigint[], $3::int[]) AS counted (deposit, quantity)
        """,
        id, list(counted), list(counted.values()),
    )  # fmt: skip
