"""A region with twenty places and three thousand products, and orders for them; all by seed."""

from random import Random
from uuid import UUID

from app.sourcing import Asked, Source, distance_m

PLACES, PRODUCTS = 20, 3000
HAS = {"dark-store": 0.85, "store": 0.35}
PIECES = {"dark-store": (5, 60), "store": (1, 8)}


def region(seed=7):
    luck = Random(seed)
    places = []
    for number in range(PLACES):
        kind = "dark-store" if number < 4 else "store"
        stock = {
            UUID(int=product + 1): luck.randint(*PIECES[kind])
            for product in range(PRODUCTS)
            if luck.random() < HAS[kind]
        }
        point = (52.09 + luck.gauss(0, 0.12), 5.12 + luck.gauss(0, 0.2))
        places.append((UUID(int=9000 + number), kind, point, stock, luck.random()))
    return places


def orders(count, places, *, seed=1, most_lines=45):
    luck = Random(seed)
    liked = [1 / (product + 1) ** 0.8 for product in range(PRODUCTS)]
    for _ in range(count):
        lines = min(most_lines, max(1, int(luck.lognormvariate(2.1, 0.9))))
        wanted: dict[UUID, int] = {}
        for product in luck.choices(range(PRODUCTS), liked, k=lines):
            id = UUID(int=product + 1)
            wanted[id] = wanted.get(id, 0) + luck.choice([1, 1, 1, 2, 3])
        home = (52.09 + luck.gauss(0, 0.1), 5.12 + luck.gauss(0, 0.16))
        sources = [
            Source(
                place_id=id,
                kind=kind,
                distance_m=distance_m(point, home),
                load=load,
                stock={product: stock[product] for product in wanted if product in stock},
            )
            for id, kind, point, stock, load in places
        ]
        yield Asked(wanted=wanted, sources=sources)
