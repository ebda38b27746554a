"""The van: loading it and driving off. What happens at each door: `door`; coming back: `returning`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import commands
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries, rules, unloading
from app.fulfilment.delivery.models import DoorLine, Sheet
from app.fulfilment.models import AT_THE_PLACE, Act, Fulfilment, Parcel, Run
from app.fulfilment.packing.finding import parcel as parcel_by_code
from app.fulfilment.rules import Action, after


async def sheet(db: Connection, run_id: UUID) -> Sheet:
    """Raises NotFound."""
    run = await queries.run(db, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    by_fulfilment: dict[UUID, list[Parcel]] = {}
    for parcel in await queries.parcels(db, [run_id]):
        by_fulfilment.setdefault(parcel.fulfilment_id, []).append(parcel)
    lines: dict[UUID, list[DoorLine]] = {}
    for line in await queries.door_lines(db, run_id):
        lines.setdefault(line.fulfilment_id, []).append(line)
    return Sheet(
        run=run,
        stops=await queries.stops(db, [run_id]),
        parcels=by_fulfilment,
        lines=lines,
        forget_at=rules.forget_at(run),
    )


async def load(db: Connection, act: Act, run_id: UUID, code: str) -> dict[str, Any]:
    """Put a parcel into the van. Raises Conflict `wrong-van` or `already-loaded`."""
    known = await parcel_by_code(db, code)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        parcel = await parcel_by_code(db, known.sscc)
        if parcel.place_id is None and parcel.run_id in (None, run_id):
            raise Conflict("This parcel is in the van already.", code="already-loaded")
        run = await _ahead(db, run_id, fulfilment)
        moved = await _into_the_van(db, act, run, fulfilment, parcel)
        return {"sscc": parcel.sscc, "number": parcel.number, "state": moved.state}

    request = {"do": "load", "run": run_id, "sscc": known.sscc}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def depart(
    db: Connection,
    act: Act,
    run_id: UUID,
    *,
    leave_behind: bool = False,
    totes: Sequence[str] = (),
) -> dict[str, Any]:
    """Drive off. What is not loaded keeps it waiting (Conflict `not-loaded`), unless it is left for
    the next van of the same window. `totes` are the numbers (SSCC) of those the driver has in the
    van: a phone without signal may tell of that before it tells of the loading."""

    async def once() -> dict[str, Any]:
        run, parts = await run_and_parts(db, run_id)
        if run.state == "completed" and run.departed_at is None:
            raise Conflict(
                "Another van brings this: take the totes out again, what is cold first.",
                code="taken-over",
            )
        if run.state not in AT_THE_PLACE:
            raise Conflict("This van has left already.", code="van-has-left")
        parts = [await _loaded(db, act, run, part, totes) for part in parts]
        behind = [part for part in parts if part.state != "loaded"]
        if behind and len(behind) == len(parts):
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

    request: dict[str, Any] = {"do": "depart", "leave_behind": leave_behind}
    if totes:
        request["totes"] = sorted(totes)
    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, request, once)
    return outcome


async def _into_the_van(
    db: Connection, act: Act, run: Run, fulfilment: Fulfilment, parcel: Parcel
) -> Fulfilment:
    """Both are locked."""
    after(fulfilment.state, "load")
    await queries.load_parcel(db, parcel, run.id, act.at)
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
    body = {"sscc": parcel.sscc, "run": str(run.id)}
    return await actions.move_on(db, fulfilment, steps, "ParcelLoaded", body)


async def _loaded(
    db: Connection, act: Act, run: Run, part: Fulfilment, totes: Sequence[str]
) -> Fulfilment:
    """The order with those of its totes in the van that are not there yet."""
    for parcel in await queries.parcels(db, [run.id]) if totes else []:
        waits = parcel.place_id is not None and parcel.sscc in totes
        if parcel.fulfilment_id == part.id and waits and part.state == "packed":
            part = await _into_the_van(db, act, run, part, parcel)
    return part


async def _leave_behind(db: Connection, run: Run, parts: list[Fulfilment]) -> None:
    if not parts:
        return
    next_van = await planning.open_run(
        db, run.place_id, run.starts_at, run.ends_at, after=run.number
    )
    for part in await unloading.take_out(db, run, parts, {}):
        stop = await queries.stop_of(db, part.id)
        assert stop is not None, "it is on this run"
        await queries.change_run_of_stop(db, stop, next_van.id)
    await planning.renumber(db, next_van)
    await planning.changed(db, next_van, "StopsTakenOver", {"run": str(run.id)})


async def run_and_parts(
    db: Connection, run_id: UUID, *, failed: bool = False
) -> tuple[Run, list[Fulfilment]]:
    """The run and the orders it still has to do with, all locked: orders first, as everywhere, then all
    vans of the window, as what is left behind goes into another one."""
    states = ("planned", "failed", "delivered") if failed else ("planned",)
    stops = [stop for stop in await queries.stops(db, [run_id]) if stop.state in states]
    parts = await fulfilments.lock(db, [stop.fulfilment_id for stop in stops])
    run = next((one for one in await queries.lock_window_of(db, run_id) if one.id == run_id), None)
    if run is None:
        raise NotFound("There is no such run.")
    now = [stop for stop in await queries.stops(db, [run_id]) if stop.state in states]
    if {stop.id for stop in now} != {stop.id for stop in stops}:
        raise Conflict("This run has just changed. Look again.", code="moved-on")
    return run, parts


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
