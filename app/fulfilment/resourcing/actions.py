"""Locks as everywhere: the part, its order, then goods, room and vans."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app import catalog, orders, slots, sourcing, stock
from app.checkout.rules import need_of
from app.db import Connection, new_id
from app.errors import Conflict
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning
from app.fulfilment.models import Act, Fulfilment, Pick
from app.fulfilment.resourcing import queries, rules
from app.fulfilment.rules import after
from app.orders.models import Order, Sent
from app.orders.rules import is_collected
from app.slots.models import Slot

MOMENT = timedelta(minutes=5)
"""A hold that is confirmed in the same transaction."""


async def refuse(db: Connection, act: Act, fulfilment_id: UUID, *, reason: str) -> dict[str, Any]:
    """A place cannot do it, before anybody picks: others send it, and the place is not asked again.
    What nobody can send waits for a person. Raises Conflict once somebody picks it."""

    async def do(part: Fulfilment) -> dict[str, Any]:
        after(part.state, "refuse")
        if part.attempts:
            raise Conflict(
                "This order has been on the road already: bring what is left, or pay it back.",
                code="moved-on",
            )
        order = await locked(db, part.order_id)
        pieces = {pick.line_no: pick.quantity for pick in await fulfilments.picks_of(db, [part.id])}
        await planning.drop(db, part)
        await let_go(db, part)
        sent = await send_otherwise(db, order, part, pieces, refused_by=[part.place_id])
        if not part.is_collected:  # goods first, then room
            await slots.release(db, part.order_id, place_id=part.place_id)
        await sourced(db, part, order, pieces, sent, "FulfilmentRefused", {"reason": reason})
        return {"sent_by": sorted({str(one.place_id) for one in sent})}

    request = {"do": "refuse", "fulfilment": fulfilment_id, "reason": reason}
    outcome: dict[str, Any] = await actions.carry_out(
        db, fulfilment_id, act, request, do, with_others=True
    )
    return outcome


async def instead(db: Connection, part: Fulfilment, pick: Pick, missing: int) -> int:
    """Of so many that are not on the shelf, how many another place sends; the rest is to be paid back.
    The part is locked. `pick` says so afterwards, as `resourced`."""
    order = await locked(db, part.order_id)
    pieces = {pick.line_no: missing}
    if part.attempts or rules.is_collected(order.lines, pieces):
        return 0  # the rest was brought once, or waits where its shopper comes
    sent = await send_otherwise(db, order, part, pieces, refused_by=[part.place_id])
    await work_moves(db, part, order, sent)
    return sum(one.quantity for one in sent)


async def locked(db: Connection, order_id: UUID) -> Order:
    await orders.lock(db, order_id)
    order = await orders.read(db, order_id)
    assert order is not None, "a part is of an order"
    return order


async def let_go(db: Connection, part: Fulfilment) -> None:
    """Its goods at this place are free again; what other places have for the order stays promised,
    under another hold."""
    holds = await queries.promised(db, part.order_id, collected=part.is_collected)
    mine = [
        id for id, goods in holds.items() if any(line.place_id == part.place_id for line in goods)
    ]
    await stock.release(db, mine)
    rest = [line for id in mine for line in holds[id] if line.place_id != part.place_id]
    if rest and await _promise(db, part.order_id, rest):
        raise Conflict("These goods have just moved. Please look again.", code="moved-on")


async def send_otherwise(
    db: Connection,
    order: Order,
    part: Fulfilment,
    pieces: Mapping[int, int],
    *,
    refused_by: Sequence[UUID] = (),
    only: UUID | None = None,
    all_again: bool = False,
) -> list[Sent]:
    """Goods and room for these pieces (by line) at other places, as far as there are any: promised to
    the order, with the reason written down. With `all_again` a person wants everybody asked, also who
    refused, or `only` this one."""
    wanted = rules.wanted(order.lines, pieces)
    if not wanted:
        return []
    late = not rules.in_time(datetime.now(UTC), part.window_starts_at)
    collected = rules.is_collected(order.lines, pieces)
    rooms = {} if late or collected else await _places(db, order, part, own=all_again)
    refused = set() if all_again else {*refused_by, *await sourcing.refused(db, order.id)}
    possible = [part.place_id] if collected and all_again else list(rooms)
    candidates = [place for place in possible if place not in refused and only in (None, place)]
    gone: UUID | None = None
    for _ in range(rules.MOST_TRIES):
        candidates = [place for place in candidates if place != gone]
        asked = await _question(db, order, part, wanted, candidates)
        choice = await sourcing.choice_for(db, asked)
        gone = await _promise_all(db, order, choice, rooms, collected=collected)
        if gone is None:
            break
    else:
        choice = sourcing.choose(msgspec.structs.replace(asked, sources=[]))
    await sourcing.keep(db, order.id, asked, choice, sorted(refused))
    return rules.allotted(order.lines, pieces, choice.parts)


async def work_moves(db: Connection, part: Fulfilment, order: Order, sent: Sequence[Sent]) -> None:
    """These places have it now, and it is their work."""
    moved = [one for one in sent if one.place_id != part.place_id]
    if moved:
        await orders.send_from(db, order.id, moved, away_from=part.place_id)
    for place_id in sorted({one.place_id for one in moved}):
        known = [
            one
            for one in await fulfilments.of_order(db, order.id)
            if one.place_id == place_id and not one.is_collected
        ]
        if known and known[0].state == "released":
            [there] = await fulfilments.lock(db, [known[0].id])
            await actions.keep_up(db, there)
        else:
            await actions.begin_work(db, order, place_id)


async def sourced(
    db: Connection,
    part: Fulfilment,
    order: Order,
    pieces: Mapping[int, int],
    sent: Sequence[Sent],
    kind: str,
    body: dict[str, Any],
) -> None:
    """A part that was refused, now that is known who sends what of it: over, or work for a person."""
    await work_moves(db, part, order, sent)
    if sum(one.quantity for one in sent) == sum(pieces.values()):
        steps: list[Any] = ["cancel"] if part.state == "refused" else ["refuse", "cancel"]
        await actions.move_on(db, part, steps, kind, body)
        await sourcing.settle(db, order.id, None)
        return
    await actions.rewrite_picks(db, part)
    missing = rules.wanted(order.lines, pieces)
    for one in sent:
        [line] = [line for line in order.lines if line.line_no == one.line_no]
        missing[line.product_id] -= one.quantity
    if part.state == "released":
        await actions.move_on(db, part, ["refuse"], kind, body)
    left = [sourcing.Missing(id, n, 0) for id, n in missing.items() if n]
    await sourcing.open_unfilled(db, order.id, left)
    await orders.tell(db, order.id, "OrderUnfilled", {"place": str(part.place_id)})


async def _places(db: Connection, order: Order, part: Fulfilment, *, own: bool) -> dict[UUID, Slot]:
    """Places that come in the window of this part and can take more of the order → their slots."""
    twins = await slots.at_the_same_time(
        db,
        order.address.postcode,
        part.window_starts_at,
        part.window_ends_at,
        at=order.placed_at,
    )
    found = {twin.place_id: twin for twin in twins} | await slots.slots_of(db, order.id)
    parts = await fulfilments.of_order(db, order.id)
    closed = rules.begun(one for one in parts if one.id != part.id and not one.is_collected)
    if not own:
        closed.add(part.place_id)
    return {place: slot for place, slot in found.items() if place not in closed}


async def _question(
    db: Connection,
    order: Order,
    part: Fulfilment,
    wanted: Mapping[UUID, int],
    candidates: Sequence[UUID],
) -> sourcing.Asked:
    lines = [line for line in order.lines if line.product_id in wanted]
    return await sourcing.ask(
        db,
        wanted,
        candidates,
        point=await _door(db, order),
        loads=await slots.loads(db, candidates),
        leaves_at=part.window_starts_at,
        cold=[line.product_id for line in lines if line.storage != "ambient"],
        age_limited=[line.product_id for line in lines if line.age_limit is not None],
    )


async def _door(db: Connection, order: Order) -> tuple[float, float] | None:
    """Nobody drives to who comes themselves."""
    return None if is_collected(order) else await slots.locate(db, order.address.postcode)


async def _promise_all(
    db: Connection,
    order: Order,
    choice: sourcing.Choice,
    rooms: Mapping[UUID, Slot],
    *,
    collected: bool,
) -> UUID | None:
    """Goods and room at each of these places, all of it; else nothing, and the place that has none.
    A place without a slot in `rooms` needs none: somebody comes."""
    lines = [
        stock.Line(id, part.place_id, n) for part in choice.parts for id, n in part.lines.items()
    ]
    there = await slots.slots_of(db, order.id)
    new = [one for one in choice.parts if one.place_id in rooms.keys() - there.keys()]
    ids = [id for part in new for id in part.lines]
    products = await catalog.products(db, ids, order.language) if ids else {}
    point = await _door(db, order)
    try:
        async with db.transaction():
            at_desk = collected and order.pick_up is not None
            if lines and (short := await _promise(db, order.id, lines, at_desk=at_desk)):
                raise _Gone(short)
            for part in sorted(new, key=lambda one: rooms[one.place_id].id):
                need = need_of(products.values(), part.lines, point)
                await _room(db, order, rooms[part.place_id], need)
    except _Gone as gone:
        return gone.place_id
    return None


async def _room(db: Connection, order: Order, slot: Slot, need: slots.Need) -> None:
    """It was in time when it was ordered; that the cut-off is over since does not matter."""
    try:
        until = datetime.now(UTC) + MOMENT
        await slots.hold_together(db, None, order.id, until, {slot.id: need}, at=order.placed_at)
    except Conflict as full:
        raise _Gone(slot.place_id) from full
    await slots.confirm(db, order.id)


async def _promise(
    db: Connection, order_id: UUID, lines: Sequence[stock.Line], *, at_desk: bool = False
) -> UUID | None:
    """The place that has not as much after all; None where all of it is the order's now."""
    hold_id, until = new_id(), datetime.now(UTC) + MOMENT
    [answer] = await stock.reserve(db, [stock.Request(hold_id, order_id, tuple(lines), until)])
    if isinstance(answer, stock.Refused):
        return answer.short[0].place_id
    await stock.confirm(db, hold_id)
    if at_desk:
        await orders.keep_at_desk(db, order_id, hold_id)
    return None


class _Gone(Exception):
    """A place that had goods and room a moment ago."""

    def __init__(self, place_id: UUID) -> None:
        self.place_id = place_id
