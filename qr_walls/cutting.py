"""Where a poster is cut into sheets of an office printer: never through a code.

First into bands from left to right, between shelves; then every band for itself from top to
bottom, between tickets where that can be, else between codes.
"""

from collections.abc import Iterator, Sequence

import msgspec

from qr_walls.errors import WallError
from qr_walls.layout import Box

_LEAST = 1.0  # mm that a sheet brings forward at least


class Tile(msgspec.Struct, frozen=True):
    """One sheet's part of a poster."""

    band: int  # counted from 0, from the top
    place: int  # within its band, from the left
    kept: Box  # from cut to cut, mm of the poster
    shown: Box  # with what goes under the tiles to the right and below

    @property
    def name(self) -> str:
        """B3: the third of the second band."""
        letters, band = "", self.band
        while band >= 0:
            letters = chr(ord("A") + band % 26) + letters
            band = band // 26 - 1
        return f"{letters}{self.place + 1}"


class Room(msgspec.Struct, frozen=True):
    """What a sheet can show, in mm."""

    width: float
    height: float
    overlap: float  # of two neighbours


def cut(poster: Box, codes: Sequence[Box], tickets: Sequence[Box], room: Room) -> list[Tile]:
    """Tiles from the top left to the bottom right. Raises ``WallError`` for too small sheets."""
    return list(_tiles(poster, codes, tickets, room))


def _tiles(poster: Box, codes: Sequence[Box], tickets: Sequence[Box], room: Room) -> Iterator[Tile]:
    bands = _ends(
        poster.height,
        room.height - room.overlap,
        [(box.y, box.bottom) for box in codes],
        [(box.y, box.bottom) for box in tickets],
    )
    for band, (top, bottom) in enumerate(bands):
        within = [box for box in codes if top <= box.y and box.bottom <= bottom]
        beside = [box for box in tickets if box.bottom > top and box.y < bottom]
        places = _ends(
            poster.width,
            room.width - room.overlap,
            [(box.x, box.right) for box in within],
            [(box.x, box.right) for box in beside],
        )
        for place, (left, right) in enumerate(places):
            under_right = 0 if right == poster.width else room.overlap
            under_bottom = 0 if bottom == poster.height else room.overlap
            width, height = right - left, bottom - top
            yield Tile(
                band,
                place,
                Box(left, top, width, height),
                Box(left, top, width + under_right, height + under_bottom),
            )


def _ends(
    length: float,
    most: float,
    codes: Sequence[tuple[float, float]],
    tickets: Sequence[tuple[float, float]],
) -> list[tuple[float, float]]:
    """From cut to cut, each as far from the last as can be: so few sheets as there can be."""
    cuts = [0.0]
    while length - cuts[-1] > most:
        start, end = cuts[-1] + _LEAST, cuts[-1] + most
        found = _last_free(start, end, [*tickets, *codes]) or _last_free(start, end, codes)
        if found is None:
            raise WallError(
                "A sheet shows {most:.0f} mm of the poster at a time, and a code is larger. Take "
                "larger paper or less overlap.",
                most=most,
            )
        cuts.append(found)
    return list(zip(cuts, [*cuts[1:], length], strict=True))


def _last_free(start: float, end: float, taken: Sequence[tuple[float, float]]) -> float | None:
    """The farthest place up to ``end`` that lies in nothing that must stay whole."""
    here = end
    while here >= start:
        across = [low for low, high in taken if low < here < high]
        if not across:
            return here
        here = min(across)
    return None
