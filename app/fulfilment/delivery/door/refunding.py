"""What is not handed over, at a door or a desk, is paid back: one refund for each; and in the shop it
is put away."""

from collections.abc import Sequence
from uuid import uuid5

from app import orders, payments, stock
from app.db import Connection
from app.fulfilment.delivery.door import queries, rules
from app.fulfilment.models import Fulfilment, RefusalCause, Run, Stop
from app.fulfilment.picking import closing
from app.money import Money


async def pay_back(
    db: Connection, part: Fulfilment, stop: Stop, stays: Sequence[rules.Stays]
) -> None:
    """Written down, and paid back by the means it was paid with. The id of the refund is made from the
    stop."""
    if not stays:
        return
    amount = await owed(db, part, stays)
    await queries.write_refusals(db, stop, stays)
    if amount:
        await payments.refund(
            db, stop.order_id, uuid5(stop.id, "refused"), amount, rules.reason_of(stays)
        )


async def put_away(db: Connection, run: Run) -> None:
    """What was refused at a door: what is still good stands on the shelf again."""
    for one in await queries.put_away(db, run.id):
        if one.becomes == "restock":
            line = stock.Line(one.product_id, run.place_id, one.quantity)
            await stock.receive(db, [line], kind="returned", reference=one.order_id)


async def owed(db: Connection, part: Fulfilment, stays: Sequence[rules.Stays]) -> Money:
    """For what stays of one part, each pick named once; never more than is left of what was paid. What
    came instead, or was weighed, goes back for what was paid for it in the end."""
    await orders.lock(db, part.order_id)  # payments want it so
    order = await orders.read(db, part.order_id)
    assert order is not None, "it is locked"
    before: list[tuple[int, int, RefusalCause]] = [
        (line_no, n, "missing") for line_no, n in await queries.short_units(db, part.order_id)
    ]
    before += await queries.kept_back_before(db, part)
    other = [one for one in stays if one.pick.replaces or one.pick.nominal_g]
    amount = rules.owed(order, [one for one in stays if one not in other], before)
    amount += await closing.as_paid(db, part, [(one.pick, one.quantity) for one in other])
    left = sum(one.amount - one.refunded for one in await payments.tenders(db, part.order_id))
    return min(amount, left)
