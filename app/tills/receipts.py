"""What a clerk does with one customer's lines: scan, count, carry out or send home, park, void."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app import cart, checkout, commands, scan, staff
from app.cart.models import (
    Add,
    AttachCoupon,
    Command,
    DetachCoupon,
    HandOver,
    Handover,
    Line,
    LineKey,
    Remove,
    Split,
)
from app.checkout.models import Quote
from app.db import Connection
from app.errors import Conflict, NotFound
from app.languages import Language
from app.money import Money
from app.staff import Person
from app.tills import baskets, drawers, lines, queries, rules
from app.tills.models import Receipt, Till

CARRY_OUT: Handover = "carry-out"


async def current(db: Connection, till: Till) -> Receipt | None:
    """The receipt at which the clerk is."""
    return await queries.open_receipt(db, till.id)


async def waiting(db: Connection, till: Till) -> list[Receipt]:
    """Parked ones, and those whose card payment is not through."""
    if till.shift_id is None:
        return []
    return await queries.receipts(db, till.shift_id, ("parked", "paying"), 20)


async def things_on(db: Connection, some: Sequence[Receipt]) -> dict[UUID, int]:
    """How many things lie on each, so that a clerk knows one parked receipt from another."""
    return await queries.things_on(db, [one.id for one in some])


async def sold(db: Connection, till: Till) -> list[Receipt]:
    if till.shift_id is None:
        return []
    return await queries.receipts(db, till.shift_id, ("paid", "void"), 100)


async def add(
    db: Connection,
    till: Till,
    command: UUID,
    text: str,
    spare_cart: UUID,
    *,
    quantity: int = 1,
    handover: Handover = CARRY_OUT,
) -> None:
    """What was scanned or typed, to be carried out or sent home. `spare_cart` is an empty one, should no
    receipt be open. Raises what cannot be done as a sentence."""
    code = scan.read(text)

    async def act() -> dict[str, Any]:
        receipt = await baskets.shown(db, await baskets.begin(db, till, spare_cart))
        wanted = Add(
            id=command,
            cart_id=receipt.cart_id,
            quantity=quantity,
            label=code.label,
            gtin="" if code.label else code.gtin,
            measured=code.measured,
            handover=handover,
            added_from=lines.TILL,
        )
        await lines.apply(db, [wanted])
        return {"receipt": str(receipt.id)}

    asked: dict[str, Any] = {
        "do": "add",
        "label": code.label,
        "gtin": code.gtin,
        "quantity": quantity,
    }
    asked["handover"] = handover
    await commands.once(db, till.id, command, asked, act)


async def step(db: Connection, till: Till, command: UUID, line: LineKey, more: int) -> None:
    """One more or one less."""

    async def act(receipt: Receipt) -> None:
        await lines.apply(db, [lines.more(command, receipt.cart_id, line, more)])

    await _on_receipt(db, till, command, {"do": "step", "line": line, "more": more}, act)


async def hand_over(
    db: Connection, till: Till, command: UUID, line: LineKey, to: Handover, quantity: int
) -> None:
    """So many of a line go another way: carried out, or sent home. Raises Conflict when there are
    not so many any more."""

    async def act(receipt: Receipt) -> None:
        basket = await cart.read(db, receipt.cart_id, "en")
        found = lines.line_of(basket, line)
        if found is None or found.quantity < quantity:
            raise cart.in_words("stale")
        wanted: Command = HandOver(
            id=command, cart_id=receipt.cart_id, line=line, version=found.version, handover=to
        )
        if quantity < found.quantity:
            wanted = Split(
                id=command,
                cart_id=receipt.cart_id,
                line=line,
                version=found.version,
                handover=to,
                quantity=quantity,
            )
        await lines.apply(db, [wanted])
        await lines.let_prices_follow(db, receipt.cart_id, found, to)

    asked = {"do": "hand over", "line": line, "to": to, "quantity": quantity}
    await _on_receipt(db, till, command, asked, act)


async def remove(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    line: LineKey,
    reason: str,
    *,
    agreed: Person | None = None,
) -> None:
    """A line that was scanned by mistake, for a reason. Raises NotAllowed where a supervisor has to
    agree."""

    async def act(receipt: Receipt) -> None:
        found = lines.line_of(await cart.read(db, receipt.cart_id, "en"), line)
        if found is None:
            raise cart.in_words("stale")
        await _agreed_to_void(db, till, person, receipt, [found], reason, agreed)
        wanted = Remove(id=command, cart_id=receipt.cart_id, line=line, version=found.version)
        await lines.apply(db, [wanted])
        await staff.note(db, person, "till.void_line", str(receipt.id), reason)

    await _on_receipt(db, till, command, {"do": "remove", "line": line, "reason": reason}, act)


async def ask_for(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    line: LineKey,
    price: Money,
    reason: str,
    *,
    agreed: Person | None = None,
) -> None:
    """Another price for one of this line, for a reason: a dented tin. `agreed` is the supervisor
    who came to the clerk's screen. Raises NotAllowed where one has to, Conflict for more than the
    shelf's price."""

    async def act(receipt: Receipt) -> None:
        found = lines.line_of(await cart.read(db, receipt.cart_id, "en"), line)
        if found is None:
            raise cart.in_words("stale")
        supervisor = agreed is not None or person.may("supervisor")
        rules.check_override(price, found.price, supervisor=supervisor)
        key = cart.key_of(found)
        await queries.override(db, receipt.cart_id, key, price, reason, person.id)
        note = f"{found.price} -> {price}: {reason}"
        await staff.note(db, person, "till.override", str(receipt.id), note)
        if agreed is not None:
            await staff.note(db, agreed, "till.agreed", str(receipt.id), note)

    asked = {"do": "ask for", "line": line, "price": price, "reason": reason}
    await _on_receipt(db, till, command, asked, act)


