"""A van does not go any more: what that would mean, and who takes over. What it delivered stays
delivered; what is still in it goes on in another van, or in several, in the windows people were
promised; who cannot be reached today is asked what they want instead. Of one that has not left yet the
totes go back into the shop first, and a van that has not left either is loaded with them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app import cases, commands, slots, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries, rules, sharing, timetable, unloading
from app.fulfilment.delivery.door import again
from app.fulfilment.delivery.models import Broken, Door, Helper, Meant, Shared, Told
from app.fulfilment.models import AT_THE_PLACE, Act, Fulfilment, Run, RunState
from app.fulfilment.rules import Action
from app.routing.models import Roads


async def meaning(db: Connection, run_id: UUID, at: datetime) -> list[Meant]:
    """Each van of the same window that could come, and a spare one: what it would mean if it took over
    at that moment, the least lateness first. Could come: on the road, or standing at the place, as this
    one is. Changes nothing. Raises NotFound, or Conflict when the van has nothing left to bring."""
    stands, helpers = await _seen(db, run_id, at)
    return _choices(stands, helpers)


async def shared(db: Connection, run_id: UUID, at: datetime) -> Shared | None:
    """The same for as few vans as reach most doors in their window together; None where no van could
    bring anything in time. Raises as `meaning` does."""
    stands, helpers = await _seen(db, run_id, at)
    return await _shared(db, run_id, sharing.share(stands, helpers))


async def later_stops(db: Connection, run_id: UUID) -> int:
    """What this van is to bring in later windows of the day: it needs another van for that, too."""
    run = await queries.run(db, run_id)
    return await queries.later_runs(db, run) if run else 0


async def take_over(
    db: Connection, act: Act, run_id: UUID, *, van: int, left: bool = True
) -> dict[str, Any]:
    """The van of this number, or a spare one, takes over all doors still ahead. `left` is whether the
    broken one was on the road when that was decided. Raises Conflict when there is no such choice any
    more."""
    known = await _known(db, run_id)

    async def once() -> dict[str, Any]:
        broken, runs, parts = await _locked(db, known, left=left)
        choices = _choices(*await _there(db, broken, runs, _moment(act)))
        chosen = next((one for one in choices if one.van == van), None)
        if chosen is None:
            raise Conflict("This van cannot take over any more. Look again.", code="moved-on")
        [helper] = await _hand_over(db, act, broken, runs, parts, Shared([chosen], [], 0))
        await staff.note(db, act.person, "run.take_over", str(run_id))
        return {"run": str(helper), "late_min": chosen.late_min}

    request: dict[str, Any] = {"do": "take-over", "van": van}
    if not left:
        request["left"] = False
    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, request, once)
    return outcome


async def share_out(db: Connection, act: Act, run_id: UUID, *, left: bool = True) -> dict[str, Any]:
    """Several vans take over what they reach in time. Whose door nobody reaches is told so, chooses
    what becomes of it, and has a case. `left` as in `take_over`. Raises Conflict when no van could bring
    anything any more."""
    known = await _known(db, run_id)

    async def once() -> dict[str, Any]:
        broken, runs, parts = await _locked(db, known, left=left)
        stands, helpers = await _there(db, broken, runs, _moment(act))
        found = await _shared(db, run_id, sharing.share(stands, helpers))
        if found is None:
            raise Conflict("This can no longer be done like that. Look again.", code="moved-on")
        helping = await _hand_over(db, act, broken, runs, parts, found)
        await staff.note(db, act.person, "run.share_out", str(run_id))
        return {"runs": [str(id) for id in helping], "left": len(found.left)}

    request: dict[str, Any] = {"do": "share-out"}
    if not left:
        request["left"] = False
    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, request, once)
    return outcome


async def _known(db: Connection, run_id: UUID) -> Run:
    run = await queries.run(db, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return run


async def _seen(db: Connection, run_id: UUID, at: datetime) -> tuple[Broken, list[Helper]]:
    known = await _known(db, run_id)
    runs = await queries.lock_runs_of_window(db, known.place_id, known.starts_at, known.ends_at)
    return await _there(db, next(run for run in runs if run.id == run_id), runs, at)


async def _locked(
    db: Connection, known: Run, *, left: bool
) -> tuple[Run, list[Run], list[Fulfilment]]:
    """The broken van, all of its window, and what it was to bring: orders first, as everywhere."""
    doors = await queries.doors(db, known.id)
    parts = await fulfilments.lock(db, await queries.fulfilments_of(db, known.id))
    runs = await queries.lock_runs_of_window(db, known.place_id, known.starts_at, known.ends_at)
    broken = next(run for run in runs if run.id == known.id)
    if broken.state == "underway" and not left:
        raise Conflict("This van has left meanwhile. Look again.", code="moved-on")
    now = await queries.doors(db, known.id)
    if (broken.state in AT_THE_PLACE) is left or {one.id for one in now} != {
        one.id for one in doors
    }:
        raise Conflict("This can no longer be done like that. Look again.", code="moved-on")
    return broken, runs, parts


async def _shared(db: Connection, run_id: UUID, found: Shared | None) -> Shared | None:
    """Not where somebody would be left whose order is not packed yet: nothing of it came back, so there
    is nothing to choose about."""
    if found is None or not found.left:
        return found
    left = {door.id for door in found.left}
    stops = [stop for stop in await queries.stops(db, [run_id]) if stop.id in left]
    ready = ("packed", "loaded", "out_for_delivery")
    return found if all(stop.fulfilment_state in ready for stop in stops) else None


async def _there(
    db: Connection, run: Run, runs: Sequence[Run], at: datetime
) -> tuple[Broken, list[Helper]]:
    """The broken van, and all that could come."""
    ahead = await queries.doors_with_times(db, run.id)
    if run.state == "completed" or not ahead:
        raise Conflict("This van has nothing to bring any more.", code="moved-on")
    depot = await queries.depot(db, run.place_id)
    broken = Broken(
        roads=await slots.plans.roads_of(db, run.place_id),
        stands=await queries.last_point(db, run.id) or depot,
        ahead=ahead,
        opens_at=run.starts_at,
        ends_at=run.ends_at,
    )
    crates: dict[int, int] = {}
    for shift in await slots.plans.shifts(db, run.place_id):
        crates[shift.number] = max(shift.crates, crates.get(shift.number, 0))
    spare, most = 1 + max(one.number for one in runs), max(crates.values(), default=None)
    stands = run.state in AT_THE_PLACE
    loaded_at = at if stands else at + timetable.LOADING
    helpers = [Helper(None, spare, loaded_at, depot, [], crates.get(spare, most), stands)]
    for other in runs:
        if other.id != run.id and (
            other.state in AT_THE_PLACE if stands else other.state == "underway"
        ):
            helpers.append(await _helper_of(db, other, at, depot, broken.roads, crates))
    return broken, helpers


async def _helper_of(
    db: Connection,
    run: Run,
    at: datetime,
    depot: rules.Point,
    roads: Roads,
    crates: Mapping[int, int],
) -> Helper:
    own, room = await queries.doors_with_times(db, run.id), crates.get(run.number)
    if run.state == "underway":
        here = await queries.last_point(db, run.id) or depot
        return Helper(run.id, run.number, at, here, own, room)
    free_at = await planning.free_at(db, run, depot, roads)
    return Helper(run.id, run.number, max(at, free_at or at), depot, own, room, stands=True)


def _choices(broken: Broken, helpers: Sequence[Helper]) -> list[Meant]:
    """Each van that could take all of it."""
    found = [one for helper in helpers if (one := _best(helper, broken)) is not None]
    return sorted(found, key=lambda one: (one.late_min, one.last_at, one.van))


def _best(helper: Helper, broken: Broken) -> Meant | None:
    """It may reach some of its own doors first: as many as makes the least lateness. None where it
    has no room for all."""
    ways = [
        _meant(helper, broken, first)
        for first in sharing.firsts(helper)
        if sharing.carries(helper, broken, first)
    ]
    return min(ways, key=lambda one: (one.late_min, one.last_at), default=None)


def _meant(helper: Helper, broken: Broken, first: int) -> Meant:
    before, rest = helper.own[:first], [*helper.own[first:], *broken.ahead]
    there, meets_at = sharing.meets_at(helper, broken, first)
    way = [rest[n] for n in rules.best_order(broken.stands, [door.point for door, _ in rest])]
    ways = [way]
    if helper.stands:  # as they were told, where that is as good: then nobody hears of it
        ways = [_around_pinned(rest, one) for one in (sorted(rest, key=_told_at), way)]
    found = []
    for one in ways:
        on = timetable.trip(
            broken.roads,
            broken.stands,
            [door.point for door, _ in one],
            broken.opens_at,
            free_at=meets_at + timetable.HANDING_OVER,
            stays=timetable.stays_of(door for door, _ in one),
        )
        told, arrivals = [*before, *one], [*there, *on.arrivals]
        found.append(sharing.meant(broken, helper, first, meets_at, told, arrivals))
    return min(found, key=lambda one: (one.late_min, one.moved, one.last_at))


def _told_at(told: Told) -> datetime:
    return told[1]


def _around_pinned(before: Sequence[Told], way: Sequence[Told]) -> list[Told]:
    times = {door.id: at for door, at in way}
    doors = rules.around_pinned([door for door, _ in before], [door for door, _ in way])
    return [(door, times[door.id]) for door in doors]


async def _hand_over(
    db: Connection,
    act: Act,
    broken: Run,
    runs: Sequence[Run],
    parts: Sequence[Fulfilment],
    found: Shared,
) -> list[UUID]:
    """What stands at the place is taken out of the van first, and can be put back for a while."""
    stands = broken.state in AT_THE_PLACE
    was = await unloading.before(db, broken, parts, found.parts) if stands else None
    if stands:
        parts = await unloading.take_out(db, broken, parts, {"because": "breakdown"})
    helping = []
    for part in found.parts:
        helper = await _helper(db, broken, runs, part)
        await queries.hand_over_stops(db, broken.id, helper.id, part.doors)
        await queries.put_in_order(db, helper.id, part.doors, part.arrivals)
        helping.append(helper)
    body: dict[str, Any] = {"taken_over_by": [str(helper.id) for helper in helping]}
    await planning.changed(db, broken, "RunBrokeDown", body, state="completed")
    for helper in helping:
        published = stands and broken.state == "published" and helper.state == "planned"
        state: RunState | None = "published" if published else None
        await planning.changed(db, helper, "RunTookOver", {"from": str(broken.id)}, state=state)
    if was is not None:
        helpers = {helper.id: was.helpers.get(helper.id, []) for helper in helping}
        was = msgspec.structs.replace(was, helpers=helpers)
        await queries.write_breakdown(db, act.id, broken.id, was, stranded=bool(found.left))
    for door in found.left:
        await _strand(db, act, parts, door, broken)
    return [helper.id for helper in helping]


async def _strand(
    db: Connection, act: Act, parts: Sequence[Fulfilment], door: Door, broken: Run
) -> None:
    """Nobody brings it today: it goes back to its place, its shopper chooses, and somebody looks
    after them."""
    stop = await queries.stop(db, door.id)
    assert stop is not None, "it is ahead"
    part = next(one for one in parts if one.id == stop.fulfilment_id)
    step: Action = "fail" if part.state == "out_for_delivery" else "strand"
    await queries.note_failed(db, stop, "breakdown", "again", act.happened_at)
    body = {"reason": "breakdown", "next": "again"}
    await actions.move_on(db, part, [step], "DeliveryFailed", body)
    await again.wait_for_choice(db, part, stop)
    await slots.release(db, part.order_id, place_id=part.place_id)
    words = f"{broken.number}: {part.order_number}"
    await cases.open_case(db, uuid5(stop.id, "breakdown"), part.order_id, "late", words=words)


def _moment(act: Act) -> datetime:
    """By the dispatcher's clock, unless it is half a day wrong."""
    now = datetime.now(UTC)
    at = act.happened_at or now
    return at if abs(at - now) < timedelta(hours=12) else now


async def _helper(db: Connection, broken: Run, runs: Sequence[Run], chosen: Meant) -> Run:
    """A spare van is on the road from now on: its driver takes it at the broken one. At the place it is
    loaded first, like any other."""
    for run in runs:
        if run.id == chosen.run_id:
            return run
    run = await planning.add_run(db, broken.place_id, broken.starts_at, broken.ends_at)
    if broken.state in AT_THE_PLACE:
        return run
    await planning.changed(db, run, "RunDeparted", {}, state="underway")
    return run
