"""Out of a van that does not leave: its totes stand in the shop again, packed, until another one is
loaded with them; and back into it, where it was a mistake."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app import commands, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries
from app.fulfilment.delivery.door.rules import too_warm
from app.fulfilment.delivery.models import Before, Breakdown, InTheVan, Meant, Sheet
from app.fulfilment.models import Act, Fulfilment, Parcel, Run
from app.fulfilment.rules import Action


def in_the_van(sheet: Sheet, at: datetime) -> InTheVan:
    """What would have to be taken out at that moment. Pure."""
    ahead = [stop for stop in sheet.stops if stop.state == "planned"]
    totes = [
        parcel
        for stop in ahead
        for parcel in sheet.parcels.get(stop.fulfilment_id, [])
        if parcel.run_id == sheet.run.id
    ]
    return InTheVan(
        totes=len(totes),
        chilled_since=min((one.chilled_since for one in ahead if one.chilled_since), default=None),
        frozen_since=min((one.frozen_since for one in ahead if one.frozen_since), default=None),
        too_warm=sum(bool(too_warm(stop, at)) for stop in ahead),
    )


async def take_out(
    db: Connection, run: Run, parts: Sequence[Fulfilment], because: Mapping[str, Any]
) -> list[Fulfilment]:
    """The totes these orders have in the van; both are locked. The orders as they are then."""
    inside = totes_by_part(await queries.parcels(db, [run.id]), run.id)
    out = []
    for part in parts:
        totes = inside.get(part.id, [])
        if totes:
            await queries.unload_parcels(db, part.order_id, part.id, part.place_id)
            body = {"run": str(run.id), "ssccs": [one.sscc for one in totes], **because}
            part = await actions.move_on(db, part, ["unload"], "ParcelsUnloaded", body)
        out.append(part)
    return out


def totes_by_part(parcels: Sequence[Parcel], run_id: UUID) -> dict[UUID, list[Parcel]]:
    found: dict[UUID, list[Parcel]] = {}
    for parcel in parcels:
        if parcel.run_id == run_id:
            found.setdefault(parcel.fulfilment_id, []).append(parcel)
    return found


async def before(
    db: Connection, run: Run, parts: Sequence[Fulfilment], helpers: Sequence[Meant]
) -> Before:
    """What was where; all of it is locked."""
    known = await queries.doors_with_times(db, run.id)
    inside = totes_by_part(await queries.parcels(db, [run.id]), run.id)
    mine = {part.id for part in parts}
    return Before(
        state=run.state,
        doors=[door.id for door, _ in known],
        arrivals=[at for _, at in known],
        helpers={
            one.run_id: [door.id for door in await queries.doors(db, one.run_id)]
            for one in helpers
            if one.run_id is not None
        },
        totes=[tote for id, totes in inside.items() if id in mine for tote in totes],
        loaded=[part.id for part in parts if part.state == "loaded"],
    )


async def undo(db: Connection, act: Act, breakdown_id: UUID) -> dict[str, Any]:
    """It does leave: everything is in it again, in the order it was. Raises NotFound, and Conflict
    `moved-on` once one of its totes was loaded again, a stop of it moved on, or somebody was told that
    nobody comes."""
    known = await queries.breakdown(db, breakdown_id)
    run = await queries.run(db, known.run_id) if known else None
    if known is None or run is None:
        raise NotFound("There is no such breakdown.")

    async def once() -> dict[str, Any]:
        parts = await _parts(db, known)
        runs = await queries.lock_runs_of_window(db, run.place_id, run.starts_at, run.ends_at)
        if not await _still_as_it_was(db, known, run, parts):
            raise Conflict(
                "Something of it is in a van again, or has moved on. Move stops by hand.",
                code="moved-on",
            )
        broken = next(one for one in runs if one.id == run.id)
        helpers = [one for one in runs if one.id in known.was.helpers]
        await _bring_back(db, broken, helpers, known.was)
        await _load_again(db, broken, parts, known.was)
        await staff.note(db, act.person, "run.breakdown_undone", str(run.id))
        return {"run": str(run.id), "stops": len(known.was.doors)}

    request = {"do": "undo-breakdown", "breakdown": breakdown_id}
    outcome: dict[str, Any] = await commands.once(db, run.id, act.id, request, once)
    return outcome


async def _parts(db: Connection, known: Breakdown) -> list[Fulfilment]:
    stops = [stop for id in known.was.doors if (stop := await queries.stop(db, id)) is not None]
    return await fulfilments.lock(db, [stop.fulfilment_id for stop in stops])


async def _still_as_it_was(
    db: Connection, known: Breakdown, run: Run, parts: Sequence[Fulfilment]
) -> bool:
    found = await queries.undoable(db, run.starts_at, run.ends_at)
    return (
        len(parts) == len(known.was.doors)
        and known.id in [one.id for one in found]
        and await queries.note_undone(db, known.id)
    )


async def _bring_back(db: Connection, broken: Run, helpers: Sequence[Run], was: Before) -> None:
    for helper in helpers:
        await queries.hand_over_stops(db, helper.id, broken.id, was.doors)
    await queries.put_in_order(db, broken.id, was.doors, was.arrivals)
    await queries.reopen_run(db, broken.id)
    await planning.changed(db, broken, "RunBreakdownUndone", {}, state=was.state)
    for helper in helpers:
        own = was.helpers[helper.id]
        now = [door.id for door in await queries.doors(db, helper.id)]
        await planning.renumber(db, helper, sorted(now, key=lambda id: _place(own, id)))
        await planning.changed(db, helper, "RunBreakdownUndone", {})


def _place(own: Sequence[UUID], id: UUID) -> int:
    """What came meanwhile stays behind."""
    return own.index(id) if id in own else len(own)


async def _load_again(
    db: Connection, broken: Run, parts: Sequence[Fulfilment], was: Before
) -> None:
    await queries.put_back(db, broken.id, was.totes)
    for part in parts:
        totes = [one.sscc for one in was.totes if one.fulfilment_id == part.id]
        if totes:
            steps: list[Action] = ["load"]
            if part.id in was.loaded:
                steps.append("finish_loading")
            body = {"run": str(broken.id), "ssccs": totes}
            await actions.move_on(db, part, steps, "ParcelsLoaded", body)
