"""A day on which people choose delivery times one after the other: 600 requests, six vans in two
shifts, seven two-hour slots. Everybody likes some times better than others, and walks away when only
bad ones are left."""

import math
from collections.abc import Awaitable, Callable
from random import Random

import msgspec

from app import routing
from app.routing import insertion
from app.routing.models import Draft, Roads, Stop, Van

SLOTS = [(hour * 3600, (hour + 2) * 3600) for hour in range(8, 22, 2)]
LIKED = [1, 1.2, 0.8, 0.8, 1.2, 1.8, 1.4]
SHIFTS = [(27_000, 55_800), (50_400, 82_800)]
NOT_WORTH_IT = -0.6
IMPROVE_EVERY = 20
FEW = 3


class Request(msgspec.Struct):
    stop: Stop
    likes: list[float]


def requests(count, seed):
    luck = Random(seed)
    middles = [(luck.gauss(0, 5000), luck.gauss(0, 5000)) for _ in range(14)]
    for number in range(count):
        x, y = luck.choice(middles)
        likes = [math.log(LIKED[slot]) * 1.5 + luck.gauss(0, 1) for slot in range(7)]
        spot = (x + luck.gauss(0, 900), y + luck.gauss(0, 900))
        stop = Stop(str(number), spot, 0, 0, luck.randint(180, 300), luck.randint(2, 6))
        yield Request(stop, likes)


def empty_day(vans=6, crates=200):
    fleet = [
        Van(f"{shift}.{van}", crates, *hours)
        for shift, hours in enumerate(SHIFTS)
        for van in range(vans)
    ]
    return Draft.empty(Roads(1.35, 24, 30), (0.0, 0.0), fleet)


def in_each_slot(stop):
    return [
        msgspec.structs.replace(stop, opens_s=opens, closes_s=closes) for opens, closes in SLOTS
    ]


def choose(request, offered):
    slot = max(offered, key=lambda slot: request.likes[slot], default=None)
    return slot if slot is not None and request.likes[slot] > NOT_WORTH_IT else None


async def by_certificate(asked, draft, improve: Callable[[Draft], Awaitable[Draft]]):
    """Offer what fits into the plan; the plan is improved in between. Gives the plan at the end."""
    improved_at = 0
    for request in asked:
        found = insertion.gaps(draft, in_each_slot(request.stop))
        served = len(insertion.stops_of(draft))
        if sum(gap is not None for gap in found) < FEW and served - improved_at >= 5:
            draft, improved_at = await improve(draft), served
            found = insertion.gaps(draft, in_each_slot(request.stop))
        slot = choose(request, [n for n, gap in enumerate(found) if gap])
        if slot is None:
            continue
        draft = insertion.insert(draft, found[slot], in_each_slot(request.stop)[slot])
        served += 1
        if served - improved_at >= IMPROVE_EVERY:
            draft, improved_at = await improve(draft), served
    return draft


def by_cap(asked, cap):
    """Offer a slot until `cap` orders are in it, whatever the vans can do."""
    left = [cap] * len(SLOTS)
    for request in asked:
        slot = choose(request, [n for n in range(len(SLOTS)) if left[n]])
        if slot is not None:
            left[slot] -= 1
            yield in_each_slot(request.stop)[slot]


async def improve_for(draft, seconds):
    problem, plan = insertion.problem_of(draft)
    better = await routing.improve(problem, seconds=seconds, start=plan)
    return draft if better is None else insertion.drafted(draft, problem, better)
