"""How far a picker walks, in which order past the shelves, and which orders share a cart. Pure.

A store is a block of aisles with a way across in front and one behind (Ratliff and Rosenthal 1983,
simplified: an aisle is walked through, or into and out again). Carts are made by savings (Clarke and
Wright 1964): what two walk together less than each alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple, TypeAlias

from app.fulfilment.models import Location, Pick, Storage

AISLES: dict[Storage, range] = {
    "ambient": range(1, 13),
    "chilled": range(13, 16),
    "frozen": range(16, 18),
}
BAYS, SHELVES = 10, 5
BAY_M, ACROSS_M = 3.0, 2.5
"""One bay along an aisle; from one aisle to the next."""
AISLE_M = BAYS * BAY_M

Aisle: TypeAlias = tuple[int, int]
"""Storage class (cold late, frozen last) and number: the order in which aisles are walked."""
Stretch: TypeAlias = tuple[float, float]
"""The first and the last metre of an aisle at which something is picked."""
Walk: TypeAlias = Mapping[Aisle, Stretch]


class _Way(NamedTuple):
    """So many metres up to here, and for each aisle whether it was entered from behind."""

    metres: float
    from_behind: tuple[bool, ...]


def walk_of(spots: Iterable[tuple[Storage, Location]]) -> dict[Aisle, Stretch]:
    found: dict[Aisle, Stretch] = {}
    for storage, spot in spots:
        at = min(AISLE_M, (spot.bay - 0.5) * BAY_M)
        aisle = (tuple(AISLES).index(storage), spot.aisle)
        first, last = found.get(aisle, (at, at))
        found[aisle] = (min(first, at), max(last, at))
    return found


def together(one: Walk, other: Walk) -> dict[Aisle, Stretch]:
    both = dict(one)
    for aisle, (first, last) in other.items():
        known = both.get(aisle)
        both[aisle] = (min(first, known[0]), max(last, known[1])) if known else (first, last)
    return both


def metres(walk: Walk) -> float:
    """From the packing table in front of the first aisle past everything and back to it."""
    front, behind, at = 0.0, float("inf"), 0
    for aisle in sorted(walk):
        first, last = walk[aisle]
        across = abs(aisle[1] - at) * ACROSS_M
        front, behind, at = front + across, behind + across, aisle[1]
        front, behind = (
            min(front + 2 * last, behind + AISLE_M),
            min(behind + 2 * (AISLE_M - first), front + AISLE_M),
        )
    return front + at * ACROSS_M


def in_order(picks: Iterable[Pick]) -> list[Pick]:
    """As they are passed on the shortest of these ways; of one bay, by the number of the board."""
    picks = list(picks)
    walk = walk_of((pick.storage, _spot(pick)) for pick in picks)
    behind = dict(zip(sorted(walk), _entered_from_behind(walk), strict=True))

    def place(pick: Pick) -> tuple[Aisle, int, int, str]:
        aisle = (tuple(AISLES).index(pick.storage), pick.aisle)
        return (aisle, -pick.bay if behind[aisle] else pick.bay, pick.shelf, str(pick.product_id))

    return sorted(picks, key=place)


def first_cart(walks: Sequence[Walk], pressing: int, most: int) -> list[int]:
    """Which orders (by their places in `walks`) go on the next cart of up to `most`. The first
    `pressing` are due first, and the first of all is always on it."""
    cart = [0] if pressing > most else list(range(min(pressing, len(walks))))
    if pressing > most:
        cart = next(cart for cart in carts(walks[:pressing], most) if 0 in cart)
    return _filled(walks, cart, most)


def carts(walks: Sequence[Walk], most: int) -> list[list[int]]:
    """All of them by savings: the two carts that save most by being one become one, again and again."""
    alone = {n: metres(walk) for n, walk in enumerate(walks)}
    joined, orders = dict(enumerate(walks)), {n: [n] for n in alone}
    heap = [
        (metres(together(walks[one], walks[other])) - alone[one] - alone[other], one, other)
        for other in alone
        for one in range(other)
    ]
    heapify(heap)
    while heap:
        _, one, other = heappop(heap)
        if not {one, other} <= orders.keys() or len(orders[one]) + len(orders[other]) > most:
            continue
        new, walk = len(alone), together(joined[one], joined[other])
        orders[new] = orders.pop(one) + orders.pop(other)
        joined[new], alone[new] = walk, metres(walk)
        for each, there in orders.items():
            if each != new and len(there) + len(orders[new]) <= most:
                saved = metres(together(walk, joined[each])) - alone[new] - alone[each]
                heappush(heap, (saved, each, new))
    return sorted(sorted(cart) for cart in orders.values())


def _filled(walks: Sequence[Walk], cart: list[int], most: int) -> list[int]:
    """Up to the brim, each time with the order that makes the walk longer by the least of what it
    would walk alone; the more pressing of two."""
    walk: Walk = {}
    for each in cart:
        walk = together(walk, walks[each])
    rest = [each for each in range(len(walks)) if each not in cart]
    while rest and len(cart) < most:
        added = {each: metres(together(walk, walks[each])) - metres(walks[each]) for each in rest}
        best = min(rest, key=lambda each: (added[each], each))
        cart.append(best)
        walk = together(walk, walks[best])
        rest.remove(best)
    return cart


def _entered_from_behind(walk: Walk) -> tuple[bool, ...]:
    front, behind, at = _Way(0.0, ()), _Way(float("inf"), ()), 0
    for aisle in sorted(walk):
        first, last = walk[aisle]
        across = abs(aisle[1] - at) * ACROSS_M
        at = aisle[1]
        front, behind = (
            min(_on(front, across + 2 * last, False), _on(behind, across + AISLE_M, True)),
            min(
                _on(behind, across + 2 * (AISLE_M - first), True),
                _on(front, across + AISLE_M, False),
            ),
        )
    return front.from_behind


def _on(way: _Way, metres: float, from_behind: bool) -> _Way:
    return _Way(way.metres + metres, (*way.from_behind, from_behind))


def _spot(pick: Pick) -> Location:
    return Location(pick.aisle, pick.bay, pick.shelf)
