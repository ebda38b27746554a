"""How a receipt ends: in cash, by card, or not at all."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from app import checkout, commands, orders, staff, stock
from app.checkout import Sale
from app.db import Connection, new_id
from app.errors import Conflict, NotAllowed, NotFound
from app.jobs import Event
from app.languages import Language
from app.money import Money
from app.orders.models import Address, Contact, Order
from app.staff import Person
from app.stock.models import Line
from app.tills import drawers, queries, receipts, rules
from app.tills.models import Receipt, Till

CARD = "test"
"""Card terminals are the test provider's until a shop has others."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed at the counter. `found`: the books say there is less than lies here."""

    cart_version: int
    total: Money
    given: Money = 0
    slot_id: UUID | None = None
    contact: Contact = Contact("", "", "")
    address: Address = Address("", "", "", "")
    note: str = ""
    found: bool = False
    age_checked: bool = False


async def pay_cash(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    wanted: Wanted,
    language: Language,
    secret: str,
) -> UUID:
    """Money for goods: sold, paid and in the drawer in one transaction. Returns the receipt.

    Raises Conflict like `checkout.sell`, and for too little money.
    """

    async def act() -> dict[str, str]:
        receipt = await _ready(db, till, person, wanted)
        assert till.currency is not None, "the till is open"
        round_by = drawers.rounding(till, wanted.total, till.currency)
        rules.check_given(wanted.given, wanted.total + round_by)
        sale = await _sale(db, till, receipt, wanted)
        intent = await checkout.sell(
            db, receipt.cart_id, command, sale, language, provider=checkout.CASH, secret=secret
        )
        await checkout.take_cash(db, intent)
        await queries.note_sold(
            db, receipt, "paid", intent.order_id, "cash", intent.amount, wanted.given, round_by
        )
        await queries.move(
            db,
            new_id(),
            receipt.shift_id,
            "sale",
            intent.amount + round_by,
            person.id,
            rounding=round_by,
            receipt_id=receipt.id,
        )
        await receipts.let_go(db, receipt)
        return {"receipt": str(receipt.id)}

    done = await commands.once(db, till.id, command, {"do": "cash", **_plain(wanted)}, act)
    return UUID(done["receipt"])


async def pay_card(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    wanted: Wanted,
    language: Language,
    secret: str,
) -> tuple[UUID, UUID]:
    """Sold, and waiting for the card. Returns the receipt and the payment to start."""

    async def act() -> dict[str, str]:
        receipt = await _ready(db, till, person, wanted)
        sale = await _sale(db, till, receipt, wanted)
        intent = await checkout.sell(
            db, receipt.cart_id, command, sale, language, provider=CARD, secret=secret
        )
        await queries.note_sold(
            db, receipt, "paying", intent.order_id, "card", intent.amount, None, 0
        )
        return {"receipt": str(receipt.id), "intent": str(intent.id)}

    asked = {"do": "card", **_plain(wanted)}
    done = await commands.once(db, till.id, command, asked, act)
    return UUID(done["receipt"]), UUID(done["intent"])


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
    receipt = await queries.lock_receipt(db, id, till_id)
    if receipt is None:
        raise NotFound("There is no such receipt.")
    order = await orders.read(db, receipt.order_id) if receipt.order_id else None
    if receipt.state == "paying" and order is not None:
        if order.state == "cancelled":
            back = await queries.become(db, id, "open") or await queries.become(db, id, "parked")
            assert back, "it was being paid"
        elif order.state != "placed":
            await queries.note_paid(db, id)
            await receipts.let_go(db, receipt)
        receipt = await queries.lock_receipt(db, id, till_id)
        assert receipt is not None, "it was there"
    return receipt, order


async def follow(db: Connection, event: Event) -> None:
    """The order of a receipt was paid, or is off: the receipt is what that makes of it."""
    receipt = await queries.by_order(db, event.aggregate)
    if receipt is not None and receipt.state == "paying":
        await queries.lock_shift(db, receipt.shift_id)
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
    await orders.take_back(db, order_id, "till")
    await checkout.free(db, order_id)
    carried = [
        Line(line.product_id, till.place_id, line.quantity)
        for line in order.lines
        if line.handover == "carry-out"
    ]
    if carried:
        await stock.receive(db, carried, kind="returned", reference=order_id)
    if receipt.tender == "cash":
        assert receipt.total is not None, "it was paid"
        back = receipt.total + receipt.rounding
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
    receipt = await receipts.shown(db, receipt)
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


def _plain(wanted: Wanted) -> dict[str, object]:
    """What was asked, as far as it tells one request from another; no personal data is kept."""
    return {
        "cart_version": wanted.cart_version,
        "total": wanted.total,
        "given": wanted.given,
        "slot": wanted.slot_id,
        "found": wanted.found,
    }
