"""Something else for what comes back, far from a till: an order like every other, part of whose price is
promised by the goods that are still to come. What is more is paid at once; it leaves when they are here.
"""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from app import cart, catalog, commands, orders, payments, slots, stock
from app.cart.models import Add
from app.checkout import queries, quoting
from app.checkout.models import Quote
from app.checkout.rules import (
    DELIVERY,
    TO_HOLD,
    TO_PAY,
    TO_SETTLE,
    lines_of,
    need_of,
    out_of_stock,
    pieces,
    total_changed,
)
from app.checkout.settling import KEPT, OFF, cancel, keep, settle
from app.db import NOTHING, Connection, new_id
from app.errors import Conflict
from app.money import Money
from app.orders.models import NewOrder, Order, Sums

AHEAD_DAYS = 7


class Swap(msgspec.Struct, frozen=True, kw_only=True):
    """So many of this product for what is worth so much, which pays at most the whole. `total` is
    what they were said to cost."""

    product_id: UUID
    units: int
    worth: Money
    total: Money


class Laid(msgspec.Struct, frozen=True, kw_only=True):
    """The order that was written, what of it is to be paid now, and the payment that is awaited."""

    order_id: UUID
    to_pay: Money
    intent_id: UUID | None


async def lay(
    db: Connection, old: Order, command: UUID, swap: Swap, *, provider: str, secret: str
) -> Laid:
    """Goods and price are kept for whoever bought `old`: for as long as a payment may take, and then
    until what comes back is here. Raises Conflict (`out-of-stock`) where they are not there."""
    cart_id, _ = await cart.open_with(db, old.currency)
    add = Add(id=command, cart_id=cart_id, quantity=swap.units, product_id=swap.product_id)
    for outcome in await cart.apply(db, [add]):
        if outcome.refused:
            raise cart.in_words(outcome.refused)
    quote = await quoting.quote(
        db, cart_id, old.language, delivery=0, place_id=old.place_id, offers=False
    )
    if quote.receipt.total != swap.total:
        raise total_changed(quote)
    id, order_id = new_id(), new_id()
    until = datetime.now(UTC) + TO_HOLD
    mark = commands.fingerprint(swap)
    await queries.open_attempt(db, id, cart_id, command, mark, order_id, NOTHING, until)
    await cart.freeze(db, cart_id, quote.cart_version)
    await _hold(db, quote, id, order_id, old.place_id, until)
    await orders.place(db, _order(quote, cart_id, order_id, old), secret=secret)
    return await _ask_for_the_rest(db, quote, id, order_id, swap.worth, provider)


async def prepare(db: Connection, order_id: UUID) -> Money:
    """What comes back is here: how much of its worth this order still waits for, with a time at which
    it is brought. 0 where it was not paid, is off, or no van comes there; then `let_go` of it."""
    known = await orders.lock(db, order_id)
    promised = await payments.promised(db, order_id)
    if known is None or known.state != "placed" or not promised:
        return 0
    if await payments.open_intent_of_order(db, order_id) is not None:
        return 0
    order = await orders.read(db, order_id)
    assert order is not None, "it is locked"
    return promised if await _find_a_time(db, order) else 0


async def go_on(db: Connection, order_id: UUID, moved: list[payments.Moved]) -> None:
    """`moved` is what was promised: the order is paid, and its work begins."""
    order = await orders.read(db, order_id)
    assert order is not None, "it was prepared"
    await payments.lay_moved(db, order_id, moved, order.currency, place=0)
    await settle(db, order_id)


async def let_go(db: Connection, order_id: UUID) -> None:
    """It is not wanted any more, or cannot be: what was paid for it goes back, also what comes later."""
    known = await orders.lock(db, order_id)
    if known is not None and known.state == "placed":
        await cancel(db, order_id, OFF)


async def _hold(
    db: Connection, quote: Quote, id: UUID, order_id: UUID, place_id: UUID, until: datetime
) -> None:
    lines = tuple(
        stock.Line(one, place_id, n) for one, n in sorted(pieces(quote, DELIVERY).items())
    )
    [answer] = await stock.reserve(
        db, [stock.Request(hold_id=id, holder=order_id, lines=lines, until=until)]
    )
    if isinstance(answer, stock.Refused):
        raise out_of_stock(quote, answer.short)


async def _ask_for_the_rest(
    db: Connection, quote: Quote, attempt_id: UUID, order_id: UUID, worth: Money, provider: str
) -> Laid:
    total, now = quote.receipt.total, datetime.now(UTC)
    promised = min(worth, total)
    if not promised:
        raise Conflict(
            "What comes back brings nothing, so it pays for nothing.", code="no-exchange"
        )
    await payments.promise(db, order_id, promised, quote.currency, now + KEPT)
    rest = total - promised
    if not rest:
        await queries.note_placed(db, attempt_id, None, now + TO_PAY + TO_SETTLE)
        await orders.lock(db, order_id)
        await keep(db, order_id)
        return Laid(order_id=order_id, to_pay=0, intent_id=None)
    intent = await payments.intend(
        db, order_id, rest, quote.currency, provider=provider, expires_at=now + TO_PAY, place=9
    )
    await queries.note_placed(db, attempt_id, intent.id, now + TO_PAY + TO_SETTLE)
    return Laid(order_id=order_id, to_pay=rest, intent_id=intent.id)


async def _find_a_time(db: Connection, order: Order) -> bool:
    """The soonest at which a van of its place comes there and has room; its shopper may choose another
    one, as for every order."""
    wanted = {line.product_id: line.quantity for line in order.lines}
    point = await slots.locate(db, order.address.postcode, order.address.house_number)
    goods = await catalog.products(db, list(wanted), order.language)
    need, now = need_of(goods.values(), wanted, point), datetime.now(UTC)
    found = await slots.offered(
        db, order.address.postcode, now, days=AHEAD_DAYS, place_ids=[order.place_id], need=need
    )
    for one in sorted(found, key=lambda one: one.starts_at):
        if one.left > 0:
            try:
                await slots.hold(db, one.id, order.id, now + TO_HOLD, need=need)
            except Conflict:  # somebody was faster
                continue
            await orders.give_time(db, order.id, one.id, one.starts_at, one.ends_at)
            return True
    return False


def _order(quote: Quote, cart_id: UUID, order_id: UUID, old: Order) -> NewOrder:
    """For the same person at the same address. When it is brought is not known yet: within the time for
    which it is kept."""
    receipt, now = quote.receipt, datetime.now(UTC)
    return NewOrder(
        id=order_id,
        cart_id=cart_id,
        place_id=old.place_id,
        slot_id=NOTHING,
        starts_at=now,
        ends_at=now + KEPT,
        contact=old.contact,
        address=old.address,
        note=old.note,
        substitution="leave-out",
        language=old.language,
        currency=quote.currency,
        sums=Sums(
            receipt.subtotal, receipt.discount, receipt.deposits, receipt.delivery, receipt.total
        ),
        receipt=msgspec.to_builtins(receipt),
        lines=lines_of(quote),
    )
