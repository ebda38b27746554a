"""Shifts of a day, and how much air a promise keeps."""

import itertools
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from math import dist
from statistics import median
from zoneinfo import ZoneInfo

import msgspec

from app.routing import insertion, roads, verify
from app.routing.models import Draft, Matrix, Plan, Problem, Roads, Spot, Stop, Van
from app.slots.models import Need, Slot
from app.slots.plans.models import Shift

AIR = 1.1
"""Promises are made for drives a tenth longer than they should be ..."""
LAST_PART = 0.1
"""... and for the window without its last tenth: what a day brings is not known yet."""
USUAL = Roads()
ONE_DOOR_M = 60
"""Between a street door and where a van may stand before it."""
DOORS_DAYS = 730
"""Who was not brought anything for two years may have moved."""
USUAL_STAY_S, ENOUGH_STAYS, LONGEST_STAY_S = 240, 3, 1200


LATE_M_A_SECOND = 1_000
FAR_ENOUGH_M, ENOUGH_WAYS = 500, 20
LOADING_S = 600
"""At the place between two trips, for the crates of the next window: they are picked only once its
orders have ended."""


def empty(
    point: tuple[float, float],
    shifts: Sequence[Shift],
    day: date,
    zone: ZoneInfo,
    windows: Collection[tuple[datetime, datetime]] = (),
    roads_there: Roads = USUAL,
) -> Draft:
    """Each shift as trips, one for each of the day's windows."""
    vans = [
        trip
        for shift in shifts
        for part in _parts(shift, day, zone)
        for trip in _trips(part, windows)
    ]
    return Draft.empty(airy(roads_there), roads.spot(*point), vans)


def airy(roads_there: Roads) -> Roads:
    return msgspec.structs.replace(roads_there, factor=roads_there.factor * AIR)


def stop(holder: str, slot: Slot, need: Need) -> Stop:
    """The door of an order in a slot, as early within its window as a promise has to be."""
    assert need.point is not None, "who has no point has no stop"
    opens, closes = int(slot.starts_at.timestamp()), int(slot.ends_at.timestamp())
    return Stop(
        holder,
        roads.spot(*need.point),
        opens,
        int(closes - LAST_PART * (closes - opens)),
        need.at_the_door_s,
        need.crates,
    )


def merged(
    now: Draft, better: Draft, length_m: Callable[[Draft], int] = insertion.length_m
) -> Draft | None:
    """The better plan, made while orders came and went: without those that went, with those that
    came. None when not all of them fit, or it has become no shorter by `length_m`: then the plan
    stays as it is."""
    wanted = {stop.key: stop for stop in insertion.stops_of(now)}
    known = {stop.key for stop in insertion.stops_of(better)}
    draft = insertion.without(better, known - wanted.keys())
    for key in wanted.keys() - known:
        [gap] = insertion.gaps(draft, [wanted[key]])
        if gap is None:
            return None
        draft = insertion.insert(draft, gap, wanted[key])
    true = all(insertion.fits(draft, tour) for tour in range(len(draft.tours)))
    same = {stop.key: stop for stop in insertion.stops_of(draft)} == wanted
    shorter = length_m(draft) < length_m(now)
    return draft if true and same and shorter else None


class Measured(msgspec.Struct, frozen=True):
    """The roads between the spots of a day as a routing server knows them, with the air promises
    keep; spots it was not asked about are reckoned by `roads`."""

    matrix: Matrix
    rows: dict[Spot, int]
    roads: Roads

    @classmethod
    def of(cls, matrix: Matrix, spots: Sequence[Spot], airy_roads: Roads) -> "Measured":
        slower = [[int(AIR * one) for one in row] for row in matrix.seconds]
        rows = {spot: row for row, spot in enumerate(spots)}
        return cls(Matrix(matrix.metres, slower), rows, airy_roads)

    def problem_of(self, draft: Draft) -> tuple[Problem, Plan]:
        """The same as `insertion.problem_of`, on these roads."""
        problem, plan = insertion.problem_of(draft)
        spots = roads.spots_of(draft.depot, problem.stops, draft.vans)
        known = [self.rows.get(spot) for spot in spots]
        metres, seconds = problem.matrix.metres, problem.matrix.seconds
        for here, one in enumerate(known):
            for there, other in enumerate(known):
                if one is not None and other is not None:
                    metres[here][there] = self.matrix.metres[one][other]
                    seconds[here][there] = self.matrix.seconds[one][other]
        return problem, plan

    def length_m(self, draft: Draft) -> int:
        """To be late is worse than any detour."""
        problem, plan = self.problem_of(draft)
        driven = [verify.drive(problem, tour) for tour in plan.tours]
        late_s = sum(visit.late_s for one in driven for visit in one.visits)
        return sum(one.metres for one in driven) + LATE_M_A_SECOND * late_s


