"""The words of a wall. Lengths are millimetres at the size it hangs, money is minor units."""

from datetime import date

import msgspec

from qr_walls.words import Language

QUIET_ZONE = 4  # modules on every side of a code that stay white (ISO/IEC 18004, 5.3.8)

LIST_EVERY_M = 1.0  # before a code farther away than that its reader stands somewhere else


class PanelFormat(msgspec.Struct, frozen=True):
    """A size one can order at a print shop, upright."""

    name: str
    width_mm: float
    height_mm: float


class UnitPrice(msgspec.Struct, frozen=True):
    """What one kilogram, litre or piece costs (Directive 98/6/EC, article 2b)."""

    amount: int  # minor units
    unit: str  # 'kg', 'l' or 'piece'


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """All that a poster says about one product."""

    gtin: str  # 14 digits
    names: dict[Language, str]
    brand: str = ""
    category: str = ""  # as it shall stand above the shelf, in the wall's language
    content: str = ""  # '500 g', '1 l', '6 pieces'
    price: int  # minor units, VAT included
    unit_price: UnitPrice | None = None
    prior_price: int | None = None  # lowest of the last 30 days, where the price is reduced
    offer: str = ""  # '3 for 2', in the wall's language
    deposit: int = 0  # minor units, comes on top of the price
    age_limit: int | None = None  # years
    allergens: tuple[str, ...] = ()  # 'milk', 'gluten': see ``words.ALLERGENS``; others as they are
    picture: bytes | None = None  # PNG or JPEG; transparent where the pack is not

    def name(self, language: Language) -> str:
        """The name in this language, else in English, else in whichever there is."""
        names = (self.names.get(language), self.names.get("en"), *self.names.values())
        return next((name for name in names if name), self.gtin)


class Position(msgspec.Struct, frozen=True):
    """One label on a shelf."""

    gtin: str  # 14 digits
    token: str  # 7 characters, see ``tokens``
    facings: int = 0  # packs side by side; 0 shows as many as there is room for


class Shelf(msgspec.Struct, frozen=True):
    """Positions from left to right."""

    positions: tuple[Position, ...]


class Panel(msgspec.Struct, frozen=True):
    """One poster: a format and its shelves from top to bottom."""

    format: PanelFormat
    shelves: tuple[Shelf, ...]
    hangs_at_mm: float | None = None  # its lower edge above the floor; None centres it at 1.15 m

    @property
    def lower_edge_mm(self) -> float:
        """Above the floor."""
        if self.hangs_at_mm is not None:
            return self.hangs_at_mm
        return max(100.0, 1150.0 - self.format.height_mm / 2)


class Wall(msgspec.Struct, frozen=True, kw_only=True):
    """A shop on a wall, as its planogram says."""

    name: str
    base_url: str  # scheme, host and port that its codes open
    language: Language = "nl"
    currency: str = "EUR"
    distance_m: float = 0.6  # from which every code shall still read
    valid_until: date | None = None  # the last day on which the printed prices hold
    promise: str = ""  # what the third step says; empty for the usual 'home tonight'
    edition: str = ""  # printed small at the foot, to tell one print from another
    list_url: str = ""  # opened by a code within everybody's reach: the wall as an accessible list
    list_every_m: float = LIST_EVERY_M  # between those codes; 0: on the first panel alone
    phone: str = ""  # as it is printed; takes orders by product number
    panels: tuple[Panel, ...]

    def positions(self) -> list[Position]:
        """Every position: panel by panel, shelf by shelf, left to right."""
        return [
            position
            for panel in self.panels
            for shelf in panel.shelves
            for position in shelf.positions
        ]
