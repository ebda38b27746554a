"""Sold at a counter: the goods lie there and the customer stands there, so that one transaction
does it all. What is carried out is the store's own stock, what is sent home is held where the slot
is served; both are one order, like every other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from app import cart, commands, orders, payments, pricing, slots, stock
from app.checkout import queries, quoting, sending, tendering
from app.checkout.models import Attempt, Quote
from app.checkout.rules import (
    AT_THE_COUNTER,
    CARRY_OUT,
    COLLECT,
    TO_HOLD,
    TO_PAY,
    TO_SETTLE,
    carried_hold,
    lines_of,
    need_of,
    notes_of,
    out_of_stock,
    slot_gone,
    total_changed,
)
from app.checkout.settling import settle
from app.db import NOTHING, Connection, new_id
from app.errors import Conflict, Unprocessable
from app.languages import Language
from app.money import Money
from app.orders.models import Address, Contact, NewOrder, Sums
from app.payments.models import Intent
from app.slots.models import Slot
from app.stock.models import Line, Request

AT_A_COUNTER = 1
"""Orders placed before: who stands there is a stranger each time, so nothing is anybody's first."""


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """How it is paid: with what was paid for goods that are exchanged, then gift cards, then so much in
    coins that lie on the counter, then the rest by the provider (empty: there is no rest)."""

    moved: Sequence[payments.Moved] = ()
    cards: Sequence[payments.giftcards.Part] = ()
    cash: Money = 0
    provider: str = ""


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """What the clerk and the customer agree on. `prices` by line of the basket are asked for
    instead of those of the shelf; `age_checked`: somebody looked at a proof of age; `found` sells what the books say is not there; without `offers`
    what was charged while there was no network stands."""

    cart_version: int
    total: Money
    place_id: UUID
    slot_id: UUID | None = None
    contact: Contact = Contact("", "", "")
    address: Address = Address("", "", "", "")
    note: str = ""
    prices: Mapping[str, Money] = {}
    found: bool = False
    age_checked: bool = False
    offers: bool = True


async def sell(
    db: Connection,
    cart_id: UUID,
    command: UUID,
    sale: Sale,
    language: Language,
    *,
    payment: Payment,
    secret: str,
) -> Intent:
    """The basket becomes an order, paid at once where no provider has to be asked; the same command
    again is the same one. Returns the payment that is awaited, else the last one.

    Raises Conflict like `checkout.place`; then nothing has happened.
    """
    mark = commands.fingerprint(sale)
    id, order_id, until = new_id(), new_id(), datetime.now(UTC) + TO_HOLD
    slot_id = sale.slot_id or NOTHING
    if not await queries.open_attempt(db, id, cart_id, command, mark, order_id, slot_id, until):
        return await again(db, cart_id, command, mark)
    slot = await slots.find(db, sale.slot_id) if sale.slot_id else None
    customer = pricing.customer_key(secret, sale.contact.email) if sale.contact.email else None
    quote = await quoting.quote(
        db,
        cart_id,
        language,
        delivery=slot.fee if slot else 0,
        free_from=slot.free_from if slot else None,
        place_id=sale.place_id,
        customer=customer,
        orders=AT_A_COUNTER,
        instead=sale.prices,
        offers=sale.offers,
    )
    _check(quote, slot, sale)
    await cart.freeze(db, cart_id, sale.cart_version)
    await _hold_goods(db, quote, id, order_id, slot, sale, until)
    if slot is not None:
        need = await _need(db, quote, slot, sale)
        await slots.hold(db, slot.id, order_id, until, need=need)
    # Who leaves no address is a customer of their own, each time.
    whose = customer or pricing.customer_key(secret, str(order_id))
    await pricing.redeem(db, order_id, quote.receipt.advantages, whose)
    order = _order(quote, cart_id, order_id, slot, sale, language)
    return await place(db, id, order, payment, secret)


async def place(
    db: Connection, attempt_id: UUID, order: NewOrder, payment: Payment, secret: str
) -> Intent:
    """Written down with what it is paid with; where all of that is in our hands, it is paid."""
    await orders.place(db, order, secret=secret)
    expires_at = datetime.now(UTC) + TO_PAY
    intent = await tendering.want(
        db,
        order,
        payment.cards,
        cash=payment.cash,
        moved=payment.moved,
        provider=payment.provider,
        expires_at=expires_at,
    )
    assert intent is not None, "what costs nothing is not sold at a counter"
    await queries.note_placed(db, attempt_id, intent.id, expires_at + TO_SETTLE)
    if intent.state != "open":
        await orders.lock(db, order.id)
        await settle(db, order.id)
    return intent


