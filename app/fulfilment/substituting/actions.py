from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid5

from app import commands, jobs, orders, stock
from app import db as database
from app.db import Connection, Pool, new_id
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.models import Act, Fulfilment, Pick, ShortReason
from app.fulfilment.picking import queries as picks
from app.fulfilment.picking.actions import check_open, go_on, known_pick, read
from app.fulfilment.picking.rules import default_location
from app.fulfilment.resourcing.actions import instead
from app.fulfilment.rules import after
from app.fulfilment.substituting import queries, rules
from app.fulfilment.substituting.models import Candidate, Proposal, Substitute, Voice, Wanted

AT_ONCE = 20


async def proposals(db: Connection, pick_id: UUID) -> list[Proposal]:
    """What would do for what is still open of a line, the best first; none where the shopper wants
    nothing instead. Raises NotFound."""
    pick = await known_pick(db, pick_id)
    wanted = await _wanted(db, pick)
    if wanted.wish == "leave-out" or not pick.open:
        return []
    ids = await queries.similar(db, wanted)
    found = await queries.candidates(db, ids, wanted.place_id, wanted.language)
    return rules.propose(wanted, found, pick.open)


async def offer(
    db: Connection,
    act: Act,
    pick_id: UUID,
    *,
    product_id: UUID | None = None,
    code: str | None = None,
    quantity: int | None = None,
    reason: ShortReason = "not-found",
) -> dict[str, Any]:
    """Offer the shopper something else for so many (None: all that are open): one of the proposals,
    or what was scanned. It is held for them, and they are asked.

    Raises Conflict for what may not be offered, or is promised to others; NotFound, Malformed.
    """
    known = await known_pick(db, pick_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        pick = await known_pick(db, pick_id)
        after(fulfilment.state, "offer")
        await orders.lock(db, pick.order_id)  # before stock, as everywhere in picking
        many = pick.open if quantity is None else quantity
        check_open(pick, many or 1)
        wanted = await _wanted(db, pick)
        found = await _candidate(db, wanted, product_id, code)
        rules.check(wanted, found, many)
        now = await queries.database_now(db)
        made = Substitute(
            order_id=pick.order_id,
            id=new_id(),
            fulfilment_id=fulfilment.id,
            pick_id=pick.id,
            product_id=found.product_id,
            gtin=found.gtin,
            name=found.name,
            picture=found.picture,
            storage=found.storage,
            weight_g=found.weight_g,
            quantity=many,
            price=found.price,
            charged=rules.charged(found.price, wanted.unit_share, many),
            wish=wanted.wish,
            reason=reason,
            state="offered",
            elsewhere=0,
            ended_by=None,
            offered_by=act.person.id,
            offered_at=now,
            answer_by=rules.answer_by(now, fulfilment.pick_by),
            ended_at=None,
            hold_id=new_id(),
        )
        await _hold(db, made, fulfilment.place_id)
        await queries.write(db, made)
        await queries.note_offered(db, pick, many)
        body = {"line": pick.line_no, "quantity": many, "substitute": str(made.id)}
        await actions.move_on(db, fulfilment, ["offer"], "LineOffered", body)
        await orders.tell(db, pick.order_id, "SubstituteOffered", {"substitute": str(made.id)})
        return {"substitute": str(made.id), "answer_by": made.answer_by.isoformat()}

    request = {
        "do": "offer", "pick": pick_id, "product": product_id, "code": code,
        "quantity": quantity, "reason": reason,
    }  # fmt: skip
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def answer(
    db: Connection,
    order_id: UUID,
    command: UUID,
    substitute_id: UUID,
    *,
    yes: bool,
    also: Callable[[], Awaitable[None]] | None = None,
) -> dict[str, Any]:
    """The shopper's word, or what they say on the phone; `also` writes down who heard it. Raises
    Conflict `answered-already` for all but the first, `too-late` when the time was over or it ended
    otherwise, NotFound for what is not of this order."""
    known = await _known(db, substitute_id)
    if known.order_id != order_id:
        raise NotFound("There is no such offer.")

    async def once() -> dict[str, Any]:
        fulfilment, offer = await _locked(db, known)
        if not await queries.end(db, offer.id, "accepted" if yes else "refused", "shopper"):
            raise _over(offer)
        if also is not None:
            await also()
        return await _follow(db, fulfilment, offer, accepted=yes, by="shopper")

    request = {"do": "answer", "substitute": substitute_id, "yes": yes}
    outcome: dict[str, Any] = await commands.once(db, order_id, command, request, once)
    return outcome


async def withdraw(db: Connection, act: Act, substitute_id: UUID) -> dict[str, Any]:
    """The picker takes an offer back: what was ordered is there after all, or will not be."""
    known = await _known(db, substitute_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        after(fulfilment.state, "offer")
        await orders.lock(db, known.order_id)
        offer = await _known(db, substitute_id)
        if not await queries.end(db, offer.id, "withdrawn", "picker"):
            raise Conflict("This offer has been answered already.", code="answered")
        await stock.release(db, [offer.hold_id])
        await queries.settle_offer(db, offer, replaced=0, short=0)
        pick = await known_pick(db, offer.pick_id)
        body = {"line": pick.line_no, "quantity": offer.quantity, "substitute": str(offer.id)}
        await actions.move_on(db, fulfilment, ["offer"], "LineOfferWithdrawn", body)
        await orders.tell(db, offer.order_id, "SubstituteAnswered", {"substitute": str(offer.id)})
        return {"open": pick.open}

    request = {"do": "withdraw", "substitute": substitute_id}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def end_silent(pool: Pool) -> None:
    """Offers whose time is over end as their shopper wished; any number of workers may do this."""

    async def end(id: UUID) -> None:
        async with database.begin(pool) as db:
            fulfilment, offer = await _locked(db, await _known(db, id))
            yes = rules.comes_if_silent(offer.wish)
            if await queries.end(db, id, "accepted" if yes else "refused", "silence"):
                await _follow(db, fulfilment, offer, accepted=yes, by="silence")

    await jobs.one_by_one("an offer", await queries.unanswered(pool, AT_ONCE), end)


async def _follow(
    db: Connection, fulfilment: Fulfilment, offer: Substitute, *, accepted: bool, by: Voice
) -> dict[str, Any]:
    """It has ended: accepted, it is picked. Refused, or gone by now: what was ordered comes from
    another place in the same window, or it is missing."""
    await orders.lock(db, offer.order_id)
    pick = await known_pick(db, offer.pick_id)
    if accepted and not await _secured(db, offer, fulfilment.place_id):
        await queries.note_gone(db, offer.id)
        accepted, by = False, "gone"
    body = {"line": pick.line_no, "quantity": offer.quantity, "substitute": str(offer.id), "by": by}
    if accepted:
        await _into_the_tote(db, fulfilment, offer, pick)
        done = await go_on(db, fulfilment, pick, "substitute", "LineSubstituted", body)
    else:
        await stock.release(db, [offer.hold_id])
        elsewhere = await instead(db, fulfilment, pick, offer.quantity)
        await queries.settle_offer(db, offer, replaced=0, short=offer.quantity)
        await picks.note_resourced(db, pick, elsewhere)
        await queries.note_elsewhere(db, offer.id, elsewhere)
        body["reason"] = offer.reason
        done = await go_on(db, fulfilment, pick, "short", "LineShorted", body)
    await orders.tell(db, offer.order_id, "SubstituteAnswered", {"substitute": str(offer.id)})
    return {"accepted": accepted, "by": by, "fulfilment": done["state"]}


async def _into_the_tote(
    db: Connection, fulfilment: Fulfilment, offer: Substitute, pick: Pick
) -> None:
    line = stock.Line(offer.product_id, fulfilment.place_id, offer.quantity)
    await stock.take(db, await _taken_from(db, offer), [line])
    await queries.settle_offer(db, offer, replaced=offer.quantity, short=0)
    spot = await queries.location(db, offer.product_id, fulfilment.place_id)
    spot = spot or default_location(offer.product_id, "", offer.storage)
    await queries.write_pick(db, offer, new_id(), pick.line_no, spot)


async def _hold(db: Connection, offer: Substitute, place_id: UUID) -> None:
    """Nobody else gets it while the shopper thinks. Raises Conflict `not-free`."""
    if not await _reserved(db, offer, offer.hold_id, place_id):
        raise Conflict(
            "Too few of these are free to sell: others have ordered them. Offer something else.",
            code="not-free",
        )


async def _reserved(db: Connection, offer: Substitute, hold_id: UUID, place_id: UUID) -> bool:
    line = stock.Line(offer.product_id, place_id, offer.quantity)
    until = offer.answer_by + rules.HELD_LONGER
    [held] = await stock.reserve(db, [stock.Request(hold_id, offer.order_id, (line,), until)])
    return isinstance(held, stock.Reserved)


async def _secured(db: Connection, offer: Substitute, place_id: UUID) -> bool:
    """It is sold. A hold that ended meanwhile is made again, if there is still enough."""
    if await stock.stopping.stopped(db, [offer.product_id]):
        return False
    if await stock.confirm(db, offer.hold_id):
        return True
    again = _second(offer)
    return await _reserved(db, offer, again, place_id) and await stock.confirm(db, again)


async def _taken_from(db: Connection, offer: Substitute) -> UUID:
    [hold] = await stock.holds(db, [offer.hold_id])
    return offer.hold_id if hold.state == "confirmed" else _second(offer)


def _second(offer: Substitute) -> UUID:
    return uuid5(offer.hold_id, "again")


async def _candidate(
    db: Connection, wanted: Wanted, product_id: UUID | None, code: str | None
) -> Candidate:
    if code is not None:
        product_id = await picks.product_of_scan(db, read(code))
    ids = [product_id] if product_id else []
    found = await queries.candidates(db, ids, wanted.place_id, wanted.language)
    if not found:
        raise NotFound("We do not sell this.", code="unknown-product")
    return found[0]


async def _wanted(db: Connection, pick: Pick) -> Wanted:
    sold = await orders.read(db, pick.order_id)
    assert sold is not None, "a pick has an order"
    [line] = [each for each in sold.lines if each.line_no == pick.line_no]
    return await queries.wanted(db, pick, line)


def _over(offer: Substitute) -> Conflict:
    state = {"substitute": str(offer.id), "state": offer.state}
    if offer.ended_by == "shopper":
        return Conflict(
            "This was answered a moment ago, on the phone or on the page. Below is what was decided.",
            code="answered-already",
            state=state,
        )
    return Conflict(
        "The time to answer this is over. Below is what was decided.", code="too-late", state=state
    )


async def _known(db: Connection, id: UUID) -> Substitute:
    offer = await queries.read(db, id)
    if offer is None:
        raise NotFound("There is no such offer.")
    return offer


async def _locked(db: Connection, known: Substitute) -> tuple[Fulfilment, Substitute]:
    """Under the lock of its order, in this place and others, as it is now."""
    part = await fulfilments.read(db, known.fulfilment_id)
    assert part is not None, "an offer is of a part"
    fulfilment = await actions.lock_part(db, part, with_others=True)
    return fulfilment, await _known(db, known.id)
