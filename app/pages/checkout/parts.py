"""Where an order comes from, and how far each part of it is."""

from uuid import UUID

import msgspec

from app import fulfilment, orders, stock
from app.db import Connection
from app.fulfilment.models import State
from app.orders.models import Order


class Part(msgspec.Struct, frozen=True):
    """What one place sends; `state` is None before it is paid. `pieces` are 0 where others send it
    now."""

    place_id: UUID
    place: str
    pieces: int
    state: State | None


async def parts_of(db: Connection, order: Order) -> list[Part]:
    """The order's own place first; what is carried out of a store is no part."""
    senders = await orders.sending.senders(db, order.id)
    names = {place.id: place.name for place in await stock.places(db)}
    states = {one.place_id: one.state for one in await fulfilment.of_order(db, order.id)}
    return [
        Part(place, names.get(place, ""), sum(lines.values()), states.get(place))
        for place, lines in senders.items()
    ]
