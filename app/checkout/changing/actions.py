"""Decide, hold, write: each change in one transaction, with its order locked."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec

from app import catalog, commands, orders, payments, pricing, slots, sourcing, stock
from app.catalog.models import Product
from app.checkout.changing import queries, rooms, rules
from app.checkout.changing.models import Amended, Change, Hand, Made, More, Waiting
from app.checkout.changing.rules import Goods
from app.checkout.rules import TO_HOLD, TO_PAY, desk_hold, elsewhere, slot_gone
from app.checkout.sending import day_of
from app.db import Connection, new_id
from app.errors import Conflict, NotFound
from app.money import Money
from app.orders.models import Order, Sums
from app.pricing.models import Receipt
from app.slots.models import Slot

LAST = 99
"""Behind all that the order was paid with at first: what was paid last goes back first."""


async def look(db: Connection, order: Order, change: Change) -> Amended:
    """What the order would be and cost; nothing changes. Raises Conflict for what cannot be."""
    rules.check_open(order)
    quantities, new = rules.wanted(order, change)
    products = await catalog.products(db, [one.product_id for one in new], order.language)
    await _check_sold(db, order, quantities, new, products)
    receipt = await _price(db, order, quantities, new, products)
    lines = rules.lines_of(order, quantities, receipt, products)
    return Amended(lines=lines, receipt=receipt, difference=receipt.total - order.sums.total)


async def make(
    db: Connection,
    order_id: UUID,
    command: UUID,
    change: Change,
    *,
    provider: str,
    by: Hand = "shopper",
    reason: str = "",
) -> Made:
    """More or fewer goods, at the prices and offers the order was sold with. The same command again
    is the same change.

    Raises Conflict: `total-changed` when it costs something else than was seen, `out-of-stock`,
    `slot-full` or `slot-closed` when the van has no room for more, `change-waits` while another one
    waits for its payment, `order-moved-on` once somebody picks it, `not-paid` before it is paid.
    """

    async def act() -> dict[str, Any]:
        order = await _locked(db, order_id)
        amended = await look(db, order, change)
        if amended.receipt.total != change.total:
            raise _total_changed(amended)
        if await queries.waiting(db, order_id) is not None:
            raise _change_waits()
        id = new_id()
        made = Made(id=id, state="made", difference=amended.difference)
        if amended.difference > 0:
            intent = await _ask_for_more(db, order, amended, id, provider)
            made = Made(id=id, state="waiting", difference=amended.difference, intent_id=intent)
        else:
            await _apply(db, order, amended, id)
            if amended.difference:
                await payments.refund(db, order_id, id, -amended.difference, "changed")
        await queries.write(db, id, order_id, made.state, made.intent_id, amended, by, reason)
        return dict(msgspec.to_builtins(made))

    asked = {
        "do": "change",
        "quantities": sorted(change.quantities.items()),
        "added": change.added,
        "total": change.total,
        "reason": reason,
    }
    return msgspec.convert(await commands.once(db, order_id, command, asked, act), Made)


async def move(db: Connection, order_id: UUID, command: UUID, slot_id: UUID) -> Money:
    """Another time from the same place. It never costs more than was agreed; where bringing it costs
    less then, the rest is paid back. Returns how much. Raises Conflict like `make`."""

    async def act() -> dict[str, Money]:
        order = await _locked(db, order_id)
        rules.check_open(order)
        if rules.way_of(order) == rules.COLLECT:
            raise Conflict(
                "You collect this order: come when it suits you, as long as we keep it.",
                code="is-collected",
            )
        if await queries.waiting(db, order_id) is not None:
            raise _change_waits()
        slot = await slots.find(db, slot_id)
        serving = await slots.places_for(db, order.address.postcode)
        if slot is None or slot.place_id != order.place_id:
            raise slot_gone()
        if slot.place_id not in {one.place_id for one in serving}:
            raise slot_gone()
        await rooms.take_room(db, order, slot)
        receipt = _at_most(order, slot)
        back = order.sums.total - receipt.total
        lines = rules.lines_of(
            order, {line.line_no: line.quantity for line in order.lines}, receipt, {}
        )
        when = (slot.id, slot.starts_at, slot.ends_at)
        sent = await orders.sending.elsewhere(db, order_id)
        await orders.rewrite(db, order_id, when, lines, _sums(receipt), _plain(receipt), sent)
        if back:
            await payments.refund(db, order_id, new_id(), back, "changed")
        return {"back": back}

    done = await commands.once(db, order_id, command, {"do": "move", "slot": slot_id}, act)
    return int(done["back"])


async def waiting(db: Connection, order_id: UUID) -> Waiting | None:
    return await queries.waiting(db, order_id)


async def let_go(db: Connection, order_id: UUID) -> None:
    """What waits for its payment is not wanted any more; the order stays as it is."""
    await orders.lock(db, order_id)
    found = await queries.waiting(db, order_id)
    if found is not None:
        await payments.let_go(db, found.intent_id, "changed")
        await _drop(db, found)


async def settle(db: Connection, order_id: UUID) -> None:
    """Bring a change where its payment is; what comes for one that is off goes back, however late.
    Repeating it changes nothing. The order is locked."""
    found = await queries.waiting(db, order_id)
    if found is not None:
        await _bring_along(db, found)
    for intent_id in await queries.paid_in_vain(db, order_id):
        await payments.give_back(db, intent_id, "changed")


async def _bring_along(db: Connection, found: Waiting) -> None:
    intent = await payments.find_intent(db, found.intent_id)
    assert intent is not None, "written with the change"
    if intent.state == "failed":
        await _drop(db, found)
    elif intent.state in ("captured", "authorised"):
        try:
            async with db.transaction():
                await _make_paid(db, found)
        except Conflict:  # picking has begun, or the goods are gone after all
            await _drop(db, found)


async def forget(db: Connection, order_id: UUID) -> None:
    """The order is off: nothing is promised to it any more, nor shall anything be paid."""
    await stock.release(db, await queries.live_holds(db, order_id))
    found = await queries.waiting(db, order_id)
    if found is not None:
        await queries.end(db, found.id, "dropped")


async def _make_paid(db: Connection, found: Waiting) -> None:
    order = await _locked(db, found.order_id)
    rules.check_open(order)
    amended = Amended(lines=found.lines, receipt=found.receipt, difference=found.difference)
    await _apply(db, order, amended, found.id)
    await queries.end(db, found.id, "made")


async def _drop(db: Connection, found: Waiting) -> None:
    await stock.release(db, [found.id, desk_hold(found.id)])
    await queries.end(db, found.id, "dropped")


async def _locked(db: Connection, order_id: UUID) -> Order:
    await orders.lock(db, order_id)
    order = await orders.read(db, order_id)
    if order is None:
        raise NotFound("There is no such order.")
    if await sourcing.is_unfilled(db, order_id):
        raise Conflict(
            "Part of this order is not there as it was promised; we are just looking for it. Please "
            "try again later, or call us.",
            code="being-sorted-out",
        )
    return order


async def _price(
    db: Connection,
    order: Order,
    quantities: Mapping[int, int],
    new: list[More],
    products: Mapping[UUID, Product],
) -> Receipt:
    sold = msgspec.convert(order.receipt, Receipt)
    receipt = await pricing.as_counted(db, order.id, sold)
    ids = [one.product_id for one in new]
    listed = await pricing.listed(
        db, [(id, "web") for id in ids], order.currency, datetime.now(UTC),
        place_id=order.place_id, cart_id=order.cart_id,
    )  # fmt: skip
    slot = await slots.find(db, order.slot_id)
    brought = rules.brought(order, receipt)
    running = await pricing.promotions_running(db, order.placed_at, ids) if ids else []
    added = []
    for one in new:
        product = products[one.product_id]
        price = listed.get((product.id, "web"), product.price)
        most = pricing.most_percent(product.category, product.age_limit)
        added.append(rules.added_line(product, one.quantity, price, most, rules.way_of(order)))
    wanted = {
        share.key: quantities[line.line_no]
        for line, share in zip(order.lines, receipt.lines, strict=True)
    }
    brought |= {line.key for line in added if line.handover == rules.DELIVERY}
    comes = any(wanted.get(key, 1) for key in brought)
    return pricing.amend(
        receipt,
        wanted,
        added,
        running,
        fee=rules.fee_of(receipt, slot) if comes else 0,
        brought=brought,
        free_from=slot.free_from if slot else None,
        at=order.placed_at,
        setting=await _setting(db, order),
    )


async def _setting(db: Connection, order: Order) -> pricing.Setting:
    zone = await pricing.time_zone(db, order.place_id) or pricing.Setting().time_zone
    return pricing.Setting(currency=order.currency, time_zone=zone, place_id=order.place_id)


async def _check_sold(
    db: Connection,
    order: Order,
    quantities: Mapping[int, int],
    new: list[More],
    products: Mapping[UUID, Product],
) -> None:
    grown = [line for line in order.lines if quantities[line.line_no] > line.quantity]
    more = await catalog.products(db, [line.product_id for line in grown], order.language)
    wanted = [line.product_id for line in grown] + [one.product_id for one in new]
    found = {**more, **products}
    bars = await pricing.bars(db)
    zone = ZoneInfo((await _setting(db, order)).time_zone)
    clock = datetime.now(UTC).astimezone(zone).time()
    for id in wanted:
        product = found.get(id)
        held = product and pricing.why_not_sold(
            bars, product.category, product.age_limit, "web", clock
        )
        if product is None or not product.on_sale or product.currency != order.currency or held:
            name = product.name if product else ""
            raise Conflict("{product} cannot be added now.", code="not-for-sale", product=name)
    most = await queries.most_of(db, wanted)
    for id, limit in most.items():
        together = sum(quantities[line.line_no] for line in order.lines if line.product_id == id)
        together += sum(one.quantity for one in new if one.product_id == id)
        if together > limit:
            raise Conflict(
                "You have as many of this product as one customer may take.", code="limited"
            )


async def _ask_for_more(
    db: Connection, order: Order, amended: Amended, id: UUID, provider: str
) -> UUID:
    """What is more is held, and paid before the order is changed."""
    sent, kept = (
        rules.more_than(rules.pieces(order.lines, ways), rules.pieces(amended.lines, ways))
        for ways in (rules.sent_ways(order), rules.kept_ways(order))
    )
    if sent or kept:
        await _reserve(db, order, id, await _spread(db, order, sent, amended), kept, amended)
    intent = await payments.intend(
        db,
        order.id,
        amended.difference,
        order.currency,
        provider=provider,
        expires_at=datetime.now(UTC) + TO_PAY,
        place=LAST,
    )
    return intent.id


async def _apply(db: Connection, order: Order, amended: Amended, id: UUID) -> None:
    """Goods and room are the order's, as it is now; nobody else can take them in between."""
    await stock.release(db, await queries.live_holds(db, order.id))
    hold_id = uuid5(id, "goods")
    sent = await _spread(db, order, rules.pieces(amended.lines, rules.sent_ways(order)), amended)
    kept = rules.pieces(amended.lines, rules.kept_ways(order))
    for held in await _reserve(db, order, hold_id, sent, kept, amended):
        await stock.confirm(db, held)
    if kept:
        await orders.keep_at_desk(db, order.id, desk_hold(hold_id))
    await rooms.make_room(db, order, sent)
    await orders.rewrite(
        db,
        order.id,
        None,
        amended.lines,
        _sums(amended.receipt),
        _plain(amended.receipt),
        elsewhere(amended.lines, sent, order.place_id),
    )


