"""Deposits paid out for empties, whoever bought them and wherever."""

from collections.abc import Mapping
from uuid import UUID

from app.db import Connection
from app.errors import Unprocessable
from app.money import Money
from app.returns import queries


async def take(
    db: Connection, id: UUID, place_id: UUID, shift_id: UUID, by: UUID, currency: str,
    counted: Mapping[Money, int],
) -> Money:  # fmt: skip
    """Counted and written down; returns what is paid out. Raises Unprocessable for none, or for a
    deposit nothing has."""
    known = await queries.deposits(db, currency)
    if not counted or any(n < 1 for n in counted.values()) or not counted.keys() <= set(known):
        raise Unprocessable("Count at least one empty that has a deposit.", code="no-empties")
    amount = sum(deposit * n for deposit, n in counted.items())
    await queries.write_empties(db, id, place_id, shift_id, by, amount, currency)
    await queries.write_counted(db, id, counted)
    return amount
