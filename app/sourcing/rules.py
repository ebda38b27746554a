"""Which place sends an order: the nearest that has all of it."""

from collections.abc import Mapping, Sequence
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from app.sourcing.models import Choice, Considered, Missing, Part

EARTH_RADIUS_M = 6_371_009


def choose(
    wanted: Mapping[UUID, int],
    places: Sequence[UUID],
    levels: Mapping[UUID, Mapping[UUID, int]],
    distances_m: Mapping[UUID, int] | None = None,
) -> Choice:
    """The nearest place with all of the stock; an order is not split over places yet.

    `wanted` is product → pieces; `places` those that deliver there, the preferred one first;
    `levels` place → product → pieces that can be sold. Without distances (no coordinates of the
    address) the order of `places` decides. Who was asked, and why not, stands in `considered`.
    """
    distances = distances_m or {}
    ranked = sorted(places, key=lambda place: distances.get(place, 0) if distances else 0)
    lacking = {place: _lacking(wanted, levels.get(place, {})) for place in ranked}
    able = [place for place in ranked if not lacking[place]]
    considered = [
        Considered(
            place_id=place,
            distance_m=distances.get(place),
            lacking=len(lacking[place]),
            outcome="not enough stock"
            if lacking[place]
            else "chosen"
            if place == able[0]
            else "farther than the chosen one",
        )
        for place in ranked
    ]
    if able:
        return Choice([Part(able[0], dict(wanted))], [], considered)
    return Choice([], _missing(wanted, ranked, levels), considered)


def distance_m(from_place: tuple[float, float], to_place: tuple[float, float]) -> int:
    """Metres as the crow flies between two (latitude, longitude) in degrees (haversine)."""
    (south, west), (north, east) = from_place, to_place
    rise = sin(radians(north - south) / 2) ** 2
    run = cos(radians(south)) * cos(radians(north)) * sin(radians(east - west) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(rise + run))))


def _lacking(wanted: Mapping[UUID, int], level: Mapping[UUID, int]) -> list[UUID]:
    return [product for product, pieces in wanted.items() if level.get(product, 0) < pieces]


def _missing(
    wanted: Mapping[UUID, int],
    places: Sequence[UUID],
    levels: Mapping[UUID, Mapping[UUID, int]],
) -> list[Missing]:
    """Of products no place has enough of; where each is somewhere but never together, of those
    the best place lacks."""
    most = {
        product: max((levels.get(place, {}).get(product, 0) for place in places), default=0)
        for product in wanted
    }
    short = [product for product, pieces in wanted.items() if most[product] < pieces]
    if not short and places:
        best = min(places, key=lambda place: len(_lacking(wanted, levels.get(place, {}))))
        short = _lacking(wanted, levels.get(best, {}))
        most = {product: levels.get(best, {}).get(product, 0) for product in short}
    return [Missing(product, wanted[product], most[product]) for product in short]
