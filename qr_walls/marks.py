"""What stands around a poster for the print shop: where to cut, whether the inks meet, whose it is.

Marks are as large on the sheet whatever the scale; their lengths are mm of the file.
"""

from collections.abc import Iterator
from datetime import datetime

from qr_walls import bleed
from qr_walls.display import Ellipse, EveryPlate, Ink, Item, Page, Rect, Text
from qr_walls.model import PanelFormat, Wall
from qr_walls.press import Press
from qr_walls.scripts import isolated
from qr_walls.typefaces import Typefaces

ROOM = 12.0  # mm around the bleed
_LENGTH, _HAIR, _AWAY = 6.0, 0.1, 2.0
_RING, _PATCH, _SIZE = 5.0, 5.0, 2.6

_EVERY_PLATE, _PAPER = EveryPlate(), Ink(0, 0, 0, 0)
_BAR = (
    Ink(1, 0, 0, 0),
    Ink(0, 1, 0, 0),
    Ink(0, 0, 1, 0),
    Ink(0, 0, 0, 1),
    Ink(1, 1, 0, 0),
    Ink(1, 0, 1, 0),
    Ink(0, 1, 1, 0),
    Ink(0, 0, 0, 0.5),
)


def around_mm(press: Press) -> float:
    """Paper on every side of the poster, in mm of the wall."""
    return press.bleed_mm + (ROOM * press.scale if press.marks else 0)


def dress(page: Page, press: Press, slug: str, faces: Typefaces) -> Page:
    """``page`` with its bleed and marks. ``slug`` is the line that tells files apart."""
    if not around_mm(press):
        return page
    bled = bleed.items(page, press.bleed_mm) if press.bleed_mm else iter(page.items)
    around = _marks(page, press, slug, faces) if press.marks else iter(())
    return Page(page.width, page.height, (*bled, *around), around_mm(press), bleed=press.bleed_mm)


def slug(
    press: Press, wall: Wall, size: PanelFormat, panel: int, panels: int, created_at: datetime
) -> str:
    """Job, wall, edition, panel, size, scale, date: what a pile of plates is sorted by."""
    parts = (
        press.job and f"job {press.job}",
        isolated(wall.name),
        wall.edition,
        f"panel {panel} of {panels}",
        f"{size.width_mm:g} × {size.height_mm:g} mm",
        f"scale 1:{press.scale}",
        f"bleed {press.bleed_mm:g} mm",
        f"{created_at:%Y-%m-%d}",
    )
    return " · ".join(part for part in parts if part)


def _marks(page: Page, press: Press, slug: str, faces: Typefaces) -> Iterator[Item]:
    mm = press.scale
    yield from _paper(page, press.bleed_mm, around_mm(press))
    yield from _corners(page, press.bleed_mm + _AWAY * mm, mm)
    middle = press.bleed_mm + ROOM * mm / 2
    for x, y in (
        (page.width / 2, -middle),
        (page.width / 2, page.height + middle),
        (-middle, page.height / 2),
        (page.width + middle, page.height / 2),
    ):
        yield from _target(x, y, mm)
    yield from _foot(page, page.height + middle, mm, slug, faces)


def _paper(page: Page, bled: float, around: float) -> Iterator[Item]:
    """Blank again where artwork reached farther than the bleed."""
    across, down, rest = page.width + 2 * around, page.height + 2 * bled, around - bled
    yield Rect(-around, -around, across, rest, _PAPER)
    yield Rect(-around, page.height + bled, across, rest, _PAPER)
    yield Rect(-around, -bled, rest, down, _PAPER)
    yield Rect(page.width + bled, -bled, rest, down, _PAPER)


def _corners(page: Page, away: float, mm: float) -> Iterator[Item]:
    """Two lines at every corner, in line with the trim and clear of the bleed."""
    length, hair = _LENGTH * mm, _HAIR * mm
    for x in (0.0, page.width):
        for y in (-away - length, page.height + away):
            yield Rect(x - hair / 2, y, hair, length, _EVERY_PLATE)
    for y in (0.0, page.height):
        for x in (-away - length, page.width + away):
            yield Rect(x, y - hair / 2, length, hair, _EVERY_PLATE)


def _target(x: float, y: float, mm: float) -> Iterator[Item]:
    """A cross in a ring: it is one colour only where all plates lie upon each other."""
    ring, hair = _RING * mm, _HAIR * mm
    yield Ellipse(x - ring / 2, y - ring / 2, ring, ring, _EVERY_PLATE)
    inner = ring - 2 * hair
    yield Ellipse(x - inner / 2, y - inner / 2, inner, inner, _PAPER)
    yield Rect(x - ring * 0.7, y - hair / 2, ring * 1.4, hair, _EVERY_PLATE)
    yield Rect(x - hair / 2, y - ring * 0.7, hair, ring * 1.4, _EVERY_PLATE)


def _foot(page: Page, y: float, mm: float, slug: str, faces: Typefaces) -> Iterator[Item]:
    """Every ink alone and over another on the left, the slug on the right."""
    patch = min(_PATCH * mm, (page.width / 2 - 3 * _RING * mm) / len(_BAR))
    for place, ink in enumerate(_BAR if patch >= mm else ()):
        yield Rect(_RING * mm + place * patch, y - patch / 2, patch, patch, ink)
    room = page.width / 2 - 2 * _RING * mm
    fitted = faces.fit(slug, room, _SIZE * mm, lines=3, smallest=0)
    top = y - fitted.size * 1.2 * len(fitted.lines) / 2
    for number, (text, width) in enumerate(fitted.lines):
        x = page.width / 2 + _RING * mm * 1.5
        baseline = top + (number + 0.85) * fitted.size * 1.2
        yield Text(x, baseline, width, fitted.size, text, Ink(0, 0, 0, 1))
