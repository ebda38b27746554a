"""A van does not go any more: what that would mean, and who takes over. What it delivered stays
delivered; what is still in it goes on in another van, in the windows people were promised."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from app import commands, slots, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment.delivery import planning, queries, rules, timetable
from app.fulfilment.delivery.models import Door, Meant
from app.fulfilment.models import Act, Run
from app.routing.models import Roads

WORTH_TELLING = timedelta(minutes=10)
Told: TypeAlias = tuple[Door, datetime]
"""A door ahead, with the time it has been told."""


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """Where it stands, and what is still in it."""

    roads: Roads
    stands: rules.Point
    ahead: list[Told]
    opens_at: datetime
    ends_at: datetime


class Helper(msgspec.Struct, frozen=True):
    """A van that could come, from where it is at that moment; `run_id` None is a spare one."""

    run_id: UUID | None
    van: int
    at: datetime
    here: rules.Point
    own: list[Told]


async def meaning(db: Connection, run_id: UUID, at: datetime) -> list[Meant]:
    """Each van of the same window that is on the road, and a spare one: what it would mean if it took
    over at that moment, the least lateness first. Changes nothing. Raises NotFound, or Conflict
    when the van is not on the road or has nothing left to bring."""
    broken = await queries.run(db, run_id)
    if broken is None:
        raise NotFound("There is no such run.")
    runs = await queries.lock_runs_of_window(db, broken.place_id, broken.starts_at, broken.ends_at)
    return await _meaning(db, next(run for run in runs if run.id == run_id), runs, at)


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
        choices = await _meaning(db, broken, runs, _moment(act))
        chosen = next((one for one in choices if one.van == van), None)
        if chosen is None:
            raise Conflict("This van cannot take over any more. Look again.", code="moved-on")
        helper = await _helper(db, broken, runs, chosen)
        await queries.hand_over_stops(db, broken.id, helper.id)
        await queries.put_in_order(db, helper.id, chosen.doors, chosen.arrivals)
        await planning.changed(
            db, broken, "RunBrokeDown", {"taken_over_by": str(helper.id)}, state="completed"
        )
        await planning.changed(db, helper, "RunTookOver", {"from": str(broken.id)})
        await staff.note(db, act.person, "run.take_over", str(run_id))
        return {"run": str(helper.id), "late_min": chosen.late_min}

    request = {"do": "take-over", "van": van}
    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, request, once)
    return outcome


async def _meaning(db: Connection, run: Run, runs: Sequence[Run], at: datetime) -> list[Meant]:
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
    spare = 1 + max(run.number for run in runs)
    helpers = [Helper(None, spare, at + timetable.LOADING, depot, [])]
    for other in runs:
        if other.id != run.id and other.state == "underway":
            own = await queries.doors_with_times(db, other.id)
            here = await queries.last_point(db, other.id) or depot
            helpers.append(Helper(other.id, other.number, at, here, own))
    choices = [_best(helper, broken) for helper in helpers]
    return sorted(choices, key=lambda one: (one.late_min, one.last_at, one.van))


def _best(helper: Helper, broken: Broken) -> Meant:
    """It may reach some of its own doors first: as many as makes the least lateness."""
    ways = (_meant(helper, broken, first) for first in range(len(helper.own) + 1))
    return min(ways, key=lambda one: (one.late_min, one.last_at))


def _meant(helper: Helper, broken: Broken, first: int) -> Meant:
    before, rest = helper.own[:first], [*helper.own[first:], *broken.ahead]
    there = timetable.trip(
        broken.roads,
        broken.stands,
        [door.point for door, _ in before],
        broken.opens_at,
        free_at=helper.at,
        here=helper.here,
        stays=timetable.stays_of(door for door, _ in before),
    )
    meets_at = there.back_at
    if not before:
        meets_at = helper.at + timetable.driving(broken.roads, helper.here, broken.stands)
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
    arrivals = [*there.arrivals, *on.arrivals]
    shifts = [abs(at - was) for at, (_, was) in zip(arrivals, told, strict=True)]
    return Meant(
        run_id=helper.run_id,
        van=helper.van,
        late_min=timetable.late_min(arrivals, broken.ends_at),
        last_at=max(arrivals),
        moved=sum(shift > WORTH_TELLING for shift in shifts),
        doors=[door.id for door, _ in told],
        arrivals=arrivals,
        first=first,
        meets_at=meets_at,
    )


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
