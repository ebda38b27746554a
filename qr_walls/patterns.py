"""What every QR symbol of a version has in common, whatever it says (ISO/IEC 18004, 6.3 and 7.7).

Finder, timing and alignment patterns, version and format information, the eight mask patterns,
and the order in which modules take the message. Made once for a version and level, then kept.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from qrcode import util

Bits = NDArray[np.uint8]  # 0 and 1, or eight of them in a byte

_LIGHT, _DARK = 0, 1


class Pattern(NamedTuple):
    """One version and level. ``masked`` holds in bit m of a module what mask m makes of it: the
    module itself where it is fixed, else whether the mask turns the message over there."""

    masked: Bits  # rows × columns
    order: NDArray[np.intp]  # the modules that take the message, as row × side + column


@cache
def pattern(version: int, level: int) -> Pattern:
    """``version`` from 1 to 40; ``level`` as in the symbol's format information (0 to 3)."""
    fixed = np.full((side(version), side(version)), -1, np.int8)
    _finders(fixed)
    _alignment(fixed, version)
    _timing(fixed)
    _version_information(fixed, version)
    _format_information(fixed, 0)  # keeps its modules free of the message
    order = _order(fixed < 0)
    masked = np.zeros(fixed.shape, np.uint8)
    for mask, turns_over in enumerate(_masks(len(fixed))):
        _format_information(fixed, level << 3 | mask)
        module = np.where(fixed < 0, turns_over, fixed == _DARK)
        masked |= module.astype(np.uint8) << mask
    return Pattern(masked, order)


def side(version: int) -> int:
    """Modules along one side, without the quiet zone."""
    return 17 + 4 * version


def _masks(side: int) -> Iterator[NDArray[np.bool_]]:
    """The eight conditions of ISO/IEC 18004, table 10, for row i and column j."""
    i, j = np.ogrid[:side, :side]
    yield (i + j) % 2 == 0
    yield (i + 0 * j) % 2 == 0
    yield (0 * i + j) % 3 == 0
    yield (i + j) % 3 == 0
    yield (i // 2 + j // 3) % 2 == 0
    yield (i * j) % 2 + (i * j) % 3 == 0
    yield ((i * j) % 2 + (i * j) % 3) % 2 == 0
    yield ((i * j) % 3 + (i + j) % 2) % 2 == 0


def _finders(fixed: NDArray[np.int8]) -> None:
    """Three squares in the corners, with the light separator around each."""
    finder = np.full((9, 9), _LIGHT)
    finder[1:8, 1:8] = _rings(7, light=1)
    fixed[:8, :8] = finder[1:, 1:]
    fixed[:8, -8:] = finder[1:, :-1]
    fixed[-8:, :8] = finder[:-1, 1:]


def _alignment(fixed: NDArray[np.int8], version: int) -> None:
    for row, column in product(util.PATTERN_POSITION_TABLE[version - 1], repeat=2):
        if fixed[row, column] < 0:
            fixed[row - 2 : row + 3, column - 2 : column + 3] = _rings(5, light=1)


def _rings(size: int, light: int) -> NDArray[np.int8]:
    """A dark square with one light ring, ``light`` modules from its edge."""
    from_edge = np.minimum(np.arange(size), np.arange(size)[::-1])
    square = np.minimum(from_edge[:, None], from_edge)
    return np.where(square == light, np.int8(_LIGHT), np.int8(_DARK))


def _timing(fixed: NDArray[np.int8]) -> None:
    line = np.arange(8, len(fixed) - 8)
    fixed[6, line] = fixed[line, 6] = line % 2 == 0


def _version_information(fixed: NDArray[np.int8], version: int) -> None:
    if version < 7:
        return
    bits = util.BCH_type_number(version)
    for place in range(18):
        row, column = place // 3, len(fixed) - 11 + place % 3
        fixed[row, column] = fixed[column, row] = bits >> place & 1


def _format_information(fixed: NDArray[np.int8], data: int) -> None:
    """Twice, around the finders, with the module that is always dark (7.9.1)."""
    bits = util.BCH_type_info(data)
    along = [0, 1, 2, 3, 4, 5, 7, 8, *range(len(fixed) - 7, len(fixed))]
    across = [*range(len(fixed) - 1, len(fixed) - 9, -1), 7, 5, 4, 3, 2, 1, 0]
    for place, (row, column) in enumerate(zip(along, across, strict=True)):
        fixed[row, 8] = fixed[8, column] = bits >> place & 1
    fixed[-8, 8] = _DARK


def _order(free: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Two columns at a time from the right, up and down in turn, around what is fixed (7.7.3)."""
    return np.array(
        [row * len(free) + column for row, column in _path(len(free)) if free[row, column]]
    )


def _path(size: int) -> Iterator[tuple[int, int]]:
    pairs = [*range(size - 1, 6, -2), 5, 3, 1]  # the column of the timing pattern is left out
    for turn, right in enumerate(pairs):
        rows = range(size - 1, -1, -1) if turn % 2 == 0 else range(size)
        yield from ((row, column) for row in rows for column in (right, right - 1))
