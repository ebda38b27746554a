"""The town of the demo: two stores and a dark store, whom they deliver to, and when.

The town is Utrecht, the streets and house numbers are invented.
"""

from collections.abc import Iterator, Sequence
from datetime import time
from uuid import UUID, uuid5
from zlib import crc32

from app.collecting import Desk, Hours
from app.demo.goods import Goods
from app.fulfilment.delivery.rules import demo_point
from app.slots import Shift
from app.slots.models import Template, Zone
from app.stock.models import Line, Place

TOWN = UUID("6f1d3a52-3c55-5d0b-9a53-0a7e5d1b2c10")
"""Ids of the demo are made from names under this one, the same in every home."""

TIME_ZONE = "Europe/Amsterdam"


def _place(
    code: str, name: str, kind: str, street: str, postcode: str, latitude: float, longitude: float
) -> Place:
    return Place(
        id=uuid5(TOWN, code),
        code=code,
        name=name,
        kind="dark-store" if kind == "dark-store" else "store",
        street=street,
        postcode=postcode,
        city="Utrecht",
        country="NL",
        time_zone=TIME_ZONE,
        latitude=latitude,
        longitude=longitude,
        open=True,
    )


DARK_STORE = _place(
    "lage-weide", "Perron Lage Weide", "dark-store", "Loodsweg 40", "3542 AD", 52.1045, 5.0725
)
CENTRE = _place(
    "stationsplein", "Perron Stationsplein", "store", "Perronplein 9", "3511 EX", 52.0894, 5.1100
)
EAST = _place("oost", "Perron Oost", "store", "Wilgenkade 112", "3572 PK", 52.0985, 5.1390)
PLACES = (DARK_STORE, CENTRE, EAST)

ZONES = (
    Zone(DARK_STORE.id, "3511", "3585", 1),
    Zone(CENTRE.id, "3511", "3531", 2),
    Zone(EAST.id, "3571", "3585", 2),
    Zone(CENTRE.id, "3430", "3439", 1),
)


def _window(
    starts: int, cutoff: int, capacity: int, fee: int = 0, days_before: int = 0
) -> Template:
    return Template(
        starts=time(starts),
        ends=time(starts + 2),
        cutoff=time(cutoff),
        cutoff_days_before=days_before,
        capacity=capacity,
        fee=fee,
        picking_minutes=90,
        driving_minutes=15,
        chilled_crates=60,
        frozen_crates=30,
        picker_minutes=600,
        free_from=5000,
    )


WEEK: tuple[Template, ...] = (
    _window(10, 20, 24, days_before=1),
    _window(14, 10, 24, 295),
    _window(17, 13, 40, 395),
    _window(19, 13, 40, 295),
)
"""Every place's week: whoever orders before 13:00 has it home the same evening."""


DESKS = {
    CENTRE.id: Desk(
        hours=[Hours(day, time(7), time(21)) for day in range(1, 7)]
        + [Hours(7, time(9), time(19))],
        ready_minutes=90,
        hint="Ingang Perronplein, links van de kassa's",
    ),
    EAST.id: Desk(hours=[Hours(day, time(8), time(20)) for day in range(1, 7)]),
}
"""Where orders can be collected: the dark store has no door for shoppers."""


def vans() -> Iterator[Shift]:
    """Two vans a store, four at the dark store, on the road with a break before the evening."""
    for place in PLACES:
        for number in range(1, 5 if place is DARK_STORE else 3):
            yield Shift(
                place_id=place.id,
                number=number,
                starts=time(9, 30),
                ends=time(21, 30),
                crates=90,
                break_starts=time(12, 30),
                break_ends=time(13),
            )


def points() -> Iterator[tuple[str, str, float, float]]:
    """Where the postcodes of the town are: invented, each area with streets of its own around it."""
    for zone in ZONES:
        for area in range(int(zone.first_area), int(zone.last_area) + 1):
            latitude, longitude = demo_point((CENTRE.latitude, CENTRE.longitude), str(area), "")
            yield "NL", str(area), latitude, longitude


def stocked(goods: Sequence[Goods], ids: dict[str, UUID]) -> Iterator[Line]:
    for one in goods:
        for place in PLACES:
            amount = amount_of(one, place)
            if amount:
                yield Line(ids[one.gtin], place.id, amount)


def amount_of(one: Goods, place: Place) -> int:
    """What lies where: the dark store has nearly everything, the stores most of it, a little."""
    luck = crc32(one.gtin.encode())
    if place is DARK_STORE:
        return 0 if luck % 41 == 0 else 60 + luck % 140
    if place is CENTRE:
        return 0 if luck % 7 == 0 else 8 + luck % 30
    return 0 if luck % 5 == 0 else 6 + luck % 24
