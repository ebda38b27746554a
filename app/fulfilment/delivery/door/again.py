"""What nobody took stands in the shop again: brought a second time, collected, or paid back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from app import collecting, jobs, slots, stock
from app.db import Connection, Pool, begin
from app.errors import Conflict
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.collect import queries as collections
from app.fulfilment.delivery import planning, queries
from app.fulfilment.delivery.door import queries as doors
from app.fulfilment.delivery.door import refunding
from app.fulfilment.delivery.door.models import Chosen
from app.fulfilment.delivery.door.rules import going, stays
from app.fulfilment.models import Fulfilment, Pick, Stop
from app.fulfilment.picking import closing
from app.fulfilment.rules import Action, pick_by

TO_CHOOSE = timedelta(days=2)
"""From when it is back: so long the shopper has to say what becomes of it."""
TO_PICK = timedelta(hours=1)
AT_ONCE = 50


async def wait_for_choice(db: Connection, part: Fulfilment, stop: Stop) -> None:
    """Nothing was chosen yet. Its totes stand in the shop meanwhile."""
    await queries.unload_parcels(db, part.order_id, part.id, part.place_id)
    await doors.note_choose_until(db, stop, datetime.now(UTC) + TO_CHOOSE)


async def do_as_chosen(db: Connection, part: Fulfilment, stop: Stop, wish: Chosen) -> None:
    """The part is locked and back in the shop, or just comes in."""
    await queries.unload_parcels(db, part.order_id, part.id, part.place_id)
    await doors.note_choose_until(db, stop, None)
    step = None if wish.money_back else await _renew_cold(db, part, stop)
    if step in (None, "take_back"):
        await give_up(db, part)
    elif wish.collect:
        await _let_collect(db, part, step)
    else:
        await _bring(db, part, step, wish)


async def collect_instead(db: Connection, part: Fulfilment) -> None:
    """It is planned to come again, and its shopper comes for it after all. Packed or to be picked."""
    await planning.drop(db, part)
    await _let_collect(db, part, None)


async def give_up(db: Connection, part: Fulfilment) -> None:
    """It is not brought any more: back on the shelf, and the money goes back."""
    await queries.empty_parcels(db, part.order_id, part.id)
    back = await actions.move_on(db, part, ["take_back"], "FulfilmentReturned", {})
    await _back_on_the_shelf(db, part)
    await closing.pay_back_part(db, back, "not-delivered")


async def end_silent(pool: Pool) -> None:
    """Who did not choose in time has the money back. Any number of workers may do this at once."""

    async def end(part_id: UUID) -> None:
        async with begin(pool) as db:
            [part] = await fulfilments.lock(db, [part_id])
            stop = await doors.failed_stop(db, part)
            if part.state != "failed" or stop is None or not await doors.is_due(db, stop):
                return  # chosen meanwhile
            await doors.note_choose_until(db, stop, None)
            await give_up(db, part)

    await jobs.one_by_one("a second try", await doors.nobody_chose(pool, AT_ONCE), end)


async def _bring(db: Connection, part: Fulfilment, step: Action, wish: Chosen) -> None:
    """In the same totes; what was cold is never brought a second time."""
    assert wish.starts_at, "a slot has its times"
    assert wish.ends_at, "a slot has its times"
    by = pick_by(wish.starts_at)
    await queries.set_window(db, part.order_id, part.id, wish.starts_at, wish.ends_at, by)
    again = msgspec.structs.replace(
        part, window_starts_at=wish.starts_at, window_ends_at=wish.ends_at
    )
    await planning.plan(db, again)
    body = {"starts_at": wish.starts_at.isoformat()}
    await actions.move_on(db, again, [step], "DeliveryPlannedAgain", body)


async def _let_collect(db: Connection, part: Fulfilment, step: Action | None) -> None:
    """From now on somebody comes for it. Raises Conflict where its place has no desk."""
    promise = await promise_of(db, part)
    if promise is None:
        raise Conflict(
            "Orders cannot be collected there any more. Please choose another way.", code="no-desk"
        )
    await doors.let_collect(db, part, promise.ready_by, promise.keep_until)
    collected = msgspec.structs.replace(
        part,
        way="collect",
        window_starts_at=promise.ready_by,
        window_ends_at=promise.keep_until,
    )
    await collections.write(db, collected)
    await slots.release(db, part.order_id, place_id=part.place_id)
    body = {"ready_by": promise.ready_by.isoformat()}
    await actions.move_on(db, collected, [step] if step else [], "CollectionChosen", body)


async def promise_of(db: Connection, part: Fulfilment) -> collecting.Promise | None:
    """From when to when it could be collected where it is; None where nobody can, or where another
    part of it is collected already: two of one order at one desk would be taken for each other."""
    spot = await collecting.spot(db, part.place_id)
    if spot is None or not spot.desk.open or await doors.is_collected_there(db, part):
        return None
    return collecting.promise(spot, datetime.now(UTC))


async def _renew_cold(db: Connection, part: Fulfilment, stop: Stop) -> Action:
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
    run = await queries.run(db, stop.run_id)
    if run is not None and run.state == "completed":
        await refunding.put_away(db, run)
    if not anew:
        await doors.empty_cold(db, part.order_id, part.id)
        return "bring_back"
    await doors.pick_anew(db, part.order_id, part.id)
    await doors.off_the_cart(db, part.order_id, part.id)
    return "pick_anew"


async def _held_anew(db: Connection, part: Fulfilment, stop: Stop, picks: list[Pick]) -> bool:
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
