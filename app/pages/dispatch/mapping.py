"""The runs of a day on a map drawn from coordinates alone: ways, doors, and where the vans were last."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import combinations
from math import ceil, cos, dist, hypot, radians
from typing import TypeAlias

import msgspec

from app.fulfilment.delivery.models import Sheet, StopRow

COLOURS = 6
STEPS, LOOKS = 80, 150_000
"""Of pushing apart what would cover each other; fewer where there is so much that nothing helps."""

A_CROWD = 60
A_HAIR = 0.01
LETTER = 6.5
"""Units wide, of the name of a place."""

Pair: TypeAlias = tuple[float, float]
Vans: TypeAlias = dict[tuple[str, int], int]


class Frame(msgspec.Struct, frozen=True):
    """A picture of so many units, with doors of this radius."""

    width: float
    height: float
    radius: float

    @property
    def margin(self) -> float:
        return 2.4 * self.radius


WIDE = Frame(720.0, 440.0, 12.0)
NARROW = Frame(340.0, 400.0, 12.0)
"""One unit is a pixel of the smallest phone."""


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """A door. `x`, `y` is where its sign stands, beside others; `at` where it is, when the sign had to
    give way."""

    x: float
    y: float
    at: Pair | None
    label: str
    state: str
    late_min: int
    stop: StopRow
    van: int


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One run: the line it drives and its doors. `colour` counts from 1; `last` is where its van was
    last and when, while it is on the road."""

    colour: int
    van: int
    line: str
    dots: list[Dot]
    last: tuple[float, float, datetime] | None


class Depot(msgspec.Struct, frozen=True):
    x: float
    y: float
    label: str
    anchor: str


class Picture(msgspec.Struct, frozen=True):
    frame: Frame
    depots: list[Depot]
    ways: list[Way]


def colours(sheets: Sequence[Sheet]) -> Vans:
    """Each van has its own, in all its runs."""
    vans = dict.fromkeys((sheet.run.place, sheet.run.number) for sheet in sheets)
    return {van: 1 + place % COLOURS for place, van in enumerate(sorted(vans))}


def draw(
    sheets: Sequence[Sheet],
    shades: Vans,
    frame: Frame,
    late_min: Callable[[Sheet, StopRow], int],
) -> Picture:
    """Fitted into the frame with north up and no direction stretched."""
    if not sheets:
        return Picture(frame, [], [])
    at = _projection(sheets, frame)
    places = {sheet.run.place: (sheet.run.latitude, sheet.run.longitude) for sheet in sheets}
    depots = [_depot(frame, place, at(*point)) for place, point in places.items()]
    doors = [(sheet, stop) for sheet in sheets for stop in sheet.stops]
    true = [at(stop.latitude, stop.longitude) for _, stop in doors]
    signs = apart(true, [spot for depot in depots for spot in _taken(depot)], frame)
    dots: dict[int, list[Dot]] = {}
    for (sheet, stop), here, sign in zip(doors, true, signs, strict=True):
        moved = hypot(sign[0] - here[0], sign[1] - here[1]) > frame.radius / 2
        dots.setdefault(id(sheet), []).append(
            Dot(
                x=sign[0],
                y=sign[1],
                at=here if moved else None,
                label=str(stop.position),
                state=stop.state,
                late_min=late_min(sheet, stop),
                stop=stop,
                van=sheet.run.number,
            )
        )
    ways = [_way(sheet, shades, at, dots.get(id(sheet), [])) for sheet in sheets]
    return Picture(frame, depots, ways)


