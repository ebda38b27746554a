"""Nobody was home: the shopper chooses another time, comes for it, or has the money back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app import collecting, commands, orders, slots, stock
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning
from app.fulfilment.delivery import queries as runs
from app.fulfilment.delivery.door import again, queries
from app.fulfilment.delivery.door.models import Chosen, Ways
from app.fulfilment.models import Fulfilment, Stop
from app.fulfilment.packing import queries as parcels
from app.fulfilment.rules import pick_by
from app.orders.models import Order

DAYS_AHEAD = 4
TO_CHOOSE = timedelta(minutes=10)


async def ways(db: Connection, order: Order) -> Ways | None:
    """What can be chosen for what nobody took; of several parts, for the one that waits longest for a
    word. None when there is nothing to choose (any more)."""
    part = await _part(db, order.id)
    if part is None:
        return None
    stop = await queries.failed_stop(db, part)
    assert stop is not None, "it was tried"
    offered = await slots.offered(
        db, order.address.postcode, datetime.now(UTC), days=DAYS_AHEAD,
        place_ids=[part.place_id], need=await _need(db, order, part),
    )  # fmt: skip
    promise = await again.promise_of(db, part)
    names = {place.id: place.name for place in await stock.places(db)}
    return Ways(
        fulfilment_id=part.id,
        place=names[part.place_id],
        pieces=sum(pick.picked for pick in await fulfilments.picks_of(db, [part.id])),
        out=await _is_out(db, part, stop),
        stranded=stop.reason == "breakdown",
        times=[one for one in offered if one.left and one.place_id == part.place_id],
        spot=await collecting.spot(db, part.place_id) if promise else None,
        ready_by=promise.ready_by if promise else None,
        keep_until=promise.keep_until if promise else None,
        money_back=part.state == "failed",
        chosen=await queries.chosen(db, part.id, order.id),
        choose_until=await queries.choose_until(db, stop),
    )


async def choose(
    db: Connection,
    order_id: UUID,
    command: UUID,
    slot_id: UUID | None,
    *,
    collect: bool = False,
    part_id: UUID | None = None,
) -> dict[str, Any]:
    """Another time; to come for it; or with neither the money back. While the van still has it the
    choice counts once it is back. `part_id` is what it was chosen for, where the order came in parts.
    Raises Conflict when it is too late to choose, the time is full, or there is no desk."""

    async def act() -> dict[str, Any]:
        order = await orders.read(db, order_id)
        found = await _part(db, order_id, part_id)
        if found is None or order is None:
            raise _too_late()
        [part] = await fulfilments.lock(db, [found.id])
        stop = await queries.failed_stop(db, part)
        if not _open(part) or stop is None:
            raise _too_late()
        await runs.lock_runs(db, [stop.run_id])
        chosen = await _chosen(db, order, part, stop, slot_id, collect=collect)
        await queries.choose(db, chosen)
        await _follow(db, part, stop, chosen)
        await orders.lock(db, order_id)
        body = {"slot": str(slot_id) if slot_id else None, "collect": collect}
        await orders.tell(db, order_id, "SecondTryChosen", body)
        return body

    request: dict[str, Any] = {"do": "choose", "slot": slot_id}
    if collect:
        request["collect"] = True
    if part_id is not None:
        request["part"] = part_id
    outcome: dict[str, Any] = await commands.once(db, order_id, command, request, act)
    return outcome


async def _chosen(
    db: Connection,
    order: Order,
    part: Fulfilment,
    stop: Stop,
    slot_id: UUID | None,
    *,
    collect: bool,
) -> Chosen:
    if part.state == "failed" and stop.next_step != "again":
        raise _too_late()  # refused, damaged, or tried twice: it goes back
    plain = Chosen(order_id=part.order_id, fulfilment_id=part.id, collect=collect)
    if slot_id is None:
        if collect and await again.promise_of(db, part) is None:
            raise Conflict(
                "Orders cannot be collected there any more. Please choose another way.",
                code="no-desk",
            )
        if not collect and part.state != "failed":
            raise _too_late()  # it is planned again; who wants the money back now says so at the door
        return plain
    slot = await slots.find(db, slot_id)
    if collect or slot is None or slot.place_id != part.place_id:
        raise NotFound("There is no such delivery time.", code="no-such-slot")
    if slot.cutoff_at <= datetime.now(UTC):  # also the one whose room it still has
        raise Conflict(
            "It is too late to order for this delivery time. Please choose another one.",
            code="slot-closed",
        )
    await _room(db, order, part, slot_id)
    return msgspec.structs.replace(
        plain, slot_id=slot_id, starts_at=slot.starts_at, ends_at=slot.ends_at
    )


async def _follow(db: Connection, part: Fulfilment, stop: Stop, chosen: Chosen) -> None:
    """At once, unless the van has it still: then once it is back."""
    if part.state == "failed":
        if not await _is_out(db, part, stop):
            await again.do_as_chosen(db, part, stop, chosen)
    elif chosen.collect:
        await again.collect_instead(db, part)
    elif chosen.starts_at and chosen.ends_at:
        await _move(db, part, chosen.starts_at, chosen.ends_at)


async def _is_out(db: Connection, part: Fulfilment, stop: Stop) -> bool:
    run = await runs.run(db, stop.run_id)
    return part.state == "failed" and run is not None and run.state == "underway"


async def _need(db: Connection, order: Order, part: Fulfilment) -> slots.Need:
    """Room for the same totes, and for the van to come by once more."""
    crates = {"ambient": 0, "chilled": 0, "frozen": 0}
    for parcel in await parcels.parcels(db, part.id):
        crates[parcel.storage] += 1
    address = order.address
    return slots.Need(
        ambient_crates=crates["ambient"],
        chilled_crates=crates["chilled"],
        frozen_crates=crates["frozen"],
        point=await slots.locate(db, address.postcode, address.house_number),
        at_the_door_s=await slots.stay(db, address.postcode, address.house_number),
    )


async def _room(db: Connection, order: Order, part: Fulfilment, slot_id: UUID) -> None:
    """What its other places send keeps its room."""
    until = datetime.now(UTC) + TO_CHOOSE
    there, need = await slots.slots_of(db, part.order_id), await _need(db, order, part)
    if there.keys() <= {part.place_id}:
        await slots.hold(db, slot_id, part.order_id, until, need=need)
    else:
        await slots.lock(db, [*{slot_id, *(slot.id for slot in there.values())}])
        await slots.release(db, part.order_id, place_id=part.place_id)
        await slots.hold_together(db, None, part.order_id, until, {slot_id: need})
    await slots.confirm(db, part.order_id)


async def _move(db: Connection, part: Fulfilment, starts_at: datetime, ends_at: datetime) -> None:
    """It is back already and stands in the shop, with a stop that is not wanted."""
    await planning.drop(db, part)
    await runs.set_window(db, part.order_id, part.id, starts_at, ends_at, pick_by(starts_at))
    moved = await fulfilments.read(db, part.id)
    assert moved is not None, "it is locked"
    await planning.plan(db, moved)


async def _part(db: Connection, order_id: UUID, part_id: UUID | None = None) -> Fulfilment | None:
    """The part of an order that nobody took; first one for which nothing was chosen yet."""
    found = []
    for part in await fulfilments.of_order(db, order_id):
        if _open(part) and part_id in (None, part.id):
            chosen = await queries.chosen(db, part.id, order_id)
            found.append((part.state != "failed", chosen is not None, part.id, part))
    return min(found)[-1] if found else None


def _open(part: Fulfilment) -> bool:
    tried_once = part.attempts > 0 and part.state in ("released", "packed")
    return part.state == "failed" or (tried_once and part.way == "delivery")


def _too_late() -> Conflict:
    return Conflict(
        "It is too late to choose: your order is on its way again, or was handed over.",
        code="too-late-to-choose",
    )
