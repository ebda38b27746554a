"""The cheapest way to say a text in a QR code: which characters in which mode.

ISO/IEC 18004, 7.4: digits cost 10/3 bits in numeric mode, capitals 11/2 in alphanumeric, anything
8 per byte; every change of mode costs a header. The best split is a shortest path over the text.
"""

from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple

from qrcode import util

Mode = Literal[1, 2, 4]  # as in the symbol itself (ISO/IEC 18004, table 2)

NUMERIC: Mode = 1
ALPHANUMERIC: Mode = 2
BYTES: Mode = 4

_CAPITALS = frozenset(util.ALPHA_NUM.decode())
_MODE_BITS = 4
# In sixths of a bit, so that thirds and halves of a bit stay whole numbers.
_PER_CHARACTER: dict[Mode, int] = {NUMERIC: 20, ALPHANUMERIC: 33, BYTES: 48}


class Segment(NamedTuple):
    """A run of characters said in one mode."""

    mode: Mode
    text: str


def split(text: str, version: int) -> list[Segment]:
    """The split of ``text`` that takes the fewest bits in a symbol of this version (1 to 40)."""
    header = {mode: 6 * header_bits(mode, version) for mode in _PER_CHARACTER}
    ways = [_Way(0, None, None)]
    for character in text:
        ways = [
            min((_onto(way, mode, header[mode], character) for way in ways), key=_sixths)
            for mode in _modes(character)
        ]
    modes = _trail(min(ways, key=_sixths))
    runs = groupby(zip(modes, text, strict=True), key=itemgetter(0))
    return [Segment(mode, "".join(character for _, character in run)) for mode, run in runs]


def bits(segments: list[Segment], version: int) -> int:
    """How many bits the segments take in a symbol of this version (ISO/IEC 18004, 7.4)."""
    return sum(header_bits(segment.mode, version) + _payload_bits(segment) for segment in segments)


def header_bits(mode: Mode, version: int) -> int:
    """What it costs to begin a segment: its mode and its length (ISO/IEC 18004, table 3)."""
    return _MODE_BITS + util.mode_sizes_for_version(version)[mode]


class _Way(NamedTuple):
    """The cheapest way to have said what was read so far, ending in ``mode``."""

    sixths: int
    mode: Mode | None
    before: "_Way | None"


_sixths = attrgetter("sixths")


def _onto(way: _Way, mode: Mode, header: int, character: str) -> _Way:
    cost = _PER_CHARACTER[mode] * (len(character.encode()) if mode == BYTES else 1)
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


def _modes(character: str) -> list[Mode]:
    if character in "0123456789":
        return [NUMERIC, ALPHANUMERIC, BYTES]
    return [ALPHANUMERIC, BYTES] if character in _CAPITALS else [BYTES]


def _payload_bits(segment: Segment) -> int:
    count = len(segment.text)
    match segment.mode:
        case 1:
            return 10 * (count // 3) + (0, 4, 7)[count % 3]
        case 2:
            return 11 * (count // 2) + 6 * (count % 2)
        case _:
            return 8 * len(segment.text.encode())
