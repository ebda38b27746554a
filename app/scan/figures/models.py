from datetime import date, datetime
from uuid import UUID

import msgspec

from app.money import Money
from app.scan.reports.models import Reported
from app.walls.sites.models import Overtaken


class Warmth(msgspec.Struct, frozen=True):
    """How often a place on a wall was scanned, added from and sold, over some days.

    `sold` is of its product from this wall's prints, as far as the printed price was honoured.
    """

    panel: int
    shelf: int
    place: int
    product_id: UUID  # what hangs there, or hung there last
    opens: int
    adds: int
    sold: int


class Traffic(msgspec.Struct, frozen=True):
    """From scans to baskets to orders at one site."""

    site_id: UUID
    opens: int
    adds: int
    orders: int


class Honoured(msgspec.Struct, frozen=True):
    """What one product cost at a site because its posters were believed.

    `cost` is the difference to the catalogue's prices at the moment of each order.
    """

    site_id: UUID
    product_id: UUID
    sold: int
    cost: Money


class Silent(msgspec.Struct, frozen=True):
    """A code that hangs and that nobody has scanned."""

    site_id: UUID
    label: str
    panel: int
    shelf: int
    place: int
    product_id: UUID
    since: datetime


class MorningList(msgspec.Struct, frozen=True):
    """What had to be done at a site when a day began there."""

    overtaken: list[Overtaken]
    silent: list[Silent]
    reported: list[Reported]
    opens_at: datetime | None  # when it opens that day


class Morning(msgspec.Struct, frozen=True):
    day: date
    made_at: datetime
    list: MorningList
