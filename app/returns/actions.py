"""Something comes back, or something was wrong: lock the order, see what it brings, write, tell."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app import (
    cases,
    checkout,
    commands,
    fulfilment,
    orders,
    payments,
    pricing,
    slots,
    staff,
    stock,
)
from app.db import Connection
from app.errors import Conflict, Malformed, NotAllowed, NotFound
from app.money import Money
from app.orders.models import Order
from app.pricing.models import Receipt
from app.returns import exchanging, queries, rules
from app.returns import pieces as handed_over
from app.returns.models import Bought, Desk, Done, Exempt, Line, Offer, Part, Wanted
from app.staff import Person

REASONS = {"changed-mind": "returned", "withdrawal": "returned"}
"""As payments and credit notes know it; the causes that are our fault are called the same there."""


async def lines(db: Connection, order: Order) -> list[Bought]:
    """What of an order may still come back."""
    came = await queries.came(db, order.id)
    return handed_over.bought(order, handed_over.units_of(came), await queries.terms(db, order.id))


async def product_of(db: Connection, code: str) -> UUID | None:
    """Whose bars these are; None for what is not the code of a product we know."""
    try:
        return await fulfilment.picking.product_of(db, code)
    except Malformed:
        return None


async def scanned(db: Connection, order: Order, product_id: UUID) -> Bought:
    """Which of what was handed over lies on the counter, also where it came instead of what was ordered.
    Raises NotFound for what is not of this order, Conflict for what came back already."""
    found = handed_over.scanned(await lines(db, order), product_id)
    if found is None:
        raise NotFound("This is not of this order.", code="not-of-this-order")
    if found.left < 1:
        raise handed_over.more_than_left([found])
    return found


async def offer(db: Connection, order: Order, wanted: Wanted) -> Offer:
    """What it would bring, before anybody agrees. Raises Conflict or Unprocessable where it cannot
    come back."""
    found, _ = await _look(db, order, wanted)
    return found


async def _look(
    db: Connection, order: Order, wanted: Wanted
) -> tuple[Offer, list[tuple[Bought, int]]]:
    """And how many of each of what was handed over it is."""
    came = await queries.came(db, order.id)
    standing = handed_over.bought(
        order, handed_over.units_of(came), await queries.terms(db, order.id)
    )
    units = handed_over.found(standing, wanted.lines)
    asked = await queries.request(db, wanted.request) if wanted.request else None
    at = rules.said_at(asked, wanted, datetime.now(UTC))
    rules.check(standing, units, wanted.cause, wanted.condition, at)
    receipt = msgspec.convert(order.receipt, Receipt)
    so_far = await queries.paid_back(db, order.id)
    left = sum(one.amount - one.refunded for one in await payments.tenders(db, order.id))
    unwanted = await fulfilment.delivery.door.unwanted(db, order.id)
    found = rules.offer(
        order, receipt, standing, units, wanted.cause, came, so_far, left, unwanted
    )  # fmt: skip
    return found, [(one, units.get(one.key, 0)) for one in standing]


async def take(db: Connection, order_id: UUID, command: UUID, wanted: Wanted, desk: Desk) -> Done:
    """It comes back: counted, paid back by the means it was paid with, put where it belongs.

    Raises Conflict when the sum has changed since it was shown (`offer-changed`), when it came back
    already, or the request was settled; Unprocessable for what is not of this order.
    """

    async def act() -> dict[str, Any]:
        order = await locked(db, order_id)
        done, _ = await settle(db, order, wanted, desk, uuid5(order_id, str(command)))
        return msgspec.to_builtins(done)  # type: ignore[no-any-return]

    done = await commands.once(db, order_id, command, as_asked("take", wanted, desk), act)
    return msgspec.convert(done, Done)


async def exchange(
    db: Connection, order_id: UUID, id: UUID, wanted: Wanted, desk: Desk, most: Money
) -> tuple[Done, list[payments.Moved]]:
    """It comes back for something else: up to `most` of its worth pays for that, and must be laid to
    the new order with `note_exchange` in the same transaction; only what is more goes back. The
    caller's command keeps a repeat from counting twice. Raises like `take`."""
    order = await locked(db, order_id)
    return await settle(db, order, wanted, desk, id, most)


