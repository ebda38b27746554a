"""Where things stand by default, and the order in which a picker walks past them."""

import re
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from app.fulfilment.models import Location, Pick, Storage
from qr_walls import gtin

TOTES_ON_A_CART = 6
COLOURS = ("red", "blue", "green", "yellow", "purple", "orange")
"""Of the totes on a cart; each also carries its number, for who does not see the colour."""

_LINKED = re.compile(r"^https?://\S+/01/([0-9]{8,14})(?![0-9])", re.IGNORECASE | re.ASCII)
_ELEMENT = re.compile(
    r"^(?:\]C1|\]d2|\]Q3)?\(?01\)?([0-9]{14})(?=\D|1[0157]|2[1]|3[0-9]|$)", re.ASCII
)

AISLES: dict[Storage, range] = {
    "ambient": range(1, 13),
    "chilled": range(13, 16),
    "frozen": range(16, 18),
}
BAYS, SHELVES = 10, 5


def default_location(product_id: UUID, category: str, storage: Storage) -> Location:
    """A product nobody gave a place stands with its category, always at the same spot."""
    aisles = AISLES[storage]
    spot = _number(str(product_id))
    return Location(
        aisle=aisles[_number(category) % len(aisles)],
        bay=1 + spot % BAYS,
        shelf=1 + spot // BAYS % SHELVES,
    )


def walk(picks: Iterable[Pick]) -> list[Pick]:
    """S-shape: up the odd aisles and down the even ones; chilled late and frozen last."""
    return sorted(picks, key=_on_the_way)


def read_code(text: str) -> str:
    """The GTIN (14 digits) in whatever a scanner read: bars in any length, a wall's code, a GS1
    Digital Link, or an element string with AI 01. Raises BadGtin."""
    text = text.strip()
    linked = _LINKED.search(text)
    if linked:
        return gtin.read(linked[1])
    element = _ELEMENT.match(text)
    return gtin.read(element[1] if element else text)


def colour(tote: int) -> str:
    return COLOURS[(tote - 1) % len(COLOURS)]


def _on_the_way(pick: Pick) -> tuple[int, int, int, int, str]:
    bay = pick.bay if pick.aisle % 2 else -pick.bay
    return (tuple(AISLES).index(pick.storage), pick.aisle, bay, pick.shelf, str(pick.product_id))


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:6], "big")
