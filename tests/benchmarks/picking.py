"""How far pickers walk: a day of orders on carts of six, put together by savings or as they came."""

import random
from collections.abc import Iterable, Sequence

from app.fulfilment.models import Location
from app.fulfilment.picking import walking
from app.fulfilment.picking.actions import SEEN_AT_ONCE
from app.fulfilment.picking.rules import TOTES_ON_A_CART
from app.fulfilment.picking.walking import Walk
from tests.benchmarks.figures import Benchmark

ORDERS, PRODUCTS = 240, 4_000
SEEDS = (1, 2, 3)


async def pick_walk_vs_fifo() -> tuple[float, float]:
    """Metres of carts as they are made up one after the other, each from the orders that wait then,
    by the metres of the same orders six by six as they came; both walked the shortest way."""
    savings = first_come = 0.0
    for seed in SEEDS:
        walks = a_day_of_orders(random.Random(seed), ORDERS)
        savings += walked(walks, _one_cart_after_the_other(walks))
        six = range(0, ORDERS, TOTES_ON_A_CART)
        first_come += walked(walks, [range(n, n + TOTES_ON_A_CART) for n in six])
    print(f"walked {savings / 1000:.1f} km by savings, {first_come / 1000:.1f} km first come")
    return savings / first_come, savings / first_come


def a_day_of_orders(luck: random.Random, orders: int) -> list[Walk]:
    """Of some fifteen lines each; few products are in many of them."""
    spots = [_somewhere(luck) for _ in range(PRODUCTS)]
    known = [1 / (rank + 1) ** 0.7 for rank in range(PRODUCTS)]
    walks = []
    for _ in range(orders):
        lines = min(60, max(3, int(luck.lognormvariate(2.6, 0.6))))
        walks.append(walking.walk_of(set(luck.choices(spots, known, k=lines))))
    return walks


def walked(walks: Sequence[Walk], carts: Iterable[Iterable[int]]) -> float:
    """Metres."""
    metres = 0.0
    for cart in carts:
        walk: Walk = {}
        for order in cart:
            walk = walking.together(walk, walks[order])
        metres += walking.metres(walk)
    return metres


def _one_cart_after_the_other(walks: Sequence[Walk]) -> list[list[int]]:
    left, found = list(range(len(walks))), []
    while left:
        seen = left[:SEEN_AT_ONCE]
        cart = walking.first_cart([walks[each] for each in seen], len(seen), TOTES_ON_A_CART)
        found.append([seen[each] for each in cart])
        left = [each for each in left if each not in found[-1]]
    return found


def _somewhere(luck: random.Random) -> tuple[walking.Storage, Location]:
    storages = list(walking.AISLES)
    [storage] = luck.choices(storages, [len(walking.AISLES[each]) for each in storages])
    aisle = luck.choice(walking.AISLES[storage])
    return storage, Location(aisle, luck.randint(1, walking.BAYS), luck.randint(1, walking.SHELVES))


ALL = [
    Benchmark(
        "pick_walk_vs_fifo",
        pick_walk_vs_fifo,
        "ratio",
        "the same orders, six by six as they came, walked the shortest way",
        bar=0.9,
        alone=True,
    ),
]
