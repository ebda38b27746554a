"""A van does not go any more: what that would mean, and who takes over. What it delivered stays
delivered; what is still in it goes on in another van, or in several, in the windows people were
promised; who cannot be reached today is asked what they want instead."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from app import cases, commands, slots, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning, queries, rules, sharing, timetable
from app.fulfilment.delivery.door import again
from app.fulfilment.delivery.models import Broken, Door, Helper, Meant, Shared
from app.fulfilment.models import Act, Fulfilment, Run


async def meaning(db: Connection, run_id: UUID, at: datetime) -> list[Meant]:
    """Each van of the same window that is on the road, and a spare one: what it would mean if it took
    over at that moment, the least lateness first. Changes nothing. Raises NotFound, or Conflict
    when the van is not on the road or has nothing left to bring."""
    broken = await queries.run(db, run_id)
    if broken is None:
        raise NotFound("There is no such run.")
    runs = await queries.lock_runs_of_window(db, broken.place_id, broken.starts_at, broken.ends_at)
    stands, helpers = await _there(db, next(run for run in runs if run.id == run_id), runs, at)
    return _choices(stands, helpers)


async def shared(db: Connection, run_id: UUID, at: datetime) -> Shared | None:
    """The same for as few vans as reach most doors in their window together; None where no van could
    bring anything in time. Raises as `meaning` does."""
    broken = await queries.run(db, run_id)
    if broken is None:
        raise NotFound("There is no such run.")
    runs = await queries.lock_runs_of_window(db, broken.place_id, broken.starts_at, broken.ends_at)
    stands, helpers = await _there(db, next(run for run in runs if run.id == run_id), runs, at)
    return sharing.share(stands, helpers)


async def later_stops(db: Connection, run_id: UUID) -> int:
    """What this van is to bring in later windows of the day: it needs another van for that, too."""
    run = await queries.run(db, run_id)
    return await queries.later_runs(db, run) if run else 0


async def take_over(db: Connection, act: Act, run_id: UUID, *, van: int) -> dict[str, Any]:
    """The van of this number, or a spare one, takes over all doors still ahead. Raises Conflict when
    there is no such choice any more."""
    known = await queries.run(db, run_id)
    if known is None:
        raise NotFound("There is no such run.")

    async def once() -> dict[str, Any]:
        runs = await queries.lock_runs_of_window(db, known.place_id, known.starts_at, known.ends_at)
        broken = next(run for run in runs if run.id == run_id)
        choices = _choices(*await _there(db, broken, runs, _moment(act)))
        chosen = next((one for one in choices if one.van == van), None)
        if chosen is None:
            raise Conflict("This van cannot take over any more. Look again.", code="moved-on")
        [helper] = await _hand_over(db, broken, runs, [chosen])
        await staff.note(db, act.person, "run.take_over", str(run_id))
        return {"run": str(helper), "late_min": chosen.late_min}

    request = {"do": "take-over", "van": van}
    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, request, once)
    return outcome


async def share_out(db: Connection, act: Act, run_id: UUID) -> dict[str, Any]:
    """Several vans take over what they reach in time. Whose door nobody reaches is told so, chooses
    what becomes of it, and has a case. Raises Conflict when no van could bring anything any more."""
    known = await queries.run(db, run_id)
    if known is None:
        raise NotFound("There is no such run.")

    async def once() -> dict[str, Any]:
        ahead = [stop for stop in await queries.stops(db, [run_id]) if stop.state == "planned"]
        parts = await fulfilments.lock(db, [stop.fulfilment_id for stop in ahead])
        runs = await queries.lock_runs_of_window(db, known.place_id, known.starts_at, known.ends_at)
        broken = next(run for run in runs if run.id == run_id)
        stands, helpers = await _there(db, broken, runs, _moment(act))
        found = sharing.share(stands, helpers)
        if found is None or {door.id for door, _ in stands.ahead} != {stop.id for stop in ahead}:
            raise Conflict("This can no longer be done like that. Look again.", code="moved-on")
        helping = await _hand_over(db, broken, runs, found.parts)
        by_stop = {stop.id: stop.fulfilment_id for stop in ahead}
        for door in found.left:
            [part] = [one for one in parts if one.id == by_stop[door.id]]
            await _strand(db, act, part, door, broken)
        await staff.note(db, act.person, "run.share_out", str(run_id))
        return {"runs": [str(id) for id in helping], "left": len(found.left)}

    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, {"do": "share-out"}, once)
    return outcome


async def _there(
    db: Connection, run: Run, runs: Sequence[Run], at: datetime
) -> tuple[Broken, list[Helper]]:
    """The broken van, and all that could come."""
    ahead = await queries.doors_with_times(db, run.id)
    if run.state != "underway" or not ahead:
        raise Conflict("This van is not on the road with something to bring.", code="moved-on")
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
    spare = 1 + max(run.number for run in runs)
    room = max(crates.values(), default=None)
    helpers = [Helper(None, spare, at + timetable.LOADING, depot, [], crates.get(spare, room))]
    for other in runs:
        if other.id != run.id and other.state == "underway":
            own = await queries.doors_with_times(db, other.id)
            here = await queries.last_point(db, other.id) or depot
            room = crates.get(other.number)
            helpers.append(Helper(other.id, other.number, at, here, own, room))
    return broken, helpers


def _choices(broken: Broken, helpers: Sequence[Helper]) -> list[Meant]:
    """Each van that could take all of it."""
    found = [one for helper in helpers if (one := _best(helper, broken)) is not None]
    return sorted(found, key=lambda one: (one.late_min, one.last_at, one.van))


def _best(helper: Helper, broken: Broken) -> Meant | None:
    """It may reach some of its own doors first: as many as makes the least lateness. None where it
    has no room for all."""
    ways = [
        _meant(helper, broken, first)
        for first in range(sharing.lowest_first(helper), len(helper.own) + 1)
        if sharing.carries(helper, broken, first)
    ]
    return min(ways, key=lambda one: (one.late_min, one.last_at), default=None)


def _meant(helper: Helper, broken: Broken, first: int) -> Meant:
    before, rest = helper.own[:first], [*helper.own[first:], *broken.ahead]
    there, meets_at = sharing.meets_at(helper, broken, first)
    points = [door.point for door, _ in rest]
    way = rules.best_order(broken.stands, points)
    on = timetable.trip(
        broken.roads,
        broken.stands,
        [points[n] for n in way],
        broken.opens_at,
        free_at=meets_at + timetable.HANDING_OVER,
        stays=timetable.stays_of(rest[n][0] for n in way),
    )
    told = [*before, *(rest[n] for n in way)]
    return sharing.meant(broken, helper, first, meets_at, told, [*there, *on.arrivals])


async def _hand_over(
    db: Connection, broken: Run, runs: Sequence[Run], parts: Sequence[Meant]
) -> list[UUID]:
    helping = []
    for part in parts:
        helper = await _helper(db, broken, runs, part)
        await queries.hand_over_stops(db, broken.id, helper.id, part.doors)
        await queries.put_in_order(db, helper.id, part.doors, part.arrivals)
        helping.append(helper)
    body: dict[str, Any] = {"taken_over_by": [str(helper.id) for helper in helping]}
    await planning.changed(db, broken, "RunBrokeDown", body, state="completed")
    for helper in helping:
        await planning.changed(db, helper, "RunTookOver", {"from": str(broken.id)})
    return [helper.id for helper in helping]


async def _strand(db: Connection, act: Act, part: Fulfilment, door: Door, broken: Run) -> None:
    """Nobody brings it today: it goes back to its place, its shopper chooses, and somebody looks
    after them."""
    stop = await queries.stop(db, door.id)
    assert stop is not None, "it is ahead"
    await queries.note_failed(db, stop, "breakdown", "again", act.happened_at)
    body = {"reason": "breakdown", "next": "again"}
    await actions.move_on(db, part, ["fail"], "DeliveryFailed", body)
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
    """A spare van is on the road from now on: its driver takes it at the broken one."""
    for run in runs:
        if run.id == chosen.run_id:
            return run
    run = await planning.add_run(db, broken.place_id, broken.starts_at, broken.ends_at)
    await planning.changed(db, run, "RunDeparted", {}, state="underway")
    return run
