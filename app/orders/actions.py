from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app import jobs, live
from app.db import Connection, new_id
from app.errors import Conflict, NotFound
from app.orders import queries, sending
from app.orders.models import Changes, Line, NewOrder, Order, Sent, State, Sums
from app.orders.rules import BEFORE, CALLED_OFF_FROM, KIND, hash_of, link_token, number_of


async def place(db: Connection, new: NewOrder, *, secret: str) -> str:
    """Write the order down as agreed; returns its number for people. It waits for its payment."""
    token_hash = hash_of(link_token(secret, new.id))
    number, attempt = number_of(new.id), 0
    while not await queries.write(db, new, number, token_hash):
        attempt += 1
        number = number_of(new.id, attempt)
    await queries.write_lines(db, new.id, new.lines)
    await sending.write(db, new.id, new.elsewhere)
    if new.pick_up is not None:
        await queries.write_pick_up(db, new.id, new.pick_up)
    if new.line_notes:
        await queries.write_line_notes(db, new.id, new.line_notes)
    await _tell(db, new.id, 1, "placed", new.cart_id, new.place_id)
    return number


async def advance(
    db: Connection,
    order_id: UUID,
    to: State,
    *,
    delivered: Mapping[int, int] | None = None,
    why: str | None = None,
) -> int:
    """The order becomes `to`; returns its version. Becoming what it is changes nothing.

    `delivered` says how many of each line number were handed over at the door, for
    `part_delivered`. Raises Conflict when it cannot become that any more, NotFound.
    """
    now = await queries.lock(db, order_id)
    if now is None:
        raise NotFound("There is no such order.")
    if now.state == to:
        return now.version
    order = await queries.move(db, order_id, to, BEFORE.get(to, ()), why)
    if order is None:
        raise Conflict(
            "This order cannot change like that any more.",
            code="order-moved-on",
            state={"order": str(order_id), "state": now.state},
        )
    if to in ("delivered", "part_delivered"):
        await queries.note_delivered(db, order_id, delivered)
    await _tell(db, order_id, order["version"], to, order["cart_id"], order["place_id"])
    return int(order["version"])


async def hand_over(db: Connection, order_id: UUID) -> None:
    """What is carried out leaves with its customer, now; where that is all of it, it is delivered."""
    await queries.note_carried_out(db, order_id)
    if await queries.handovers(db, order_id) == {"carry-out"}:
        await advance(db, order_id, "delivered")


async def take_back(db: Connection, order_id: UUID, why: str) -> None:
    """Sold at a counter by mistake: the goods are back, it is as if it had not been.

    Raises Conflict when any of it is on its way to somebody's home.
    """
    order = await queries.take_back(db, order_id, why)
    if order is None:
        raise Conflict(
            "We are already picking this order, so it cannot be cancelled any more.",
            code="order-moved-on",
        )
    await _tell(db, order_id, order["version"], "cancelled", order["cart_id"], order["place_id"])


async def confirm(db: Connection, order_id: UUID) -> int:
    """It is paid: now it will be picked."""
    return await advance(db, order_id, "confirmed")


async def call_off(db: Connection, order_id: UUID, why: str) -> int:
    """The shopper's change of mind, possible until picking starts. Raises Conflict after that.

    Stock, slot and money are given back by `checkout.cancel`.
    """
    now = await queries.lock(db, order_id)
    if await queries.carried_out(db, order_id):
        raise Conflict(
            "Part of this order was taken along already. Please bring it back, or call us.",
            code="taken-along",
        )
    if now is not None and now.state not in (*CALLED_OFF_FROM, "cancelled"):
        raise Conflict(
            "We are already picking this order, so it cannot be cancelled any more.",
            code="order-moved-on",
            state={"order": str(order_id), "state": now.state},
        )
    return await advance(db, order_id, "cancelled", why=why)


async def change(db: Connection, order_id: UUID, changes: Changes) -> int:
    """The shopper wants it otherwise, possible until picking starts. Raises Conflict after that."""
    changed = await queries.change(db, order_id, changes)
    if changed is None:
        raise await _being_picked(db, order_id)
    version = int(changed["version"])
    await jobs.announce(
        db,
        aggregate="order",
        id=order_id,
        number=version,
        kind="OrderChanged",
        body={"cart": str(changed["cart_id"]), "place": str(changed["place_id"])},
    )
    live.tell_after_commit(db, f"order:{order_id}", version)
    return version


