from datetime import date
from typing import Any
from uuid import UUID

from app import catalog, jobs
from app.db import Connection, new_id
from app.errors import Busy, Conflict, Unprocessable
from app.jobs import News
from app.stock import counting
from app.stock import queries as holds
from app.stock.actions import receive, tell_watchers
from app.stock.coming import queries, rules
from app.stock.counting.models import Unread
from app.stock.models import Line
from app.stock.rules import Spot

TRIES = 5


async def expect(
    db: Connection,
    product_id: UUID,
    place_id: UUID,
    quantity: int,
    due_on: date,
    *,
    to_order: bool = False,
) -> UUID:
    """A supplier brings so many on that day; its page says so while there is none. With `to_order`
    they can be ordered at once, for days after that."""
    id = new_id()
    await queries.expect(db, id, (product_id, place_id), quantity, due_on, to_order=to_order)
    await tell_watchers(db, [product_id])
    return id


async def came_in(db: Connection, expected_id: UUID, quantity: int | None = None) -> None:
    """The supplier was here, with so many of it: all when not given, 0 when none will come.

    The oldest promises are served first; who goes without is told to the outside as `StockShort`,
    and whoever picks looks once more. Raises Conflict when it was noted before, Busy when buyers
    came in the way again and again.
    """
    known: list[UUID] = []
    for _ in range(TRIES):
        turn = db.transaction()
        await turn.start()
        if await _try(db, expected_id, quantity, known):
            await turn.commit()
            return
        await turn.rollback()
        known = sorted(hold_id for hold_id, _ in await queries.waiting(db, expected_id))
    raise Busy("The shop is very busy. Please try again in a moment.")


async def upload(db: Connection, body: bytes) -> tuple[int, list[Unread]]:
    """A supplier's list: how many announcements it made, and the rows we could not use. Raises
    Unprocessable when it is none."""
    announced, unread = rules.read(body)
    places = {place.code.lower(): place.id for place in await holds.places(db)}
    products = await catalog.ids_by_codes(db, [one.gtin for one in announced])
    made = 0
    for one in announced:
        if one.gtin not in products:
            sentence = rules.N_("There is no product with the number {value}.")
            unread.append(Unread(0, sentence, {"value": one.gtin}))
        elif one.place.lower() not in places:
            sentence = rules.N_("There is no place with the code {value}.")
            unread.append(Unread(0, sentence, {"value": one.place[:40]}))
        else:
            spot = (products[one.gtin], places[one.place.lower()])
            await expect(db, *spot, one.quantity, one.due_on, to_order=one.to_order)
            made += 1
    if not made:
        raise Unprocessable("There is nothing in this list that we could use.")
    return made, unread


async def _try(db: Connection, id: UUID, quantity: int | None, known: list[UUID]) -> bool:
    """False when somebody waits for it whose hold is not locked: holds come before levels."""
    still = await queries.still_expected(db, id)
    if still is None:
        raise Conflict("Somebody else has dealt with this already.", code="arrived-already")
    spot, announced = still
    found = announced if quantity is None else quantity
    if known:
        await holds.lock_holds(db, known)
    await counting.lock(db, [spot])
    waiting = await queries.waiting(db, id)
    if not {hold_id for hold_id, _ in waiting} <= set(known):
        return False
    if not await queries.end(db, id):
        raise Conflict("Somebody else has dealt with this already.", code="arrived-already")
    if found:
        await receive(db, [Line(*spot, found)], reference=id)
    served = rules.serve(found, waiting)
    if served:
        await queries.hand_over(db, id, spot, served)
    await _tell(db, spot, dict(waiting), served)
    await tell_watchers(db, [spot[0]])
    return True


async def _tell(
    db: Connection, spot: Spot, waiting: dict[UUID, int], served: dict[UUID, int]
) -> None:
    changed = await counting.next_versions(db, sorted(waiting))
    news = []
    for id, (holder, version) in changed.items():
        missing = waiting[id] - served.get(id, 0)
        kind = "StockShort" if missing else "StockCameIn"
        news.append(News(id, version, kind, _body(holder, spot, missing or waiting[id])))
    await jobs.announce_all(db, aggregate="hold", news=news)


def _body(holder: UUID, spot: Spot, pieces: int) -> dict[str, Any]:
    return {
        "holder": holder,
        "lines": [{"product": spot[0], "place": spot[1], "quantity": pieces}],
    }
