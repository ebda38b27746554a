"""Goods are promised, leave, come and come back: lock, decide, write, tell; many at a time.

Locks are taken in one order everywhere: holds by id, then levels by (product, place).
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg

from app import db as database
from app import jobs, live
from app.db import Connection, Pool
from app.errors import Conflict, NotFound
from app.jobs import Coalescer, News
from app.stock import queries, rules
from app.stock.models import (
    Arrival,
    HeldLine,
    Hold,
    Line,
    Promise,
    Refused,
    Request,
    Reserved,
    State,
)


async def reserve(db: Connection, requests: Sequence[Request]) -> list[Reserved | Refused]:
    """Hold goods for each request in the order given, all its lines or none; answers one for one.

    A hold id that holds already is answered as before. Raises Unprocessable when it holds
    something else. Holds end by themselves at `until`, unless confirmed.
    """
    answers = await _reserve_all(db, requests)
    return answers or await _reserve_what_there_is(db, requests)


async def submit(pool: Pool, request: Request) -> Reserved | Refused:
    """`reserve` for one, together with whoever else asks now; answers after COMMIT.

    Never call it inside a transaction. Raises Busy when too many wait.
    """
    return await _counter.submit(pool, request)


async def confirm(db: Connection, hold_id: UUID) -> bool:
    """The goods are sold: the hold ends no more by itself. False when it ended before."""
    hold = await queries.mark_confirmed(db, hold_id)
    if hold is not None:
        await _tell(db, [hold], "StockConfirmed")
        return True
    return any(hold.state in ("confirmed", "taken") for hold in await queries.holds(db, [hold_id]))


async def release(db: Connection, hold_ids: Sequence[UUID]) -> list[UUID]:
    """What is not picked yet is free again, held or confirmed. Returns the holds that ended now."""
    held = await queries.lock_holds(db, hold_ids)
    ending = [hold for hold in held if hold.state in ("held", "confirmed")]
    await _give_back(db, ending, "released", "StockReleased")
    return [hold.id for hold in ending]


async def take(db: Connection, hold_id: UUID, picked: Sequence[Line]) -> Hold:
    """The picker went along the shelves: each line named is settled with the quantity found, which
    leaves the place; the rest was not there (or not fit to sell), so it is written off and not sold
    to the next one. Lines not named stay reserved; with the last one the hold is taken. Settled
    lines are left as they are, so a repeat does nothing.

    Raises NotFound, Conflict when the hold was not confirmed, Unprocessable for other goods.
    """
    locked = await queries.lock_holds(db, [hold_id])
    if not locked:
        raise NotFound("There is no such reservation.", code="no-such-hold")
    hold = locked[0]
    lines = (await queries.held_lines(db, [hold_id]))[hold_id]
    settled = rules.settle(lines, picked)
    if not settled:
        return hold
    if hold.state != "confirmed":
        raise Conflict("This reservation has ended.", code="hold-ended")
    hold = await queries.take_goods(db, hold_id, settled)
    news = News(hold.id, hold.version, "StockTaken", _body(hold.holder, settled))
    await jobs.announce_all(db, aggregate="hold", news=[news])
    await tell_watchers(db, [line.product_id for line in settled])
    return hold


async def receive(
    db: Connection,
    lines: Sequence[Line],
    *,
    kind: Arrival = "received",
    reference: UUID | None = None,
) -> None:
    """Goods arrive on the shelf, from a supplier or from a shopper. `reference` is what they came
    with. Quantities are positive; the caller's command keeps a repeat from counting twice."""
    quantities = rules.wanted(lines)
    if any(quantity <= 0 for quantity in quantities.values()):
        raise ValueError("what arrives is more than nothing")
    await queries.put_on_shelf(db, dict(quantities), kind, reference)
    await tell_watchers(db, [product_id for product_id, _ in quantities])


async def expire(pool: Pool) -> None:
    """Holds that ran out give their goods back; any number of workers may do this at once."""
    while True:
        async with database.begin(pool) as db:
            run_out = await queries.lock_run_out(db, 200)
            await _give_back(db, run_out, "expired", "StockExpired")
        if not run_out:
            return


async def tell_watchers(db: Connection, product_ids: Sequence[UUID]) -> None:
    """Whoever looks at one of these products hears, after the commit, that its supply changed."""
    if product_ids:
        ids = sorted({str(id) for id in product_ids})
        for id, version in (await queries.watched(db, ids)).items():
            live.tell_after_commit(db, f"supply:{id}", version)