def pinned_to(draft: Draft, key: str, only: str) -> Draft | None:
    """With this door in that van alone (or in any); None when it is not there, or fits nowhere."""
    stop = next((one for one in insertion.stops_of(draft) if one.key == key), None)
    if stop is None:
        return None
    pinned = msgspec.structs.replace(stop, only=only)
    there = [[pinned if one.key == key else one for one in tour] for tour in draft.tours]
    as_it_is = msgspec.structs.replace(draft, tours=there)
    if all(insertion.fits(as_it_is, tour) for tour in range(len(there))):
        return as_it_is
    rest = insertion.without(draft, [key])
    [gap] = insertion.gaps(rest, [pinned])
    return insertion.insert(rest, gap, pinned) if gap else None


def factor_of(matrix: Matrix, spots: Sequence[Spot]) -> tuple[float, int] | None:
    """How much longer the streets are than the crow flies, and from how many ways; None of too few."""
    ratios = [
        way / dist(spots[0], spot)
        for spot, way in zip(spots, matrix.metres[0], strict=True)
        if dist(spots[0], spot) > FAR_ENOUGH_M
    ]
    if len(ratios) < ENOUGH_WAYS:
        return None
    return round(min(max(median(ratios), 1.0), 3.0), 3), len(ratios)


def on_roads(draft: Draft, airy_roads: Roads) -> Draft:
    """The plan on roads as they are known now, if it keeps its promises there; else as it was."""
    learned = msgspec.structs.replace(draft, roads=airy_roads)
    true = all(insertion.fits(learned, tour) for tour in range(len(learned.tours)))
    return learned if true else draft


def _trips(part: Van, windows: Collection[tuple[datetime, datetime]]) -> list[Van]:
    """A van comes back between two windows: halfway between the end of one and the start of the next
    it stands at the place and is loaded."""
    within = [
        (opens, closes)
        for opens, closes in sorted({(int(a.timestamp()), int(b.timestamp())) for a, b in windows})
        if closes > part.starts_s and opens < part.ends_s
    ]
    if not within:
        return [part]
    turns = [(closes + opens) // 2 for (_, closes), (opens, _) in itertools.pairwise(within)]
    starts = [part.starts_s, *(turn + LOADING_S // 2 for turn in turns)]
    ends = [*(turn - LOADING_S // 2 for turn in turns), part.ends_s]
    return [
        msgspec.structs.replace(part, key=f"{part.key}.{number}", starts_s=begins, ends_s=over)
        for number, (begins, over) in enumerate(zip(starts, ends, strict=True), 1)
        if begins < over
    ]


def _parts(shift: Shift, day: date, zone: ZoneInfo) -> list[Van]:
    """With a break it is two shifts; in the night the clock changes, as long as it really is."""
    if day.isoweekday() not in shift.weekdays:
        return []
    ends = [shift.ends] if shift.break_starts is None else [shift.break_starts, shift.ends]
    starts = [shift.starts] if shift.break_ends is None else [shift.starts, shift.break_ends]
    return [
        Van(f"{shift.number}.{part}", shift.crates, _at(day, begins, zone), _at(day, over, zone))
        for part, (begins, over) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def _at(day: date, clock: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, clock, zone).astimezone(UTC).timestamp())


def door_of(country: str, postcode: str, house_number: str) -> bytes:
    """What an address is known by: nobody reads it back from the table."""
    plain = f"{country}|{postcode}|{house_number}".upper().replace(" ", "")
    return sha256(plain.encode()).digest()


def stay(seconds: Sequence[int]) -> int:
    """Seconds to plan with at a door: the median of at least three deliveries."""
    if len(seconds) < ENOUGH_STAYS:
        return USUAL_STAY_S
    return min(LONGEST_STAY_S, int(median(seconds)))


def pin(positions: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The middle of where drivers stood, as soon as most of at least two stood close to it; one
    phone alone may be wrong."""
    if len(positions) < 2:
        return None
    middle = (median(one[0] for one in positions), median(one[1] for one in positions))
    spot = roads.spot(*middle)
    close = sum(dist(spot, roads.spot(*one)) <= ONE_DOOR_M for one in positions)
    return middle if close >= 2 and 2 * close > len(positions) else None