async def again(db: Connection, cart_id: UUID, command: UUID, mark: bytes) -> Intent:
    attempt: Attempt = await queries.lock_by_command(db, cart_id, command)
    if attempt.fingerprint != mark or attempt.intent_id is None:
        raise Unprocessable(
            "This request id was already used for something else. Send it again with a new id.",
            code="id-used-otherwise",
        )
    intent = await payments.find_intent(db, attempt.intent_id)
    assert intent is not None, "written with the attempt"
    return intent


def _check(quote: Quote, slot: Slot | None, sale: Sale) -> None:
    ways = {bought.handover for bought in quote.bought}
    if COLLECT in ways:
        raise Conflict(
            "Part of this basket is to be collected. Take it along now, or have it brought home.",
            code="to-collect",
        )
    sent_home = ways - {CARRY_OUT}
    if sent_home and slot is None:
        raise slot_gone()
    if quote.cart_version != sale.cart_version or quote.receipt.total != sale.total:
        raise total_changed(quote)
    ages = [
        bought.product.age_limit or 0 for bought in quote.bought if bought.handover == CARRY_OUT
    ]
    if max(ages, default=0) and not sale.age_checked:
        raise Conflict(
            "Look at a proof of age first: {age} or older.", code="age-unchecked", age=max(ages)
        )
    if not quote.receipt.total:
        raise Conflict("There is nothing to pay on this receipt.", code="nothing-to-pay")


async def _hold_goods(
    db: Connection,
    quote: Quote,
    attempt_id: UUID,
    order_id: UUID,
    slot: Slot | None,
    sale: Sale,
    until: datetime,
) -> None:
    carried = _goods(quote, sale.place_id, carried=True)
    sent = _goods(quote, slot.place_id, carried=False) if slot else ()
    if sale.found:
        await _correct_the_books(db, carried, order_id)
    requests = [
        Request(
            hold_id=hold,
            holder=order_id,
            lines=lines,
            until=until,
            leaves_on=leaves_on,
            channel="till",
        )
        for hold, lines, leaves_on in (
            (carried_hold(attempt_id), carried, None),
            (
                attempt_id,
                sent,
                await sending.day_of(db, slot.place_id, slot.starts_at) if slot else None,
            ),
        )
        if lines
    ]
    for answer in await stock.reserve(db, requests):
        if isinstance(answer, stock.Refused):
            raise out_of_stock(quote, answer.short)


async def _need(db: Connection, quote: Quote, slot: Slot, sale: Sale) -> slots.Need:
    """Room in crates and in a van, as for an order of the web: a promise made at a counter is one, too."""
    door = sale.address.postcode, sale.address.house_number
    goods = {line.product_id: line.quantity for line in _goods(quote, slot.place_id, carried=False)}
    products = [bought.product for bought in quote.bought]
    need = need_of(products, goods, await slots.locate(db, *door))
    return msgspec.structs.replace(need, at_the_door_s=await slots.stay(db, *door))


def _goods(quote: Quote, place_id: UUID, *, carried: bool) -> tuple[Line, ...]:
    quantities: Counter[UUID] = Counter()
    for share, bought in zip(quote.receipt.lines, quote.bought, strict=True):
        if (bought.handover == CARRY_OUT) == carried:
            quantities[share.product_id] += share.quantity
    return tuple(Line(id, place_id, n) for id, n in sorted(quantities.items()))


async def _correct_the_books(db: Connection, lines: tuple[Line, ...], order_id: UUID) -> None:
    """It lies on the counter, so it was there."""
    found = []
    for line in lines:
        there = (await stock.available(db, [line.product_id], [line.place_id]))[line.product_id]
        if there < line.quantity:
            found.append(Line(line.product_id, line.place_id, line.quantity - there))
    if found:
        await stock.receive(db, found, kind="counted", reference=order_id)


def _order(
    quote: Quote, cart_id: UUID, order_id: UUID, slot: Slot | None, sale: Sale, language: Language
) -> NewOrder:
    receipt, now = quote.receipt, datetime.now(UTC)
    return NewOrder(
        id=order_id,
        cart_id=cart_id,
        place_id=slot.place_id if slot else sale.place_id,
        slot_id=slot.id if slot else NOTHING,
        starts_at=slot.starts_at if slot else now,
        ends_at=slot.ends_at if slot else now + AT_THE_COUNTER,
        contact=sale.contact,
        address=sale.address,
        note=sale.note,
        substitution="similar",
        language=language,
        currency=quote.currency,
        sums=Sums(
            receipt.subtotal, receipt.discount, receipt.deposits, receipt.delivery, receipt.total
        ),
        receipt=msgspec.to_builtins(receipt),
        lines=lines_of(quote),
        line_notes=notes_of(quote),
    )
