"""What is not handed over at a door is paid back: one refund for a door, its id made from the stop; and
in the shop it is put away."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from app import orders, payments, stock
from app.db import Connection
from app.fulfilment.delivery.door import queries, rules
from app.fulfilment.models import RefusalCause, Run, Stop
from app.fulfilment.picking import closing


async def pay_back(db: Connection, stop: Stop, stays: Sequence[rules.Stays]) -> None:
    """Written down, and paid back by the means it was paid with."""
    if not stays:
        return
    amount = await _owed(db, stop.order_id, stays)
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


async def _owed(db: Connection, order_id: UUID, stays: Sequence[rules.Stays]) -> int:
    await orders.lock(db, order_id)  # payments want it so
    order = await orders.read(db, order_id)
    assert order is not None, "it is locked"
    before: list[tuple[int, int, RefusalCause]] = [
        (line_no, n, "missing") for line_no, n in await queries.short_units(db, order_id)
    ]
    before += await queries.refused_units(db, order_id)
    as_paid = [one for one in stays if one.pick.replaces or one.pick.nominal_g]
    amount = rules.owed(order, [one for one in stays if one not in as_paid], before)
    for one in as_paid:  # what came instead, or was weighed, goes back for what was paid in the end
        amount += rules.share_of(await closing.paid_for(db, one.pick), one)
    left = sum(one.amount - one.refunded for one in await payments.tenders(db, order_id))
    return min(amount, left)
