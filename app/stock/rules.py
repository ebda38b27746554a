"""Who gets the goods, and how we say what is left."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from app.errors import Unprocessable
from app.stock.models import (
    Awaited,
    Channel,
    Coming,
    HeldLine,
    Level,
    Line,
    Promise,
    Refused,
    Request,
    Reserved,
    Short,
    State,
    Supply,
)

Spot: TypeAlias = tuple[UUID, UUID]
"""A product at a place; levels are always locked in this order."""
Wish: TypeAlias = Mapping[Spot, int]

NOTHING_AWAITED: tuple[Awaited, ...] = ()

FEW = 5
LOW = 20
"""At a place: with so few left, what is left altogether may be few as well."""

SENTENCES: Mapping[Supply, str] = {
    "plenty": "In stock",
    "few": "Only {count} left",
    "gone": "Gone for today",
}


def spots(wishes: Iterable[Mapping[Spot, int]]) -> list[Spot]:
    return sorted({spot for wish in wishes for spot in wish})


def spot_of(line: Line | HeldLine | Short) -> Spot:
    return line.product_id, line.place_id


def are_new(requests: Sequence[Request]) -> bool:
    """Whether no two of them are the same, as far as can be seen here."""
    return len({request.hold_id for request in requests}) == len(requests)


def grant(
    requests: Sequence[Request],
    wishes: Sequence[Wish],
    levels: Sequence[Level],
    earlier: Mapping[UUID, State],
    coming: Sequence[Coming] = (),
) -> tuple[list[Reserved | Refused], list[Promise]]:
    """First come, first served, all or nothing; what one is refused the next may have. What is kept
    back from a channel is not there for it; what comes in before the goods have to leave is.

    `wishes` are what the requests add up to. `earlier` are the holds that exist already: asked
    again, the answer is the same. Beside the answers stand the holds to be written.
    """
    left = {level.spot: level.available for level in levels}
    kept_back = {level.spot: level.kept_back for level in levels if level.kept_back}
    held = {id for id, state in earlier.items() if state not in ("released", "expired")}
    supplies = {one.id: one.free for one in coming}
    answers: list[Reserved | Refused] = []
    promises: list[Promise] = []
    for request, wish in zip(requests, wishes, strict=True):
        hold_id = request.hold_id
        if hold_id in held:
            answers.append(Reserved(hold_id))
            continue
        short = _short(request, wish, left, kept_back)
        awaited = _await(request, short, coming, supplies) if short and coming else NOTHING_AWAITED
        if hold_id in earlier:
            answers.append(Refused(hold_id))
        elif short and not awaited:
            answers.append(Refused(hold_id, short))
        else:
            promise = Promise(request, wish, awaited)
            _take(promise, left, supplies)
            held.add(hold_id)
            promises.append(promise)
            answers.append(Reserved(hold_id))
    return answers, promises


def may_be_awaited(
    requests: Sequence[Request], answers: Sequence[Reserved | Refused]
) -> list[Spot]:
    """Where something is missing that could be there by the day it has to leave."""
    return sorted(
        {
            spot_of(lack)
            for request, answer in zip(requests, answers, strict=True)
            if request.leaves_on is not None and isinstance(answer, Refused)
            for lack in answer.short
        }
    )


def wanted(lines: Sequence[Line]) -> dict[Spot, int]:
    """Lines for the same product at the same place count together."""
    together: dict[Spot, int] = {}
    for line in lines:
        where = (line.product_id, line.place_id)
        together[where] = together.get(where, 0) + line.quantity
    return together


def check_same(wish: Wish, held: Wish) -> None:
    """An id that already holds something else is somebody's mistake, not a repeat."""
    if wish != held:
        raise Unprocessable(
            "This request id was already used for something else. Send it again with a new id.",
            code="id-used-otherwise",
        )


def settle(held: Sequence[HeldLine], picked: Sequence[Line]) -> list[Line]:
    """What was found, of lines that are still to be picked. Settled ones are left as they are."""
    open_lines = {spot_of(line): line.quantity for line in held if line.picked is None}
    known = {spot_of(line) for line in held}
    for line in picked:
        if spot_of(line) not in known or not 0 <= line.quantity <= open_lines.get(
            spot_of(line), 10**9
        ):
            raise Unprocessable("This is not what was reserved.", code="not-reserved")
    return [line for line in picked if spot_of(line) in open_lines]


def supply(available: int) -> Supply:
    if available <= 0:
        return "gone"
    return "few" if available <= FEW else "plenty"


def in_words(available: int) -> str:
    """An English sentence, to be translated with `count=available`."""
    return SENTENCES[supply(available)]


def runs_low(left: Mapping[Spot, int]) -> list[UUID]:
    """Products of which so few are left now that those who look at them should hear of it."""
    return sorted({product_id for (product_id, _), pieces in left.items() if pieces <= LOW})


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
    request: Request,
    wish: Wish,
    left: Mapping[Spot, int],
    kept_back: Mapping[Spot, Mapping[Channel, int]],
) -> tuple[Short, ...]:
    short = []
    for spot, quantity in wish.items():
        free = left.get(spot, 0)
        if spot in kept_back:
            free -= kept_back[spot].get(request.channel, 0)
        if quantity > free:
            short.append(Short(*spot, quantity, max(free, 0)))
    return tuple(sorted(short, key=spot_of)) if short else ()


def _await(
    request: Request, short: Sequence[Short], coming: Sequence[Coming], supplies: Mapping[UUID, int]
) -> tuple[Awaited, ...]:
    """What is missing, from what comes in on a day before the goods leave, the first to come first;
    nothing when that is not enough."""
    awaited = []
    for lack in short:
        missing = lack.wanted - lack.available
        for one in coming:
            fits = one.spot == spot_of(lack) and _in_time(one, request)
            if fits and (pieces := min(missing, supplies[one.id])):
                awaited.append(Awaited(one.id, one.spot, pieces))
                missing -= pieces
        if missing:
            return NOTHING_AWAITED
    return tuple(awaited)


def _in_time(one: Coming, request: Request) -> bool:
    return request.leaves_on is not None and one.due_on < request.leaves_on


def _take(promise: Promise, left: dict[Spot, int], supplies: dict[UUID, int]) -> None:
    for spot, quantity in promise.goods.items():
        left[spot] = left.get(spot, 0) - quantity
    for one in promise.awaited:
        left[one.spot] += one.quantity
        supplies[one.expected_id] -= one.quantity
