"""Which of the eight masks a symbol should wear (ISO/IEC 18004, 7.8.3).

A byte for each module holds it under all eight masks, a bit for each; the last axis goes over
symbols. So every comparison is made for eight masks and some hundred symbols at once.
"""

import numpy as np
from numpy.typing import NDArray

from qr_walls.patterns import Bits

Sums = NDArray[np.int32]  # masks × symbols

_ADJACENT, _BLOCK, _FINDER, _BALANCE = 3, 3, 40, 10  # N1 to N4 of table 11


def penalties(symbols: Bits) -> Sums:
    """The score of each mask for each symbol, over the symbol without its quiet zone.

    ``symbols`` is rows × columns × symbols. A finder-like pattern counts once for every side on
    which four light modules follow.
    """
    turned = np.ascontiguousarray(symbols.swapaxes(0, 1))
    lines = _along(symbols) + _along(turned)
    return lines + _BLOCK * _count(_blocks(symbols)) + _BALANCE * _imbalance(symbols)


def _along(lines: Bits) -> Sums:
    """Runs and finder-like patterns along the first axis."""
    four, five = _runs(lines)
    first = five.copy()
    first[1:] &= ~five[:-1]
    # A run of five scores N1 and every module more one: a window of five each, and N1 - 1 at first.
    runs = _count(five) + (_ADJACENT - 1) * _count(first)
    dark = _finders(lines)
    light = four & ~lines[:-3]
    before, after = dark[4:] & light[: len(dark) - 4], dark[:-4] & light[7:]
    return runs + _FINDER * (_count(before) + _count(after))


def _runs(lines: Bits) -> tuple[Bits, Bits]:
    """Where four and five modules of one colour begin."""
    two: Bits = ~(lines[1:] ^ lines[:-1])
    three: Bits = two[1:] & two[:-1]
    four: Bits = three[1:] & two[:-2]
    return four, four[1:] & two[:-3]


def _finders(lines: Bits) -> Bits:
    """Where dark, light, dark, dark, dark, light, dark begin."""
    end = len(lines) - 6
    found = lines[:end] & lines[6:]
    for place in (2, 3, 4):
        found &= lines[place : place + end]
    for place in (1, 5):
        found &= ~lines[place : place + end]
    return found


def _blocks(symbols: Bits) -> Bits:
    """Where two by two modules of one colour begin."""
    across = ~(symbols[:, 1:] ^ symbols[:, :-1])
    down = ~(symbols[1:] ^ symbols[:-1])
    alike: Bits = across[1:] & across[:-1] & down[:, 1:]
    return alike


def _imbalance(symbols: Bits) -> Sums:
    """Whole steps of 5 % between the share of dark modules and one half."""
    modules = symbols.shape[0] * symbols.shape[1]
    steps: Sums = abs(20 * _count(symbols) - 10 * modules) // modules
    return steps


def _count(marks: Bits) -> Sums:
    """How many modules are marked under each mask of each symbol.

    Every byte is opened into eight bytes, and eight sums run side by side in one 64-bit word: no
    symbol has more than 177 rows, so none runs over.
    """
    lanes = np.unpackbits(np.ascontiguousarray(marks), bitorder="little").view(np.uint64)
    columns = lanes.reshape(marks.shape).sum(0)
    counts: Sums = columns.view(np.uint8).reshape(*columns.shape, 8).sum(0, np.int32).T
    return counts