def apart(points: Sequence[Pair], fixed: Sequence[Pair], frame: Frame) -> list[Pair]:
    """Signs beside each other instead of one over the other, each as near to its place as can be;
    `fixed` stays where it is."""
    least = 2.1 * frame.radius
    signs = [(x + 0.01 * n, y) for n, (x, y) in enumerate(points)]  # no two at the same spot
    for _ in range(max(1, min(STEPS, LOOKS // (1 + len(signs) ** 2)))):
        still = True
        for n, one in enumerate(signs):
            for m in range(n + 1, len(signs)):
                one, signs[m], moved = _pushed(one, signs[m], least)
                still = still and not moved
            for other in fixed:
                one, moved = _pushed_off(one, other, least)
                still = still and not moved
            signs[n] = _inside(one, frame)
        if still:
            break
    if any(dist(*two) < 1.5 * frame.radius for two in combinations(signs, 2)):
        signs = _seated(signs, fixed, least, frame)  # the edge pushes back
    return [(round(x, 1), round(y, 1)) for x, y in signs]


def _seated(signs: Sequence[Pair], fixed: Sequence[Pair], least: float, frame: Frame) -> list[Pair]:
    """What pushing did not part, e.g. in a corner, is given the nearest free seat, one after another;
    a crowd that large stays as it is."""
    if len(signs) > A_CROWD:
        return list(signs)
    step, edge = ceil(least), ceil(1.2 * frame.radius)
    seats = [
        (float(x), float(y))
        for x in range(edge, int(frame.width) - edge, step)
        for y in range(edge, int(frame.height) - edge, step)
    ]
    taken, found = list(fixed), list[Pair]()
    for sign in signs:
        free = [one for one in (sign, *seats) if all(dist(one, other) >= least for other in taken)]
        found.append(min(free, key=partial(dist, sign), default=sign))
        taken.append(found[-1])
    return found


def _pushed(one: Pair, other: Pair, least: float) -> tuple[Pair, Pair, bool]:
    x, y = other[0] - one[0], other[1] - one[1]
    if abs(x) >= least or abs(y) >= least:
        return one, other, False
    far = hypot(x, y)
    if far >= least:
        return one, other, False
    if far < A_HAIR:
        x, y, far = A_HAIR, 0.0, A_HAIR
    more = (least - far) / 2 / far
    x, y = x * more, y * more
    return (one[0] - x, one[1] - y), (other[0] + x, other[1] + y), True


def _pushed_off(one: Pair, fixed: Pair, least: float) -> tuple[Pair, bool]:
    x, y = one[0] - fixed[0], one[1] - fixed[1]
    far = hypot(x, y)
    if far >= least:
        return one, False
    if far < A_HAIR:
        x, y, far = 0.0, A_HAIR, A_HAIR
    more = (least - far) / far
    return (one[0] + x * more, one[1] + y * more), True


def _inside(one: Pair, frame: Frame) -> Pair:
    edge = 1.2 * frame.radius
    return (
        min(max(one[0], edge), frame.width - edge),
        min(max(one[1], edge), frame.height - edge),
    )


def _projection(sheets: Sequence[Sheet], frame: Frame) -> Callable[[float, float], Pair]:
    points = [
        *((sheet.run.latitude, sheet.run.longitude) for sheet in sheets),
        *((stop.latitude, stop.longitude) for sheet in sheets for stop in sheet.stops),
    ]
    middle = cos(radians(sum(point[0] for point in points) / len(points)))
    north, south = max(point[0] for point in points), min(point[0] for point in points)
    west, east = min(point[1] for point in points), max(point[1] for point in points)
    scale = min(
        (frame.width - 2 * frame.margin) / max((east - west) * middle, 0.001),
        (frame.height - 2 * frame.margin) / max(north - south, 0.001),
    )
    left = (frame.width - (east - west) * middle * scale) / 2
    top = (frame.height - (north - south) * scale) / 2

    def at(latitude: float, longitude: float) -> Pair:
        x = left + (longitude - west) * middle * scale
        return round(x, 1), round(top + (north - latitude) * scale, 1)

    return at


def _depot(frame: Frame, place: str, at: Pair) -> Depot:
    quarter = frame.width / 4
    anchor = "starts" if at[0] < quarter else "ends" if at[0] > frame.width - quarter else ""
    return Depot(*at, place, anchor)


def _taken(depot: Depot) -> list[Pair]:
    """By its sign, and by its name below it."""
    long = LETTER * len(depot.label)
    left = depot.x - {"starts": 0.0, "ends": long}.get(depot.anchor, long / 2)
    steps = max(1, round(long / 20))
    name = [(left + long * n / steps, depot.y + 20) for n in range(steps + 1)]
    return [(depot.x, depot.y), *name]


def _way(sheet: Sheet, shades: Vans, at: Callable[[float, float], Pair], dots: list[Dot]) -> Way:
    depot = at(sheet.run.latitude, sheet.run.longitude)
    doors = [at(stop.latitude, stop.longitude) for stop in sheet.stops]
    line = " ".join(f"{x},{y}" for x, y in [depot, *doors, depot])
    return Way(
        colour=shades[sheet.run.place, sheet.run.number],
        van=sheet.run.number,
        line=line,
        dots=dots,
        last=_last(sheet, at),
    )


def _last(sheet: Sheet, at: Callable[[float, float], Pair]) -> tuple[float, float, datetime] | None:
    """Where something was handed over last, or was not; before that, at its place."""
    run = sheet.run
    if run.state != "underway":
        return None
    over = [stop for stop in sheet.stops if stop.state != "planned" and stop.happened_at]
    if not over:
        return (*at(run.latitude, run.longitude), run.departed_at or run.starts_at)
    # By our clock: that of a phone may be hours off.
    stop = max(over, key=lambda one: one.received_at or one.arrives_at)
    return (*at(stop.latitude, stop.longitude), stop.received_at or stop.arrives_at)
