from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID

import msgspec

from app import commands, jobs, orders, payments, sourcing, staff
from app.db import Connection, new_id
from app.errors import NotFound
from app.fulfilment import queries, rules
from app.fulfilment.collect import queries as collections
from app.fulfilment.delivery import planning
from app.fulfilment.models import Act, Fulfilment, LineToPick, Way
from app.fulfilment.picking.rules import default_location
from app.orders.rules import is_collected, pick_up


async def release(db: Connection, event: jobs.Event) -> None:
    """A confirmed order becomes work for the places that have its goods. Heard twice, done once."""
    await orders.lock(db, event.aggregate)  # it may be called off this moment
    order = await orders.read(db, event.aggregate)
    if order is None or order.state != "confirmed":
        return
    await _begin_all_work(db, order)


async def _begin_all_work(db: Connection, order: orders.Order) -> None:
    """What works on it already is left alone: somebody may have it in hand, and wait for this order."""
    parts = await queries.of_order(db, order.id)
    working = {(part.place_id, part.is_collected) for part in parts if part.state != "cancelled"}
    kept = pick_up(order)
    if kept is not None and (kept.place_id, True) not in working:
        await _begin(db, order, kept.place_id, "collect", kept.ready_by, kept.keep_until)
    if is_collected(order):
        return
    for place_id in sorted(await orders.sending.senders(db, order.id)):
        if (place_id, False) not in working:
            await begin_work(db, order, place_id)


async def begin_work(db: Connection, order: orders.Order, place_id: UUID) -> None:
    """What this place sends of it becomes its work; where that is so already, nothing happens."""
    await _begin(db, order, place_id, "delivery", order.starts_at, order.ends_at)