async def rewrite(
    db: Connection,
    order_id: UUID,
    slot: tuple[UUID, datetime, datetime] | None,
    lines: Sequence[Line],
    sums: Sums,
    receipt: Mapping[str, Any],
    elsewhere: Sequence[Sent] = (),
) -> int:
    """Other goods or another time (`slot`: its id, when it begins and ends), as they were agreed, and
    what of them other places send; returns the new version. Raises Conflict once picking has started."""
    changed = await queries.rewrite(db, order_id, slot, sums, receipt)
    if changed is None:
        raise await _being_picked(db, order_id)
    await queries.remove_lines(db, order_id)
    await queries.write_lines(db, order_id, lines)
    await sending.write(db, order_id, elsewhere)
    version = int(changed["version"])
    await jobs.announce(
        db,
        aggregate="order",
        id=order_id,
        number=version,
        kind="OrderAmended",
        body={"cart": str(changed["cart_id"]), "place": str(changed["place_id"])},
    )
    live.tell_after_commit(db, f"order:{order_id}", version)
    return version


async def _being_picked(db: Connection, order_id: UUID) -> Conflict:
    now = await queries.lock(db, order_id)
    return Conflict(
        "We are already picking this order, so it cannot be changed any more.",
        code="order-moved-on",
        state={"order": str(order_id), "state": now.state if now else None},
    )


async def give_time(
    db: Connection, order_id: UUID, slot_id: UUID, starts_at: datetime, ends_at: datetime
) -> None:
    """When it is brought is only known by now, as it waited for something. Raises Conflict once it is
    paid, or off."""
    version = await queries.give_time(db, order_id, slot_id, starts_at, ends_at)
    if version is None:
        raise Conflict("This order cannot change like that any more.", code="order-moved-on")
    await jobs.announce(
        db, aggregate="order", id=order_id, number=version, kind="OrderTimed",
        body={"slot": str(slot_id), "starts_at": starts_at.isoformat()},
    )  # fmt: skip
    live.tell_after_commit(db, f"order:{order_id}", version)


async def tell(db: Connection, order_id: UUID, kind: str, body: Mapping[str, Any]) -> int:
    """Something happened with it that changes nothing in it, e.g. part of it came back; whoever
    watches the order hears. Returns its version. The order is locked."""
    version = await queries.count_up(db, order_id)
    await jobs.announce(
        db, aggregate="order", id=order_id, number=version, kind=kind, body=dict(body)
    )
    live.tell_after_commit(db, f"order:{order_id}", version)
    return version


async def send_from(
    db: Connection, order_id: UUID, parts: Sequence[Sent], *, away_from: UUID
) -> None:
    """Other places send these pieces instead of the place they were to come from. The order is
    locked; whoever watches it hears."""
    await sending.move(db, order_id, parts, away_from)
    places = sorted({str(part.place_id) for part in parts})
    await tell(db, order_id, "OrderSourcedAnew", {"away_from": str(away_from), "places": places})


async def note(db: Connection, order_id: UUID, by: UUID, text: str) -> UUID:
    """For the shop's own people. Raises NotFound."""
    id = new_id()
    if not await queries.write_note(db, id, order_id, by, text):
        raise NotFound("There is no such order.")
    return id


async def by_token(db: Connection, token: str) -> Order:
    """The order a tracking link opens. Raises NotFound."""
    order = await queries.by_token_hash(db, hash_of(token))
    if order is None:
        raise NotFound("There is no such order.")
    return order


async def _tell(
    db: Connection, order_id: UUID, version: int, state: State, cart_id: UUID, place_id: UUID
) -> None:
    await jobs.announce(
        db,
        aggregate="order",
        id=order_id,
        number=version,
        kind=KIND[state],
        body={"cart": str(cart_id), "place": str(place_id)},
    )
    live.tell_after_commit(db, f"order:{order_id}", version)
