"""The van that brings also fetches: a place in a slot, a stop of its own, and what happens there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import commands, orders, slots
from app.db import Connection
from app.errors import Conflict, NotFound
from app.jobs import Event
from app.orders.models import Order
from app.returns import queries, rules
from app.returns.models import Collection
from app.slots import Need, Offer
from app.staff import Person

ROOM = Need(ambient_crates=1, at_the_door_s=120)
AHEAD_DAYS = 7
A_MOMENT = timedelta(minutes=1)
NO_RANK = 10**9
"""Of a door the plan of the day does not know."""


async def offered(db: Connection, order: Order) -> list[Offer]:
    """When a van could fetch it, soonest first; none where no van of ours comes. Free of charge."""
    if not order.address.postcode:
        return []
    found = await slots.offered(
        db, order.address.postcode, datetime.now(UTC), days=AHEAD_DAYS, need=ROOM
    )
    return [one for one in found if one.left > 0]


async def plan(db: Connection, order: Order, request_id: UUID, slot_id: UUID) -> None:
    """A place in this slot, and in the plan of its van. Raises Conflict (`slot-full`, `slot-closed`)
    or NotFound like `slots.hold`, and for a time at which no van of ours comes there."""
    if all(one.id != slot_id for one in await offered(db, order)):
        raise Conflict("The van does not come then. Please choose another time.", code="slot-full")
    point = await slots.locate(db, order.address.postcode, order.address.house_number)
    need = Need(ambient_crates=ROOM.ambient_crates, at_the_door_s=ROOM.at_the_door_s, point=point)
    await slots.hold(db, slot_id, request_id, datetime.now(UTC) + A_MOMENT, need=need)
    await slots.confirm(db, request_id)
    slot = await slots.find(db, slot_id)
    assert slot is not None, "it is held"
    await queries.collections.plan(db, request_id, slot)
    body = {
        "request": str(request_id), "place": str(slot.place_id),
        "starts_at": slot.starts_at.isoformat(), "ends_at": slot.ends_at.isoformat(),
    }  # fmt: skip
    await orders.tell(db, order.id, "CollectionPlanned", body)


async def fail(
    db: Connection, person: Person, command: UUID, request_id: UUID, run_id: UUID, reason: str
) -> None:
    """Nobody was there, or nothing to fetch: it may still be brought to a shop. Raises NotFound."""
    known = await _stop(db, request_id)

    async def act() -> dict[str, str]:
        await orders.lock(db, known.order_id)
        if not await _not_fetched(db, request_id, known.order_id, run_id, reason):
            raise Conflict("This stop is no longer on the list.", code="moved-on")
        return {"failed": str(request_id)}

    asked = {"do": "not collected", "request": request_id, "reason": reason}
    await commands.once(db, person.id, command, asked, act)


async def of_run(db: Connection, run_id: UUID) -> list[Collection]:
    """What this van fetches on its way, by the plan of the day; where there is none, every van of the
    window may. Raises NotFound."""
    run = await queries.run(db, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    place_id, starts_at, ends_at, number, _ = run
    found = await queries.collections.of_window(db, place_id, starts_at, ends_at)
    trips = await slots.plans.trips(db, place_id, starts_at)
    return [one for one in found if trips.get(one.request_id, (number, 0))[0] == number]


async def along(
    db: Connection, run_id: UUID, doors: Sequence[UUID]
) -> dict[int, list[tuple[Collection, list[str]]]]:
    """The same between the doors of its deliveries (orders, as they are visited): before which of them,
    by the plan of the day, with what is fetched; behind the last where no plan says it."""
    run = await queries.run(db, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    trips = await slots.plans.trips(db, run[0], run[1])
    ranks = [trips[order][1] if order in trips else NO_RANK for order in doors]
    between: dict[int, list[tuple[Collection, list[str]]]] = {}
    for one in sorted(
        await of_run(db, run_id), key=lambda one: trips.get(one.request_id, (0, 0))[1]
    ):
        rank = trips[one.request_id][1] if one.request_id in trips else None
        before = len(doors) if rank is None else rules.place_among(ranks, rank)
        goods = await queries.collections.goods(db, one.request_id)
        between.setdefault(before, []).append((one, goods))
    return between


async def end_with_run(db: Connection, event: Event) -> None:
    """The last van of its window is back. What none of them fetched may be brought to a shop."""
    for request_id, order_id in await queries.collections.left_behind(db, event.aggregate):
        await orders.lock(db, order_id)
        await _not_fetched(db, request_id, order_id, event.aggregate, "Not reached")


async def stop(db: Connection, request_id: UUID) -> Collection | None:
    """Of this request; None where no van was asked for."""
    return await queries.collections.of_request(db, request_id)


async def _not_fetched(
    db: Connection, request_id: UUID, order_id: UUID, run_id: UUID, reason: str
) -> bool:
    """False when there is no stop ahead any more. The order is locked."""
    ended = await queries.collections.end(db, request_id, "failed", run_id=run_id, reason=reason)
    if ended:
        await slots.release(db, request_id)
        await queries.become_way(db, request_id, "shop")
        await orders.tell(db, order_id, "CollectionFailed", {"request": str(request_id)})
    return ended


async def _stop(db: Connection, request_id: UUID) -> Collection:
    found = await queries.collections.of_request(db, request_id)
    if found is None:
        raise NotFound("There is no such stop.")
    return found
