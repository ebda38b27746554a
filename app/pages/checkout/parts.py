"""Where an order comes from, and how far each part of it is."""

from uuid import UUID

import msgspec

from app import fulfilment, orders, stock
from app.db import Connection
from app.fulfilment.models import State
from app.orders.models import Order
from app.orders.rules import is_collected


class Part(msgspec.Struct, frozen=True):
    """What one place sends; `id` (of its work) and `state` are None before it is paid."""

    id: UUID | None
    place_id: UUID
    place: str
    pieces: int
    state: State | None


async def parts_of(db: Connection, order: Order) -> list[Part]:
    """The order's own place first; what is carried out of a store is no part, nor what is collected
    of an order whose other lines are brought."""
    senders = await orders.sending.senders(db, order.id)
    names = {place.id: place.name for place in await stock.places(db)}
    known = {
        one.place_id: one
        for one in await fulfilment.of_order(db, order.id)
        if one.is_collected == is_collected(order)
    }
    return [
        Part(
            known[place].id if place in known else None,
            place,
            names.get(place, ""),
            sum(lines.values()),
            known[place].state if place in known else None,
        )
        for place, lines in senders.items()
    ]
