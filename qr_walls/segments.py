"""The cheapest way to say a text in a QR code: which characters in which mode.

ISO/IEC 18004, 7.4: digits cost 10/3 bits in numeric mode, capitals 11/2 in alphanumeric, anything
8 per byte; every change of mode costs a header. The best split is a shortest path over the text.

It depends on the kinds of the characters alone, never on which ones they are. The addresses of a
wall all have one shape, so one split is searched and serves five hundred codes.
"""

import re
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple

from qrcode import util

Mode = Literal[1, 2, 4]  # as in the symbol itself (ISO/IEC 18004, table 2)

NUMERIC: Mode = 1
ALPHANUMERIC: Mode = 2
BYTES: Mode = 4

# In sixths of a bit, so that thirds and halves of a bit stay whole numbers.
_PER_CHARACTER: dict[Mode, int] = {NUMERIC: 20, ALPHANUMERIC: 33, BYTES: 48}
_MODE_BITS = 4
_DIGIT, _CAPITAL = "0", "A"
# Up to five digits beside capitals never earn a segment: at most 5 × 13/6 bits are saved, and the
# header alone costs 14. Said as capitals they give most texts of a kind one and the same shape.
_FEW_DIGITS = re.compile(r"(?<=A)0{1,5}(?!0)|(?<!0)0{1,5}(?=A)")


class Segment(NamedTuple):
    """A run of characters said in one mode."""

    mode: Mode
    text: str


class Run(NamedTuple):
    """The mode of the next so many characters, and how many bytes those are in UTF-8."""

    mode: Mode
    characters: int
    bytes: int


def split(text: str, version: int) -> list[Segment]:
    """The split of ``text`` that takes the fewest bits in a symbol of this version (1 to 40)."""
    said, start = [], 0
    for run in plan(shape(text), version):
        said.append(Segment(run.mode, text[start : start + run.characters]))
        start += run.characters
    return said


def shape(text: str) -> str:
    """The kind of every character: "0" a digit, "A" another of the 45 alphanumeric ones
    (ISO/IEC 18004, table 5), else "1" to "4", its bytes in UTF-8."""
    kinds = text.translate(_KINDS)
    if kinds.strip("0A"):
        return kinds
    return _FEW_DIGITS.sub(lambda found: _CAPITAL * len(found[0]), kinds)


def plan(shape: str, version: int) -> tuple[Run, ...]:
    """The cheapest runs for any text of this shape in a symbol of this version (1 to 40)."""
    return _plan(shape, 9 if version < 10 else 26 if version < 27 else 40)


def bits(runs: tuple[Run, ...], version: int) -> int:
    """How many bits the runs take in a symbol of this version (ISO/IEC 18004, 7.4)."""
    return sum(header_bits(run.mode, version) + payload_bits(run) for run in runs)


def header_bits(mode: Mode, version: int) -> int:
    """What it costs to begin a segment: its mode and its length (ISO/IEC 18004, table 3)."""
    return _MODE_BITS + util.mode_sizes_for_version(version)[mode]


def payload_bits(run: Run) -> int:
    """What the characters themselves cost (ISO/IEC 18004, 7.4.3 to 7.4.5)."""
    match run.mode:
        case 1:
            return 10 * (run.characters // 3) + (0, 4, 7)[run.characters % 3]
        case 2:
            return 11 * (run.characters // 2) + 6 * (run.characters % 2)
        case _:
            return 8 * run.bytes


class _Kinds(dict[int, str]):
    """From a character to its kind; what is not ASCII is counted, not listed."""

    def __missing__(self, point: int) -> str:
        return "1" if point < 0x80 else "2" if point < 0x800 else "3" if point < 0x10000 else "4"


_KINDS = _Kinds(
    {point: _CAPITAL for point in util.ALPHA_NUM} | {point: _DIGIT for point in b"0123456789"}
)


@lru_cache(1024)
def _plan(shape: str, version: int) -> tuple[Run, ...]:
    header = {mode: 6 * header_bits(mode, version) for mode in _PER_CHARACTER}
    ways = [_Way(0, None, None)]
    for kind in shape:
        ways = [
            min((_onto(way, mode, header[mode], kind) for way in ways), key=_sixths)
            for mode in _modes(kind)
        ]
    modes = _trail(min(ways, key=_sixths))
    runs = groupby(zip(modes, map(_bytes, shape), strict=True), key=itemgetter(0))
    return tuple(_run(mode, [size for _, size in run]) for mode, run in runs)


class _Way(NamedTuple):
    """The cheapest way to have said what was read so far, ending in ``mode``."""

    sixths: int
    mode: Mode | None
    before: "_Way | None"


_sixths = attrgetter("sixths")


def _onto(way: _Way, mode: Mode, header: int, kind: str) -> _Way:
    cost = _PER_CHARACTER[mode] * (_bytes(kind) if mode == BYTES else 1)
    if way.mode == mode:
        return _Way(way.sixths + cost, mode, way)
    whole_bits = -(-way.sixths // 6) * 6  # a segment ends on a whole bit
    return _Way(whole_bits + header + cost, mode, way)


def _trail(way: _Way) -> list[Mode]:
    modes: list[Mode] = []
    while way.mode is not None and way.before is not None:
        modes.append(way.mode)
        way = way.before
    return modes[::-1]


def _run(mode: Mode, sizes: list[int]) -> Run:
    return Run(mode, len(sizes), sum(sizes))


def _modes(kind: str) -> list[Mode]:
    if kind == _DIGIT:
        return [NUMERIC, ALPHANUMERIC, BYTES]
    return [ALPHANUMERIC, BYTES] if kind == _CAPITAL else [BYTES]


def _bytes(kind: str) -> int:
    return 1 if kind in "0A" else int(kind)
