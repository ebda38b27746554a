"""Which unit earns which promotion, so that the shopper saves the most. Pure.

Promotions that want the same units are weighed together, the others apart. Remembering, for every
way the sets can be filled, the most that was saved on the way there finds the optimum without
trying every split (dynamic programming over units and fills). It is exact for up to EXACT_UNITS
units that rival promotions want, and beyond as long as there are no more than WAYS fills at a time;
where there are more, the most promising are followed and the receipt is still right, only perhaps
not the very cheapest. tests/pricing/test_gap.py measures by how much.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from app.money import Money
from app.pricing.models import Offer
from app.pricing.plays import Fill, ForOnePrice, OffOne, Play, Sets, Unit, off_one, play_of

EXACT_UNITS = 10
WAYS = 64
NO_LIMIT = 10**9
FEW = 12
"""So many ways are followed without asking which of them have hope."""


class Ready(NamedTuple):
    """An offer whose conditions hold, as it is played here."""

    offer: Offer
    keys: frozenset[str]
    """Of all lines it can touch."""
    each: OffOne | None
    play: Play | None


Used: TypeAlias = list[tuple[Unit, Money]]
"""The units an offer takes, and what each of them brings to its amount."""


Trail: TypeAlias = "tuple[Trail, int, Money] | None"
Way: TypeAlias = tuple[Money, Trail]
"""What was saved, and how. Bare tuples: a basket of rivals makes thousands of them."""
Ways: TypeAlias = dict[tuple[Fill, ...], Way]
LEFT_OUT = -1


def ready(offer: Offer, percent: int | None = None) -> Ready:
    """`percent`: that of the tier the basket has reached."""
    keys = frozenset(offer.keys).union(*offer.others)
    return Ready(offer, keys, off_one(offer, percent), play_of(offer, percent))


def assign(
    units: Sequence[Unit], offers: Sequence[Ready], *, ways: int = WAYS
) -> list[tuple[Ready, Used]]:
    """What each offer takes, from dear to cheap; every unit is taken once at most.

    `units` come from dear to cheap, `offers` in a fixed order: the same give the same. `ways`:
    so many fills are followed where there are more units than EXACT_UNITS.
    """
    groups = _rivals(units, offers)
    group_of = {key: n for n, rivals in enumerate(groups) for one in rivals for key in one.keys}
    theirs: list[list[Unit]] = [[] for _ in groups]
    for unit in units:
        group = group_of.get(unit.key)
        if group is not None:
            theirs[group].append(unit)
    taken: list[tuple[Ready, Used]] = []
    for some, rivals in zip(theirs, groups, strict=True):
        taken += _weigh(some, rivals, ways)
    return taken


def _rivals(units: Sequence[Unit], offers: Sequence[Ready]) -> list[list[Ready]]:
    groups: list[tuple[set[str], list[Ready]]] = []
    basket = {unit.key for unit in units}
    for offer in offers:
        keys = set(offer.keys & basket)
        if keys:
            near = [group for group in groups if not group[0].isdisjoint(keys)]
            if near:
                groups = [group for group in groups if group[0].isdisjoint(keys)]
                together = [other for group in near for other in group[1]]
                groups.append((keys.union(*(group[0] for group in near)), [*together, offer]))
            else:
                groups.append((keys, [offer]))
    return [sorted(group[1], key=lambda one: one.offer.promotion_id) for group in groups]


def _weigh(units: Sequence[Unit], rivals: Sequence[Ready], most: int) -> list[tuple[Ready, Used]]:
    sets = [one for one in rivals if one.play is not None]
    if len(rivals) == 1 and sets and isinstance(sets[0].play, Sets | ForOnePrice):
        return [(sets[0], sets[0].play.alone(units))]
    singles = [one for one in rivals if one.play is None and one.each is not None]
    best = _best_alone(units, singles)
    if not sets:
        choices: Iterable[tuple[int, Money]] = (best[unit.key, unit.price] for unit in units)
    else:
        plays = [one.play for one in sets if one.play is not None]
        most = most if len(units) > EXACT_UNITS else NO_LIMIT
        choices = _walked(_cheapest(units, plays, best, len(singles), most))
    order = [*singles, *sets]
    used: dict[int, Used] = {}
    for unit, (choice, saved) in zip(units, choices, strict=True):
        if choice != LEFT_OUT:
            used.setdefault(choice, []).append((unit, saved))
    return [(order[choice], used[choice]) for choice in sorted(used)]


Best: TypeAlias = Mapping[tuple[str, Money], tuple[int, Money]]


def _best_alone(units: Sequence[Unit], singles: Sequence[Ready]) -> Best:
    """Of the promotions by the unit, the best for each; LEFT_OUT when none gives anything."""
    best: dict[tuple[str, Money], tuple[int, Money]] = {}
    for unit in units:
        if (unit.key, unit.price) not in best:
            choice, most = LEFT_OUT, 0
            for n, one in enumerate(singles):
                off = one.each(unit) if one.each and unit.key in one.keys else 0
                if off > most:
                    choice, most = n, off
            best[unit.key, unit.price] = choice, most
    return best


def _cheapest(
    units: Sequence[Unit], plays: Sequence[Play], best: Best, first: int, most: int
) -> Trail:
    """`first`: the number by which the first of the plays is chosen."""
    start = tuple(play.start for play in plays)
    ways: Ways = {start: (0, None)}
    # What is still ahead of each play, the dearest last.
    ahead = [[unit.price for unit in reversed(units) if play.takes(unit)] for play in plays]
    numbered = list(enumerate(plays))
    for place, unit in enumerate(units, start=1):
        alone, alone_off = best[unit.key, unit.price]
        taking = [(n, play) for n, play in numbered if play.takes(unit)]
        further: Ways = {}
        for fills, (saved, trail) in ways.items():
            known = further.get(fills)
            if known is None or known[0] < saved + alone_off:
                further[fills] = (saved + alone_off, (trail, alone, alone_off))
            for n, play in taking:
                for fill, off in play.steps(fills[n], unit):
                    after = (*fills[:n], fill, *fills[n + 1 :])
                    known = further.get(after)
                    if known is None or known[0] < saved + off:
                        further[after] = (saved + off, (trail, first + n, off))
        for n, _ in taking:
            ahead[n].pop()
        if len(further) > FEW and place < len(units):
            further = _with_hope(further, start, numbered, ahead, most)
        ways = further
    ends = (way for fills, way in ways.items() if _all_full(fills, plays))
    return max(ends, key=lambda way: way[0])[1]


def _with_hope(
    ways: Ways,
    start: tuple[Fill, ...],
    plays: Sequence[tuple[int, Play]],
    ahead: Sequence[Sequence[Money]],
    most: int,
) -> Ways:
    """Without ways whose open sets can no more be filled, or bring less when they are than the way
    with nothing open has saved already: none of these could have been the best. Of more than
    `most`, those that have saved most."""
    safe = ways[start][0]
    hopeful = [(safe, start)]
    for fills, (saved, _) in ways.items():
        hope = 0
        for n, play in plays:
            fill = fills[n]
            if fill != start[n]:
                if play.lacks(fill) > len(ahead[n]):
                    break
                hope += play.hope(fill, ahead[n][-1] if ahead[n] else 0)
        else:
            if saved + hope > safe:
                hopeful.append((saved, fills))
    if len(hopeful) > most:
        hopeful = hopeful[:1] + sorted(hopeful[1:], key=lambda one: -one[0])[: most - 1]
    return {fills: ways[fills] for _, fills in hopeful}


def _all_full(fills: tuple[Fill, ...], plays: Sequence[Play]) -> bool:
    return all(play.full(fill) for play, fill in zip(plays, fills, strict=True))


def _walked(trail: Trail) -> list[tuple[int, Money]]:
    steps: list[tuple[int, Money]] = []
    while trail is not None:
        trail, choice, saved = trail
        steps.append((choice, saved))
    return steps[::-1]
