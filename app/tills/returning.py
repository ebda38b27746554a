"""Goods of any order come back over the counter; what was paid in cash is counted out."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from app import checkout, commands, orders, payments, returns, staff
from app.db import Connection
from app.errors import NotFound
from app.fulfilment import packing
from app.money import Money
from app.returns import Done, Wanted
from app.staff import Person
from app.tills import drawers, queries
from app.tills.models import Sold, Till

NUMBER = re.compile(r"P-?([0-9A-Z]{4})-?([0-9A-Z]{2,4})$")


async def find(db: Connection, text: str) -> UUID:
    """The order of a number, a packing slip, a label, or the link on a receipt, as it is scanned or
    typed. Raises NotFound."""
    last = text.strip().rstrip("/").rpartition("/")[2].split("?")[0]
    number = NUMBER.match(last.upper().replace(" ", ""))
    if number is not None:
        found = await orders.by_number(db, f"P-{number[1]}-{number[2]}")
        if found is not None:
            return found
    if "/orders/" in text:
        return (await orders.by_token(db, last[:60])).id
    if last.isdigit() and len(last) in (18, 20):
        parcel = await packing.parcel(db, last)
        return (await packing.table(db, parcel.fulfilment_id)).fulfilment.order_id
    raise NotFound("We do not know an order with this number.", code="unknown-order")


async def with_product(db: Connection, till: Till, product_id: UUID) -> list[Sold]:
    """Orders for which this shop handed it over of late, the newest first."""
    return await queries.sold_with(db, till.place_id, product_id)


async def take(
    db: Connection, till: Till, person: Person, command: UUID, order_id: UUID, wanted: Wanted
) -> Done:
    """Raises Conflict like `returns.take`, and on a till that is not open."""
    shift_id = await drawers.at_work(db, till)
    desk = returns.Desk(channel="till", place_id=till.place_id, by=person.id)
    done = await returns.take(db, order_id, command, wanted, desk)
    cash = sum(part.amount for part in done.parts if part.provider == checkout.CASH)

    async def act() -> dict[str, str]:
        if cash:
            id = uuid5(done.id, "drawer")
            await drawers.count_out(db, till, id, shift_id, cash, person.id, str(order_id))
        await staff.note(db, person, "till.return", str(order_id), wanted.cause)
        return {"return": str(done.id)}

    await commands.once(db, till.id, command, {"do": "return", "order": order_id}, act)
    return done


async def credit_empties(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    counted: Mapping[Money, int],
    secret: str,
) -> tuple[Money, str]:
    """Counted on the counter and put on a new gift card; how much, and its code, told once: to this
    command. Raises Unprocessable when nothing was counted."""

    async def act() -> dict[str, Any]:
        await drawers.at_work(db, till)
        assert till.currency is not None, "the till is open"
        id = uuid5(till.id, str(command))
        amount, card_id = await returns.empties.credit(
            db, id, till.place_id, person.id, till.currency, counted, secret=secret
        )
        await staff.note(db, person, "till.empties", str(card_id), str(amount))
        return {"amount": amount, "card": str(card_id)}

    asked = {"do": "credit", "counted": {str(deposit): n for deposit, n in counted.items()}}
    done = await commands.once(db, till.id, command, asked, act)
    code = await payments.giftcards.reveal(db, UUID(done["card"]), command, secret=secret)
    return int(done["amount"]), code


async def take_empties(
    db: Connection, till: Till, person: Person, command: UUID, counted: Mapping[Money, int]
) -> Money:
    """Counted on the counter and paid out of the drawer; returns what is handed over, rounded where
    the country rounds cash. Raises Unprocessable when nothing was counted."""

    async def act() -> dict[str, Money]:
        shift_id = await drawers.at_work(db, till)
        assert till.currency is not None, "the till is open"
        id = uuid5(till.id, str(command))
        amount = await returns.empties.take(
            db, id, till.place_id, shift_id, person.id, till.currency, counted
        )
        paid = await drawers.count_out(db, till, id, shift_id, amount, person.id, "empties")
        return {"paid": paid}

    asked = {"do": "empties", "counted": {str(deposit): n for deposit, n in counted.items()}}
    done = await commands.once(db, till.id, command, asked, act)
    return int(done["paid"])
