"""Given to a carrier, told to it, heard from it. Files and networks are outside of any transaction."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from app import jobs, orders, payments, slots, stock
from app.db import Connection, Pool, begin, new_id
from app.errors import Conflict
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.carriers import queries, rules
from app.fulfilment.carriers.models import Consignment, Due, Fact, Kind
from app.fulfilment.carriers.port import Carrier, Unreachable
from app.fulfilment.delivery import planning
from app.fulfilment.models import Act, Fulfilment, Pick
from app.fulfilment.packing import queries as parcels
from app.fulfilment.picking import closing
from app.fulfilment.rules import Action, after

Others = Callable[[Connection, Fact], Awaitable[bool | None]]
"""Takes in a fact: whether that parcel is over, None where it is none of theirs."""
AT_ONCE = 50
LEASE = timedelta(seconds=30)
TOLD_AS: dict[Kind, str] = {
    "accepted": "ParcelAccepted",
    "in_transit": "ParcelInTransit",
    "failed": "ParcelNotTaken",
    "delivered": "ParcelDelivered",
    "returned": "ParcelReturned",
}
CONTRADICTS = "CarrierContradicted"

log = structlog.get_logger()


async def book(db: Connection, act: Act, fulfilment_id: UUID, carrier: str) -> dict[str, Any]:
    """A carrier brings this order instead of a van of ours: its stop and its room in the slot are
    free again, and each parcel will be announced.

    Raises Conflict: `moved-on` unless it is packed and here, `cold-by-carrier`, `age-by-carrier`,
    `not-delivered` for what is collected or booked already.
    """

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        after(fulfilment.state, "book")
        if fulfilment.way != "delivery":
            raise Conflict(
                "This order is not brought by our vans, so it cannot be given away.",
                code="not-delivered",
            )
        boxes = await parcels.parcels(db, fulfilment_id)
        if any(one.place_id is None for one in boxes):
            raise Conflict("A parcel of this order is in a van already.", code="already-loaded")
        rules.check_can_go(boxes, age_limited=await queries.has_age_limit(db, fulfilment_id))
        await planning.drop(db, fulfilment)
        await slots.release(db, fulfilment.order_id, place_id=fulfilment.place_id)
        await queries.book(db, fulfilment, carrier)
        body = {"carrier": carrier, "parcels": len(boxes)}
        await actions.move_on(db, fulfilment, ["book"], "CarrierBooked", body)
        return body

    request = {"do": "book", "fulfilment": fulfilment_id, "carrier": carrier}
    outcome: dict[str, Any] = await actions.carry_out(db, fulfilment_id, act, request, do)
    return outcome


async def announce_due(pool: Pool, carrier: Carrier) -> None:
    """Tell the carrier of the parcels it was not told of yet; what it does not take is tried again,
    and a dispatcher sees why."""

    async def tell(due: Due) -> None:
        parcel = await queries.announcement(pool, due)
        try:
            announced = await carrier.announce(parcel)
        except Unreachable as error:
            log.warning("a carrier does not answer", carrier=carrier.name, why=str(error))
            await queries.note_problem(pool, due, rules.wait_after(due.attempts), str(error))
        else:
            await queries.note_announced(pool, due, announced)

    due = await queries.take_due(pool, carrier.name, AT_ONCE, LEASE)
    await jobs.one_by_one("parcels for a carrier", due, tell)


async def listen(pool: Pool, carrier: Carrier, others: Others | None = None) -> None:
    """Take in what the carrier tells. A repeat is nothing new; what is about no parcel that goes out is
    for the `others` that come back, else left out, and noted. One over which we stumble is heard again
    the next time, and keeps no other waiting."""
    try:
        for mark, facts in await carrier.news():
            over: dict[Fact, bool] = {}

            async def take_in(fact: Fact, over: dict[Fact, bool] = over) -> None:
                over[fact] = await hear(pool, carrier.name, fact, others)

            await jobs.one_by_one("news of a carrier", facts, take_in)
            for sscc in {fact.sscc for fact, is_over in over.items() if is_over}:
                await carrier.forget(sscc)
            if len(over) == len(set(facts)):
                await carrier.heard(mark)
    except Unreachable as error:
        log.warning("a carrier does not answer", carrier=carrier.name, why=str(error))


async def hear(pool: Pool, carrier: str, fact: Fact, others: Others | None = None) -> bool:
    """One fact, with all that follows, in one transaction. True when the parcel is over."""
    async with begin(pool) as db:
        known = await queries.by_sscc(db, carrier, fact.sscc)
        over = await others(db, fact) if known is None and others is not None else None
        if over is not None:
            return over
        if known is None:
            log.warning("a carrier tells of no parcel of ours", carrier=carrier, fact=fact.id)
            return False
        [fulfilment] = await fulfilments.lock(db, [known.fulfilment_id])
        about = await queries.by_sscc(db, carrier, fact.sscc)
        assert about is not None, "consignments are never deleted"
        if not await queries.keep_fact(db, carrier, fact, about):
            return about.state in rules.OVER
        state = rules.state_of(await queries.told(db, about), about.state)
        odd = rules.contradicts(about.state, fact.kind)
        problem = f"{fact.kind}, after it was {about.state}" if odd else about.problem
        await queries.set_state(db, about, state, fact, problem if odd else None)
        kind = CONTRADICTS if odd else TOLD_AS[fact.kind]
        await _follow(db, fulfilment, about, kind)
        return state in rules.OVER


async def _follow(db: Connection, fulfilment: Fulfilment, about: Consignment, kind: str) -> None:
    """The order is as far as the slowest of its parcels."""
    states = [one.state for one in await _together(db, fulfilment)]
    steps: list[Action] = []
    if fulfilment.state == "packed" and all(state in rules.LEFT for state in states):
        steps.append("consign")
    over = all(state in rules.OVER for state in states)
    on_its_way = fulfilment.state == "out_for_delivery" or "consign" in steps
    came = "delivered" in states
    if over and on_its_way:
        steps.append("deliver" if came else "send_back")
    if came and over and on_its_way:
        await queries.note_delivered(db, fulfilment)
    body = {"sscc": about.sscc, "carrier": about.carrier}
    moved = await actions.move_on(db, fulfilment, steps, kind, body)
    if over and on_its_way and not came:
        await _back_on_the_shelf(db, fulfilment, await fulfilments.picks_of(db, [fulfilment.id]))
        await closing.pay_back_part(db, moved, "not-delivered")
    elif over and on_its_way and "returned" in states:
        await _pay_back_what_came_back(db, fulfilment)


async def _together(db: Connection, fulfilment: Fulfilment) -> Sequence[Consignment]:
    of_order = await queries.of_order(db, fulfilment.order_id)
    return [one for one in of_order if one.fulfilment_id == fulfilment.id]


async def _pay_back_what_came_back(db: Connection, fulfilment: Fulfilment) -> None:
    """At least the share paid for each piece that never came, with its deposit."""
    await orders.lock(db, fulfilment.order_id)
    picks = [one for one in await fulfilments.picks_of(db, [fulfilment.id]) if _back(one)]
    amount = await closing.worth(db, fulfilment, [(pick, _back(pick)) for pick in picks])
    await _back_on_the_shelf(db, fulfilment, picks)
    if amount:
        await payments.refund(db, fulfilment.order_id, new_id(), amount, "not-delivered")


async def _back_on_the_shelf(db: Connection, fulfilment: Fulfilment, picks: Sequence[Pick]) -> None:
    lines = [
        stock.Line(pick.product_id, fulfilment.place_id, _back(pick))
        for pick in picks
        if _back(pick)
    ]
    if lines:
        await stock.receive(db, lines, kind="returned", reference=fulfilment.order_id)


def _back(pick: Pick) -> int:
    return pick.picked - pick.delivered
