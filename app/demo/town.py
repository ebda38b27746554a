"""The town of the demo: two stores and a dark store, whom they deliver to, and when.

The town is Utrecht, the streets and house numbers are invented.
"""

from collections.abc import Iterator, Sequence
from datetime import time
from uuid import UUID, uuid5
from zlib import crc32

from app.demo.goods import Goods
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

WEEK: tuple[Template, ...] = (
    Template(starts=time(10), ends=time(12), cutoff=time(20), cutoff_days_before=1, capacity=24),
    Template(starts=time(14), ends=time(16), cutoff=time(10), capacity=24, fee=295),
    Template(starts=time(17), ends=time(19), cutoff=time(13), capacity=40, fee=395),
    Template(starts=time(19), ends=time(21), cutoff=time(13), capacity=40, fee=295),
)
"""Every place's week: whoever orders before 13:00 has it home the same evening."""


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
