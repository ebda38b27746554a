"""How a receipt ends: with gift cards, in cash, by card, by several of them, or not at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app import checkout, commands, orders, payments, returns, staff, stock
from app.checkout import Sale
from app.db import Connection, new_id
from app.errors import Conflict, NotAllowed, NotFound
from app.jobs import Event
from app.languages import Language
from app.money import Money
from app.orders.models import Address, Contact, Order
from app.payments.models import Intent
from app.staff import Person
from app.stock.models import Line
from app.tills import baskets, drawers, exchanging, queries, rules
from app.tills.models import GiftCard, Receipt, Tender, Till

By = Literal["cash", "card", "cash-and-card"]
CARD = "test"
"""Card terminals are the test provider's until a shop has others."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed at the counter. Gift cards pay first, each as much as it can or as was said;
    `given` is what the customer put on the counter, and what is left the means whose button was
    pressed: "cash", "card", or "cash-and-card" where the coins are for a part. `found`: the books say
    there is less than lies here."""

    cart_version: int
    total: Money
    by: By = "cash"
    given: Money = 0
    gift_cards: tuple[GiftCard, ...] = ()
    slot_id: UUID | None = None
    contact: Contact = Contact("", "", "")
    address: Address = Address("", "", "", "")
    note: str = ""
    found: bool = False
    age_checked: bool = False


async def pay(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    wanted: Wanted,
    language: Language,
    secret: str,
) -> tuple[UUID, UUID | None]:
    """Money for goods, in one transaction as far as it is here. Returns the receipt, and the payment
    to start where a card is awaited.

    Raises Conflict like `checkout.sell`, for too little money, and for gift cards that do not pay.
    """

    async def act() -> dict[str, str]:
        receipt = await _ready(db, till, person, wanted)
        lying = await queries.exchange(db, receipt.id)
        payment, round_by = await split(db, till, wanted, lying.amount if lying else 0)
        sale = await _sale(db, till, receipt, wanted)
        back = None
        if lying is not None:
            back, moved = await exchanging.take(
                db, till, person, command, receipt, lying, wanted.total
            )
            payment = msgspec.structs.replace(payment, moved=moved)
        intent = await checkout.sell(
            db, receipt.cart_id, command, sale, language, payment=payment, secret=secret
        )
        if back is not None:
            await returns.note_exchange(db, back.id, intent.order_id)
        return await note_sold(db, receipt, person, intent, wanted, payment, round_by)

    done = await commands.once(db, till.id, command, {"do": "pay", **plain(wanted)}, act)
    awaited = done.get("intent")
    return UUID(done["receipt"]), UUID(awaited) if awaited else None


async def split(
    db: Connection, till: Till, wanted: Wanted, exchanged: Money = 0
) -> tuple[checkout.Payment, Money]:
    """Who pays how much of it, and what the coins of the country add to the cash. `exchanged` is
    what lies on the counter is worth."""
    assert till.currency is not None, "the till is open"
    cards = await look(db, till, max(0, wanted.total - exchanged), wanted.gift_cards)
    for one in cards.seen:
        rules.check_worth(one)
    rest, round_by = cards.to_pay, 0
    if not rest:
        return checkout.Payment(cards=cards.parts), 0
    if wanted.by == "card":
        return checkout.Payment(cards=cards.parts, provider=CARD), 0
    if wanted.by == "cash-and-card":
        rules.check_part(wanted.given, rest)
        return checkout.Payment(cards=cards.parts, cash=wanted.given, provider=CARD), 0
    round_by = drawers.rounding(till, rest, till.currency)
    rules.check_given(wanted.given, rest + round_by)
    return checkout.Payment(cards=cards.parts, cash=rest), round_by


async def look(
    db: Connection, till: Till, total: Money, gift_cards: Sequence[GiftCard]
) -> checkout.CardsSeen:
    """What the gift cards on the counter would pay of it."""
    assert till.currency is not None, "the till is open"
    return await checkout.see_cards(
        db,
        total,
        till.currency,
        [card.code for card in gift_cards],
        {card.code: card.at_most for card in gift_cards if card.at_most is not None},
    )


async def note_sold(
    db: Connection,
    receipt: Receipt,
    person: Person,
    intent: Intent,
    wanted: Wanted,
    payment: checkout.Payment,
    round_by: Money,
) -> dict[str, str]:
    """What is awaited goes into the drawer when the card is through."""
    if intent.state == "open":
        await queries.note_sold(
            db,
            receipt,
            "paying",
            intent.order_id,
            rules.tender_of(
                len(payment.cards), payment.cash, card=True, exchanged=bool(payment.moved)
            ),
            wanted.total,
            payment.cash,
            payment.cash or None,
            0,
            person.id,
        )
        return {"receipt": str(receipt.id), "intent": str(intent.id)}
    await note_cash(
        db,
        receipt,
        person,
        intent.order_id,
        wanted.total,
        wanted.given if payment.cash else None,
        round_by,
        cash=payment.cash,
        tender=rules.tender_of(
            len(payment.cards), payment.cash, card=False, exchanged=bool(payment.moved)
        ),
    )
    await baskets.let_go(db, receipt)
    return {"receipt": str(receipt.id)}


async def note_cash(
    db: Connection,
    receipt: Receipt,
    person: Person,
    order_id: UUID,
    total: Money,
    given: Money | None,
    round_by: Money,
    sold_at: datetime | None = None,
    *,
    cash: Money | None = None,
    tender: Tender = "cash",
) -> None:
    """Sold; and so much of it lies in the drawer (all of it where nothing else is said)."""
    in_cash = total if cash is None else cash
    await queries.note_sold(
        db,
        receipt,
        "paid",
        order_id,
        tender,
        total,
        in_cash,
        given,
        round_by,
        person.id,
        sold_at,
    )
    if in_cash:
        await queries.move(
            db,
            new_id(),
            receipt.shift_id,
            "sale",
            in_cash + round_by,
            person.id,
            rounding=round_by,
            receipt_id=receipt.id,
        )


async def settle(db: Connection, till: Till, id: UUID) -> tuple[Receipt, Order | None]:
    """The receipt as its order is now: paid when the card went through, open again when not."""
    return await _settle(db, id, till.id)


async def read(db: Connection, till: Till, id: UUID) -> tuple[Receipt, Order | None]:
    """Raises NotFound."""
    receipt = await queries.receipt(db, id, till.id)
    if receipt is None:
        raise NotFound("There is no such receipt.")
    return receipt, await orders.read(db, receipt.order_id) if receipt.order_id else None


async def _settle(db: Connection, id: UUID, till_id: UUID) -> tuple[Receipt, Order | None]:
    seen = await queries.receipt(db, id, till_id)
    if seen is not None:
        await queries.lock_shift(db, seen.shift_id)  # before the receipt, as whoever sells does
    receipt = await queries.lock_receipt(db, id, till_id)
    if receipt is None:
        raise NotFound("There is no such receipt.")
    order = await orders.read(db, receipt.order_id) if receipt.order_id else None
    if receipt.state == "paying" and order is not None:
        if order.state == "cancelled":
            await exchanging.count_out(db, receipt)
        if order.state == "cancelled" and not await orders.wants_goods(db, order.id):
            await queries.become(db, id, "parked")  # no goods wait for another try
            await queries.void(db, id, "not paid")
        elif order.state == "cancelled":
            back = await queries.become(db, id, "open") or await queries.become(db, id, "parked")
            assert back, "it was being paid"
        elif order.state != "placed":
            if await queries.note_paid(db, id) and receipt.in_cash:
                assert receipt.sold_by is not None, "sold by somebody"
                await queries.move(
                    db,
                    new_id(),
                    receipt.shift_id,
                    "sale",
                    receipt.in_cash,
                    receipt.sold_by,
                    receipt_id=id,
                )
            await baskets.let_go(db, receipt)
        receipt = await queries.lock_receipt(db, id, till_id)
        assert receipt is not None, "it was there"
    return receipt, order


async def follow(db: Connection, event: Event) -> None:
    """The order of a receipt was paid, or is off: the receipt is what that makes of it."""
    receipt = await queries.by_order(db, event.aggregate)
    if receipt is not None and receipt.state == "paying":
        await _settle(db, receipt.id, receipt.till_id)


async def give_up_card(db: Connection, till: Till, id: UUID) -> None:
    """The card does not work: the receipt is open again. Raises Conflict when it did go through."""
    receipt, order = await settle(db, till, id)
    if receipt.state != "paying" or order is None:
        return
    await checkout.call_off(db, order.id)
    await settle(db, till, id)


async def take_back(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    id: UUID,
    reason: str,
    *,
    agreed: Person | None = None,
) -> None:
    """Paid by mistake: the goods are back on the counter, the money goes back the way it came.
    `agreed` is the supervisor who came to the clerk's screen.

    Raises NotAllowed where no supervisor has a hand in it, Conflict for what is not of this shift,
    or on its way to somebody's home.
    """
    if agreed is None and not person.may("supervisor"):
        raise NotAllowed("Undoing a paid receipt needs a supervisor.", code="needs-supervisor")

    async def act() -> dict[str, str]:
        shift_id = await drawers.at_work(db, till)
        receipt = await queries.lock_receipt(db, id, till.id)
        if receipt is None:
            raise NotFound("There is no such receipt.")
        if receipt.state != "paid" or receipt.shift_id != shift_id or receipt.order_id is None:
            raise Conflict(
                "This receipt cannot be undone any more. Take the goods back as a return.",
                code="receipt-closed",
            )
        await _undo(db, till, person, receipt, receipt.order_id)
        await queries.void(db, id, reason)
        await staff.note(db, person, "till.take_back", str(id), reason)
        if agreed is not None:
            await staff.note(db, agreed, "till.agreed", str(id), f"take back: {reason}")
        return {"receipt": str(id)}

    asked = {"do": "take back", "receipt": id, "reason": reason}
    await commands.once(db, till.id, command, asked, act)


async def _undo(
    db: Connection, till: Till, person: Person, receipt: Receipt, order_id: UUID
) -> None:
    order = await orders.read(db, order_id)
    assert order is not None, "the receipt has its order"
    if not await payments.giftcards.take_back(db, order_id):
        raise Conflict(
            "Something was paid with this gift card already, so it cannot be given back.",
            code="card-was-used",
        )
    await orders.take_back(db, order_id, "till")
    await checkout.free(db, order_id)
    await exchanging.count_out(db, receipt)
    carried = [
        Line(line.product_id, till.place_id, line.quantity)
        for line in order.lines
        if line.handover == "carry-out" and line.gtin
    ]
    if carried:
        await stock.receive(db, carried, kind="returned", reference=order_id)
    if receipt.in_cash:
        back = receipt.in_cash + receipt.rounding
        await drawers.check_in_drawer(db, receipt.shift_id, back)
        await queries.move(
            db,
            new_id(),
            receipt.shift_id,
            "refund",
            -back,
            person.id,
            rounding=-receipt.rounding,
            receipt_id=receipt.id,
        )


async def _ready(db: Connection, till: Till, person: Person, wanted: Wanted) -> Receipt:
    await drawers.at_work(db, till)
    receipt = await queries.open_receipt(db, till.id)
    if receipt is None:
        raise Conflict("No receipt is open. Scan something first.", code="no-receipt")
    receipt = await baskets.shown(db, receipt)
    if wanted.age_checked:
        await staff.note(db, person, "till.age_checked", str(receipt.id))
    if wanted.found:
        await staff.note(db, person, "till.counted", str(receipt.id), "more than in the books")
    return receipt


async def _sale(db: Connection, till: Till, receipt: Receipt, wanted: Wanted) -> Sale:
    prices: Mapping[str, Money] = await queries.overrides(db, receipt.cart_id)
    return Sale(
        cart_version=wanted.cart_version,
        total=wanted.total,
        place_id=till.place_id,
        slot_id=wanted.slot_id,
        contact=wanted.contact,
        address=wanted.address,
        note=wanted.note,
        prices=dict(prices),
        found=wanted.found,
        age_checked=wanted.age_checked,
    )


def plain(wanted: Wanted) -> dict[str, object]:
    """What was asked, as far as it tells one request from another; no personal data is kept."""
    return {
        "cart_version": wanted.cart_version,
        "total": wanted.total,
        "given": wanted.given,
        "slot": wanted.slot_id,
        "found": wanted.found,
        "by": wanted.by,
        "gift cards": [[card.code, card.at_most] for card in wanted.gift_cards],
    }
