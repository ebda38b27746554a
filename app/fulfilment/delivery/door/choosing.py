"""Nobody was home: the shopper chooses another time, or has the money back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app import commands, orders, slots
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning
from app.fulfilment.delivery import queries as runs
from app.fulfilment.delivery.door import queries
from app.fulfilment.delivery.door.models import Chosen
from app.fulfilment.models import Fulfilment
from app.fulfilment.rules import pick_by
from app.orders.models import Order
from app.slots.models import Offer

DAYS_AHEAD = 4
TO_CHOOSE = timedelta(minutes=10)


async def choices(db: Connection, order: Order) -> list[Offer]:
    """Times at which it can come again, from the place that has it. None when there is nothing to
    choose (any more)."""
    part = await _part(db, order.id)
    if part is None:
        return []
    now = datetime.now(UTC)
    offered = await slots.offered(
        db, order.address.postcode, now, days=DAYS_AHEAD, place_ids=[part.place_id]
    )
    return [one for one in offered if one.left and one.place_id == part.place_id]


async def choose(
    db: Connection, order_id: UUID, command: UUID, slot_id: UUID | None
) -> dict[str, Any]:
    """Another time, or with None the money back. While the van still has it the choice counts once
    it is back. Raises Conflict when it is too late to choose, or the time is full."""

    async def act() -> dict[str, Any]:
        found = await _part(db, order_id)
        if found is None:
            raise _too_late()
        [part] = await fulfilments.lock(db, [found.id])
        if not _open(part):
            raise _too_late()
        chosen = await _chosen(db, part, slot_id)
        await queries.choose(db, chosen)
        if part.state != "failed" and chosen.starts_at and chosen.ends_at:
            await _move(db, part, chosen.starts_at, chosen.ends_at)
        await orders.lock(db, order_id)
        body = {"slot": str(slot_id) if slot_id else None}
        await orders.tell(db, order_id, "SecondTryChosen", body)
        return {"slot": str(slot_id) if slot_id else None}

    request = {"do": "choose", "slot": slot_id}
    outcome: dict[str, Any] = await commands.once(db, order_id, command, request, act)
    return outcome


async def is_out(db: Connection, order_id: UUID) -> bool:
    """The van still has it, so that it need not be brought again."""
    part = await _part(db, order_id)
    return part is not None and part.state == "failed"


async def _chosen(db: Connection, part: Fulfilment, slot_id: UUID | None) -> Chosen:
    if slot_id is None:
        if part.state != "failed":
            raise _too_late()  # it is planned again; who wants the money back now says so at the door
        return Chosen(order_id=part.order_id, fulfilment_id=part.id)
    slot = await slots.find(db, slot_id)
    if slot is None or slot.place_id != part.place_id:
        raise NotFound("There is no such delivery time.", code="no-such-slot")
    await _room(db, part, slot_id)
    return Chosen(
        order_id=part.order_id,
        fulfilment_id=part.id,
        slot_id=slot_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )


async def _room(db: Connection, part: Fulfilment, slot_id: UUID) -> None:
    """What its other places send keeps its room."""
    until = datetime.now(UTC) + TO_CHOOSE
    there = await slots.slots_of(db, part.order_id)
    if there.keys() <= {part.place_id}:
        await slots.hold(db, slot_id, part.order_id, until)
    else:
        await slots.lock(db, [*{slot_id, *(slot.id for slot in there.values())}])
        await slots.release(db, part.order_id, place_id=part.place_id)
        await slots.hold_together(db, None, part.order_id, until, {slot_id: slots.Need()})
    await slots.confirm(db, part.order_id)


async def _move(db: Connection, part: Fulfilment, starts_at: datetime, ends_at: datetime) -> None:
    """It is back already and stands in the shop, with a stop tomorrow that is not wanted."""
    await planning.drop(db, part)
    await runs.set_window(db, part.order_id, part.id, starts_at, ends_at, pick_by(starts_at))
    again = await fulfilments.read(db, part.id)
    assert again is not None, "it is locked"
    await planning.plan(db, again)


async def _part(db: Connection, order_id: UUID) -> Fulfilment | None:
    """The part of an order that nobody took."""
    parts = await fulfilments.of_order(db, order_id)
    return next((part for part in parts if _open(part)), None)


def _open(part: Fulfilment) -> bool:
    tried_once = part.attempts > 0 and part.state in ("released", "packed")
    return part.state == "failed" or tried_once


def _too_late() -> Conflict:
    return Conflict(
        "It is too late to choose: your order is on its way again, or was handed over.",
        code="too-late-to-choose",
    )
