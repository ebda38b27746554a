"""From a basket to an order in short transactions, each of which can repeat.

T1 freezes the basket as it was seen, T2 holds the goods (together with whoever else asks now), T3
holds slot and coupon and writes order and payment down; then, outside of any transaction, the provider is
asked for the page to pay on. The row of the attempt says how far it came: the same command finds
it and goes on, and who never comes back is released by `sweep`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from msgspec import structs

from app import cart, collecting, commands, orders, payments, pricing, slots, sourcing, stock
from app.checkout import queries, quoting, sending, tendering
from app.checkout.holding import hold_goods
from app.checkout.models import Agreed, Attempt, Placed, ToCollect, Wanted
from app.checkout.rules import (
    COLLECT,
    TO_HOLD,
    TO_PAY,
    TO_PLACE,
    TO_SETTLE,
    basket_changed,
    check_age,
    check_ways,
    desk_hold,
    given_again,
    kept,
    lapsed,
    need_of,
    not_delivered,
    order_of,
    out_of_stock,
    outside,
    slot_gone,
    standing,
    takes_money,
    total_changed,
    way_of,
)
from app.checkout.settling import settle
from app.checkout.shop import Shop, give_up
from app.checkout.turns import begin_in_turn
from app.checkout.underway import Desk, Underway
from app.collecting.models import Spot
from app.db import NOTHING, Connection, new_id
from app.errors import Busy, Conflict, Unprocessable
from app.languages import Language, translate
from app.orders.rules import link_token
from app.payments.models import Intent, Wish
from app.slots.models import Slot

Outcome = TypeVar("Outcome")


async def place(
    shop: Shop, cart_id: UUID, command: UUID, wanted: Agreed, language: Language
) -> Placed:
    """Order the basket as it was seen. The same command again is the same order.

    Raises Conflict when the basket or its total has changed (`total-changed`, with the new
    breakdown), goods, slot or coupon are gone (`out-of-stock`, `slot-full`, `used-up`), a gift card
    pays something else than was shown (`gift-card-changed`), it cannot be ready where and when that
    was said (`no-desk`, `ready-later`), or the basket is being paid for already
    (`being-paid`); the basket is then as it was. Raises Unprocessable for a command id that was used
    for something else or a gift card nobody knows (`unknown-gift-card`), Busy when the provider does
    not answer: send it again.
    """
    attempt, underway = await _freeze(shop, cart_id, command, wanted, language)
    if underway is not None:
        underway = await hold_goods(shop, underway, wanted)
        attempt = await _write_order(shop, underway, wanted, language)
    return await _to_payment(shop, attempt)


async def start_payment(shop: Shop, intent_id: UUID, return_to: str) -> str:
    """The provider's page for what was sold at a counter; asked again, it is the same page. Raises
    Busy when the provider does not answer."""
    async with begin_in_turn(shop.pool) as db:
        intent = await payments.find_intent(db, intent_id)
        order = await orders.read(db, intent.order_id) if intent else None
    assert intent is not None, "sold before"
    assert order is not None, "sold before"
    wish = Wish(
        title=translate(order.language, "Order {number}", number=order.number),
        language=order.language,
        return_to=return_to,
        notify=f"{shop.settings.base_url}/api/v1/payments/notifications/{intent.provider}",
    )
    return intent.address or await _start(shop, intent, wish)


async def _freeze(
    shop: Shop, cart_id: UUID, command: UUID, wanted: Agreed, language: Language
) -> tuple[Attempt, Underway | None]:
    """T1. Without something under way, the order of this command is there already."""
    mark = commands.fingerprint(wanted)
    async with begin_in_turn(shop.pool) as db:
        due_at = datetime.now(UTC) + TO_PLACE
        slot_id = NOTHING if isinstance(wanted, ToCollect) else wanted.slot
        is_new = await queries.open_attempt(
            db, new_id(), cart_id, command, mark, new_id(), slot_id, due_at
        )
        attempt = await queries.lock_by_command(db, cart_id, command)
        if not is_new:
            return attempt, await _go_on(shop, db, attempt, mark, due_at, wanted, language)
        earlier = await queries.placed_before(db, command, mark)
        if earlier is not None:
            await queries.forget(db, attempt.id)
            return earlier, None
        see = partial(_see, shop, db, attempt, wanted, language)
        return attempt, await _or_refuse(db, attempt, see, frozen=False)


async def _go_on(
    shop: Shop,
    db: Connection,
    attempt: Attempt,
    mark: bytes,
    due_at: datetime,
    wanted: Agreed,
    language: Language,
) -> Underway | None:
    """The same command again: what it was refused with, where it came, or on from there."""
    if attempt.fingerprint != mark:
        raise Unprocessable(
            "This request id was already used for something else. Send it again with a new id.",
            code="id-used-otherwise",
        )
    if attempt.has_order:
        return None
    if attempt.state != "frozen":
        raise given_again(attempt.refusal) if attempt.refusal else lapsed()
    await queries.renew(db, attempt.id, due_at)
    return await _or_refuse(db, attempt, partial(_see_again, shop, db, attempt, wanted, language))


async def _see(
    shop: Shop, db: Connection, attempt: Attempt, wanted: Agreed, language: Language
) -> Underway:
    """The basket is what was seen and costs what was seen; from here on nobody changes it."""
    await _check_free(shop, db, attempt)
    underway = await _see_again(shop, db, attempt, wanted, language)
    if underway.quote.cart_version != wanted.cart_version:
        raise basket_changed()
    await cart.freeze(db, attempt.cart_id, wanted.cart_version)
    if isinstance(wanted, ToCollect):
        return underway  # nobody else could hand it over where its shopper comes
    if await sourcing.may_send(db, underway.asked, underway.slot.place_id):
        return underway
    found = await sending.otherwise(db, underway.quote, underway.slot, wanted.postcode)
    if not found.senders:
        raise (
            out_of_stock(underway.quote, found.choice.missing)
            if found.choice.missing
            else slot_gone()
        )
    await queries.write_senders(db, attempt.id, found.senders)
    return replace(underway, senders=found.senders, asked=found.asked)


async def _see_again(
    shop: Shop, db: Connection, attempt: Attempt, wanted: Agreed, language: Language
) -> Underway:
    slot, serving = await _where(db, wanted)
    there = await _at_desk(db, wanted)
    customer = pricing.customer_key(shop.settings.secret, wanted.email)
    quote = await quoting.quote(
        db,
        attempt.cart_id,
        language,
        delivery=slot.fee,
        free_from=slot.free_from,
        place_id=slot.place_id,
        coupon=wanted.coupon,
        customer=customer,
        orders=await queries.orders_before(db, wanted.email),
    )
    if quote.receipt.total != wanted.total:
        raise total_changed(quote)
    check_ways(quote, wanted)
    check_age(quote, of_age=wanted.of_age)
    parts = await tendering.agreed(db, quote, wanted)
    postcode = wanted.postcode if isinstance(wanted, Wanted) else None
    leaves_at = None if slot.id == NOTHING else slot.starts_at
    way = way_of(wanted)
    asked = await sending.question(db, quote, serving, postcode, leaves_at, way)
    senders = attempt.senders or sending.alone(quote, slot, way)
    desk = there and Desk(there[0].name, there[1], sending.alone(quote, there[1], COLLECT)[0])
    day = leaves_at and await sending.day_of(db, slot.place_id, leaves_at)
    return Underway(attempt, quote, slot, senders, asked, customer, parts, desk, day)


async def _where(db: Connection, wanted: Agreed) -> tuple[Slot, list[UUID]]:
    """When it is ready or brought, and who could send it: what is collected, nobody but the place
    that was chosen."""
    if isinstance(wanted, ToCollect):
        now = datetime.now(UTC)
        spot, promise = await collecting.agreed(db, wanted.place, wanted.ready_by, now)
        return standing(spot.place_id, promise), [spot.place_id]
    slot = await slots.find(db, wanted.slot)
    if slot is None:
        raise slot_gone()
    serving = [one.place_id for one in await slots.places_for(db, wanted.postcode)]
    if not serving:
        raise outside(wanted.postcode)
    if slot.place_id not in serving:
        raise not_delivered(wanted.postcode)
    return slot, serving


async def _at_desk(db: Connection, wanted: Agreed) -> tuple[Spot, Slot] | None:
    """Of a basket that is brought in part: where the rest is collected, and when."""
    if isinstance(wanted, ToCollect) or wanted.collect is None:
        return None
    now, shown = datetime.now(UTC), wanted.collect
    spot, promise = await collecting.agreed(db, shown.place, shown.ready_by, now)
    return spot, standing(spot.place_id, promise)


async def _check_free(shop: Shop, db: Connection, attempt: Attempt) -> None:
    if await queries.is_under_way(db, attempt.cart_id, attempt.id):
        waiting = await queries.waiting_order(db, attempt.cart_id)
        raise Conflict(
            "This basket is being paid for already.",
            code="being-paid",
            state={"track_at": _address(shop, waiting)} if waiting else None,
        )


async def _write_order(
    shop: Shop, underway: Underway, wanted: Agreed, language: Language
) -> Attempt:
    """T3."""
    async with begin_in_turn(shop.pool) as db:
        attempt = await queries.lock(db, underway.attempt.id)
        if attempt.has_order:
            return attempt
        if attempt.state != "frozen":
            await stock.release(db, [attempt.id, desk_hold(attempt.id)])
            refusal = given_again(attempt.refusal) if attempt.refusal else lapsed()
            refusal.recorded = True
            raise refusal

        async def write() -> None:
            slot = underway.slot
            if isinstance(wanted, Wanted):
                slot = await _hold_slots(db, underway, wanted)
            advantages = underway.quote.receipt.advantages
            await pricing.redeem(db, attempt.order_id, advantages, underway.customer)
            senders = underway.senders
            desk = underway.desk
            new = order_of(
                attempt,
                underway.quote,
                slot,
                senders,
                wanted,
                language,
                desk=desk.slot if desk else None,
            )
            sent = {one.place_id: one.goods for one in senders}
            await sourcing.note(db, attempt.order_id, underway.asked, sent)
            await orders.place(db, new, secret=shop.settings.secret)
            if desk is not None:
                await orders.keep_at_desk(db, new.id, desk_hold(attempt.id))
            expires_at = datetime.now(UTC) + TO_PAY
            takes = takes_money(shop.settings, underway.ends_at, expires_at)
            intent = await tendering.want(
                db,
                new,
                underway.parts,
                provider=next(iter(shop.providers)),
                expires_at=expires_at,
                takes=takes,
            )
            await queries.note_placed(
                db, attempt.id, intent.id if intent else None, expires_at + TO_SETTLE
            )
            if intent is None or intent.state != "open":
                await settle(db, new.id)  # nothing is left for a provider

        await _or_refuse(db, attempt, write)
        return await queries.lock(db, attempt.id)


async def _hold_slots(db: Connection, underway: Underway, wanted: Wanted) -> Slot:
    """Room for what each place sends, all of it in the window that was chosen. Returns the slot of
    the order's own place."""
    until = datetime.now(UTC) + TO_HOLD
    point = await slots.locate(db, wanted.postcode, wanted.house_number)
    products = [bought.product for bought in underway.quote.bought]
    stay_s = await slots.stay(db, wanted.postcode, wanted.house_number)
    needs = {
        one.slot_id: structs.replace(need_of(products, one.goods, point), at_the_door_s=stay_s)
        for one in underway.senders
    }
    own, order_id = underway.senders[0].slot_id, underway.attempt.order_id
    cart_id = underway.attempt.cart_id
    if len(needs) == 1:
        await slots.hold(db, own, order_id, until, need=needs[own], cart_id=cart_id)
    else:
        await slots.hold_together(db, own, order_id, until, needs, cart_id=cart_id)
    slot = underway.slot if own == underway.slot.id else await slots.find(db, own)
    assert slot is not None, "it was just held"
    return slot


