"""The dispatcher's desk: which stop rides in which van, in which order, and off it goes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app import commands, slots, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries, timetable, unloading
from app.fulfilment.delivery.models import Board, RunRow, Sheet, StopRow
from app.fulfilment.models import AT_THE_PLACE, Act, Parcel, Run, Stop


async def runs(db: Connection, since: datetime, until: datetime) -> list[RunRow]:
    return await queries.runs(db, since, until)


async def next_at(db: Connection, after: datetime) -> datetime | None:
    """When the next run begins that has a stop; None where nobody has ordered for later."""
    return await queries.next_runs_at(db, after)


async def day(db: Connection, since: datetime, until: datetime) -> list[Sheet]:
    """All runs of a day with their stops, in three reads."""
    found = await queries.runs(db, since, until)
    ids = [run.id for run in found]
    stops, parcels = await queries.stops(db, ids), await queries.parcels(db, ids)
    by_fulfilment: dict[UUID, list[Parcel]] = {}
    for parcel in parcels:
        by_fulfilment.setdefault(parcel.fulfilment_id, []).append(parcel)
    return [
        Sheet(
            run=run,
            stops=[stop for stop in stops if stop.run_id == run.id],
            parcels=by_fulfilment,
        )
        for run in found
    ]


async def board(db: Connection, since: datetime, until: datetime) -> Board:
    """The runs whose window starts in that time, by the clock, and the shifts they are driven in."""
    sheets = [one for one in await day(db, since, until) if since <= one.run.starts_at < until]
    places = {sheet.run.place_id for sheet in sheets}
    roads = {place_id: await slots.plans.roads_of(db, place_id) for place_id in places}
    return Board(
        sheets=sheets,
        hours={one.run.id: timetable.hours(roads[one.run.place_id], one) for one in sheets},
        shifts={place_id: await slots.plans.shifts(db, place_id) for place_id in places},
    )


async def stop(db: Connection, stop_id: UUID) -> StopRow:
    """Raises NotFound, also for one that was dropped."""
    known = await queries.stop(db, stop_id)
    rows = await queries.stops(db, [known.run_id]) if known else []
    for row in rows:
        if row.id == stop_id:
            return row
    raise NotFound("There is no such stop.")


async def publish(db: Connection, act: Act, run_id: UUID) -> dict[str, Any]:
    """From now on the driver can rely on the order of the stops."""

    async def once() -> dict[str, Any]:
        runs = await queries.lock_runs(db, [run_id])
        if not runs:
            raise NotFound("There is no such run.")
        if runs[0].state != "planned":
            raise Conflict("This run is published already.", code="moved-on")
        await _publish(db, act, runs[0])
        return {"state": "published"}

    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, {"do": "publish"}, once)
    return outcome


async def publish_day(db: Connection, act: Act, since: datetime, until: datetime) -> dict[str, Any]:
    """All runs of a day that are still being planned. How many there were."""

    async def once() -> dict[str, Any]:
        found = await queries.runs(db, since, until)
        ids = [run.id for run in found if since <= run.starts_at < until]
        planned = [run for run in await queries.lock_runs(db, ids) if run.state == "planned"]
        for run in planned:
            await _publish(db, act, run)
        return {"published": len(planned)}

    request = {"do": "publish-day", "since": since, "until": until}
    outcome: dict[str, Any] = await commands.once(db, act.person.id, act.id, request, once)
    return outcome


async def withdraw(db: Connection, act: Act, run_id: UUID) -> dict[str, Any]:
    """Publishing undone: the run is being planned again. Raises Conflict once something is loaded."""

    async def once() -> dict[str, Any]:
        runs = await queries.lock_runs(db, [run_id])
        if not runs:
            raise NotFound("There is no such run.")
        [run] = runs
        loaded = any(parcel.run_id for parcel in await queries.parcels(db, [run_id]))
        if run.state != "published" or loaded:
            raise Conflict("This run can no longer be taken back.", code="moved-on")
        await planning.changed(db, run, "RunWithdrawn", {}, state="planned")
        await staff.note(db, act.person, "run.withdraw", str(run_id))
        return {"state": "planned"}

    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, {"do": "withdraw"}, once)
    return outcome


async def move_stop(
    db: Connection,
    act: Act,
    stop_id: UUID,
    *,
    van: int,
    position: int,
    pinned: bool = True,
    seen: int | None = None,
) -> dict[str, Any]:
    """Put a stop into the van of this number, of the same window, at this position among the stops
    ahead. A van that does not exist yet is added. It stays there whatever a better plan says, until
    it is moved without being `pinned`. The outcome says where it was, for whoever wants it back.
    Raises Conflict once one of the vans has left, or somebody has moved it out of the van in which it
    was `seen`."""
    known = await queries.stop(db, stop_id)
    if known is None:
        raise NotFound("There is no such stop.")

    async def once() -> dict[str, Any]:
        [part] = await fulfilments.lock(db, [known.fulfilment_id])
        stop = await queries.stop_of(db, part.id)
        if stop is None or stop.id != stop_id or part.state in ("loaded", "out_for_delivery"):
            raise Conflict("This stop can no longer be moved.", code="moved-on")
        here, there = await _vans(db, stop, van)
        if seen not in (None, here.number):
            raise Conflict("Somebody has moved this stop meanwhile. Look again.", code="moved-on")
        if {here.state, there.state} & {"underway", "completed"}:
            raise Conflict("This van has left already.", code="van-has-left")
        doors = await queries.doors(db, here.id)
        [place] = [place for place, door in enumerate(doors, 1) if door.id == stop.id]
        was = {"van": here.number, "position": place, "pinned": doors[place - 1].pinned}
        await queries.pin_stop(db, stop.order_id, stop.id, pinned)
        if here.id != there.id:
            await unloading.take_out(db, here, [part], {})
        await _move(db, stop, here, there, position)
        keep = there.number if pinned else None
        await slots.plans.pin(db, here.place_id, here.starts_at, stop.order_id, keep)
        await staff.note(db, act.person, "stop.move", str(stop_id))
        return {"run": str(there.id), "van": there.number, "was": was}

    request = {"do": "move", "stop": stop_id, "van": van, "position": position}
    if not pinned:
        request["pinned"] = False
    if seen is not None:
        request["seen"] = seen
    outcome: dict[str, Any] = await commands.once(db, known.order_id, act.id, request, once)
    return outcome


async def unpin(db: Connection, act: Act, stop_id: UUID) -> dict[str, Any]:
    """From now on the stop goes where the plan says. Raises Conflict once its van has left."""
    known = await queries.stop(db, stop_id)
    if known is None:
        raise NotFound("There is no such stop.")

    async def once() -> dict[str, Any]:
        [part] = await fulfilments.lock(db, [known.fulfilment_id])
        stop = await queries.stop_of(db, part.id)
        [run] = await queries.lock_runs(db, [stop.run_id if stop else known.run_id])
        if stop is None or stop.id != stop_id or run.state not in AT_THE_PLACE:
            raise Conflict("This stop can no longer be moved.", code="moved-on")
        await queries.pin_stop(db, known.order_id, stop_id, False)
        await slots.plans.pin(db, run.place_id, run.starts_at, known.order_id, None)
        await planning.renumber(db, run)
        await planning.changed(db, run, "StopUnpinned", {"order": str(known.order_id)})
        await staff.note(db, act.person, "stop.unpin", str(stop_id))
        return {"pinned": False}

    request = {"do": "unpin", "stop": stop_id}
    outcome: dict[str, Any] = await commands.once(db, known.order_id, act.id, request, once)
    return outcome


async def _publish(db: Connection, act: Act, run: Run) -> None:
    await planning.changed(db, run, "RunPublished", {}, state="published")
    await staff.note(db, act.person, "run.publish", str(run.id))


async def _vans(db: Connection, stop: Stop, number: int) -> tuple[Run, Run]:
    """The van it is in and the one it goes into. All of the window are locked at once: two who move
    stops across would else wait for each other."""
    runs = await queries.lock_window_of(db, stop.run_id)
    here = next(run for run in runs if run.id == stop.run_id)
    for run in runs:
        if run.number == number:
            return here, run
    return here, await planning.add_run(db, here.place_id, here.starts_at, here.ends_at)


async def _move(db: Connection, stop: Stop, here: Run, there: Run, position: int) -> None:
    if here.id != there.id:
        await queries.change_run_of_stop(db, stop, there.id)
        await planning.renumber(db, here)
        await planning.changed(db, here, "StopMovedAway", {"order": str(stop.order_id)})
    others = [door.id for door in await queries.doors(db, there.id) if door.id != stop.id]
    others.insert(max(0, position - 1), stop.id)
    await planning.renumber(db, there, others)
    await planning.changed(db, there, "StopMovedHere", {"order": str(stop.order_id)})
