"""The van: loading, driving off, what happens at each door, and coming back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app import commands, orders, stock
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries, rules
from app.fulfilment.delivery.models import Sheet, StopRow
from app.fulfilment.models import (
    Act,
    Fulfilment,
    NextStep,
    NotDelivered,
    Pick,
    Receiver,
    Run,
    Stop,
)
from app.fulfilment.packing.actions import parcel as parcel_by_code
from app.fulfilment.rules import Action, after

ANOTHER_TRY_AFTER = timedelta(days=1)


async def sheet(db: Connection, run_id: UUID) -> Sheet:
    """Raises NotFound."""
    run = await queries.run(db, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    by_fulfilment: dict[UUID, list[Any]] = {}
    for parcel in await queries.parcels(db, [run_id]):
        by_fulfilment.setdefault(parcel.fulfilment_id, []).append(parcel)
    return Sheet(run=run, stops=await queries.stops(db, [run_id]), parcels=by_fulfilment)


async def load(db: Connection, act: Act, run_id: UUID, code: str) -> dict[str, Any]:
    """Put a parcel into the van. Raises Conflict `wrong-van` or `already-loaded`."""
    known = await parcel_by_code(db, code)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        parcel = await parcel_by_code(db, known.sscc)
        run = await _ahead(db, run_id, fulfilment)
        if parcel.run_id is not None:
            raise Conflict("This parcel is in the van already.", code="already-loaded")
        after(fulfilment.state, "load")
        await queries.load_parcel(db, parcel, run_id)
        steps: list[Action] = ["load"]
        if not await queries.not_in_the_van(db, fulfilment.order_id, fulfilment.id):
            steps.append("finish_loading")
        await planning.changed(
            db,
            run,
            "ParcelLoaded",
            {"sscc": parcel.sscc},
            state="published" if run.state == "planned" else None,
            driver_id=act.person.id,
        )
        moved = await actions.move_on(
            db, fulfilment, steps, "ParcelLoaded", {"sscc": parcel.sscc, "run": str(run_id)}
        )
        return {"sscc": parcel.sscc, "number": parcel.number, "state": moved.state}

    request = {"do": "load", "run": run_id, "sscc": known.sscc}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def depart(
    db: Connection, act: Act, run_id: UUID, *, leave_behind: bool = False
) -> dict[str, Any]:
    """Drive off. What is not loaded keeps it waiting (Conflict `not-loaded`), unless it is left for
    the next van of the same window."""

    async def once() -> dict[str, Any]:
        run, parts = await _run_and_parts(db, run_id)
        if run.state not in ("planned", "published"):
            raise Conflict("This van has left already.", code="van-has-left")
        behind = [part for part in parts if part.state != "loaded"]
        if len(behind) == len(parts):
            raise Conflict("Nothing is in the van yet.", code="nothing-loaded")
        if behind and not leave_behind:
            raise Conflict(
                "Not everything is in the van yet.",
                code="not-loaded",
                state={"orders": [part.order_number for part in behind]},
            )
        await _leave_behind(db, run, behind)
        await planning.changed(
            db, run, "RunDeparted", {}, state="underway", driver_id=act.person.id
        )
        for part in parts:
            if part.state == "loaded":
                await actions.move_on(db, part, ["depart"], "OutForDelivery", {"run": str(run_id)})
                await actions.note(db, part, act, "depart", {"run": str(run_id)})
        return {"stops": len(parts) - len(behind), "left_behind": len(behind)}

    request = {"do": "depart", "leave_behind": leave_behind}
    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, request, once)
    return outcome


async def deliver(
    db: Connection,
    act: Act,
    stop_id: UUID,
    *,
    to: Receiver = "customer",
    age_checked: bool = False,
    taken_out: bool = False,
) -> dict[str, Any]:
    """Handed over. Raises Conflict `age-check` when something in it is not for everybody and the
    driver did not look, or would leave it with a neighbour; `recalled` when something in it must not
    be handed over any more, unless the driver has taken it out: then it is paid back."""
    known = await _known(db, stop_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        run, stop = await _at_the_door(db, stop_id)
        after(fulfilment.state, "deliver")
        row = await _row(db, stop)
        if row.age_limit and (to != "customer" or not age_checked):
            raise Conflict(
                "There is something in it for {age} and older. Look at an identity document, "
                "and hand it over in person.",
                code="age-check",
                age=row.age_limit,
            )
        recalled = await _recalled(db, fulfilment)
        if recalled and not taken_out:
            raise Conflict(
                "Something in this order was recalled: {products}. Take it out before you hand "
                "over the rest.",
                code="recalled",
                products=", ".join(await _names(db, recalled)),
            )
        await queries.note_delivered(db, stop, to, age_checked, act.happened_at)
        await queries.hand_over_picks(db, stop.order_id, fulfilment.id)
        for pick in recalled:
            await actions.pay_back(db, pick, pick.picked, "recalled")
            await queries.keep_pick(db, pick)
        await queries.hand_over_parcels(db, stop.order_id, fulfilment.id)
        await planning.changed(db, run, "StopDone", {"order": str(stop.order_id)})
        await actions.move_on(db, fulfilment, ["deliver"], "Delivered", {"to": to})
        return {"state": "delivered"}

    request = {"do": "deliver", "stop": stop_id, "to": to, "age_checked": age_checked}
    if taken_out:
        request["taken_out"] = True
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def fail(
    db: Connection, act: Act, stop_id: UUID, *, reason: NotDelivered, next_step: NextStep
) -> dict[str, Any]:
    """Nobody took it. What was cold is never brought a second time (Conflict `no-second-try`)."""
    known = await _known(db, stop_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        run, stop = await _at_the_door(db, stop_id)
        after(fulfilment.state, "fail")
        row = await _row(db, stop)
        choices = rules.next_steps(reason, cold=row.cold, tries=fulfilment.attempts)
        if next_step not in choices:
            raise Conflict(
                "This cannot be brought again; take it back to the shop.",
                code="no-second-try",
                state={"allowed": choices},
            )
        await queries.note_failed(db, stop, reason, next_step, act.happened_at)
        await planning.changed(db, run, "StopFailed", {"order": str(stop.order_id)})
        body = {"reason": reason, "next": next_step}
        await actions.move_on(db, fulfilment, ["fail"], "DeliveryFailed", body)
        return {"state": "failed", "next": next_step}

    request = {"do": "fail", "stop": stop_id, "reason": reason, "next": next_step}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def come_back(db: Connection, act: Act, run_id: UUID) -> dict[str, Any]:
    """Back at the shop, van empty: what is tried again gets a new stop, the rest is paid back."""

    async def once() -> dict[str, Any]:
        run, parts = await _run_and_parts(db, run_id, failed=True)
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
        return {"done": len(parts)}

    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, {"do": "come_back"}, once)
    return outcome


async def _bring_in(db: Connection, act: Act, run: Run, part: Fulfilment, stop: StopRow) -> None:
    if stop.next_step == "again":
        starts_at, ends_at = run.starts_at + ANOTHER_TRY_AFTER, run.ends_at + ANOTHER_TRY_AFTER
        await queries.unload_parcels(db, part.order_id, part.id, part.place_id)
        await queries.set_window(db, part.order_id, part.id, starts_at, ends_at)
        again = await fulfilments.read(db, part.id)
        assert again is not None, "it is locked"
        await planning.plan(db, again)
        body = {"starts_at": starts_at.isoformat()}
        await actions.move_on(db, again, ["bring_back"], "DeliveryPlannedAgain", body)
    else:
        await queries.empty_parcels(db, part.order_id, part.id)
        await actions.move_on(db, part, ["take_back"], "FulfilmentReturned", {})
        await _back_on_the_shelf(db, part)
        await actions.pay_back_part(db, part)
    await actions.note(db, part, act, "come_back", {"next": stop.next_step})


async def _back_on_the_shelf(db: Connection, part: Fulfilment) -> None:
    """What was cold is not sold again."""
    lines = [
        stock.Line(pick.product_id, part.place_id, pick.picked)
        for pick in await fulfilments.picks_of(db, [part.id])
        if pick.storage == "ambient" and pick.picked
    ]
    if lines:
        await stock.receive(db, lines, kind="returned", reference=part.order_id)


async def _leave_behind(db: Connection, run: Run, parts: list[Fulfilment]) -> None:
    if not parts:
        return
    next_van = await planning.open_run(
        db, run.place_id, run.starts_at, run.ends_at, after=run.number
    )
    for part in parts:
        stop = await queries.stop_of(db, part.id)
        assert stop is not None, "it is on this run"
        await queries.unload_parcels(db, part.order_id, part.id, part.place_id)
        await queries.change_run_of_stop(db, stop, next_van.id)
    await planning.renumber(db, next_van)
    await planning.changed(db, next_van, "StopsTakenOver", {"run": str(run.id)})


async def _recalled(db: Connection, fulfilment: Fulfilment) -> list[Pick]:
    picks = await fulfilments.picks_of(db, [fulfilment.id])
    stopped = await stock.stopping.stopped(db, [pick.product_id for pick in picks])
    return [pick for pick in picks if pick.picked and pick.product_id in stopped]


async def _names(db: Connection, picks: list[Pick]) -> list[str]:
    sold = await orders.read(db, picks[0].order_id)
    assert sold is not None, "a pick has an order"
    wanted = {pick.line_no for pick in picks}
    return [line.name for line in sold.lines if line.line_no in wanted]


async def _run_and_parts(
    db: Connection, run_id: UUID, *, failed: bool = False
) -> tuple[Run, list[Fulfilment]]:
    """The run and the orders it still has to do with, all locked: orders first, as everywhere."""
    states = ("planned", "failed", "delivered") if failed else ("planned",)
    stops = [stop for stop in await queries.stops(db, [run_id]) if stop.state in states]
    parts = await fulfilments.lock(db, [stop.fulfilment_id for stop in stops])
    runs = await queries.lock_runs(db, [run_id])
    if not runs:
        raise NotFound("There is no such run.")
    now = [stop for stop in await queries.stops(db, [run_id]) if stop.state in states]
    if {stop.id for stop in now} != {stop.id for stop in stops}:
        raise Conflict("This run has just changed. Look again.", code="moved-on")
    return runs[0], parts


async def _ahead(db: Connection, run_id: UUID, fulfilment: Fulfilment) -> Run:
    """The run, locked, if this order rides in it."""
    stop = await queries.stop_of(db, fulfilment.id)
    if stop is None or stop.run_id != run_id:
        raise Conflict(
            "This parcel belongs into another van.",
            code="wrong-van",
            state={"run": str(stop.run_id) if stop else None},
        )
    [run] = await queries.lock_runs(db, [run_id])
    return run


async def _known(db: Connection, stop_id: UUID) -> Stop:
    stop = await queries.stop(db, stop_id)
    if stop is None:
        raise NotFound("There is no such stop.")
    return stop


async def _at_the_door(db: Connection, stop_id: UUID) -> tuple[Run, Stop]:
    """Under the lock of its run; a stop that is over already shows in the order's state."""
    stop = await _known(db, stop_id)
    [run] = await queries.lock_runs(db, [stop.run_id])
    if stop.state == "dropped":
        raise Conflict("This stop is no longer on the list.", code="moved-on")
    return run, stop


async def _row(db: Connection, stop: Stop) -> StopRow:
    [row] = [each for each in await queries.stops(db, [stop.run_id]) if each.id == stop.id]
    return row
