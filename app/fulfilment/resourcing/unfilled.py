"""Orders, or parts of them, that nobody can send: a person decides."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import msgspec
from msgspec.structs import replace

from app import commands, orders, sourcing, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning
from app.fulfilment.models import Act, Fulfilment
from app.fulfilment.picking import closing
from app.fulfilment.picking.queries import note_short
from app.fulfilment.resourcing import queries
from app.fulfilment.resourcing.actions import locked, send_otherwise, sourced, work_moves
from app.orders.models import Order, Sent

WAITS = timedelta(hours=12)


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """One order nobody can fill: what is missing of it, and since when. `waits_until`: somebody wants
    to look at it again then."""

    order_id: UUID
    number: str
    missing: list[tuple[str, int]]
    """Name and pieces."""
    refused_by: list[str]
    window_starts_at: datetime
    window_ends_at: datetime
    opened_at: datetime
    waits_until: datetime | None


async def to_do(db: Connection, language: str) -> list[Work]:
    """What waits for a person, the oldest first; what was put off comes last."""
    waiting = await sourcing.unfilled(db)
    known = await queries.about(db, [one.order_id for one in waiting], language)
    found = [_work(one, known[one.order_id]) for one in waiting if one.order_id in known]
    now = datetime.now(UTC)
    return sorted(
        found, key=lambda one: (bool(one.waits_until and one.waits_until > now), one.opened_at)
    )


def _work(one: sourcing.Unfilled, about: asyncpg.Record) -> Work:
    return Work(
        order_id=one.order_id,
        number=about["number"],
        missing=[
            (about["called"].get(str(lack.product_id), ""), lack.wanted - lack.available)
            for lack in one.missing
        ],
        refused_by=about["refused_by"],
        window_starts_at=about["window_starts_at"],
        window_ends_at=about["window_ends_at"],
        opened_at=one.opened_at,
        waits_until=one.waits_until,
    )


async def try_again(
    db: Connection, act: Act, order_id: UUID, place_id: UUID | None = None
) -> dict[str, Any]:
    """Everybody is asked once more, also who refused, or only this place. Raises Conflict
    `nobody-has-it` when nothing has changed, `not-unfilled` when somebody else was faster."""

    async def do(order: Order, part: Fulfilment) -> None:
        pieces = {pick.line_no: pick.quantity for pick in await fulfilments.picks_of(db, [part.id])}
        sent = await send_otherwise(db, order, part, pieces, only=place_id, all_again=True)
        if sum(one.quantity for one in sent) < sum(pieces.values()):
            raise Conflict(
                "Nobody can send it just now: not enough goods, no room, or no time left. Wait, or "
                "pay it back.",
                code="nobody-has-it",
            )
        if any(one.place_id == part.place_id for one in sent):
            await _resume(db, order, part, sent)
        else:
            await sourced(db, part, order, pieces, sent, "FulfilmentSourcedAnew", {})

    return await _once(db, act, order_id, {"do": "try again", "place": place_id}, do)


async def give_up(db: Connection, act: Act, order_id: UUID) -> dict[str, Any]:
    """What nobody can send is paid back, as the shop's fault; the rest of the order goes on. Nothing
    else in it? Then it is off, and the delivery is paid back too."""

    async def do(order: Order, part: Fulfilment) -> None:
        for pick in await fulfilments.picks_of(db, [part.id]):
            await note_short(db, pick, pick.open, "other", act.person.id)
        moved = await actions.move_on(db, part, ["cancel"], "FulfilmentGivenUp", {})
        await closing.pay_back_part(db, moved, "unfilled")
        await sourcing.settle(db, order.id, act.person.id)

    return await _once(db, act, order_id, {"do": "give up"}, do)


async def wait(db: Connection, act: Act, order_id: UUID) -> dict[str, Any]:
    """Put off for half a day: goods may come in."""

    async def once() -> dict[str, Any]:
        until = datetime.now(UTC) + WAITS
        if not await sourcing.put_off(db, order_id, until):
            raise _settled()
        await staff.note(db, act.person, "sourcing.wait", str(order_id))
        return {"until": until.isoformat()}

    outcome: dict[str, Any] = await commands.once(db, order_id, act.id, {"do": "wait"}, once)
    return outcome


async def _once(
    db: Connection,
    act: Act,
    order_id: UUID,
    request: dict[str, Any],
    do: Callable[[Order, Fulfilment], Awaitable[None]],
) -> dict[str, Any]:
    async def once() -> dict[str, Any]:
        known = [one.id for one in await fulfilments.of_order(db, order_id)]
        if not known:
            raise NotFound("There is no such order here.")
        refused = [one for one in await fulfilments.lock(db, known) if one.state == "refused"]
        if not refused:
            raise _settled()
        for number, part in enumerate(refused):
            await do(await locked(db, order_id), part)
            id = uuid5(act.id, str(number)) if number else act.id
            await actions.note(db, part, replace(act, id=id), str(request["do"]), {})
        await orders.tell(db, order_id, "OrderSourced", {})
        return {"order": str(order_id)}

    outcome: dict[str, Any] = await commands.once(db, order_id, act.id, request, once)
    return outcome


async def _resume(db: Connection, order: Order, part: Fulfilment, sent: list[Sent]) -> None:
    """Its own place does it after all, or some of it while others do the rest."""
    await work_moves(db, part, order, sent)
    await actions.rewrite_picks(db, part)
    moved = await actions.move_on(db, part, ["resume"], "FulfilmentReleased", {})
    if not moved.is_collected:
        await planning.plan(db, moved)
    await sourcing.settle(db, order.id, None)


def _settled() -> Conflict:
    return Conflict("A colleague has just seen to this order.", code="not-unfilled")
