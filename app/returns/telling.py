"""What a driver took along at a door, told afterwards like what was handed over there: each act once, in
whichever order it arrives.

An act is what happened, not a wish: the goods are in the van by then. So it counts although the van is
back, the stop has meanwhile moved to another van, or another time was chosen for it. Only money nobody
was told of waits for a person: less than what was said at the door, or, where nothing could be said
there, less than what was paid. Then, as in every refusal that leaves goods in a van, a case is opened.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID, uuid5

import msgspec
from msgspec import Meta

from app import cases, commands, orders, slots, staff
from app.cases import Kind
from app.db import Connection
from app.errors import Conflict, NotFound, ShopError
from app.fulfilment import delivery
from app.fulfilment.models import Act
from app.http.bounds import Amount
from app.languages import translate
from app.returns import collecting, door, queries, rules
from app.returns.actions import locked, offer, settle
from app.returns.models import Cause, Condition, Desk, Door, Piece, Units, Wanted
from app.settings import Settings

WhyNot = Literal["not-home", "not-ready", "kept"]
WHY_NOT: Mapping[WhyNot, str] = {
    "not-home": "Nobody home", "not-ready": "Not ready", "kept": "They keep it",
}  # fmt: skip
Empties = dict[
    Annotated[str, Meta(pattern="^[0-9]{1,6}$", examples=["15"])],
    Annotated[int, Meta(ge=1, le=999)],
]
"""How many of each deposit, which is in minor units."""


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


class Fetched(delivery.door.replaying.Telling, frozen=True, kw_only=True, tag="fetch"):
    """What was asked to be fetched is in the van. `amount` is the sum that was said at the door."""

    request: UUID
    amount: Amount | None = None


class NotFetched(delivery.door.replaying.Telling, frozen=True, kw_only=True, tag="not-fetched"):
    request: UUID
    why: WhyNot


class HandedBack(delivery.door.replaying.Telling, frozen=True, kw_only=True, tag="take-back"):
    """Something of `order` is in the van, or is missing there. Without `amount` nobody could say what
    it brings."""

    order: UUID
    lines: dict[Piece, Units]
    cause: Cause
    condition: Condition = "as-new"
    amount: Amount | None = None


class EmptiesTaken(delivery.door.replaying.Telling, frozen=True, kw_only=True, tag="empties"):
    order: UUID
    counted: Empties


class Heard(delivery.door.replaying.Telling, frozen=True, kw_only=True, tag="complain"):
    """Something a driver cannot settle: the contact centre does."""

    order: UUID
    kind: Kind
    words: Annotated[str, Meta(min_length=3, max_length=2000, pattern=r"^[^\x00]+$")]


TakenAlong: TypeAlias = Fetched | NotFetched | HandedBack | EmptiesTaken | Heard
Told: TypeAlias = delivery.door.replaying.Brought | TakenAlong


async def carry_out(
    db: Connection, act: Act, one: Told, drawn: bytes, settings: Settings
) -> dict[str, Any] | None:
    """None while something that comes before is not told yet."""
    match one:
        case Fetched() | NotFetched() | HandedBack() | EmptiesTaken() | Heard():
            if await _is_early(db, one):
                return None
            return await _take_along(db, act, one, settings)
        case _:
            return await delivery.door.replaying.carry_out(db, act, one, drawn, settings.secret)


async def look_after(db: Connection, act: Act, one: Told, refusal: ShopError) -> None:
    """The goods are in the van all the same: no other comes for them, and somebody looks at it. Told
    twice it is one case."""
    if not isinstance(one, Fetched | HandedBack) or refusal.status != 409:
        return
    asked = await queries.request(db, one.request) if isinstance(one, Fetched) else None
    order_id = asked.order_id if asked else one.order if isinstance(one, HandedBack) else None
    settled = asked is not None and asked.state == "done"
    if settled or order_id is None or (order := await orders.read(db, order_id)) is None:
        return
    if isinstance(one, Fetched) and await queries.collections.end(
        db, one.request, "failed", run_id=one.run, reason="In the van, not settled"
    ):
        await slots.release(db, one.request)
        await queries.become_way(db, one.request, "shop")
    why = translate(order.language, refusal.sentence, **refusal.values)
    words = translate(
        order.language,
        N_("The driver has taken it along, but nothing was paid back yet: {why}"),
        why=why,
    )
    await cases.open_case(db, uuid5(act.id, "left over"), order_id, "other", words=words)


async def _is_early(db: Connection, one: TakenAlong) -> bool:
    """The van has not left, or what comes back was not handed over yet."""
    run = await delivery.queries.run(db, one.run)
    if run is None:
        raise NotFound("There is no such run.")
    if run.state in delivery.door.replaying.BEFORE_LEAVING:
        return True
    ahead = await delivery.queries.doors(db, one.run) if isinstance(one, HandedBack) else []
    return any(door.order_id == one.order for door in ahead if isinstance(one, HandedBack))


async def _take_along(
    db: Connection, act: Act, one: TakenAlong, settings: Settings
) -> dict[str, Any]:
    match one:
        case Fetched():
            return await _fetched(db, act, one)
        case NotFetched():
            return await _not_fetched(db, act, one)
        case HandedBack():
            at = await _at(db, one.run, one.order)
            wanted = Wanted(lines=one.lines, cause=one.cause, condition=one.condition)
            return await _settle(db, act, at, wanted, one.amount)
        case EmptiesTaken():
            return await _empties(db, act, one, settings)
        case Heard():
            await _at(db, one.run, one.order)
            case = await cases.open_at_desk(
                db, act.person, act.id, one.order, one.kind, one.words, "counter"
            )
            return {"case": str(case)}


async def _fetched(db: Connection, act: Act, one: Fetched) -> dict[str, Any]:
    asked = await queries.request(db, one.request)
    if asked is None or await collecting.stop(db, one.request) is None:
        raise NotFound("There is no such stop.")
    at = await _at(db, one.run, asked.order_id)
    lines = dict(asked.lines)
    wanted = Wanted(lines=lines, cause=asked.cause, request=asked.id)
    return await _settle(db, act, at, wanted, one.amount)


async def _not_fetched(db: Connection, act: Act, one: NotFetched) -> dict[str, Any]:
    """Its van may be back by now, which says the same. Raises Conflict where it is to be fetched at
    another time: that one stands."""
    stop, run = (
        await collecting.stop(db, one.request),
        await delivery.queries.run(db, one.run),
    )
    if stop is None or run is None:
        raise NotFound("There is no such stop.")
    if stop.state == "failed":
        return {}
    if (stop.place_id, stop.starts_at) != (run.place_id, run.starts_at):
        raise Conflict(
            "Another time was chosen for it meanwhile. That one stands.", code="moved-on"
        )
    await collecting.fail(db, act.person, act.id, one.request, one.run, WHY_NOT[one.why])
    return {}


async def _settle(
    db: Connection, act: Act, at: Door, wanted: Wanted, said: int | None
) -> dict[str, Any]:
    """What it brings by now, unless that has to be said first."""

    async def once() -> dict[str, Any]:
        order = await locked(db, at.order_id)
        asked = await queries.request(db, wanted.request) if wanted.request else None
        if asked is not None and asked.state != "open":
            raise Conflict("Somebody has settled this already.", code="settled-already")
        found = await offer(db, order, wanted)
        rules.check_said(found, said)
        agreed = msgspec.structs.replace(wanted, amount=found.amount)
        desk = Desk(channel="door", place_id=at.place_id, by=act.person.id)
        done, _ = await settle(db, order, agreed, desk, uuid5(order.id, str(act.id)))
        await staff.note(db, act.person, "return.door", str(order.id), wanted.cause)
        return {"amount": done.amount, "currency": done.currency}

    told = {
        "do": "told back",
        "wanted": msgspec.to_builtins(wanted),
        "said": said,
        "run": at.run_id,
    }
    outcome: dict[str, Any] = await commands.once(db, at.order_id, act.id, told, once)
    return outcome


async def _empties(
    db: Connection, act: Act, one: EmptiesTaken, settings: Settings
) -> dict[str, Any]:
    """The code goes back to the phone for who has no mail address."""
    at = await _at(db, one.run, one.order)
    counted = {int(deposit): n for deposit, n in one.counted.items()}
    amount, code = await door.credit(db, act.person, act.id, at, counted, settings)
    told: dict[str, Any] = {"amount": amount, "currency": at.currency}
    return told if at.email else {**told, "code": code}


async def _at(db: Connection, run_id: UUID, order_id: UUID) -> Door:
    """Raises NotFound where no van of that window comes."""
    found = await queries.door_of_window(db, run_id, order_id)
    if found is None:
        raise NotFound("This van does not go there.")
    return found
