"""Something comes back, or something was wrong: lock the order, see what it brings, write, tell."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app import cases, commands, fulfilment, orders, payments, staff, stock
from app.db import Connection
from app.errors import Conflict, NotAllowed, NotFound
from app.money import Money
from app.orders.models import Order
from app.pricing.models import Receipt
from app.returns import queries, rules
from app.returns.models import Bought, Desk, Done, Offer, Part, Request, Wanted
from app.staff import Person

REASONS = {"changed-mind": "returned", "withdrawal": "returned"}
"""As payments and credit notes know it; the causes that are our fault are called the same there."""


async def lines(db: Connection, order: Order) -> list[Bought]:
    """What of an order may still come back."""
    came = await queries.came(db, order.id)
    return rules.bought(order, rules.units_of(came), await queries.windows(db, order.id))


async def offer(db: Connection, order: Order, wanted: Wanted) -> Offer:
    """What it would bring, before anybody agrees. Raises Conflict or Unprocessable where it cannot
    come back."""
    units, came = _units(wanted), await queries.came(db, order.id)
    standing = rules.bought(order, rules.units_of(came), await queries.windows(db, order.id))
    rules.check(standing, units, wanted.cause, order, datetime.now(UTC))
    receipt = msgspec.convert(order.receipt, Receipt)
    so_far = await queries.paid_back(db, order.id)
    left = sum(one.amount - one.refunded for one in await payments.tenders(db, order.id))
    unwanted = await fulfilment.delivery.door.unwanted(db, order.id)
    return rules.offer(order, receipt, units, wanted.cause, came, so_far, left, unwanted)


async def take(db: Connection, order_id: UUID, command: UUID, wanted: Wanted, desk: Desk) -> Done:
    """It comes back: counted, paid back by the means it was paid with, put where it belongs.

    Raises Conflict when the sum has changed since it was shown (`offer-changed`), when it came back
    already, or the request was settled; Unprocessable for what is not of this order.
    """

    async def act() -> dict[str, Any]:
        order = await _locked(db, order_id)
        done = await _settle(db, order, wanted, desk, uuid5(order_id, str(command)))
        return msgspec.to_builtins(done)  # type: ignore[no-any-return]

    done = await commands.once(db, order_id, command, _asked("take", wanted, desk), act)
    return msgspec.convert(done, Done)


async def complain(
    db: Connection, order_id: UUID, command: UUID, wanted: Wanted, desk: Desk
) -> Done:
    """Something was wrong, the shopper says. Within limits the money goes back at once and the
    goods stay where they are; else a person looks at it. A case is opened in any case.

    What they have changed their mind about they bring to a shop: the request is kept for its desk.
    """

    async def act() -> dict[str, Any]:
        order = await _locked(db, order_id)
        id = uuid5(order_id, str(command))
        found = await _seen(db, order, wanted)
        if await _word_is_enough(db, order, wanted, found):
            done = await _settle(db, order, wanted, desk, id)
        else:
            done = await _ask(db, order, wanted, desk, id, found)
        if wanted.cause in rules.OURS:
            await cases.open_case(
                db, uuid5(id, "case"), order_id, wanted.cause,  # type: ignore[arg-type]
                about=id, words=wanted.note, answered=done.settled,
            )  # fmt: skip
        return msgspec.to_builtins(done)  # type: ignore[no-any-return]

    done = await commands.once(db, order_id, command, _asked("complain", wanted, desk), act)
    return msgspec.convert(done, Done)


async def late(db: Connection, order_id: UUID, command: UUID, note: str) -> Money:
    """It came too late: what bringing it cost goes back, once, and a case is opened. Returns how
    much."""

    async def act() -> dict[str, Money]:
        order = await _locked(db, order_id)
        fee = order.sums.delivery
        given = 0
        if fee and not await queries.given_for(db, order_id, "late"):
            id = uuid5(order_id, str(command))
            if await queries.give(db, id, order_id, fee, order.sums.total, "late", None):
                given = fee if await payments.refund(db, order_id, id, fee, "late") else 0
        await cases.open_case(
            db, uuid5(order_id, f"case {command}"), order_id, "late", words=note,
            answered=bool(given),
        )  # fmt: skip
        await orders.tell(db, order_id, "OrderComplained", {"cause": "late"})
        return {"given": given}

    done = await commands.once(db, order_id, command, {"do": "late", "note": note}, act)
    return int(done["given"])


async def approve(
    db: Connection, person: Person, command: UUID, request_id: UUID, amount: Money
) -> Done:
    """A person has looked: the money goes back. Raises Conflict when it was settled before."""
    asked = await _request(db, request_id)
    wanted = Wanted(
        lines=asked.lines, cause=asked.cause, amount=amount, note=asked.note, request=asked.id
    )
    desk = Desk(channel="phone", by=person.id, photo=asked.photo)
    done = await take(db, asked.order_id, command, wanted, desk)
    found = await cases.about(db, request_id)
    if found is not None:
        await cases.answer(db, found.id)
    return done


async def refuse(db: Connection, person: Person, command: UUID, request_id: UUID, why: str) -> None:
    """For a reason, which the shopper reads on the page of the order."""
    asked = await _request(db, request_id)

    async def act() -> dict[str, str]:
        await orders.lock(db, asked.order_id)
        if not await queries.settle_request(db, request_id, asked.order_id, "refused", why):
            raise Conflict("Somebody has settled this already.", code="settled-already")
        await staff.note(db, person, "return.refuse", str(asked.order_id), why)
        await orders.tell(db, asked.order_id, "ReturnRefused", {"request": str(request_id)})
        return {"refused": str(request_id)}

    told = {"do": "refuse", "request": request_id, "why": why}
    await commands.once(db, asked.order_id, command, told, act)
    found = await cases.about(db, request_id)
    if found is not None:
        await cases.answer(db, found.id)


async def withdraw(db: Connection, order_id: UUID, command: UUID, request_id: UUID) -> None:
    """The shopper keeps it after all."""

    async def act() -> dict[str, str]:
        await orders.lock(db, order_id)
        if not await queries.settle_request(db, request_id, order_id, "withdrawn"):
            raise Conflict("Somebody has settled this already.", code="settled-already")
        await orders.tell(db, order_id, "ReturnWithdrawn", {"request": str(request_id)})
        return {"withdrawn": str(request_id)}

    await commands.once(db, order_id, command, {"do": "keep", "request": request_id}, act)


async def give(
    db: Connection, person: Person, order_id: UUID, command: UUID, amount: Money, reason: str
) -> None:
    """Goodwill, by the means it was paid with. Raises NotAllowed beyond the limit of the role."""

    async def act() -> dict[str, Money]:
        order = await _locked(db, order_id)
        id = uuid5(order_id, str(command))
        supervisor = person.may("supervisor")
        most = rules.most_goodwill(order.sums.total, supervisor=supervisor)
        if not await queries.give(db, id, order_id, amount, most, reason, person.id):
            raise NotAllowed(
                "That is more than you may give for this order. Ask a supervisor.",
                code="beyond-your-limit",
            )
        if not await payments.refund(db, order_id, id, amount, "goodwill"):
            raise _not_that_much()
        await staff.note(db, person, "return.goodwill", str(order_id), reason)
        await orders.tell(db, order_id, "GoodwillGiven", {"amount": amount})
        return {"given": amount}

    asked = {"do": "goodwill", "amount": amount, "reason": reason}
    await commands.once(db, order_id, command, asked, act)


async def _settle(db: Connection, order: Order, wanted: Wanted, desk: Desk, id: UUID) -> Done:
    found = await _seen(db, order, wanted)
    if wanted.request is not None and not await queries.settle_request(
        db, wanted.request, order.id, "done"
    ):
        raise Conflict("Somebody has settled this already.", code="settled-already")
    units = _units(wanted)
    if not await queries.count_units(db, order.id, units):
        raise Conflict("This came back already.", code="more-than-left")
    await queries.write(
        db, id, order.id, wanted.request, wanted.cause, found.amount, order.currency, desk,
        wanted.note,
    )  # fmt: skip
    await _put_away(db, order, wanted, desk, id, units)
    parts = await _pay_back(db, order.id, wanted, id, found.amount)
    if desk.channel != "till" and any(part.provider == "cash" for part in parts):
        raise Conflict(
            "This was paid in cash. It is paid out at the till of any of our shops.",
            code="paid-in-cash",
        )
    body = {"return": str(id), "cause": wanted.cause, "amount": found.amount}
    await orders.tell(db, order.id, "OrderReturned", body)
    return Done(id=id, settled=True, amount=found.amount, currency=order.currency, parts=parts)


async def _pay_back(
    db: Connection, order_id: UUID, wanted: Wanted, id: UUID, amount: Money
) -> list[Part]:
    if not amount:
        return []
    reason = REASONS.get(wanted.cause, wanted.cause)
    if not await payments.refund(db, order_id, id, amount, reason):
        raise _not_that_much()
    ids = [id, *(uuid5(id, str(intent)) for intent in await queries.intents(db, order_id))]
    parts = await queries.parts(db, order_id, ids)
    await queries.write_parts(db, id, parts)
    return parts


async def _put_away(
    db: Connection, order: Order, wanted: Wanted, desk: Desk, id: UUID, units: Mapping[int, int]
) -> None:
    """Each line goes where its state lets it; what is as good as new is on the shelf again."""
    parts = [
        (line.line_no, line.product_id, units[line.line_no],
         rules.disposition(line.storage, wanted.condition, wanted.cause,
                           desk.place_id is not None))
        for line in order.lines if line.line_no in units
    ]  # fmt: skip
    await queries.write_lines(db, id, parts)
    if desk.place_id is None:
        return
    back = [stock.Line(product_id, desk.place_id, quantity)
            for _, product_id, quantity, becomes in parts if becomes == "restock"]  # fmt: skip
    if back:
        await stock.receive(db, back, kind="returned", reference=order.id)


async def _ask(
    db: Connection, order: Order, wanted: Wanted, desk: Desk, id: UUID, found: Offer
) -> Done:
    kept = wanted.cause in rules.OURS
    await queries.ask(
        db, id, order.id, wanted.cause, wanted.lines, wanted.note, desk.photo, kept=kept
    )
    await orders.tell(db, order.id, "ReturnRequested", {"request": str(id)})
    return Done(id=id, settled=False, amount=found.amount, currency=order.currency)


async def _word_is_enough(db: Connection, order: Order, wanted: Wanted, found: Offer) -> bool:
    """Cash cannot be paid back over the network."""
    if wanted.cause not in rules.OURS or "cash" in await queries.providers(db, order.id):
        return False
    claimed = await queries.claimed(db, order.id)
    before = await queries.claims_before(db, order.id)
    return rules.word_is_enough(found.amount, claimed, order.sums.total, before)


async def _seen(db: Connection, order: Order, wanted: Wanted) -> Offer:
    """The offer, if it is the one that was agreed to."""
    found = await offer(db, order, wanted)
    if wanted.amount != found.amount:
        raise Conflict(
            "The sum has changed since you saw it. Please look at it again.",
            code="offer-changed",
            state=msgspec.to_builtins(found),
        )
    return found


async def _locked(db: Connection, order_id: UUID) -> Order:
    if await orders.lock(db, order_id) is None:
        raise NotFound("There is no such order.")
    order = await orders.read(db, order_id)
    assert order is not None, "it is locked"
    return order


async def _request(db: Connection, id: UUID) -> Request:
    found = await queries.request(db, id)
    if found is None:
        raise NotFound("There is no such request.")
    return found


def _units(wanted: Wanted) -> dict[int, int]:
    return dict(sorted((int(line_no), units) for line_no, units in wanted.lines.items()))


def _asked(do: str, wanted: Wanted, desk: Desk) -> dict[str, Any]:
    return {"do": do, "wanted": msgspec.to_builtins(wanted), "place": desk.place_id}


def _not_that_much() -> Conflict:
    return Conflict("That much was not paid, or is paid back already.", code="not-paid")
