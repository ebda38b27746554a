"""What follows for an order when its payment is heard of, or when it is off."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import cart, jobs, orders, payments, slots, stock
from app.checkout import changing, queries
from app.checkout.models import Attempt
from app.checkout.rules import CARRY_OUT, COLLECT, carried_hold, desk_hold, lapsed
from app.checkout.shop import Shop, give_up
from app.checkout.turns import begin_in_turn
from app.db import Connection, Pool, begin
from app.errors import Conflict, NotFound
from app.jobs import Event
from app.payments.models import Fact, Intent, Teller

RECONCILES_FOR_S = 5
NOT_PAID, SHOPPER, TOO_LATE = "not-paid", "shopper", "too-late"
OFF = "not-exchanged"
"""What came back, or did not, does not pay for it after all."""
KEPT = timedelta(days=21)
"""What is exchanged is sent within 14 days; a week on top for the parcel service."""


async def hear(pool: Pool, fact: Fact, told_by: Teller) -> None:
    """Take in what a provider told, and what it means for the order, in one transaction."""
    async with begin_in_turn(pool) as db:
        intent = await payments.find_intent(db, fact.intent_id)
        if intent is None:
            raise NotFound("There is no such payment.")
        await orders.lock(db, intent.order_id)
        await payments.absorb(db, fact, told_by)
        await settle(db, intent.order_id)


async def ask(shop: Shop, order_id: UUID) -> None:
    """Somebody waits for the news: ask the provider now instead of waiting to be told."""
    async with begin(shop.pool) as db:
        intent = await payments.open_intent_of_order(db, order_id)
    if intent is not None:
        await _ask(shop, intent)


async def reconcile(shop: Shop) -> None:
    """Ask about payments nobody told us of in time, and settle or free what they were for; some at
    a time, until none is due or other work has waited long enough. 15 minutes are enough for
    thousands whose provider did not get through to us."""
    began = time.monotonic()
    while time.monotonic() - began < RECONCILES_FOR_S:
        due = await payments.due_to_ask(shop.pool)
        if not due:
            return
        async with asyncio.TaskGroup() as together:
            for intent in due:
                together.create_task(_ask(shop, intent))


async def _ask(shop: Shop, intent: Intent) -> None:
    for fact in await payments.ask(shop.pool, shop.providers, intent):
        await hear(shop.pool, fact, "answer")


async def take_money(shop: Shop) -> None:
    """Tell providers to take what was held for orders that are packed, and what a bank would let go
    of soon; a bank that does not give it is heard like any other news."""
    for _, order_id in await payments.soon_let_go(shop.pool, 20):
        async with begin(shop.pool) as db:
            await orders.lock(db, order_id)
            await payments.take_held(db, order_id)
    for fact in await payments.make_takings(shop.pool, shop.providers):
        await hear(shop.pool, fact, "answer")


async def take_when_packed(db: Connection, event: Event) -> None:
    """What was missing is known by now, so what the order costs is."""
    order = await orders.lock(db, event.aggregate)
    if order is not None and order.state != "cancelled":
        await payments.take_held(db, event.aggregate)


async def settle(db: Connection, order_id: UUID) -> None:
    """Bring the order where its payment is. Repeating it changes nothing. The order is locked."""
    order = await orders.lock(db, order_id)
    assert order is not None, "payments are of orders"
    paid = await payments.standing(db, order_id, order.total)
    match order.state:
        case "placed" if paid == "captured":
            await _confirm(db, order_id)
        case "placed" if paid == "failed":
            await cancel(db, order_id, NOT_PAID)
        case "placed" if await payments.promised(db, order_id):
            await keep(db, order_id)
        case "cancelled":
            await payments.withdraw(db, order_id)
        case state if state != "placed":
            await changing.settle(db, order_id)


async def keep(db: Connection, order_id: UUID) -> None:
    """Once all is paid but for what is to come back, the goods are kept until it is here. The order
    is locked."""
    attempt = await queries.lock_of_order(db, order_id)
    assert attempt is not None, "what is promised is promised at a checkout"
    if await payments.open_intent_of_order(db, order_id) is not None:
        return
    if await stock.confirm(db, attempt.id):
        await queries.note_kept(db, attempt.id, datetime.now(UTC) + KEPT)
    else:
        await cancel(db, order_id, TOO_LATE)


async def call_off(db: Connection, order_id: UUID) -> None:
    """The shopper changed their mind: possible until picking starts. Raises Conflict after that."""
    await orders.call_off(db, order_id, SHOPPER)
    await free(db, order_id)


async def cancel(db: Connection, order_id: UUID, why: str) -> None:
    """The order is off, and everything it held is free again: money, goods, slot and basket."""
    await orders.advance(db, order_id, "cancelled", why=why)
    await free(db, order_id)


async def free(db: Connection, order_id: UUID) -> None:
    """Repeating it changes nothing."""
    await payments.withdraw(db, order_id)
    attempt = await queries.lock_of_order(db, order_id)
    if attempt is None:
        return
    await give_up(db, attempt)
    if attempt.state in ("frozen", "placed"):
        await queries.end(db, attempt.id, "released", None)


async def free_after(db: Connection, event: Event) -> None:
    """Whoever cancelled it, e.g. a picker who found nothing of it."""
    await orders.lock(db, event.aggregate)
    await free(db, event.aggregate)


async def sweep(pool: Pool) -> None:
    """Give back what checkouts hold that nobody came back for."""

    async def end(overdue: tuple[UUID, UUID, str]) -> None:
        attempt_id, order_id, state = overdue
        async with begin(pool) as db:
            if state == "frozen":
                await _release(db, attempt_id)
            else:
                await _end_unpaid(db, order_id)

    await jobs.one_by_one("a checkout", await queries.take_overdue(pool, 50), end)


async def _confirm(db: Connection, order_id: UUID) -> None:
    """Paid: the holds end no more, the basket has become this order.

    Should any of it be gone (the shop was away for longer than the holds last), the money goes back.
    """
    attempt = await queries.lock_of_order(db, order_id)
    try:
        async with db.transaction():
            ways = await _keep(db, attempt) if attempt is not None else set()
            await payments.take_in_hand(db, order_id)
            await orders.confirm(db, order_id)
            if attempt is not None and CARRY_OUT in ways:
                await _hand_over(db, attempt)
    except Conflict:
        await cancel(db, order_id, TOO_LATE)


async def _keep(db: Connection, attempt: Attempt) -> set[str]:
    """Its goods and its slot are its own from now on. Returns the ways in which it goes home."""
    ids = [attempt.id, carried_hold(attempt.id), desk_hold(attempt.id)]
    held = await stock.holds(db, ids)
    goods = [await stock.confirm(db, hold.id) for hold in held]
    ways = await orders.handovers(db, attempt.order_id)
    room = ways <= {CARRY_OUT, COLLECT} or await slots.confirm(db, attempt.order_id)
    if not goods and not await orders.wants_goods(db, attempt.order_id):
        goods = [True]  # a gift card
    if not goods or not all(goods) or not room:
        raise lapsed()
    await cart.close(db, attempt.cart_id, attempt.order_id)
    await queries.end(db, attempt.id, "paid", None)
    return ways


async def _hand_over(db: Connection, attempt: Attempt) -> None:
    """What is carried out leaves the shelf of the store with the payment."""
    hold_id = carried_hold(attempt.id)
    carried = (await stock.held_lines(db, [hold_id]))[hold_id]
    if carried:  # a gift card lies on no shelf
        lines = [stock.Line(one.product_id, one.place_id, one.quantity) for one in carried]
        await stock.take(db, hold_id, lines)
    await orders.hand_over(db, attempt.order_id)


async def _release(db: Connection, attempt_id: UUID) -> None:
    attempt = await queries.lock(db, attempt_id)
    if attempt.state == "frozen":
        await queries.end(db, attempt_id, "released", None)
        await give_up(db, attempt)


async def _end_unpaid(db: Connection, order_id: UUID) -> None:
    """Its provider could not be asked for 15 minutes. Money that comes all the same goes back."""
    order = await orders.lock(db, order_id)
    if order is not None and order.state == "placed":
        await settle(db, order_id)
        order = await orders.lock(db, order_id)
        if order is not None and order.state == "placed":
            promised = await payments.promised(db, order_id)
            waited = promised and await payments.open_intent_of_order(db, order_id) is None
            await cancel(db, order_id, OFF if waited else NOT_PAID)
