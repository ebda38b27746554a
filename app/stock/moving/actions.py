from collections.abc import Mapping
from uuid import UUID

from app.db import Connection, new_id
from app.errors import Conflict, Unprocessable
from app.stock.actions import receive, tell_watchers
from app.stock.models import Line
from app.stock.moving import queries


async def send(db: Connection, from_place: UUID, to_place: UUID, goods: Mapping[UUID, int]) -> UUID:
    """Goods that are free leave one place for another; until they arrive nobody sells them.

    Raises Conflict `not-free` naming the products of which too little is free: nothing leaves then.
    """
    if from_place == to_place:
        raise Unprocessable("Choose another place to send it to.")
    if not goods or min(goods.values()) < 1:
        raise Unprocessable("Say how many pieces go.")
    id = new_id()
    left = await queries.take_away(db, id, from_place, goods)
    if lacking := sorted(str(product_id) for product_id in goods.keys() - left):
        raise Conflict(
            "There is not enough of it that is not promised to somebody.",
            code="not-free",
            state={"products": lacking},
        )
    await queries.write_transfer(db, id, from_place, to_place, goods)
    await tell_watchers(db, list(goods))
    return id


async def arrive(
    db: Connection, transfer_id: UUID, found: Mapping[UUID, int] | None = None
) -> None:
    """The goods are there; of those named in `found` only so many. What got lost stays in the books
    of the transfer. Raises Conflict when it has arrived before."""
    place_id = await queries.end_transfer(db, transfer_id)
    if place_id is None:
        raise Conflict("Somebody else has dealt with this already.", code="arrived-already")
    arrived = await queries.note_arrived(db, transfer_id, found or {})
    lines = [Line(product_id, place_id, quantity) for product_id, quantity in arrived if quantity]
    if lines:
        await receive(db, lines, reference=transfer_id)