async def _spread(
    db: Connection, order: Order, wanted: Mapping[UUID, int], amended: Amended
) -> Goods:
    """Where these goods come from: the order's own place, or the least costly way among those that
    send of it already. Raises Conflict when they do not have as much."""
    if not wanted:
        return {}
    senders = list(await orders.sending.senders(db, order.id)) or [order.place_id]
    if senders == [order.place_id]:
        return {order.place_id: wanted}
    asked = await sourcing.ask(db, wanted, senders)
    choice = await sourcing.choice_for(db, asked, only=senders)
    if choice.missing:
        raise _not_enough(amended, [one.product_id for one in choice.missing])
    return {part.place_id: part.lines for part in choice.parts}


async def _reserve(
    db: Connection,
    order: Order,
    id: UUID,
    sent: Goods,
    kept: Mapping[UUID, int],
    amended: Amended,
) -> list[UUID]:
    """What places send, and beside it what is `kept` where its shopper comes. Returns the holds."""
    until = datetime.now(UTC) + TO_HOLD
    at_desk = {order.pick_up.place_id: kept} if order.pick_up else {}
    brought = rules.way_of(order) == rules.DELIVERY
    day = await day_of(db, order.place_id, order.starts_at) if brought else None
    requests = [
        stock.Request(hold_id=hold_id, holder=order.id, lines=lines, until=until, leaves_on=leaves)
        for hold_id, goods, leaves in ((id, sent, day), (desk_hold(id), at_desk, None))
        if (lines := rules.goods(goods))
    ]
    for answer in await stock.reserve(db, requests) if requests else []:
        if isinstance(answer, stock.Refused):
            raise _not_enough(amended, [short.product_id for short in answer.short])
    return [request.hold_id for request in requests]