async def park(db: Connection, till: Till, command: UUID) -> None:
    """The customer forgot the eggs; the next one is served meanwhile."""

    async def act(receipt: Receipt) -> None:
        await queries.become(db, receipt.id, "parked")

    await _on_receipt(db, till, command, {"do": "park"}, act)


async def resume(db: Connection, till: Till, command: UUID, id: UUID) -> None:
    """Raises Conflict while another receipt is open."""

    async def act() -> dict[str, str]:
        await drawers.at_work(db, till)
        receipt = await queries.lock_receipt(db, id, till.id)
        if receipt is None:
            raise NotFound("There is no such receipt.")
        if receipt.state != "parked" or not await queries.become(db, id, "open"):
            raise Conflict("Finish or park the open receipt first.", code="receipt-open")
        return {"receipt": str(id)}

    await commands.once(db, till.id, command, {"do": "resume", "receipt": id}, act)


async def void(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    reason: str,
    *,
    agreed: Person | None = None,
) -> None:
    """Nothing is bought; a customer's own basket stays with the customer. `agreed` is the supervisor
    who came to the clerk's screen. Raises NotAllowed where one has to."""

    async def act(receipt: Receipt) -> None:
        basket = await cart.read(db, receipt.cart_id, "en", place_id=till.place_id)
        here = [
            line
            for line in (basket.lines if basket else [])
            if receipt.view_id is None or line.handover == CARRY_OUT
        ]
        await _agreed_to_void(db, till, person, receipt, here, reason, agreed)
        await queries.end_exchange(db, receipt.id)  # it stays with the customer
        await queries.void(db, receipt.id, reason)
        await staff.note(db, person, "till.void", str(receipt.id), reason)

    await _on_receipt(db, till, command, {"do": "void", "reason": reason}, act)


async def _agreed_to_void(
    db: Connection,
    till: Till,
    person: Person,
    receipt: Receipt,
    called_off: Sequence[Line],
    reason: str,
    agreed: Person | None,
) -> None:
    worth = sum(line.price * line.quantity for line in called_off)
    supervisor = agreed is not None or person.may("supervisor")
    rules.check_void(worth, till.currency or "", supervisor=supervisor)
    if agreed is not None:
        await staff.note(db, agreed, "till.agreed", str(receipt.id), f"void of {worth}: {reason}")


async def show_coupon(
    db: Connection, till: Till, command: UUID, code: str, spare_cart: UUID, *, away: bool = False
) -> None:
    """A coupon the customer shows at the counter, or wants back: it lies in the basket from now on,
    and whether it counts stands on the receipt. Raises Conflict for more than fit."""

    async def act() -> dict[str, str]:
        receipt = await baskets.shown(db, await baskets.begin(db, till, spare_cart))
        wanted: Command = (DetachCoupon if away else AttachCoupon)(
            id=command, cart_id=receipt.cart_id, code=code
        )
        await lines.apply(db, [wanted])
        return {"receipt": str(receipt.id)}

    asked = {"do": "coupon", "code": code, "away": away}
    await commands.once(db, till.id, command, asked, act)


async def quote(
    db: Connection,
    till: Till,
    receipt: Receipt,
    language: Language,
    *,
    delivery: Money = 0,
    free_from: Money | None = None,
) -> Quote:
    """What it costs here and now. Raises Conflict when it is empty or something is not sold."""
    instead = await queries.overrides(db, receipt.cart_id)
    return await checkout.quote(
        db,
        receipt.cart_id,
        language,
        delivery=delivery,
        free_from=free_from,
        place_id=till.place_id,
        orders=checkout.AT_A_COUNTER,
        instead=instead,
    )


async def overridden(db: Connection, receipt: Receipt) -> Mapping[str, Money]:
    """Line of the basket → the price a clerk asked for instead."""
    return await queries.overrides(db, receipt.cart_id)


async def _on_receipt(
    db: Connection,
    till: Till,
    command: UUID,
    asked: dict[str, Any],
    act: Callable[[Receipt], Awaitable[None]],
) -> None:
    """Once, on the receipt at which the clerk is, while nobody closes the till."""

    async def once() -> dict[str, str]:
        await drawers.at_work(db, till)
        receipt = await queries.open_receipt(db, till.id)
        if receipt is None:
            raise Conflict("No receipt is open. Scan something first.", code="no-receipt")
        await act(await baskets.shown(db, receipt))
        return {"receipt": str(receipt.id)}

    await commands.once(db, till.id, command, asked, once)