async def _at_the_counter(db: Connection, requests: Sequence[Request]) -> list[Reserved | Refused]:
    """The same on a connection that was only lent. As a rule one statement does it all, and then it
    is the whole transaction: a hot product is locked no longer than that, and waits for no word of
    ours to be let go."""
    if not jobs.is_heard("StockHeld"):
        with suppress(asyncpg.UniqueViolationError):  # somebody asks again
            if answers := await _reserve_all(db, requests, alone=True):
                return answers
    async with database.begin_on(db):
        return await _reserve_what_there_is(db, requests)


async def _reserve_all(
    db: Connection, requests: Sequence[Request], *, alone: bool = False
) -> list[Reserved | Refused]:
    """Where everybody gets everything; else nothing is written, and nothing is answered."""
    if not rules.are_new(requests):
        return []
    promises = [Promise(request, rules.wanted(request.lines)) for request in requests]
    left = await _write(db, promises, alone=alone)
    if left is None:
        return []
    await tell_watchers(db, rules.runs_low(left))
    return [Reserved(request.hold_id) for request in requests]


async def _reserve_what_there_is(
    db: Connection, requests: Sequence[Request]
) -> list[Reserved | Refused]:
    """Not everybody gets everything, or somebody asks again: one after the other, by the rules."""
    wishes = [rules.wanted(request.lines) for request in requests]
    levels = await queries.lock_levels(db, rules.spots(wishes))
    earlier = await _earlier(db, requests, wishes)
    answers, promises = rules.grant(requests, wishes, levels, earlier)
    if spots := rules.may_be_awaited(requests, answers):
        coming = await queries.lock_coming(db, spots)
        answers, promises = rules.grant(requests, wishes, levels, earlier, coming)
    if promises:
        left = await _write(db, promises, checked=True)
        await queries.write_awaited(db, [one for one in promises if one.awaited])
        await tell_watchers(db, rules.runs_low(left or {}))
    return answers


async def _write(
    db: Connection, promises: Sequence[Promise], *, checked: bool = False, alone: bool = False
) -> dict[rules.Spot, int] | None:
    """Holds and their events. What is held, and for whom, stands in the hold and its lines: neither
    ever changes."""
    heard = jobs.is_heard("StockHeld")
    left = await queries.write_holds(db, promises, checked=checked, alone=alone, tell=not heard)
    if heard and left is not None:
        news = [News(one.request.hold_id, 1, "StockHeld", {}) for one in promises]
        await jobs.announce_all(db, aggregate="hold", news=news)
    return left


_counter: Coalescer[Request, Reserved | Refused] = Coalescer(
    _at_the_counter, within=jobs.alone, batch=100, at_once=2
)


async def _earlier(
    db: Connection, requests: Sequence[Request], wishes: Sequence[rules.Wish]
) -> dict[UUID, State]:
    """The holds of these ids that are there already. Raises Unprocessable for other goods."""
    earlier = await queries.holds(db, [request.hold_id for request in requests])
    if earlier:
        held = await queries.held_lines(db, [hold.id for hold in earlier])
        for request, wish in zip(requests, wishes, strict=True):
            if request.hold_id in held:
                lines = held[request.hold_id]
                rules.check_same(wish, {rules.spot_of(line): line.quantity for line in lines})
    return {hold.id: hold.state for hold in earlier}


async def _give_back(db: Connection, ending: Sequence[Hold], how: str, kind: str) -> None:
    if ending:
        ended = await queries.give_back(db, [hold.id for hold in ending], how)
        await _tell(db, ended, kind)
        lines = await queries.held_lines(db, [hold.id for hold in ended])
        await tell_watchers(db, [line.product_id for held in lines.values() for line in held])


async def _tell(db: Connection, holds: Sequence[Hold], kind: str) -> None:
    lines = await queries.held_lines(db, [hold.id for hold in holds])
    news = [
        News(
            hold.id,
            hold.version,
            kind,
            _body(hold.holder, [line for line in lines[hold.id] if line.picked is None]),
        )
        for hold in holds
    ]
    await jobs.announce_all(db, aggregate="hold", news=news)


def _body(holder: UUID, lines: Sequence[Line | HeldLine]) -> dict[str, Any]:
    return {
        "holder": holder,
        "lines": [
            {"product": line.product_id, "place": line.place_id, "quantity": line.quantity}
            for line in lines
        ],
    }
