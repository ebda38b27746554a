"""A van does not go any more: what that would mean, and who takes over. What it delivered stays
delivered; what is still in it goes on in another van."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app import commands, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment.delivery import planning, queries, rules
from app.fulfilment.delivery.models import Door, Meant
from app.fulfilment.models import Act, Run

WORTH_TELLING = timedelta(minutes=10)


async def meaning(db: Connection, run_id: UUID, at: datetime) -> list[Meant]:
    """Each van of the same window that is on the road, and a spare one: what it would mean if it took
    over at that moment, the least lateness first. Changes nothing. Raises NotFound, or Conflict
    when the van is not on the road or has nothing left to bring."""
    broken = await queries.run(db, run_id)
    if broken is None:
        raise NotFound("There is no such run.")
    runs = await queries.lock_runs_of_window(db, broken.place_id, broken.starts_at, broken.ends_at)
    return await _meaning(db, next(run for run in runs if run.id == run_id), runs, at)


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


async def _meaning(db: Connection, broken: Run, runs: Sequence[Run], at: datetime) -> list[Meant]:
    ahead = await queries.doors_with_times(db, broken.id)
    if broken.state != "underway" or not ahead:
        raise Conflict("This van is not on the road with something to bring.", code="moved-on")
    depot = await queries.depot(db, broken.place_id)
    stands = await queries.last_point(db, broken.id) or depot
    spare = 1 + max(run.number for run in runs)
    choices = [_meant(None, spare, at, depot, stands, ahead, broken.ends_at)]
    for run in runs:
        if run.id != broken.id and run.state == "underway":
            own = await queries.doors_with_times(db, run.id)
            point = await queries.last_point(db, run.id) or depot
            doors = [*own, *ahead]
            choices.append(_meant(run.id, run.number, at, point, stands, doors, broken.ends_at))
    return sorted(choices, key=lambda one: (one.late_min, one.last_at, one.van))


def _meant(
    run_id: UUID | None,
    van: int,
    at: datetime,
    helper: rules.Point,
    broken: rules.Point,
    doors: Sequence[tuple[Door, datetime]],
    ends_at: datetime,
) -> Meant:
    way, arrivals = rules.taken_over(at, helper, broken, [door.point for door, _ in doors])
    late = [max(timedelta(), arrival - ends_at) for arrival in arrivals]
    shifts = [abs(arrival - doors[n][1]) for n, arrival in zip(way, arrivals, strict=True)]
    return Meant(
        run_id,
        van,
        int(sum(late, timedelta()).total_seconds() // 60),
        max(arrivals),
        sum(shift > WORTH_TELLING for shift in shifts),
        [doors[n][0].id for n in way],
        arrivals,
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
