"""The outline of a QR code's dark modules, as closed loops.

One filled path instead of hundreds of little squares: squares that merely touch show hairlines
between them in every viewer that smooths edges, and a press may print those.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qr_walls.errors import WallError

# x to the right, y downwards, in modules from the top left corner; whole unless ink was allowed for.
Point = tuple[float, float]
Loop = tuple[Point, ...]  # corners only; the last joins the first

LARGEST_REDUCTION = 0.15
"""Of a module: what a bar may be drawn narrower or wider than it should print. Readers take 0.2 to
0.3 at three pixels a module, and the press keeps the rest."""


def trace(dark: NDArray[np.bool_]) -> tuple[Loop, ...]:
    """The loops around the dark modules (rows × columns), to be filled by the even-odd rule.

    Dark lies to the right of every step, so outer loops run clockwise and holes the other way.
    Modules that touch by a corner only stay loops of their own.
    """
    corners = _corners(dark)
    visited = bytearray(len(corners.points))
    loops = []
    for corner, dark_below in enumerate(corners.dark_below):
        if not visited[corner]:
            # The top left corner of its loop: of an outer one the edge to the right comes next.
            loops.append(_walk(corner, corners, visited, across=dark_below))
    return tuple(loops)


def inset(loops: Sequence[Loop], by: float) -> tuple[Loop, ...]:
    """The same loops with every edge moved ``by`` modules into the dark, for ink that spreads.

    Bars become twice as much narrower; with a negative ``by`` they become wider. Raises
    ``WallError`` when a bar would change by more than ``LARGEST_REDUCTION``.
    """
    if not abs(2 * by) <= LARGEST_REDUCTION:
        raise WallError(
            "Bars of a code can be drawn at most {most:.0%} of a module narrower or wider, not"
            " {asked:.0%}: print larger modules, or on a paper that spreads the ink less.",
            most=LARGEST_REDUCTION,
            asked=abs(2 * by),
        )
    if by == 0:
        return tuple(loops)
    # Modules that touch by a corner and grow would overlap, and even-odd leaves overlaps white.
    return tuple(_moved(loop, by) for loop in (_joined(loops) if by < 0 else loops))


def reduced(loops: Sequence[Loop], reduction_um: float, module_mm: float) -> tuple[Loop, ...]:
    """The loops for a press whose bars come out ``reduction_um`` µm too wide, at modules of
    ``module_mm``: drawn that much narrower. Raises ``WallError`` as ``inset`` does."""
    if module_mm <= 0:
        raise WallError("A module of {side} mm cannot be drawn.", side=module_mm)
    return inset(loops, reduction_um / 1000 / module_mm / 2)


def svg_path(loops: Sequence[Loop]) -> str:
    """The loops as the ``d`` of an SVG path in modules, to be filled by ``evenodd``."""
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in loop) + "Z" for loop in loops)


class _Corners(NamedTuple):
    """Every corner in reading order. Along its row a corner is joined to the one beside it in
    this order, two by two; ``down`` says which one it is joined to along its column."""

    points: list[Point]
    down: list[int]
    dark_below: list[bool]  # right below the corner


def _corners(dark: NDArray[np.bool_]) -> _Corners:
    """Where two modules touch there are two corners, the left one with the edge from the left."""
    framed = np.zeros((len(dark) + 2, len(dark) + 2), np.bool_)
    framed[1:-1, 1:-1] = dark
    above_left, above_right = framed[:-1, :-1], framed[:-1, 1:]
    below_left, below_right = framed[1:, :-1], framed[1:, 1:]
    bent = above_left ^ above_right ^ below_left ^ below_right
    rising = ~above_left & above_right & below_left & ~below_right
    falling = above_left & ~above_right & ~below_left & below_right
    corners = bent + 2 * (rising | falling)
    places = np.repeat(np.arange(bent.size), corners.reshape(-1))
    y, x = np.divmod(places, bent.shape[1])
    # Of two corners in one place the left one ends the edge from above, unless dark runs from
    # below left to above right: then it begins the one that goes down.
    later = np.append(False, places[1:] == places[:-1]) ^ rising.reshape(-1)[places]
    by_column = np.argsort(2 * (x * len(bent) + y) + later)
    down = np.empty_like(by_column)
    down[by_column] = by_column.reshape(-1, 2)[:, ::-1].reshape(-1)
    lattice = _lattice(len(bent))
    points = [lattice[place] for place in places.tolist()]
    return _Corners(points, down.tolist(), below_right.reshape(-1)[places].tolist())


@lru_cache(8)
def _lattice(size: int) -> list[Point]:
    """Made once: the codes of a wall share their points, of which there are hundreds of thousands."""
    return [(x, y) for y in range(size) for x in range(size)]


def _walk(corner: int, corners: _Corners, visited: bytearray, *, across: bool) -> Loop:
    loop = []
    while not visited[corner]:
        visited[corner] = True
        loop.append(corners.points[corner])
        corner = corner ^ 1 if across else corners.down[corner]
        across = not across
    return tuple(loop)


def _moved(loop: Loop, by: float) -> Loop:
    """One edge of a corner runs along x and one along y: each moves it to its own right."""
    steps = [_step(here, there) for here, there in zip(loop, (*loop[1:], loop[0]), strict=True)]
    return tuple(
        (x - by * (before_y + after_y), y + by * (before_x + after_x))
        for (x, y), (before_x, before_y), (after_x, after_y) in zip(
            loop, (steps[-1], *steps[:-1]), steps, strict=True
        )
    )


def _step(here: Point, there: Point) -> tuple[int, int]:
    (x, y), (to_x, to_y) = here, there
    return (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)


def _joined(loops: Sequence[Loop]) -> list[Loop]:
    """The loops with modules that touch by a corner made one: where two corners share a point,
    each goes on as the other would have."""
    points = [point for loop in loops for point in loop]
    after: list[int] = []
    for loop in loops:
        start = len(after)
        after += [*range(start + 1, start + len(loop)), start]
    at: defaultdict[Point, list[int]] = defaultdict(list)
    for corner, point in enumerate(points):
        at[point].append(corner)
    for one, other in (shared for shared in at.values() if len(shared) == 2):
        after[one], after[other] = after[other], after[one]
    return _round(points, after)


def _round(points: Sequence[Point], after: Sequence[int]) -> list[Loop]:
    visited = bytearray(len(points))
    loops = []
    for corner in range(len(points)):
        loop = []
        while not visited[corner]:
            visited[corner] = True
            loop.append(points[corner])
            corner = after[corner]
        if loop:
            loops.append(tuple(loop))
    return loops
