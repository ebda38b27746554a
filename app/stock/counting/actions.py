from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app import catalog, jobs
from app.db import Connection, new_id
from app.errors import Busy, Conflict, Unprocessable
from app.jobs import News
from app.stock import queries as holds
from app.stock.actions import tell_watchers
from app.stock.counting import queries, rules
from app.stock.counting.models import Reason, Unread
from app.stock.models import Channel
from app.stock.rules import Spot, fall_short

TRIES = 5
Shortage = dict[tuple[UUID, Spot], int]


async def count(
    db: Connection, counted: Mapping[Spot, int], reference: UUID | None = None
) -> dict[UUID, int]:
    """So many pieces were counted at each (product, place): that is what is there now.

    When more was promised than is there, the newest promises fall short: the event `StockShort`
    tells it, and whoever picks is asked to look once more. Returns the holds with the pieces they
    miss. Raises Busy when buyers came in the way again and again.
    """
    spots = sorted(counted)
    known: list[UUID] = []
    for _ in range(TRIES):
        short = await _try(db, dict(counted), spots, known, reference)
        if short is not None:
            await _tell(db, short)
            await tell_watchers(db, [product_id for product_id, _ in spots])
            return _together(short)
        known = sorted({hold_id for hold_id, _, _ in await queries.promised(db, spots)})
    raise Busy("The shop is very busy. Please try again in a moment.")


async def adjust(
    db: Connection, spot: Spot, change: int, reason: Reason, reference: UUID | None = None
) -> int:
    """So many more or fewer, and why; returns what is on hand now.

    Raises Conflict `promised` when buyers were promised more than would be left: count then, which
    decides who goes without.
    """
    if change == 0:
        raise Unprocessable("Say how many pieces more or fewer there are.")
    await queries.make_room(db, [spot])
    left = await queries.adjust(db, spot, change, reason, reference)
    if left is None:
        raise Conflict(
            "Buyers were promised more than would be left. Count the shelf instead.",
            code="promised",
        )
    await tell_watchers(db, [spot[0]])
    return left


async def keep_back(db: Connection, spot: Spot, channel: Channel, quantity: int) -> None:
    """So many pieces of a product at a place are never sold by a channel; 0 for none."""
    if quantity:
        await queries.keep_back(db, spot, channel, quantity)
    else:
        await queries.keep_nothing_back(db, spot, channel)
    await tell_watchers(db, [spot[0]])


async def upload(
    db: Connection, place_id: UUID, file_name: str, body: bytes, by: UUID
) -> tuple[UUID, list[Unread]]:
    """A list of counts, to be looked at before it is taken over; with the rows we could not read.

    Raises Unprocessable when nothing in it can be used.
    """
    found = rules.read(body)
    products = await catalog.ids_by_codes(db, list(found.counted))
    unread = found.unread + [
        Unread(0, rules.N_("There is no product with the number {value}."), {"value": gtin})
        for gtin in found.counted
        if gtin not in products
    ]
    counted: dict[UUID, int] = {}
    for gtin, product_id in products.items():  # two codes of one product count together
        counted[product_id] = counted.get(product_id, 0) + found.counted[gtin]
    if not counted:
        raise Unprocessable("There is no product in this list that we know.")
    id = new_id()
    await queries.write_list(db, id, place_id, file_name[:200], by, counted)
    return id, unread


async def take_over(db: Connection, count_id: UUID) -> dict[UUID, int]:
    """The list is what is there. Raises Conflict when somebody has taken it over before."""
    counted = await queries.take_list(db, count_id)
    if counted is None:
        raise Conflict("Somebody else has dealt with this already.", code="counted-already")
    return await count(db, counted, count_id)


async def _try(
    db: Connection, counted: dict[Spot, int], spots: list[Spot], known: list[UUID],
    reference: UUID | None,
) -> Shortage | None:  # fmt: skip
    """None when a promise would fall short whose hold is not locked: holds come before levels."""
    turn = db.transaction()
    await turn.start()
    if known:
        await holds.lock_holds(db, known)
    levels = await queries.lock(db, spots)
    lacking = [spot for spot in spots if levels[spot] > counted[spot]]
    short: Shortage = {}
    if lacking:
        promises = await queries.promised(db, lacking)
        for spot in lacking:
            of_spot = [(hold_id, pieces) for hold_id, at, pieces in promises if at == spot]
            missing = fall_short(counted[spot], of_spot)
            short |= {(hold_id, spot): pieces for hold_id, pieces in missing.items()}
    if not {hold_id for hold_id, _ in short} <= set(known):
        await turn.rollback()
        return None
    await queries.write_count(db, counted, short, reference)
    await turn.commit()
    return short


async def _tell(db: Connection, short: Shortage) -> None:
    changed = await queries.next_versions(db, sorted({hold_id for hold_id, _ in short}))
    news = [
        News(id, version, "StockShort", _body(holder, id, short))
        for id, (holder, version) in changed.items()
    ]
    await jobs.announce_all(db, aggregate="hold", news=news)


def _body(holder: UUID, hold_id: UUID, short: Shortage) -> dict[str, Any]:
    return {
        "holder": holder,
        "lines": [
            {"product": product_id, "place": place_id, "quantity": pieces}
            for (id, (product_id, place_id)), pieces in short.items()
            if id == hold_id
        ],
    }


def _together(short: Shortage) -> dict[UUID, int]:
    together: dict[UUID, int] = {}
    for (hold_id, _), pieces in short.items():
        together[hold_id] = together.get(hold_id, 0) + pieces
    return together
