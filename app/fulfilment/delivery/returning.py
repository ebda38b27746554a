"""Back at the shop, van empty: what nobody took, and what was refused at a door."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app import commands, stock
from app.db import Connection
from app.errors import Conflict
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries
from app.fulfilment.delivery.actions import run_and_parts
from app.fulfilment.delivery.door import queries as doors
from app.fulfilment.delivery.door import refunding
from app.fulfilment.delivery.door.rules import going, stays
from app.fulfilment.delivery.models import StopRow
from app.fulfilment.models import Act, Fulfilment, Pick, Run
from app.fulfilment.picking import closing
from app.fulfilment.rules import Action, pick_by

ANOTHER_TRY_AFTER = timedelta(days=1)
TO_PICK = timedelta(hours=1)


async def come_back(db: Connection, act: Act, run_id: UUID) -> dict[str, Any]:
    """What is tried again gets a new stop (of that, what was cold is picked anew or paid back), the
    rest is paid back; what was refused is put away. Raises Conflict `not-on-the-road`,
    `stops-ahead`."""

    async def once() -> dict[str, Any]:
        run, parts = await run_and_parts(db, run_id, failed=True)
        if run.state != "underway":
            raise Conflict("This van is not on the road.", code="not-on-the-road")
        ahead = [part for part in parts if part.state == "out_for_delivery"]
        if ahead:
            raise Conflict(
                "There are still stops ahead.",
                code="stops-ahead",
                state={"orders": [part.order_number for part in ahead]},
            )
        await planning.changed(db, run, "RunCompleted", {}, state="completed")
        for stop in await queries.stops(db, [run_id]):
            if stop.state == "failed":
                [part] = [each for each in parts if each.id == stop.fulfilment_id]
                await _bring_in(db, act, run, part, stop)
        await _put_away(db, run)
        return {"done": len(parts)}

    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, {"do": "come_back"}, once)
    return outcome


async def _bring_in(db: Connection, act: Act, run: Run, part: Fulfilment, stop: StopRow) -> None:
    """The shopper's own choice comes before what the driver was told at the door."""
    wish = await doors.chosen(db, part.id, part.order_id)
    if stop.next_step == "again" and (wish is None or wish.slot_id is not None):
        starts_at = run.starts_at + ANOTHER_TRY_AFTER
        ends_at = run.ends_at + ANOTHER_TRY_AFTER
        if wish is not None and wish.starts_at and wish.ends_at:
            starts_at, ends_at = wish.starts_at, wish.ends_at
        await _again(db, part, stop, starts_at, ends_at)
    else:
        await give_up(db, part)
    await actions.note(db, part, act, "come_back", {"next": stop.next_step})


async def _again(
    db: Connection, part: Fulfilment, stop: StopRow, starts_at: datetime, ends_at: datetime
) -> None:
    """In the same totes; what was cold is never brought a second time."""
    await queries.unload_parcels(db, part.order_id, part.id, part.place_id)
    step = await _renew_cold(db, part, stop)
    if step == "take_back":
        await give_up(db, part)
        return
    await queries.set_window(db, part.order_id, part.id, starts_at, ends_at, pick_by(starts_at))
    again = msgspec.structs.replace(part, window_starts_at=starts_at, window_ends_at=ends_at)
    await planning.plan(db, again)
    body = {"starts_at": starts_at.isoformat()}
    await actions.move_on(db, again, [step], "DeliveryPlannedAgain", body)


async def give_up(db: Connection, part: Fulfilment) -> None:
    """It is not brought any more: back on the shelf, and the money goes back."""
    await queries.empty_parcels(db, part.order_id, part.id)
    back = await actions.move_on(db, part, ["take_back"], "FulfilmentReturned", {})
    await _back_on_the_shelf(db, part)
    await closing.pay_back_part(db, back, "not-delivered")


async def _renew_cold(db: Connection, part: Fulfilment, stop: StopRow) -> Action:
    """What was cold is picked anew, or paid back where the shelf is empty by now, as what came instead
    of something is. When nothing else was in it, there is nothing left to bring."""
    picks = [pick for pick in await fulfilments.picks_of(db, [part.id]) if pick.picked]
    cold = [pick for pick in picks if pick.storage != "ambient"]
    ordered = [pick for pick in cold if pick.replaces is None]
    if not cold:
        return "bring_back"
    anew = bool(ordered) and await _held_anew(db, part, stop, ordered)
    if not anew and len(cold) == len(picks):
        return "take_back"
    inside = going(cold, await doors.refused_of_picks(db, part.order_id))
    over = [pick for pick in cold if inside[pick.id] and not (anew and pick.replaces is None)]
    await refunding.pay_back(db, part, stop, [stays(one, inside[one.id], "warm") for one in over])
    if not anew:
        await doors.empty_cold(db, part.order_id, part.id)
        return "bring_back"
    await doors.pick_anew(db, part.order_id, part.id)
    await doors.off_the_cart(db, part.order_id, part.id)
    return "pick_anew"


async def _held_anew(db: Connection, part: Fulfilment, stop: StopRow, picks: list[Pick]) -> bool:
    lines = tuple(stock.Line(pick.product_id, part.place_id, pick.picked) for pick in picks)
    hold_id = uuid5(stop.id, "anew")
    until = datetime.now(UTC) + TO_PICK
    [answer] = await stock.reserve(
        db, [stock.Request(hold_id=hold_id, holder=part.order_id, lines=lines, until=until)]
    )
    return isinstance(answer, stock.Reserved) and await stock.confirm(db, hold_id)


async def _back_on_the_shelf(db: Connection, part: Fulfilment) -> None:
    """What was cold is not sold again."""
    lines = [
        stock.Line(pick.product_id, part.place_id, pick.picked)
        for pick in await fulfilments.picks_of(db, [part.id])
        if pick.storage == "ambient" and pick.picked
    ]
    if lines:
        await stock.receive(db, lines, kind="returned", reference=part.order_id)


async def _put_away(db: Connection, run: Run) -> None:
    """What was refused at a door: what is still good stands on the shelf again."""
    for one in await doors.put_away(db, run.id):
        if one.becomes == "restock":
            line = stock.Line(one.product_id, run.place_id, one.quantity)
            await stock.receive(db, [line], kind="returned", reference=one.order_id)
