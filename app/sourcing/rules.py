"""Which places send an order: the set of places that costs least, splits and all.

For a given set of places the cheapest is known at once: each piece comes from the place where it
costs least. So sets are tried: every one of one or two places, then from the best of them on by
taking one in, leaving one out, or changing one for another, until nothing gets cheaper.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from itertools import combinations
from math import asin, cos, exp, radians, sin, sqrt
from uuid import UUID

from app.sourcing.models import (
    Alternative,
    Asked,
    Choice,
    Considered,
    Costs,
    Missing,
    Part,
    Source,
    Weights,
)

EARTH_RADIUS_M = 6_371_009
MOST_CANDIDATES = 12
"""More places than that are never the cheapest: the others are farther, fuller, or have less."""
NEVER = 2**62
DEFAULT = Weights()


def choose(asked: Asked, weights: Weights = DEFAULT) -> Choice:
    """The least costly choice; the same question always has the same answer.

    Exact where the best choice has at most two places. Pieces nobody can send are `missing`.
    """
    allowed = [source for source in asked.sources if not _ruled_out(source, weights)]
    table = Table(asked, _candidates(allowed, asked, weights), weights)
    tried = _search(table, weights.most_places)
    best = min(tried, key=lambda chosen: (tried[chosen], chosen), default=0)
    parts = table.parts(best)
    return Choice(
        parts,
        _missing(asked, parts),
        considered(asked, weights, [part.place_id for part in parts]),
        table.costs(best),
        table.alternatives(tried, best),
    )


def considered(asked: Asked, weights: Weights, chosen: Sequence[UUID]) -> list[Considered]:
    """Why each place was chosen or not."""
    return [_considered(source, asked, weights, chosen) for source in asked.sources]


class Table:
    """The order as numbers: what opening each place costs, and for each line who has how many at
    which price, the cheapest first. A set of places is the bits of an int."""

    def __init__(self, asked: Asked, sources: Sequence[Source], weights: Weights) -> None:
        self.sources, self.weights = sources, weights
        self.products = list(asked.wanted)
        self.opening = [sum(_opening(source, weights)) for source in sources]
        self.lines = [
            (pieces, sorted(_offers(product, pieces, asked, sources, weights)))
            for product, pieces in asked.wanted.items()
        ]

    def cost(self, chosen: int, most: int = NEVER) -> int:
        """NEVER when it is `most` or more: then nobody wants to know."""
        cost = sum(cost for n, cost in enumerate(self.opening) if chosen >> n & 1)
        unfilled = self.weights.unfilled_piece
        for wanted, offers in self.lines:
            if cost >= most:
                return NEVER
            for price, pieces, source in offers:
                if chosen >> source & 1:
                    if pieces >= wanted:
                        cost += price * wanted
                        break
                    cost += price * pieces
                    wanted -= pieces
            else:
                cost += unfilled * wanted
        return cost if cost < most else NEVER

    def parts(self, chosen: int) -> list[Part]:
        sent: dict[int, dict[UUID, int]] = {}
        for product, (wanted, offers) in zip(self.products, self.lines, strict=True):
            for _, pieces, source in offers:
                if chosen >> source & 1 and wanted:
                    taken = min(pieces, wanted)
                    sent.setdefault(source, {})[product] = taken
                    wanted -= taken
        return [Part(self.sources[source].place_id, sent[source]) for source in sorted(sent)]

    def costs(self, chosen: int) -> Costs:
        opened = [source for n, source in enumerate(self.sources) if chosen >> n & 1]
        fixed = [_opening(source, self.weights) for source in opened]
        parcels, distance, load = (sum(terms[n] for terms in fixed) for n in range(3))
        sent = {part.place_id: part.lines for part in self.parts(chosen)}
        unsent = sum(pieces for pieces, _ in self.lines) - sum(
            sum(lines.values()) for lines in sent.values()
        )
        unfilled = unsent * self.weights.unfilled_piece
        picking = self.cost(chosen) - parcels - distance - load - unfilled
        return Costs(parcels, distance, load, picking, unfilled)

    def alternatives(self, tried: Mapping[int, int], best: int) -> list[Alternative]:
        others = sorted((cost, chosen) for chosen, cost in tried.items() if chosen not in (best, 0))
        return [
            Alternative(
                [one.place_id for n, one in enumerate(self.sources) if chosen >> n & 1], cost
            )
            for cost, chosen in others[:3]
            if cost < NEVER
        ]


def costed(asked: Asked, parts: Sequence[Part], weights: Weights) -> Costs:
    """What it costs when these places send it, whether or not the rules would let them."""
    known = {source.place_id: source for source in asked.sources}
    sending = [part for part in parts if part.place_id in known]
    fixed = [_opening(known[part.place_id], weights) for part in sending]
    parcels, distance, load = (sum(terms[n] for terms in fixed) for n in range(3))
    picking = sum(
        n
        * _price(
            product,
            _offered(product, n, known[part.place_id], asked, weights),
            known[part.place_id],
            weights,
        )
        for part in sending
        for product, n in part.lines.items()
    )
    missing = sum(one.wanted - one.available for one in _missing(asked, parts))
    return Costs(parcels, distance, load, picking, missing * weights.unfilled_piece)


def _offered(product: UUID, sent: int, source: Source, asked: Asked, weights: Weights) -> int:
    """As many as it could have sent of what was wanted: so many the risk is reckoned for."""
    return min(max(sent, _can_send(product, source, asked, weights)), asked.wanted[product])


def may_send(asked: Asked, weights: Weights, place_id: UUID) -> bool:
    """Whether the rules let this place send all of it, had it enough."""
    for source in asked.sources:
        if source.place_id == place_id:
            allowed = not _ruled_out(source, weights)
            return allowed and all(
                _is_let(product, source, asked, weights) for product in asked.wanted
            )
    return False


def distance_m(from_place: tuple[float, float], to_place: tuple[float, float]) -> int:
    """Metres as the crow flies between two (latitude, longitude) in degrees (haversine)."""
    (south, west), (north, east) = from_place, to_place
    rise = sin(radians(north - south) / 2) ** 2
    run = cos(radians(south)) * cos(radians(north)) * sin(radians(east - west) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(rise + run))))


def _search(table: Table, most_places: int | None) -> dict[int, int]:
    """Set of places → what it costs, as far as looked at. To send nothing is no choice as long as
    somebody can send something, however far it is."""
    count = len(table.sources)
    most = min(count, most_places or count)
    tried = {0: NEVER if count else table.cost(0)}
    best = 0
    for size in range(1, min(2, most) + 1):
        for chosen in combinations(range(count), size):
            bits = sum(1 << n for n in chosen)
            tried[bits] = table.cost(bits, NEVER if size == 1 else tried[best])
            if tried[bits] < tried[best]:
                best = bits
    while True:
        before = best
        for bits in _neighbours(before, count):
            if bits not in tried and bits.bit_count() <= most:
                tried[bits] = table.cost(bits, tried[best])
                if tried[bits] < tried[best]:
                    best = bits
        if best == before:
            return tried


def _neighbours(chosen: int, count: int) -> Iterator[int]:
    """One more, one fewer, one for another."""
    for n in range(count):
        yield chosen ^ (1 << n)
    inside = [n for n in range(count) if chosen >> n & 1]
    for n in inside:
        for other in range(count):
            if not chosen >> other & 1:
                yield chosen ^ (1 << n) ^ (1 << other)


def _candidates(sources: Sequence[Source], asked: Asked, weights: Weights) -> list[Source]:
    """Those that have something of it: dark stores first of all, then who is cheapest to open."""
    useful = [
        source
        for source in sources
        if any(_can_send(product, source, asked, weights) for product in asked.wanted)
    ]
    chosen = sorted(useful, key=lambda one: (one.kind == "store", sum(_opening(one, weights))))
    kept = {source.place_id for source in chosen[:MOST_CANDIDATES]}
    return [source for source in useful if source.place_id in kept]


def _opening(source: Source, weights: Weights) -> tuple[int, int, int]:
    """Of one more shipment, its distance, and the crowd there."""
    distance = round(weights.kilometre * (source.distance_m or 0) / 1000)
    parcel = weights.parcel
    for group in weights.groups:
        if source.place_id in group.place_ids:
            parcel += group.surcharge
    return parcel, distance, round(weights.crowding * source.load**2)


def _offers(
    product: UUID, wanted: int, asked: Asked, sources: Sequence[Source], weights: Weights
) -> Iterator[tuple[int, int, int]]:
    """Price a piece, how many, and whose: shelves of stores are less sure the emptier they get."""
    for n, source in enumerate(sources):
        there = _can_send(product, source, asked, weights)
        if there:
            pieces = min(there, wanted)
            yield _price(product, pieces, source, weights), pieces, n


def _price(product: UUID, pieces: int, source: Source, weights: Weights) -> int:
    """Of picking one piece, with the risk that it is not there."""
    if source.kind != "store":
        return weights.dark_store_piece
    left = max(0, source.stock.get(product, 0) - pieces)
    return weights.store_piece + round(weights.risk * exp(-0.5 * left))


def _can_send(product: UUID, source: Source, asked: Asked, weights: Weights) -> int:
    """Pieces of a product that may leave this place."""
    if not _is_let(product, source, asked, weights):
        return 0
    kept = weights.safety_stock if source.kind == "store" else 0
    for group in weights.groups:
        if source.place_id in group.place_ids:
            kept = max(kept, group.safety_stock)
    return max(0, source.stock.get(product, 0) - kept)


def _is_let(product: UUID, source: Source, asked: Asked, weights: Weights) -> bool:
    """Not everybody sends what is cold, or what is not for everybody."""
    cold, limited = product in asked.cold, product in asked.age_limited
    if (cold and source.place_id in weights.no_cold) or (
        limited and source.place_id in weights.no_age_limit
    ):
        return False
    return not any(
        source.place_id in group.place_ids
        and ((cold and not group.cold) or (limited and not group.age_limited))
        for group in weights.groups
    )


def _ruled_out(source: Source, weights: Weights) -> bool:
    if source.place_id in weights.excluded:
        return True
    if weights.only is not None and source.place_id not in weights.only:
        return True
    if any(not group.sends and source.place_id in group.place_ids for group in weights.groups):
        return True
    return source.leaves_at is not None and not is_open(weights, source.place_id, source.leaves_at)


def is_open(weights: Weights, place_id: UUID, at: time) -> bool:
    """Whether goods may leave this place at that time by its clock."""
    return all(
        (group.opens or time.min) <= at <= (group.closes or time.max)
        for group in weights.groups
        if place_id in group.place_ids
    )


def _missing(asked: Asked, parts: Sequence[Part]) -> list[Missing]:
    sent = {product: sum(part.lines.get(product, 0) for part in parts) for product in asked.wanted}
    return [
        Missing(product, pieces, sent[product])
        for product, pieces in asked.wanted.items()
        if sent[product] < pieces
    ]


def _considered(
    source: Source, asked: Asked, weights: Weights, chosen: Sequence[UUID]
) -> Considered:
    lacking = sum(
        _can_send(product, source, asked, weights) < pieces
        for product, pieces in asked.wanted.items()
    )
    return Considered(
        source.place_id,
        source.distance_m,
        lacking,
        "chosen"
        if source.place_id in chosen
        else "ruled out"
        if _ruled_out(source, weights)
        else "not enough stock"
        if lacking
        else "dearer than the chosen one",
    )