async def _begin(
    db: Connection,
    order: orders.Order,
    place_id: UUID,
    way: Way,
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    fulfilment = Fulfilment(
        order_id=order.id,
        id=new_id(),
        place_id=place_id,
        order_number=order.number,
        state="released",
        window_starts_at=starts_at,
        window_ends_at=ends_at,
        pick_by=rules.pick_by(starts_at),
        batch_id=None,
        tote=None,
        attempts=0,
        version=1,
        way=way,
    )
    written = await queries.write(db, fulfilment)
    if written is not None:
        await rewrite_picks(db, written)
        if written.is_collected:
            await collections.write(db, written)
        else:
            await planning.plan(db, written)
        await _tell(db, written, "FulfilmentReleased", {})


async def follow(db: Connection, event: jobs.Event) -> None:
    """The order was changed: other goods to pick, or another time."""
    found = await queries.of_order(db, event.aggregate)
    for fulfilment in await queries.lock(db, [one.id for one in found]):
        await keep_up(db, fulfilment)


async def keep_up(db: Connection, fulfilment: Fulfilment) -> None:
    """Before anybody picks it, the work is what the order is by now; repeating it changes nothing.
    The fulfilment is locked. An order does not change any more once one of its places has begun, but
    the others may hear of an earlier change after that."""
    await orders.lock(db, fulfilment.order_id)
    order = await orders.read(db, fulfilment.order_id)
    if order is None or order.state not in ("confirmed", "in_fulfilment"):
        return
    if fulfilment.state != "released" or fulfilment.attempts:
        return  # what has been on the road is picked as it was
    if order.state == "confirmed":
        await _begin_all_work(db, order)
    wanted = await _lines_to_pick(db, fulfilment)
    there = await queries.picks_of(db, [fulfilment.id])
    if {(line.line_no, line.quantity) for line in wanted} != {
        (pick.line_no, pick.quantity) for pick in there
    }:
        await rewrite_picks(db, fulfilment)
    if not wanted:
        await drop(db, fulfilment)
    elif not fulfilment.is_collected and fulfilment.window_starts_at != order.starts_at:
        await _another_window(db, fulfilment, order.starts_at, order.ends_at)


async def _another_window(
    db: Connection, fulfilment: Fulfilment, starts_at: datetime, ends_at: datetime
) -> None:
    await planning.drop(db, fulfilment)
    moved = msgspec.structs.replace(
        fulfilment,
        window_starts_at=starts_at,
        window_ends_at=ends_at,
        pick_by=rules.pick_by(starts_at),
    )
    await queries.move_window(db, moved)
    await planning.plan(db, moved)


async def cancel(db: Connection, event: jobs.Event) -> None:
    """The order was called off before anybody picked it."""
    for found in await queries.of_order(db, event.aggregate):
        [fulfilment] = await queries.lock(db, [found.id])
        if fulfilment.state in ("released", "refused"):
            await drop(db, fulfilment)
    await sourcing.settle(db, event.aggregate, None)


async def drop(db: Connection, fulfilment: Fulfilment) -> None:
    await planning.drop(db, fulfilment)
    to = rules.after(fulfilment.state, "cancel")
    version = await queries.move(db, fulfilment.order_id, fulfilment.id, to, another_try=False)
    moved = msgspec.structs.replace(fulfilment, state=to, version=version)
    await _end_collection(db, moved)
    await _tell(db, moved, "FulfilmentCancelled", {})


async def carry_out(
    db: Connection,
    fulfilment_id: UUID,
    act: Act,
    request: Mapping[str, Any],
    do: Callable[[Fulfilment], Awaitable[Any]],
    *,
    with_others: bool = False,
) -> Any:
    """One act of somebody on one order, once: under its lock, with what it did written down. An act
    `with_others` may become the work of other places too."""
    known = await queries.read(db, fulfilment_id)
    if known is None:
        raise NotFound("There is no such order here.")

    async def once() -> Any:
        fulfilment = await lock_part(db, known, with_others=with_others)
        outcome = await do(fulfilment)
        await note(db, fulfilment, act, str(request["do"]), {**request, **(outcome or {})})
        return outcome or {}

    return await commands.once(db, known.order_id, act.id, request, once)


async def lock_part(db: Connection, known: Fulfilment, *, with_others: bool) -> Fulfilment:
    """With the others of its order at once: whoever locked it first and one of them later could wait
    for a picker who starts there, and who waits for the order."""
    beside = await queries.of_order(db, known.order_id) if with_others else [known]
    locked = await queries.lock(db, [one.id for one in beside])
    return next(one for one in locked if one.id == known.id)


async def note(
    db: Connection, fulfilment: Fulfilment, act: Act, what: str, details: dict[str, Any]
) -> None:
    if act.clock_off_s:
        details = {**details, "clock_off_s": act.clock_off_s}
    await queries.write_act(db, fulfilment, act.id, what, act.person.id, act.happened_at, details)
    await staff.note(db, act.person, f"fulfilment.{what}", str(fulfilment.id))


async def move_on(
    db: Connection,
    fulfilment: Fulfilment,
    steps: Sequence[rules.Action],
    kind: str,
    body: dict[str, Any],
    *,
    why: str | None = None,
) -> Fulfilment:
    """Take these steps as one change: its event is told, and the order follows; `why` says why
    nothing of it came, where that is so.

    Raises Conflict with what is allowed now when a step does not fit.
    """
    to = reduce(rules.after, steps, fulfilment.state)
    version = await queries.move(
        db,
        fulfilment.order_id,
        fulfilment.id,
        to,
        another_try=bool({"bring_back", "pick_anew"} & set(steps)),
    )
    moved = msgspec.structs.replace(fulfilment, state=to, version=version)
    await _end_collection(db, moved)
    await _tell(db, moved, kind, body)
    if to != fulfilment.state:
        await _order_follows(db, fulfilment.order_id, why)
    return moved


async def pay_back_the_rest(db: Connection, order_id: UUID) -> None:
    """Nothing of it came: all that was paid and not given back yet, the delivery too; not for what
    was taken along at a counter."""
    await orders.lock(db, order_id)
    await payments.withdraw(db, order_id, keep=await orders.kept(db, order_id))


async def _end_collection(db: Connection, fulfilment: Fulfilment) -> None:
    """Nobody comes for it any more."""
    if fulfilment.is_collected and fulfilment.state in ("delivered", "returned", "cancelled"):
        await collections.end(db, fulfilment)


async def _order_follows(db: Connection, order_id: UUID, why: str | None = None) -> None:
    """Where the parts are, there the order is; its watchers hear of it after the commit."""
    parts = await queries.of_order(db, order_id)
    to = rules.order_state([(part.state, part.attempts) for part in parts])
    if to == "cancelled" and await orders.carried_out(db, order_id):
        to = "part_delivered"
    if to == "confirmed":
        return
    delivered: Counter[int] | None = None
    if any(part.state == "delivered" for part in parts) or to == "part_delivered":
        delivered = Counter()
        for pick in await queries.picks_of(db, [part.id for part in parts]):
            delivered[pick.line_no] += pick.delivered
        await orders.lock(db, order_id)
        await orders.note_delivered(db, order_id, delivered)  # one part may come before the others
    why = (why or "nothing-came") if to == "cancelled" else None
    await orders.advance(db, order_id, to, delivered=delivered, why=why)


async def rewrite_picks(db: Connection, fulfilment: Fulfilment) -> None:
    """What its place sends by now; nobody has picked any of it."""
    await queries.remove_picks(db, fulfilment.order_id, fulfilment.id)
    await _write_picks(db, fulfilment)


async def _lines_to_pick(db: Connection, fulfilment: Fulfilment) -> list[LineToPick]:
    """What its place sends of the order by now, or keeps for its shopper."""
    return await queries.lines_to_pick(
        db, fulfilment.order_id, fulfilment.place_id, collected=fulfilment.is_collected
    )


async def _write_picks(db: Connection, fulfilment: Fulfilment) -> None:
    lines = await _lines_to_pick(db, fulfilment)
    await queries.write_picks(db, [_pick(fulfilment, line) for line in lines])


def _pick(fulfilment: Fulfilment, line: LineToPick) -> dict[str, Any]:
    spot = line.location or default_location(line.product_id, line.category, line.storage)
    return {
        "order_id": fulfilment.order_id,
        "id": new_id(),
        "fulfilment_id": fulfilment.id,
        "line_no": line.line_no,
        "product_id": line.product_id,
        "quantity": line.quantity,
        "storage": line.storage,
        "weight_g": line.weight_g,
        "aisle": spot.aisle,
        "bay": spot.bay,
        "shelf": spot.shelf,
        "nominal_g": line.nominal_g,
        "dated": line.dated,
    }


async def _tell(db: Connection, fulfilment: Fulfilment, kind: str, body: dict[str, Any]) -> None:
    await jobs.announce(
        db,
        aggregate="fulfilment",
        id=fulfilment.id,
        number=fulfilment.version,
        kind=kind,
        body={"order": str(fulfilment.order_id), "state": fulfilment.state, **body},
    )
