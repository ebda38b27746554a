"""Deposits for empties, whoever bought them and wherever: paid out, or put on a gift card."""

from collections.abc import Mapping
from uuid import UUID

from app import payments
from app.db import Connection
from app.errors import Unprocessable
from app.money import Money
from app.returns import queries


async def take(
    db: Connection, id: UUID, place_id: UUID, shift_id: UUID, by: UUID, currency: str,
    counted: Mapping[Money, int],
) -> Money:  # fmt: skip
    """Counted and written down; returns what is paid out of the drawer of this shift. Raises
    Unprocessable for none, or for a deposit nothing has."""
    amount = await _worth(db, currency, counted)
    await queries.write_empties(db, id, place_id, by, amount, currency, shift_id=shift_id)
    await queries.write_counted(db, id, counted)
    return amount


async def credit(
    db: Connection, id: UUID, place_id: UUID, by: UUID, currency: str,
    counted: Mapping[Money, int], *, secret: str, order_id: UUID | None = None,
) -> tuple[Money, UUID]:  # fmt: skip
    """Put on a new gift card instead; returns how much, and the card. `order_id`: handed to the driver
    at this door. Raises like `take`."""
    amount = await _worth(db, currency, counted)
    card_id = await payments.giftcards.issue(
        db, amount, currency, secret=secret, why="empties", person_id=by
    )
    await queries.write_empties(
        db, id, place_id, by, amount, currency, card_id=card_id, order_id=order_id
    )
    await queries.write_counted(db, id, counted)
    return amount, card_id


async def _worth(db: Connection, currency: str, counted: Mapping[Money, int]) -> Money:
    known = await queries.deposits(db, currency)
    if not counted or any(n < 1 for n in counted.values()) or not counted.keys() <= set(known):
        raise Unprocessable("Count at least one empty that has a deposit.", code="no-empties")
    return sum(deposit * n for deposit, n in counted.items())
