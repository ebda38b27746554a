"""Room in slots and vans for an order that changes: at every place that sends of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from app import catalog, orders, slots
from app.checkout import sending
from app.checkout.changing import rules
from app.checkout.changing.rules import Goods
from app.checkout.rules import TO_HOLD, need_of, slot_gone
from app.db import Connection
from app.orders.models import Order
from app.slots.models import Offer, Slot


async def times(db: Connection, order: Order, now: datetime) -> list[Offer]:
    """When else it can be brought: by all the places that send of it. Full ones too."""
    needs = await _needs(db, order)
    first = {order.place_id: needs.pop(order.place_id, slots.Need())}
    return await sending.times(db, order.address.postcode, now, first | needs)


async def make_room(db: Connection, order: Order, sent: Goods) -> None:
    """A bigger order needs room of its own in slots and vans; a smaller one keeps what it has where
    anything still comes from. What is collected needs none."""
    if rules.way_of(order) == rules.COLLECT:
        return
    before, after = await _needs(db, order), await _needs(db, order, sent)
    if after.keys() <= before.keys() and not any(
        rules.needs_more(before[place], after[place]) for place in after
    ):
        for place in sorted(before.keys() - after.keys()):
            await slots.release(db, order.id, place_id=place)
        return
    there = await slots.slots_of(db, order.id)
    rooms = {there[place].id if place in there else order.slot_id: after[place] for place in after}
    await _change(db, order, order.slot_id, rooms)


async def take_room(db: Connection, order: Order, slot: Slot) -> None:
    """In another window: at every place that sends of the order."""
    needs = await _needs(db, order)
    if set(needs) <= {order.place_id}:
        need = needs.get(order.place_id)
        await slots.hold(db, slot.id, order.id, datetime.now(UTC) + TO_HOLD, need=need)
        return
    now = datetime.now(UTC)
    postcode = order.address.postcode
    twins = await slots.at_the_same_time(db, postcode, slot.starts_at, slot.ends_at, at=now)
    by_place = {twin.place_id: twin.id for twin in twins}
    if not needs.keys() <= by_place.keys():
        raise slot_gone()
    rooms = {by_place[place]: need for place, need in needs.items()}
    await _change(db, order, slot.id, rooms)


async def _change(
    db: Connection, order: Order, own: UUID, rooms: Mapping[UUID, slots.Need]
) -> None:
    """All old room is locked with all new: two who change places wait in one line."""
    there = await slots.slots_of(db, order.id)
    await slots.lock(db, [*{*rooms, *(slot.id for slot in there.values())}])
    await slots.release(db, order.id)
    own = own if own in rooms else min(rooms)
    await slots.hold_together(db, own, order.id, datetime.now(UTC) + TO_HOLD, rooms)
    await slots.confirm(db, order.id)


async def _needs(db: Connection, order: Order, sent: Goods | None = None) -> dict[UUID, slots.Need]:
    """What each place that sends of it needs room for, the order's own place first."""
    if sent is None:
        sent = rules.sent_by(order, await orders.sending.senders(db, order.id))
    ids = [id for goods in sent.values() for id in goods]
    products = await catalog.products(db, ids, order.language)
    point = await slots.locate(db, order.address.postcode, order.address.house_number)
    return {place: need_of(products.values(), goods, point) for place, goods in sent.items()}
