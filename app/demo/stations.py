"""The three walls of the demo and what hangs on them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import msgspec

from app.demo.goods import Goods
from app.languages import Language


class Station(msgspec.Struct, frozen=True):
    """A wall, its poster size, and how many products it takes from which shelves."""

    code: str
    name: str
    place_hint: str
    language: Language
    reading_distance_mm: int
    format: str
    panels: int
    shelves: tuple[tuple[str, int], ...]


STATIONS = (
    Station(
        "utrecht-centraal-5",
        "Utrecht Centraal",
        "Perron 5, naast de trap",
        "nl",
        500,
        "6-sheet",
        1,
        (("dairy", 7), ("bread", 5), ("fruit", 6), ("drinks", 6), ("meals", 5), ("snacks", 5)),
    ),
    Station(
        "overvecht-bus",
        "Overvecht",
        "Bushalte Zamenhofdreef",
        "nl",
        500,
        "city-light",
        1,
        (("vegetables", 6), ("pasta-rice", 5), ("sauces", 5), ("coffee-tea", 5), ("household", 5)),
    ),
    Station(
        "jaarbeurs-korea",
        "Jaarbeurs",
        "Jaarbeurshal, 2층 통로",
        "ko",
        500,
        "6-sheet",
        1,
        (("korea", 12), ("fish", 4), ("sweets", 5), ("frozen", 5)),
    ),
)


def next_monday(now: datetime) -> datetime:
    """Six in the morning, on the same clock."""
    day = now.date() + timedelta(days=7 - now.weekday())
    return datetime.combine(day, time(6), now.tzinfo)


def chosen(station: Station, goods: Sequence[Goods]) -> list[Goods]:
    """What sells best of each shelf, shelf by shelf; nothing a wall in public may not show."""
    return [
        one
        for shelf, count in station.shelves
        for one in sorted(
            (one for one in goods if one.shelf == shelf and not one.age_limit),
            key=lambda one: (-one.popularity, one.gtin),
        )[:count]
    ]
