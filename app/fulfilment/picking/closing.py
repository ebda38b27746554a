"""What was picked is final: it leaves the stock, and what was missing is paid back."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from app import orders, payments, slots, stock
from app.db import Connection, new_id
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.models import Fulfilment, Pick
from app.fulfilment.picking import queries, rules
from app.fulfilment.rules import owed
from app.money import Money
from app.orders.models import Line


async def close(db: Connection, fulfilment: Fulfilment, reason: str = "short") -> Money:
    """When packing begins: nothing can be found after all any more. Returns what is paid back, besides
    what was before: what was picked once more is closed once more. The fulfilment is locked and all
    its picks are done."""
    await orders.lock(db, fulfilment.order_id)  # payments want it so
    picks = await fulfilments.picks_of(db, [fulfilment.id])
    await take_from_stock(db, fulfilment, [pick for pick in picks if pick.replaces is None])
    due = await _due(db, fulfilment, picks)
    amount = sum(due.values())
    await queries.note_paid_back(db, fulfilment.order_id, fulfilment.id, due)
    if amount:
        await payments.refund(db, fulfilment.order_id, new_id(), amount, reason)
    return amount


async def pay_back_part(db: Connection, part: Fulfilment, reason: str) -> None:
    """Nothing of this part came. Where nothing of the order comes at all, everything that was paid and
    not given back yet, the delivery too. Else what was in it, and its room in slot and van is free.
    The part is locked and over."""
    await orders.lock(db, part.order_id)
    parts = await fulfilments.of_order(db, part.order_id)
    if all(one.state in ("cancelled", "returned") for one in parts):
        await actions.pay_back_the_rest(db, part.order_id)
        return
    if part.state == "returned":
        picks = await fulfilments.picks_of(db, [part.id])
        amount = await worth(db, part, [(pick, pick.picked) for pick in picks])
        if amount:
            await payments.refund(db, part.order_id, new_id(), amount, reason)
    else:
        await close(db, part, reason)
    if not part.is_collected:
        await slots.release(db, part.order_id, place_id=part.place_id)


async def as_paid(db: Connection, part: Fulfilment, units: Sequence[tuple[Pick, int]]) -> Money:
    """What the shopper paid, in the end, for so many units of its picks, each named once: for what came
    instead, or was weighed. All of a pick together bring what was paid for it, cents that do not divide
    with the first."""
    lines, settled = await _lines(db, part), await _settled(db, part)
    kept_back = await queries.kept_back(db, part.order_id)
    charged = await queries.charged(db, part.order_id)
    amount = 0
    for pick, quantity in units:
        before = kept_back.get(pick.id, 0)
        if pick.replaces is not None:
            paid = await queries.charged_for(db, pick)
        else:
            others = settled[pick.line_no] - pick.paid_back_for - before
            paid = rules.paid_for(lines[pick.line_no], pick, others, charged.get(pick.id, 0))
        amount += owed(paid, pick.picked, before, quantity)
    return amount


async def take_from_stock(db: Connection, fulfilment: Fulfilment, picks: Sequence[Pick]) -> None:
    """What was found leaves; what was not found was never there. Repeating it changes nothing."""
    found: Counter[UUID] = Counter()
    for pick in picks:
        found[pick.product_id] += pick.picked
    place_id = fulfilment.place_id
    promised = await queries.promised(
        db, fulfilment.order_id, place_id, list(found), collected=fulfilment.is_collected
    )
    taken: defaultdict[UUID, list[stock.Line]] = defaultdict(list)
    for product_id, holds in promised.items():
        left = found[product_id]
        for hold_id, quantity in holds[:-1]:
            taken[hold_id].append(stock.Line(product_id, place_id, min(left, quantity)))
            left -= min(left, quantity)
        taken[holds[-1][0]].append(stock.Line(product_id, place_id, left))
    for hold_id, lines in sorted(taken.items()):
        await stock.take(db, hold_id, lines)


async def _due(db: Connection, fulfilment: Fulfilment, picks: Sequence[Pick]) -> dict[UUID, Money]:
    lines = await _lines(db, fulfilment)
    charged = await queries.charged(db, fulfilment.order_id)
    settled = await _settled(db, fulfilment)
    return {
        pick.id: rules.due(
            lines[pick.line_no],
            pick,
            settled[pick.line_no] - pick.paid_back_for,
            charged.get(pick.id, 0),
        )
        for pick in picks
        if pick.replaces is None
    }


async def worth(db: Connection, part: Fulfilment, units: Sequence[tuple[Pick, int]]) -> Money:
    """What was paid, in the end, for so many units of its picks, without those that were kept back at
    a door; never more than is left of it."""
    lines, settled = await _lines(db, part), await _settled(db, part)
    kept_back = await queries.kept_back(db, part.order_id)
    amount = 0
    for pick, quantity in units:
        back = quantity - kept_back.get(pick.id, 0)
        if back > 0 and (pick.replaces or pick.nominal_g):
            amount += await as_paid(db, part, [(pick, back)])
        elif back > 0:
            line, before = lines[pick.line_no], settled[pick.line_no]
            amount += owed(line.paid, line.quantity, before, back)
            amount += owed(line.deposit, line.quantity, before, back)
    left = sum(one.amount - one.refunded for one in await payments.tenders(db, part.order_id))
    return min(amount, left)


async def _lines(db: Connection, fulfilment: Fulfilment) -> dict[int, Line]:
    sold = await orders.read(db, fulfilment.order_id)
    assert sold is not None, "a fulfilment has an order"
    return {line.line_no: line for line in sold.lines}


async def _settled(db: Connection, part: Fulfilment) -> defaultdict[int, int]:
    found = await queries.settled(db, part.order_id, part.id)
    return defaultdict(int, found)