def _not_enough(amended: Amended, product_ids: list[UUID]) -> Conflict:
    names = {line.product_id: line.name for line in amended.lines}
    return Conflict(
        "There is not enough left of: {products}.",
        code="out-of-stock",
        products=", ".join(names.get(id, "") for id in product_ids),
    )


def _at_most(order: Order, slot: Slot) -> Receipt:
    receipt = msgspec.convert(order.receipt, Receipt)
    if slot.fee >= receipt.fee:
        return receipt
    quantities = {share.key: share.quantity for share in receipt.lines}
    return pricing.amend(
        receipt,
        quantities,
        (),
        (),
        fee=slot.fee,
        brought=rules.brought(order, receipt),
        free_from=slot.free_from,
        at=order.placed_at,
        setting=pricing.Setting(currency=order.currency, place_id=order.place_id),
    )


def _sums(receipt: Receipt) -> Sums:
    return Sums(
        receipt.subtotal, receipt.discount, receipt.deposits, receipt.delivery, receipt.total
    )


def _plain(receipt: Receipt) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(receipt)
    return plain


def _total_changed(amended: Amended) -> Conflict:
    return Conflict(
        "The total has changed while you were looking. Please look at it once more.",
        code="total-changed",
        state={"receipt": msgspec.to_builtins(amended.receipt), "difference": amended.difference},
    )


def _change_waits() -> Conflict:
    return Conflict(
        "A change of this order waits for its payment. Pay it, or let it go first.",
        code="change-waits",
    )
