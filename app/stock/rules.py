"""Who gets the goods, and how we say what is left."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from app.errors import Unprocessable
from app.stock.models import (
    Channel,
    HeldLine,
    Level,
    Line,
    Refused,
    Request,
    Reserved,
    Short,
    State,
    Supply,
)

Spot: TypeAlias = tuple[UUID, UUID]
"""A product at a place; levels are always locked in this order."""

FEW = 5
LOW = 20
"""At a place: with so few left, what is left altogether may be few as well."""

SENTENCES: Mapping[Supply, str] = {
    "plenty": "In stock",
    "few": "Only {count} left",
    "gone": "Gone for today",
}


def spots(requests: Sequence[Request]) -> list[Spot]:
    return sorted({spot(line) for request in requests for line in request.lines})


def spot(line: Line) -> Spot:
    return line.product_id, line.place_id


def grant(
    requests: Sequence[Request], levels: Sequence[Level], earlier: Mapping[UUID, State]
) -> list[Reserved | Refused]:
    """First come, first served, all or nothing; what one is refused the next may have. What is kept
    back from a channel is not there for it.

    `earlier` are the holds that exist already: asked again, the answer is the same.
    """
    left = Counter({level.spot: level.available for level in levels})
    kept_back = {level.spot: level.kept_back for level in levels if level.kept_back}
    held = {id for id, state in earlier.items() if state not in ("released", "expired")}
    answers: list[Reserved | Refused] = []
    for request in requests:
        if request.hold_id in held:
            answers.append(Reserved(request.hold_id))
        elif request.hold_id in earlier:
            answers.append(Refused(request.hold_id))
        elif short := _short(request, left, kept_back):
            answers.append(Refused(request.hold_id, short))
        else:
            left.subtract(wanted(request.lines))
            held.add(request.hold_id)
            answers.append(Reserved(request.hold_id))
    return answers


def wanted(lines: Sequence[Line]) -> dict[Spot, int]:
    """Lines for the same product at the same place count together."""
    together: dict[Spot, int] = {}
    for line in lines:
        where = (line.product_id, line.place_id)
        together[where] = together.get(where, 0) + line.quantity
    return together


def check_same(request: Request, held: Mapping[Spot, int]) -> None:
    """An id that already holds something else is somebody's mistake, not a repeat."""
    if wanted(request.lines) != held:
        raise Unprocessable(
            "This request id was already used for something else. Send it again with a new id.",
            code="id-used-otherwise",
        )


def settle(held: Sequence[HeldLine], picked: Sequence[Line]) -> list[Line]:
    """What was found, of lines that are still to be picked. Settled ones are left as they are."""
    open_lines = {
        (line.product_id, line.place_id): line.quantity for line in held if line.picked is None
    }
    known = {(line.product_id, line.place_id) for line in held}
    for line in picked:
        if spot(line) not in known or not 0 <= line.quantity <= open_lines.get(spot(line), 10**9):
            raise Unprocessable("This is not what was reserved.", code="not-reserved")
    return [line for line in picked if spot(line) in open_lines]


def supply(available: int) -> Supply:
    if available <= 0:
        return "gone"
    return "few" if available <= FEW else "plenty"


def in_words(available: int) -> str:
    """An English sentence, to be translated with `count=available`."""
    return SENTENCES[supply(available)]


def runs_low(levels: Sequence[Level], granted: Sequence[Request]) -> list[UUID]:
    """Products of which so few are left now that those who look at them should hear of it."""
    left = Counter({level.spot: level.available for level in levels})
    for request in granted:
        left.subtract(wanted(request.lines))
    changed = {spot for request in granted for spot in wanted(request.lines)}
    return sorted({product_id for product_id, place in changed if left[product_id, place] <= LOW})


def fall_short(counted: int, promises: Sequence[tuple[UUID, int]]) -> dict[UUID, int]:
    """Who does not get what was promised, when only so many are there: the newest first, for who
    came first is served first. `promises` are holds with their pieces, the newest first."""
    missing = max(sum(quantity for _, quantity in promises) - counted, 0)
    short: dict[UUID, int] = {}
    for hold_id, quantity in promises:
        if missing:
            short[hold_id] = min(quantity, missing)
            missing -= short[hold_id]
    return short


def _short(
    request: Request, left: Counter[Spot], kept_back: Mapping[Spot, Mapping[Channel, int]]
) -> tuple[Short, ...]:
    def free(spot: Spot) -> int:
        return left[spot] - (kept_back[spot].get(request.channel, 0) if spot in kept_back else 0)

    return tuple(
        Short(*spot, quantity, max(free(spot), 0))
        for spot, quantity in sorted(wanted(request.lines).items())
        if quantity > free(spot)
    )