async def late(db: Connection, order_id: UUID, command: UUID, note: str) -> Money:
    """It came too late: where our own books say so, what bringing it cost goes back, once. A case is
    opened in any case; else somebody looks at it. Returns how much."""

    async def act() -> dict[str, Money]:
        order = await locked(db, order_id)
        given = await _fee_of_what_was_late(db, order, uuid5(order_id, str(command)))
        await cases.open_case(
            db, uuid5(order_id, f"case {command}"), order_id, "late", words=note,
            answered=bool(given),
        )  # fmt: skip
        await orders.tell(db, order_id, "OrderComplained", {"cause": "late"})
        return {"given": given}

    done = await commands.once(db, order_id, command, {"do": "late", "note": note}, act)
    return int(done["given"])


async def _fee_of_what_was_late(db: Connection, order: Order, id: UUID) -> Money:
    fee = order.sums.delivery
    if not fee or not rules.was_late(order) or await queries.given_for(db, order.id, "late"):
        return 0
    if "cash" in await queries.providers(db, order.id):
        return 0  # coins are paid out at a till, by somebody who looks
    left = sum(one.amount - one.refunded for one in await payments.tenders(db, order.id))
    if left < fee or not await queries.give(db, id, order.id, fee, order.sums.total, "late", None):
        return 0
    return fee if await payments.refund(db, order.id, id, fee, "late") else 0


async def set_window(
    db: Connection, person: Person, command: UUID, category: str, days: int, reason: Exempt
) -> None:
    """How long this class of product may come back for the shopper's own reasons, and the exception
    of the law it falls under. Raises NotFound for a class no product is of."""

    async def act() -> dict[str, str]:
        if not await queries.set_window(db, category, days, reason):
            raise NotFound("No product is of this class.")
        await staff.note(db, person, "return.window", category, f"{days} {reason}".strip())
        return {"category": category}

    asked = {"do": "window", "category": category, "days": days, "reason": reason}
    await commands.once(db, person.id, command, asked, act)


async def send_on(
    db: Connection, person: Person, command: UUID, return_id: UUID, to_place: UUID
) -> None:
    """What was put on the shelf here goes on to where it belongs. Raises Conflict when it went already,
    or was sold here meanwhile."""

    async def act() -> dict[str, str]:
        goods = await queries.lock_to_send_on(db, return_id)
        if goods is None:
            raise Conflict("This went on already.", code="sent-already")
        from_place, pieces = goods
        transfer_id = await stock.moving.send(db, from_place, to_place, pieces)
        await queries.note_sent_on(db, return_id, transfer_id)
        await staff.note(db, person, "return.send_on", str(return_id), str(to_place))
        return {"transfer": str(transfer_id)}

    asked = {"do": "send on", "return": return_id, "to": to_place}
    await commands.once(db, person.id, command, asked, act)


async def give(
    db: Connection, person: Person, order_id: UUID, command: UUID, amount: Money, reason: str
) -> None:
    """Goodwill, by the means it was paid with. Raises NotAllowed beyond the limit of the role,
    Conflict for more than was paid, and for coins, which nobody sends over the network."""

    async def act() -> dict[str, Money]:
        order = await locked(db, order_id)
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
        ids = [id, *(uuid5(id, str(intent)) for intent in await queries.intents(db, order_id))]
        if any(part.provider == "cash" for part in await queries.parts(db, order_id, ids)):
            raise _paid_in_cash()
        await staff.note(db, person, "return.goodwill", str(order_id), reason)
        await orders.tell(db, order_id, "GoodwillGiven", {"amount": amount})
        return {"given": amount}

    asked = {"do": "goodwill", "amount": amount, "reason": reason}
    await commands.once(db, order_id, command, asked, act)


async def settle(
    db: Connection, order: Order, wanted: Wanted, desk: Desk, id: UUID, most: Money = 0
) -> tuple[Done, list[payments.Moved]]:
    """Counted, paid back, put away, told; `most` of it pays for something else instead. The order is
    locked."""
    found, pieces = await seen(db, order, wanted)
    swap = await exchanging.prepare(db, wanted, found.amount, at_a_till=bool(most))
    most = most or swap.most
    if wanted.request is not None:
        await close_request(db, wanted.request, order.id, "done", collected=desk.channel == "door")
    if not await queries.count_units(db, order.id, handed_over.by_line(wanted.lines)):
        raise _came_already()
    await queries.write(
        db, id, order.id, wanted.request, wanted.cause, found.amount, order.currency, desk,
        wanted.note,
    )  # fmt: skip
    await _put_away(db, order, wanted, desk, id, pieces)
    if rules.nothing_is_kept(order, pieces):
        await pricing.free(db, order.id)  # its coupons and limited offers may be used again
    moving = min(found.amount, most)
    parts = await _pay_back(db, order.id, wanted, id, found.amount - moving)
    moved = await _set_aside(db, order.id, id, moving)
    if swap.order_id is not None:
        await checkout.instead.go_on(db, swap.order_id, moved)
        await queries.note_exchange(db, id, swap.order_id)
    if desk.channel != "till" and any(part.provider == "cash" for part in parts):
        raise _paid_in_cash()
    if wanted.cause in rules.OURS and wanted.request is None:
        await open_case(db, order.id, wanted, id, answered=True)
    body = {"return": str(id), "cause": wanted.cause, "amount": found.amount}
    await orders.tell(db, order.id, "OrderReturned", body)
    done = Done(id=id, settled=True, amount=found.amount, currency=order.currency, parts=parts)
    return done, moved


