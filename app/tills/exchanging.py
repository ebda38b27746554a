"""Another size, another product: what comes back over the counter pays for what is taken instead, and
only the difference moves."""

from collections.abc import Sequence
from uuid import UUID, uuid5

import msgspec

from app import checkout, commands, orders, payments, returns, staff
from app.db import Connection
from app.errors import NotFound
from app.money import Money
from app.returns import Done, Wanted
from app.staff import Person
from app.tills import baskets, drawers, queries
from app.tills.models import Exchange, Receipt, Till


async def lay_down(
    db: Connection,
    till: Till,
    command: UUID,
    order_id: UUID,
    wanted: Wanted,
    spare_cart: UUID,
) -> None:
    """It lies on the counter; nothing has come back until what is taken instead is paid. `spare_cart`
    is an empty one, should no receipt be open. Raises Conflict like `returns.offer`."""

    async def act() -> dict[str, str]:
        receipt = await baskets.begin(db, till, spare_cart)
        order = await orders.read(db, order_id)
        if order is None:
            raise NotFound("There is no such order.")
        offer = await returns.offer(db, order, wanted)
        shown = msgspec.structs.replace(wanted, amount=offer.amount)
        await queries.lay_down(db, receipt.id, order_id, shown, offer.amount)
        return {"receipt": str(receipt.id)}

    asked = {"do": "exchange", "order": order_id, "wanted": msgspec.to_builtins(wanted)}
    await commands.once(db, till.id, command, asked, act)


async def leave(db: Connection, till: Till, command: UUID) -> None:
    """The customer keeps it after all."""

    async def act() -> dict[str, str]:
        await drawers.at_work(db, till)
        receipt = await queries.open_receipt(db, till.id)
        if receipt is not None:
            await queries.end_exchange(db, receipt.id)
        return {"receipt": str(receipt.id) if receipt else ""}

    await commands.once(db, till.id, command, {"do": "no exchange"}, act)


async def on(db: Connection, receipt: Receipt) -> Exchange | None:
    return await queries.exchange(db, receipt.id)


async def take(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    receipt: Receipt,
    lying: Exchange,
    total: Money,
) -> tuple[Done, Sequence[payments.Moved]]:
    """It comes back now, and up to `total` of its worth pays for the receipt. What is more goes back
    as ever; cash is counted out of this drawer. Raises Conflict like `returns.take`."""
    desk = returns.Desk(channel="till", place_id=till.place_id, by=person.id)
    id = uuid5(receipt.id, str(command))
    done, moved = await returns.exchange(db, lying.order_id, id, lying.wanted, desk, total)
    cash = sum(part.amount for part in done.parts if part.provider == checkout.CASH)
    if cash:
        reason = str(lying.order_id)
        out = uuid5(id, "drawer")
        await drawers.count_out(db, till, out, receipt.shift_id, cash, person.id, reason)
    await queries.end_exchange(db, receipt.id)
    await staff.note(db, person, "till.exchange", str(lying.order_id), lying.wanted.cause)
    return done, moved


async def count_out(db: Connection, receipt: Receipt) -> None:
    """The card for the difference did not work, or the receipt is undone: what came back is paid back
    by the means that paid for it at first, so what was paid in cash is counted out."""
    if receipt.order_id is None or receipt.sold_by is None:
        return
    cash = await payments.went_back_by(db, receipt.order_id, checkout.CASH)
    till = await queries.till_of(db, receipt.id)
    if cash and till is not None:
        id, reason = uuid5(receipt.order_id, "exchange"), str(receipt.order_id)
        await drawers.count_out(
            db, till, id, receipt.shift_id, cash, receipt.sold_by, reason, owed=True
        )
