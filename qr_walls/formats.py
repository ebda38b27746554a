"""Poster sizes. ISO 216 for the A series; the rest are trade sizes, and print shops vary."""

import re

from qr_walls.errors import WallError
from qr_walls.model import PanelFormat

ALL = (
    PanelFormat("A0", 841, 1189),
    PanelFormat("A1", 594, 841),
    PanelFormat("A2", 420, 594),
    PanelFormat("A3", 297, 420),
    PanelFormat("A4", 210, 297),
    PanelFormat("6-sheet", 1200, 1800),
    PanelFormat("city-light", 1185, 1750),
    PanelFormat("4-sheet", 1016, 1524),
    PanelFormat("platform-door", 900, 2000),
    PanelFormat("letter", 215.9, 279.4),
    PanelFormat("tabloid", 279.4, 431.8),
)

_BY_NAME = {format.name.lower(): format for format in ALL}

SMALLEST_MM, LARGEST_MM = 140.0, 50_000.0  # ten times what a PDF page can be: drawn at 1:10
_SIZE = re.compile(r"(\d{2,5})\s*[x×]\s*(\d{2,5})(\s*mm)?", re.ASCII)


def named(name: str) -> PanelFormat:
    """A format by name, ``A0``; ``A0-landscape`` lies on its side; ``6000x3000`` is in mm.

    Raises ``WallError``.
    """
    if size := _SIZE.fullmatch(name.strip().lower()):
        return of(float(size[1]), float(size[2]))
    plain = name.strip().lower().removesuffix("-landscape")
    found = _BY_NAME.get(plain)
    if found is None:
        known = ", ".join(format.name for format in ALL)
        raise WallError(
            "There is no poster size “{name}”. Known are {known}.", name=name[:40], known=known
        )
    if name.strip().lower().endswith("-landscape"):
        return PanelFormat(f"{found.name}-landscape", found.height_mm, found.width_mm)
    return found


def of(width_mm: float, height_mm: float) -> PanelFormat:
    """A size of one's own. Raises ``WallError`` for one that is no poster."""
    if not all(SMALLEST_MM <= side <= LARGEST_MM for side in (width_mm, height_mm)):
        raise WallError(
            "A panel of {width:g} × {height:g} mm cannot be printed: each side must be "
            "{smallest:g} to {largest:g} mm.",
            width=width_mm,
            height=height_mm,
            smallest=SMALLEST_MM,
            largest=LARGEST_MM,
        )
    return PanelFormat(f"{width_mm:g} × {height_mm:g} mm", width_mm, height_mm)