async def _to_payment(shop: Shop, attempt: Attempt) -> Placed:
    """The provider's page for this order; asked again, it is the same page. An order that gift cards
    have paid leads to its own page at once."""
    async with begin_in_turn(shop.pool) as db:
        order = await orders.read(db, attempt.order_id)
        intent = await payments.find_intent(db, attempt.intent_id) if attempt.intent_id else None
    assert order is not None, "written with the attempt"
    track_at = _address(shop, order.id)
    pay_at = intent.address if intent else None
    if intent is not None and pay_at is None and intent.state == "open":
        wish = Wish(
            title=translate(order.language, "Order {number}", number=order.number),
            language=order.language,
            return_to=track_at,
            notify=f"{shop.settings.base_url}/api/v1/payments/notifications/{intent.provider}",
        )
        pay_at = await _start(shop, intent, wish)
    return Placed(
        order.id, order.number, order.sums.total, order.currency, pay_at or track_at, track_at
    )


def _address(shop: Shop, order_id: UUID) -> str:
    return f"{shop.settings.base_url}/orders/{link_token(shop.settings.secret, order_id)}"


async def _start(shop: Shop, intent: Intent, wish: Wish) -> str:
    try:
        started = await shop.providers[intent.provider].start(intent, wish)
    except payments.Unreachable as error:
        raise Busy(
            "The payment page does not answer just now. Please try again in a moment."
        ) from error
    async with begin_in_turn(shop.pool) as db:
        await payments.note_started(db, intent.id, started)
    return started.address


async def _or_refuse(
    db: Connection,
    attempt: Attempt,
    act: Callable[[], Awaitable[Outcome]],
    *,
    frozen: bool = True,
) -> Outcome:
    """A refusal is the outcome of this command: kept with it, and everything given back."""
    try:
        async with db.transaction():
            return await act()
    except Conflict as refusal:
        await queries.end(db, attempt.id, "refused", kept(refusal))
        if frozen:
            await give_up(db, attempt)
        refusal.recorded = True
        raise
