"""One van cannot take all of what was in another: several do, and what nobody reaches in time is offered
another time. Pure; what is found was verified by other code than what made it."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from app.fulfilment.delivery import rules, timetable
from app.fulfilment.delivery.models import Broken, Door, Helper, Meant, Shared, Told
from app.routing import insertion, roads, verify
from app.routing.models import Draft, Stop, Van

MOST_HELPERS = 6
"""Those that are there first; more vans at one roadside are no help."""
HOME_BY = timedelta(hours=8)
ROOM = 10_000
"""Crates in a van nobody has measured."""


def share(broken: Broken, helpers: Sequence[Helper]) -> Shared | None:
    """The fewest vans that reach most doors in their window, with the fewest metres; None where no
    van could bring anything. What they bring of their own stays with them, in its order and in
    time; `left` are doors nobody reaches."""
    best: tuple[tuple[int, int, int], Shared] | None = None
    for size in range(1, 1 + min(MOST_HELPERS, len(helpers))):
        for some in itertools.combinations(_nearest(broken, helpers), size):
            found = _shared(broken, some)
            if found is None:
                continue
            metres, shared = found
            rank = (len(shared.left), len(shared.parts), metres)
            if best is None or rank < best[0]:
                best = (rank, shared)
        if best is not None and not best[1].left:
            break
    if best is None or len(best[1].left) == len(broken.ahead):
        return None
    return best[1]


def meets_at(helper: Helper, broken: Broken, first: int) -> tuple[list[datetime], datetime]:
    """When it is at each of the first doors of its own, and then where the other van stands."""
    before = [door for door, _ in helper.own[:first]]
    if not before:
        return [], helper.at + timetable.driving(broken.roads, helper.here, broken.stands)
    there = timetable.trip(
        broken.roads,
        broken.stands,
        [door.point for door in before],
        broken.opens_at,
        free_at=helper.at,
        here=helper.here,
        stays=timetable.stays_of(before),
    )
    return there.arrivals, there.back_at


def firsts(helper: Helper) -> range:
    """How many of its own doors it may reach before it comes. Doors somebody pinned are where they
    were before it drives anywhere else; who stands beside the broken van drives nowhere before."""
    if helper.stands:
        return range(1)
    pinned = max((n for n, (door, _) in enumerate(helper.own, 1) if door.pinned), default=0)
    return range(pinned, len(helper.own) + 1)


def carries(helper: Helper, broken: Broken, first: int) -> bool:
    """Whether there is room for all of it."""
    own = sum(door.crates for door, _ in helper.own[first:])
    more = sum(door.crates for door, _ in broken.ahead)
    return helper.crates is None or own + more <= helper.crates


def _nearest(broken: Broken, helpers: Sequence[Helper]) -> list[Helper]:
    def there(helper: Helper) -> tuple[datetime, int]:
        return meets_at(helper, broken, 0)[1], helper.van

    return sorted(helpers, key=there)[:MOST_HELPERS]


def _shared(broken: Broken, helpers: Sequence[Helper]) -> tuple[int, Shared] | None:
    """With exactly these vans; None where one of them would be late with its own."""
    stands = roads.spot(*broken.stands)
    draft = Draft(broken.roads, stands, [], [])
    firsts = []
    for helper in helpers:
        found = _with_own(draft, broken, helper)
        if found is None:
            return None
        draft, first = found
        firsts.append(first)
    left = []
    for door, _ in sorted(broken.ahead, key=lambda told: -_far(broken, told[0])):
        stop = _stop(broken, door)
        [gap] = insertion.gaps(draft, [stop])
        if gap is None:
            left.append(door)
        else:
            draft = insertion.insert(draft, gap, stop)
    return _told(broken, helpers, firsts, draft, left)


def _with_own(draft: Draft, broken: Broken, helper: Helper) -> tuple[Draft, int] | None:
    """As few of its own doors first as keep the others in time."""
    for first in firsts(helper):
        starts = meets_at(helper, broken, first)[1] + timetable.HANDING_OVER
        van = Van(
            key=str(helper.van),
            crates=ROOM if helper.crates is None else helper.crates,
            starts_s=_seconds(starts),
            ends_s=_seconds(max(broken.ends_at, starts) + HOME_BY),
            from_spot=draft.depot,
        )
        rest = [_stop(broken, door, only=van.key) for door, _ in helper.own[first:]]
        more = msgspec.structs.replace(draft, vans=[*draft.vans, van], tours=[*draft.tours, rest])
        if insertion.fits(more, len(more.vans) - 1):
            return more, first
    return None


def _told(
    broken: Broken, helpers: Sequence[Helper], firsts: Sequence[int], draft: Draft, left: list[Door]
) -> tuple[int, Shared] | None:
    problem, plan = insertion.problem_of(draft)
    if verify.faults(problem, plan):
        return None
    by_id = {str(door.id): (door, at) for door, at in broken.ahead}
    parts = []
    for tour in plan.tours:
        helper, first = helpers[tour.van], firsts[tour.van]
        known = by_id | {str(door.id): (door, at) for door, at in helper.own}
        visits = verify.drive(problem, tour).visits
        told = [known[problem.stops[visit.stop].key] for visit in visits]
        if all(told_one in helper.own for told_one in told):
            return None  # a van too many: without it there is the same
        arrivals = [datetime.fromtimestamp(visit.arrives_s, UTC) for visit in visits]
        parts.append(_meant(broken, helper, first, told, arrivals))
    if len(parts) < len(helpers):
        return None
    metres = verify.metres(problem, plan)
    return metres, Shared(parts=parts, left=left, moved=sum(part.moved for part in parts))


def _meant(
    broken: Broken, helper: Helper, first: int, told: list[Told], then: list[datetime]
) -> Meant:
    before, at = meets_at(helper, broken, first)
    return meant(broken, helper, first, at, [*helper.own[:first], *told], [*before, *then])


def meant(
    broken: Broken,
    helper: Helper,
    first: int,
    at: datetime,
    told: Sequence[Told],
    arrivals: list[datetime],
) -> Meant:
    shifts = [abs(there - was) for there, (_, was) in zip(arrivals, told, strict=True)]
    return Meant(
        run_id=helper.run_id,
        van=helper.van,
        late_min=timetable.late_min(arrivals, broken.ends_at),
        last_at=max(arrivals),
        moved=sum(shift > timetable.WORTH_TELLING for shift in shifts),
        doors=[door.id for door, _ in told],
        arrivals=arrivals,
        first=first,
        meets_at=at,
    )


def _stop(broken: Broken, door: Door, only: str = "") -> Stop:
    return Stop(
        str(door.id),
        roads.spot(*door.point),
        _seconds(broken.opens_at),
        _seconds(broken.ends_at),
        door.at_the_door_s,
        door.crates,
        only,
    )


def _far(broken: Broken, door: Door) -> float:
    return rules.kilometres(broken.stands, door.point)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
