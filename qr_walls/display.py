"""A poster as a list of things to paint, in order, in millimetres from the top left corner.

What draws knows no file format, and what writes a file knows no shelf.
"""

from typing import NamedTuple, TypeAlias

import msgspec


class Ink(NamedTuple):
    """Shares of the four inks of a press, 0 to 1: for what must not be mixed from others."""

    cyan: float
    magenta: float
    yellow: float
    black: float


class EveryPlate(NamedTuple):
    """As much of every ink there is, for marks by which plates are laid upon each other."""

    share: float = 1


Colour: TypeAlias = str | Ink | EveryPlate  # '#rrggbb', inks, or all of them


class Rect(msgspec.Struct, frozen=True, tag=True):
    """A filled rectangle; its corners may be round and it may let through what lies below."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour
    radius: float = 0
    opacity: float = 1


class Shade(msgspec.Struct, frozen=True, tag=True):
    """A rectangle that goes from one colour at the top to another at the bottom."""

    x: float
    y: float
    width: float
    height: float
    top: str  # '#rrggbb'
    bottom: str


class Ellipse(msgspec.Struct, frozen=True, tag=True):
    """Filled; ``x`` and ``y`` are the corner of the rectangle around it."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour
    opacity: float = 1


class Polygon(msgspec.Struct, frozen=True, tag=True):
    """Filled, closed by itself."""

    points: tuple[tuple[float, float], ...]
    fill: Colour


class Picture(msgspec.Struct, frozen=True, tag=True):
    """A pack picture, named by the key under which the pictures of the poster are kept."""

    x: float
    y: float
    width: float
    height: float
    key: str


class Text(msgspec.Struct, frozen=True, tag=True):
    """One line; ``x`` is where it begins and ``y`` its baseline. ``width`` was measured."""

    x: float
    y: float
    width: float
    size: float  # of the em, in mm
    text: str
    fill: Colour
    bold: bool = False


class Code(msgspec.Struct, frozen=True, tag=True):
    """A QR code, black on the white square it brings along: the symbol and its quiet zone."""

    x: float
    y: float
    module_mm: float
    text: str


Item: TypeAlias = Rect | Shade | Ellipse | Polygon | Picture | Text | Code


class Page(msgspec.Struct, frozen=True):
    """One poster, back to front. ``width`` and ``height`` are those of the trimmed poster."""

    width: float
    height: float
    items: tuple[Item, ...]
    around: float = 0  # mm of paper on every side of it, for bleed and marks
    bleed: float = 0  # mm of that which are printed, for a knife that slips


def moved(item: Item, x: float, y: float) -> Item:
    """The item so many mm to the right and downwards."""
    if isinstance(item, Polygon):
        points = tuple((left + x, top + y) for left, top in item.points)
        return msgspec.structs.replace(item, points=points)
    return msgspec.structs.replace(item, x=item.x + x, y=item.y + y)
