"""What was picked is final: it leaves the stock, and what was missing is paid back."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from app import orders, payments, stock
from app.db import Connection, new_id
from app.fulfilment import queries as fulfilments
from app.fulfilment.models import Fulfilment, Pick
from app.fulfilment.picking import queries, rules
from app.money import Money


async def close(db: Connection, fulfilment: Fulfilment) -> Money:
    """Once, when packing begins: nothing can be found after all any more. Returns what is paid back.
    The fulfilment is locked and all its picks are done."""
    await orders.lock(db, fulfilment.order_id)  # payments want it so
    picks = await fulfilments.picks_of(db, [fulfilment.id])
    await take_from_stock(db, fulfilment, [pick for pick in picks if pick.replaces is None])
    amount = await _due(db, fulfilment, picks)
    await queries.note_paid_back(db, fulfilment.order_id, fulfilment.id)
    if amount:
        await payments.refund(db, fulfilment.order_id, new_id(), amount, "short")
    return amount


async def paid_for(db: Connection, pick: Pick) -> Money:
    """What the shopper paid, in the end, for what lies in the tote of this pick."""
    if pick.replaces is not None:
        return await queries.charged_for(db, pick)
    sold = await orders.read(db, pick.order_id)
    assert sold is not None, "a pick has an order"
    [line] = [line for line in sold.lines if line.line_no == pick.line_no]
    return rules.paid_for(line, pick)


async def take_from_stock(db: Connection, fulfilment: Fulfilment, picks: Sequence[Pick]) -> None:
    """What was found leaves; what was not found was never there. Repeating it changes nothing."""
    hold_id = await queries.hold_of_order(db, fulfilment.order_id)
    if hold_id is None:
        return
    found: Counter[UUID] = Counter()
    for pick in picks:
        found[pick.product_id] += pick.picked
    lines = [stock.Line(id, fulfilment.place_id, n) for id, n in sorted(found.items())]
    await stock.take(db, hold_id, lines)


async def _due(db: Connection, fulfilment: Fulfilment, picks: Sequence[Pick]) -> Money:
    sold = await orders.read(db, fulfilment.order_id)
    assert sold is not None, "a pick has an order"
    lines = {line.line_no: line for line in sold.lines}
    charged = await queries.charged(db, fulfilment.order_id)
    settled: defaultdict[int, int] = defaultdict(int)
    settled.update(await queries.paid_back_for(db, fulfilment.order_id))
    amount = 0
    for pick in picks:
        if pick.replaces is None:
            line_no = pick.line_no
            amount += rules.due(lines[line_no], pick, settled[line_no], charged.get(pick.id, 0))
            settled[line_no] += pick.gone - pick.paid_back_for
    return amount
