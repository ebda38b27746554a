from collections.abc import Sequence
from typing import TypeAlias

import msgspec

Spot: TypeAlias = tuple[float, ...]
"""A point in metres, flat (x, y) or on the globe (x, y, z from its centre): what is straight between
two spots is within a few centimetres of the way over the ground as long as both are in one region."""


class Stop(msgspec.Struct, frozen=True, array_like=True):
    """A door: when it may be reached, how long it takes, how much is brought. `key` is the
    planner's own word for it; times are seconds on one clock, e.g. since 1970. `only` pins it to
    one van: to its key, or the word before the first dot of it, for all shifts of that van."""

    key: str
    spot: Spot
    opens_s: int
    closes_s: int
    service_s: int
    crates: int
    only: str = ""


class Van(msgspec.Struct, frozen=True, array_like=True):
    """One shift of a van: from the depot and back to it. Who has a break has two shifts, with the
    break between them. `from_spot` is where a van that is under way stands now; `reloads` is how
    often it may come back to the depot for more, `reload_s` how long that takes."""

    key: str
    crates: int
    starts_s: int
    ends_s: int
    reloads: int = 0
    reload_s: int = 0
    from_spot: Spot | None = None


class Roads(msgspec.Struct, frozen=True):
    """Streets are longer than the crow flies (`factor`), and every drive begins with `start_s` of
    getting in and out of the van. 1.35 and 24 km/h are usual for Dutch cities."""

    factor: float = 1.35
    km_per_hour: float = 24.0
    start_s: int = 30


class Matrix(msgspec.Struct, frozen=True):
    """Metres and seconds from each spot to each: the depot first, then the stops in their order,
    then the vans' own spots in theirs (for vans that have one)."""

    metres: list[list[int]]
    seconds: list[list[int]]


class Problem(msgspec.Struct, frozen=True):
    stops: Sequence[Stop]
    vans: Sequence[Van]
    matrix: Matrix


class Tour(msgspec.Struct, frozen=True):
    """One shift's work. Places in `Problem.vans` and `Problem.stops`; a trip ends at the depot."""

    van: int
    trips: list[list[int]]


class Plan(msgspec.Struct, frozen=True):
    tours: list[Tour]
    left: list[int] = []
    """Stops nobody reaches in time."""


class Draft(msgspec.Struct, frozen=True):
    """A plan that keeps every promise made so far: for each van its stops in visiting order."""

    roads: Roads
    depot: Spot
    vans: list[Van]
    tours: list[list[Stop]]

    @classmethod
    def empty(cls, roads: Roads, depot: Spot, vans: Sequence[Van]) -> "Draft":
        return cls(roads, depot, list(vans), [[] for _ in vans])
