"""Other rules, tried on the orders of the past before they count. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.sourcing.models import Asked, Choice, Compared, Decision, Trial, Weights
from app.sourcing.rules import choose, costed

EXAMPLES = 12


class Pair(msgspec.Struct, frozen=True):
    """A past order as it was sent, and as it would have been; both in the cents of the new rules."""

    order_id: UUID
    asked: Asked
    before: Choice
    after: Choice


def compare(past: Decision, weights: Weights) -> Pair:
    costs = costed(past.asked, past.decided.parts, weights)
    before = msgspec.structs.replace(past.decided, costs=costs)
    return Pair(past.order_id, past.asked, before, choose(past.asked, weights))


def trial(pairs: Sequence[Pair]) -> Trial:
    before, after = [one.before for one in pairs], [one.after for one in pairs]
    other = [one for one in pairs if _sent(one.before) != _sent(one.after)]
    return Trial(
        orders=len(pairs),
        cost_before=_cost(before),
        cost_after=_cost(after),
        shipments_before=_shipments(before),
        shipments_after=_shipments(after),
        unfilled_before=_unsent(before),
        unfilled_after=_unsent(after),
        by_place=_by_place(after),
        by_place_before=_by_place(before),
        metres_before=sum(_metres(one.asked, one.before) for one in pairs),
        metres_after=sum(_metres(one.asked, one.after) for one in pairs),
        split_before=_split(before),
        split_after=_split(after),
        changed=len(other),
        examples=[
            Compared(
                one.order_id,
                [part.place_id for part in one.before.parts],
                [part.place_id for part in one.after.parts],
                one.before.costs.total,
                one.after.costs.total,
            )
            for one in other[:EXAMPLES]
        ],
    )


def together(one: Trial, other: Trial) -> Trial:
    """Two trials of different orders as one."""
    return Trial(
        **{name: _sum(getattr(one, name), getattr(other, name)) for name in Trial.__struct_fields__}
    )


def _sum(one: Any, other: Any) -> Any:
    match one:
        case dict():
            return {key: one.get(key, 0) + other.get(key, 0) for key in [*one, *other]}
        case list():
            return [*one, *other][:EXAMPLES]
        case _:
            return one + other


def _sent(choice: Choice) -> dict[UUID, dict[UUID, int]]:
    return {part.place_id: part.lines for part in choice.parts}


def _metres(asked: Asked, choice: Choice) -> int:
    far = {source.place_id: source.distance_m or 0 for source in asked.sources}
    return sum(far.get(part.place_id, 0) for part in choice.parts)


def _by_place(choices: Iterable[Choice]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for part in (part for choice in choices for part in choice.parts):
        found[part.place_id] = found.get(part.place_id, 0) + sum(part.lines.values())
    return found


def _cost(choices: Iterable[Choice]) -> int:
    return sum(choice.costs.total for choice in choices)


def _shipments(choices: Iterable[Choice]) -> int:
    return sum(len(choice.parts) for choice in choices)


def _split(choices: Iterable[Choice]) -> int:
    return sum(len(choice.parts) > 1 for choice in choices)


def _unsent(choices: Iterable[Choice]) -> int:
    return sum(one.wanted - one.available for choice in choices for one in choice.missing)
