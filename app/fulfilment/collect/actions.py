"""At the desk: on the shelf, found, handed over. Each act once, under the lock of its order: of two
desks one hands it over, and the other is told when that was."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app import collecting, payments
from app.db import Connection, new_id
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.collect import ending, queries, rules
from app.fulfilment.collect.models import AtDesk, Refused, Standing
from app.fulfilment.delivery.door import refunding
from app.fulfilment.delivery.door.rules import stays as stays_behind
from app.fulfilment.models import Act, Fulfilment
from app.fulfilment.packing import queries as parcels
from app.fulfilment.packing.finding import parcel as parcel_by_code
from app.fulfilment.rules import after


async def shelve(db: Connection, act: Act, code: str, shelf: str, *, secret: str) -> dict[str, Any]:
    """A parcel waits on this shelf; with the last one its order is ready and its shopper is told.
    It may be moved to another shelf. Raises Conflict `not-collected` for what a van brings."""
    known = await parcel_by_code(db, code)
    where = rules.read_shelf(shelf)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        standing = await _standing(db, fulfilment)
        after(fulfilment.state, "shelve")
        left = await queries.put_on_shelf(db, known, where)
        kind = "ParcelShelved"
        if not left and standing.ready_at is None:
            kind = "ReadyForCollection"
            await _make_ready(db, fulfilment, standing, secret)
        body = {"sscc": known.sscc, "shelf": where}
        await actions.move_on(db, fulfilment, ["shelve"], kind, body)
        return {"shelf": where, "ready": not left, "left": left}

    request = {"do": "shelve", "sscc": known.sscc, "shelf": where}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def by_code(db: Connection, text: str) -> UUID:
    """The order whose shopper shows this code. Raises Malformed, NotFound."""
    found = await queries.by_code(db, rules.hash_of(rules.read_code(text)))
    if not found:
        raise NotFound(
            "Nothing waits here under this code. Ask for the order number and the name.",
            code="unknown-code",
        )
    return found[0]


async def by_name(db: Connection, number: str, name: str) -> UUID:
    """The order of this number, if it is of somebody of that name. Raises NotFound, in the same words
    whether the number or the name is another."""
    found = await queries.by_number(db, "".join(number.split()).upper())
    if found is None or not rules.is_called(found[1], name):
        raise NotFound("No order of this number and name is collected.", code="no-such-order")
    return found[0]


async def at_desk(db: Connection, fulfilment_id: UUID) -> AtDesk:
    """Raises NotFound."""
    fulfilment = await fulfilments.read(db, fulfilment_id)
    standing = await queries.standing(db, fulfilment_id)
    if fulfilment is None or standing is None:
        raise NotFound("There is no such order here.")
    return AtDesk(
        fulfilment=fulfilment,
        standing=standing,
        lines=await queries.lines(db, fulfilment_id),
        parcels=await parcels.parcels(db, fulfilment_id),
        shelves=await queries.shelves(db, fulfilment_id),
        **await queries.place_and_name(db, fulfilment_id),
    )


async def hand_over(
    db: Connection,
    act: Act,
    fulfilment_id: UUID,
    *,
    refused: Sequence[Refused] = (),
    age_checked: bool = False,
) -> dict[str, Any]:
    """All of it, or all but what is `refused`: that is paid back and, where nothing is wrong with it,
    sold again. With nothing taken at all the order is off.

    Raises Conflict: `collected-already`, `kept-no-longer`, `not-ready`, `age-check`, `recalled`,
    `not-so-many`.
    """
    at = datetime.now(UTC)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        standing = await _standing(db, fulfilment)
        rules.check_there(fulfilment.state, standing, at)
        lines = await queries.lines(db, fulfilment_id)
        leaving = rules.given(lines, refused)
        rules.check_allowed(lines, leaving, age_checked=age_checked)
        await queries.note_refused(db, fulfilment.order_id, refused)
        if not any(leaving.values()):
            await ending.nothing_taken(db, fulfilment, lines, refused)
            return {"handed_over": 0, "state": "returned"}
        await queries.note_handed(db, fulfilment, act.person.id, leaving, age=age_checked)
        body = {"pieces": sum(leaving.values()), "refused": sum(one.quantity for one in refused)}
        await actions.move_on(db, fulfilment, ["collect"], "Collected", body)
        back = await _pay_back(db, fulfilment, refused)
        await ending.back_on_the_shelf(db, fulfilment, ending.sound(lines, refused))
        return {"handed_over": body["pieces"], "paid_back": back, "state": "delivered"}

    request = {
        "do": "collect",
        "fulfilment": fulfilment_id,
        "age_checked": age_checked,
        "refused": sorted((str(one.pick_id), one.quantity, one.reason) for one in refused),
    }
    outcome: dict[str, Any] = await actions.carry_out(db, fulfilment_id, act, request, do)
    return outcome


async def clear(db: Connection, act: Act, fulfilment_id: UUID) -> dict[str, Any]:
    """What nobody came for lies on the shelves of the shop again. Raises Conflict."""

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        await _standing(db, fulfilment)
        if fulfilment.state != "returned" or not await queries.note_cleared(db, fulfilment):
            raise Conflict("There is nothing to put back of this order.", code="nothing-to-clear")
        return {"cleared": True}

    request = {"do": "clear", "fulfilment": fulfilment_id}
    outcome: dict[str, Any] = await actions.carry_out(db, fulfilment_id, act, request, do)
    return outcome


async def _standing(db: Connection, fulfilment: Fulfilment) -> Standing:
    standing = await queries.standing(db, fulfilment.id)
    if fulfilment.way != "collect" or standing is None:
        raise Conflict(
            "This order is brought home, nobody comes for it here.", code="not-collected"
        )
    return standing


async def _make_ready(
    db: Connection, fulfilment: Fulfilment, standing: Standing, secret: str
) -> None:
    code, now = rules.code_of(secret, fulfilment.id), datetime.now(UTC)
    until = await collecting.at_the_latest(db, fulfilment.place_id, standing.keep_until, now)
    await queries.note_ready(db, fulfilment, rules.hash_of(code), now, until)


async def _pay_back(db: Connection, fulfilment: Fulfilment, refused: Sequence[Refused]) -> int:
    """For what stays here, as at a door: where the shop failed at least the share paid for each piece,
    with its deposit; for the shopper's own reasons what was paid less the best price of what is kept."""
    if not refused:
        return 0
    picks = {pick.id: pick for pick in await fulfilments.picks_of(db, [fulfilment.id])}
    stays = [stays_behind(picks[one.pick_id], one.quantity, one.reason) for one in refused]
    amount = await refunding.owed(db, fulfilment, stays)
    if amount:
        await payments.refund(db, fulfilment.order_id, new_id(), amount, "refused")
    return amount