async def _set_aside(
    db: Connection, order_id: UUID, id: UUID, amount: Money
) -> list[payments.Moved]:
    if not amount:
        return []
    moved = await payments.set_aside(db, order_id, uuid5(id, "exchanged"), amount)
    if moved is None:
        raise _not_that_much()
    parts = [Part(one.refund_id, one.provider, one.amount) for one in moved]
    await queries.write_parts(db, id, parts)
    return moved


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
    db: Connection,
    order: Order,
    wanted: Wanted,
    desk: Desk,
    id: UUID,
    pieces: Sequence[tuple[Bought, int]],
) -> None:
    """Each goes where its state lets it; what is as good as new is on the shelf again, the rest lies
    aside."""
    lines = [
        Line(
            line_no=piece.line_no,
            product_id=piece.product_id,
            instead_gtin=piece.gtin if piece.instead_of else None,
            quantity=units,
            disposition=rules.disposition(
                piece.storage, wanted.condition, wanted.cause, desk.place_id is not None,
                at_the_door=desk.channel == "door",
            ),
        )
        for piece, units in pieces if units
    ]  # fmt: skip
    if not await queries.write_lines(db, id, order.id, lines):
        raise _came_already()
    if desk.place_id is None:
        return
    place_id = desk.place_id
    back = [stock.Line(line.product_id, place_id, line.quantity)
            for line in lines if line.disposition == "restock"]  # fmt: skip
    if back:
        await stock.receive(db, back, kind="returned", reference=order.id)
    away = [stock.aside.Goods(line.product_id, place_id, line.disposition, line.quantity)
            for line in lines
            if line.disposition != "restock" and line.disposition != "kept"]  # fmt: skip
    await stock.aside.put(db, away, order.id)


async def open_case(
    db: Connection, order_id: UUID, wanted: Wanted, id: UUID, *, answered: bool
) -> None:
    """Somebody looks at why, whichever desk heard of it."""
    kind: Any = wanted.cause
    await cases.open_case(
        db, uuid5(id, "case"), order_id, kind, about=id, words=wanted.note, answered=answered
    )


async def close_request(
    db: Connection,
    id: UUID,
    order_id: UUID,
    state: str,
    why: str | None = None,
    *,
    collected: bool = False,
) -> None:
    """It is settled: no van comes for it any more. Raises Conflict when it was settled before."""
    if not await queries.settle_request(db, id, order_id, state, why):
        raise Conflict("Somebody has settled this already.", code="settled-already")
    if state != "done":
        await exchanging.let_go(db, id)
    if await queries.collections.end(db, id, "collected" if collected else "off"):
        await slots.release(db, id)


async def seen(
    db: Connection, order: Order, wanted: Wanted
) -> tuple[Offer, list[tuple[Bought, int]]]:
    """The offer, if it is the one that was agreed to, and how many of each piece it is for."""
    found, pieces = await _look(db, order, wanted)
    if wanted.amount != found.amount:
        raise Conflict(
            "The sum has changed since you saw it. Please look at it again.",
            code="offer-changed",
            state=msgspec.to_builtins(found),
        )
    return found, pieces


async def locked(db: Connection, order_id: UUID) -> Order:
    if await orders.lock(db, order_id) is None:
        raise NotFound("There is no such order.")
    order = await orders.read(db, order_id)
    assert order is not None, "it is locked"
    return order


def as_asked(do: str, wanted: Wanted, desk: Desk) -> dict[str, Any]:
    return {"do": do, "wanted": msgspec.to_builtins(wanted), "place": desk.place_id}


def _came_already() -> Conflict:
    return Conflict("This came back already.", code="more-than-left")


def _paid_in_cash() -> Conflict:
    return Conflict(
        "This was paid in cash. It is paid out at the till of any of our shops.",
        code="paid-in-cash",
    )


def _not_that_much() -> Conflict:
    return Conflict("That much was not paid, or is paid back already.", code="not-paid")
