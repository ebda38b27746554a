"""How far it is from door to door, where nobody has measured the streets."""

from collections.abc import Sequence
from math import cos, dist, radians, sin

from app.routing.models import Matrix, Roads, Spot, Stop, Van

EARTH_M = 6_371_009.0


def spot(latitude: float, longitude: float) -> Spot:
    """Degrees (WGS 84) as metres from the middle of the earth. The chord between two such spots is
    shorter than the great circle (haversine) by 1 in 10⁵ at 100 km."""
    north, east = radians(latitude), radians(longitude)
    around = EARTH_M * cos(north)
    return around * cos(east), around * sin(east), EARTH_M * sin(north)


def metres(roads: Roads, one: Spot, other: Spot) -> int:
    return int(roads.factor * dist(one, other))


def seconds(roads: Roads, metres: int) -> int:
    """No way takes no time, also without getting in."""
    return int(metres / (roads.km_per_hour / 3.6)) + roads.start_s if metres else 0


def matrix(roads: Roads, depot: Spot, stops: Sequence[Stop], vans: Sequence[Van] = ()) -> Matrix:
    spots = spots_of(depot, stops, vans)
    far = [[metres(roads, one, other) for other in spots] for one in spots]
    return Matrix(far, [[seconds(roads, way) for way in row] for row in far])


def spots_of(depot: Spot, stops: Sequence[Stop], vans: Sequence[Van]) -> list[Spot]:
    under_way = [van.from_spot for van in vans if van.from_spot is not None]
    return [depot, *(stop.spot for stop in stops), *under_way]
