"""What a shopper asks for, and who settles it: money at once, a person who looks, or a way back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app import cases, commands, orders, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment.packing.rules import sscc
from app.money import Money
from app.orders.models import Order
from app.returns import collecting, exchanging, pieces, queries, rules
from app.returns.actions import as_asked, close_request, locked, open_case, seen, settle, take
from app.returns.models import Desk, Done, Instead, Offer, Request, Wanted
from app.settings import Settings
from app.staff import Person


async def complain(
    db: Connection,
    order_id: UUID,
    command: UUID,
    wanted: Wanted,
    desk: Desk,
    settings: Settings | None = None,
) -> Done:
    """Something was wrong, the shopper says. Within limits the money goes back at once and the
    goods stay where they are; else a person looks at it. A case is opened in any case.

    What they have changed their mind about they bring to a shop: the request is kept for its desk.
    With `settings` they may have something else for it that is brought to them (`exchanging`).
    """

    async def act() -> dict[str, Any]:
        order = await locked(db, order_id)
        id = uuid5(order_id, str(command))
        found, _ = await seen(db, order, wanted)
        if await _word_is_enough(db, order, wanted, found):
            done, _ = await settle(db, order, wanted, desk, id)
        else:
            done = await _ask(db, order, wanted, id, found, settings)
        return msgspec.to_builtins(done)  # type: ignore[no-any-return]

    done = await commands.once(db, order_id, command, as_asked("complain", wanted, desk), act)
    return msgspec.convert(done, Done)


async def approve(
    db: Connection, person: Person, command: UUID, request_id: UUID, amount: Money
) -> Done:
    """A person has looked: the money goes back, and the goods stay where they are, or are lost with a
    carrier. Raises Conflict when it was settled before, or when it is to come back first."""
    asked = await _request(db, request_id)
    state, _ = await queries.parcels.where(db, request_id)
    if not asked.kept and state not in ("accepted", "in_transit", "failed"):
        raise Conflict("What comes back has to be here.", code="not-here")
    wanted = Wanted(
        lines=asked.lines, cause=asked.cause, amount=amount, note=asked.note, request=asked.id
    )
    desk = Desk(channel="phone", by=person.id)
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
        await close_request(db, request_id, asked.order_id, "refused", why)
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
        await close_request(db, request_id, order_id, "withdrawn")
        await orders.tell(db, order_id, "ReturnWithdrawn", {"request": str(request_id)})
        return {"withdrawn": str(request_id)}

    await commands.once(db, order_id, command, {"do": "keep", "request": request_id}, act)


async def find(db: Connection, text: str) -> Request | None:
    """By the code on the shopper's screen (`R-7K3M-2QZX`), or the number on the label of its parcel;
    None for what is neither."""
    tidy = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    if tidy.startswith("R") and len(tidy) == 9:
        return await queries.by_code(db, rules.as_typed(tidy[1:]))
    if tidy.isdigit() and len(tidy) in (18, 20):
        return await queries.by_label(db, tidy[-18:])
    return None


async def label(db: Connection, order_id: UUID, request_id: UUID) -> str:
    """The number of the parcel it comes back in (SSCC, GS1 General Specifications 2.2). Raises NotFound
    for what does not come as a parcel."""
    found = await queries.request(db, request_id)
    number = await queries.label(db, request_id)
    if found is None or found.order_id != order_id or number is None:
        raise NotFound("There is no such label.")
    return number


async def _ask(
    db: Connection,
    order: Order,
    wanted: Wanted,
    id: UUID,
    found: Offer,
    settings: Settings | None,
) -> Done:
    kept = wanted.cause in rules.OURS
    instead = await _instead(db, order, wanted)
    if kept:
        await queries.ask(db, id, order.id, wanted, None, kept=True)
        await open_case(db, order.id, wanted, id, answered=False)
    else:
        await _ask_to_bring(db, order, wanted, id)
    body = {"request": str(id), "amount": found.amount}
    await orders.tell(db, order.id, "ReturnRequested", body)
    done = Done(id=id, settled=False, amount=found.amount, currency=order.currency)
    if instead is None or wanted.way == "shop":
        return done
    if kept or settings is None:
        raise _no_exchange()
    return await exchanging.lay(db, order, done, wanted, instead, settings)


async def choices(
    db: Connection, order: Order, lines: Iterable[str], language: str
) -> list[Instead]:
    """What may be had for these lines: other sizes, other products of their class."""
    return await queries.choices(db, order.id, [pieces.line_of(key) for key in lines], language)


async def _instead(db: Connection, order: Order, wanted: Wanted) -> Instead | None:
    if wanted.instead is None:
        return None
    found = await choices(db, order, wanted.lines, order.language)
    chosen = next((one for one in found if one.product_id == wanted.instead), None)
    if chosen is None:
        raise _no_exchange()
    return chosen


def _no_exchange() -> Conflict:
    return Conflict("It can be exchanged for something of the same kind.", code="no-exchange")


async def _ask_to_bring(db: Connection, order: Order, wanted: Wanted, id: UUID) -> None:
    tries = (rules.code_of(id, attempt) for attempt in range(5))
    while not await queries.ask(db, id, order.id, wanted, next(tries), kept=False):
        pass  # a code somebody else has: one in a million million
    if wanted.way == "van":
        if wanted.slot is None:
            raise Conflict("Choose when the van shall come.", code="no-slot")
        await collecting.plan(db, order, id, wanted.slot)
    if wanted.way == "parcel":
        number = sscc(await queries.next_serial(db))
        await queries.write_label(db, id, number, order.place_id)


async def _word_is_enough(db: Connection, order: Order, wanted: Wanted, found: Offer) -> bool:
    """Cash cannot be paid back over the network."""
    if wanted.cause not in rules.OURS or "cash" in await queries.providers(db, order.id):
        return False
    claimed = await queries.claimed(db, order.id)
    before = await queries.claims_before(db, order.id)
    return rules.word_is_enough(found.amount, claimed, order.sums.total, before)


async def _request(db: Connection, id: UUID) -> Request:
    found = await queries.request(db, id)
    if found is None:
        raise NotFound("There is no such request.")
    return found
