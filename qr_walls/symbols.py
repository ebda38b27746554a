"""QR codes (ISO/IEC 18004) as one outline each, encoded by the ``qrcode`` package.

A symbol is as small as its text allows at error correction M, and then takes the highest level
that costs no larger version: Q or H for nothing is worth having on a wall people lean against.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Literal

import qrcode
from qrcode import base, constants, util

from qr_walls import outlines, segments
from qr_walls.errors import WallError

Ecc = Literal["L", "M", "Q", "H"]

# One more than the digits the largest symbol can hold.
_LONGEST = 7090
# Within these versions a segment's header has the same length (ISO/IEC 18004, table 3).
_SAME_HEADERS = (range(1, 10), range(10, 27), range(27, 41))


_LEVELS: dict[Ecc, int] = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}


class Symbol:
    """One code: what it says, and which modules are dark."""

    def __init__(self, text: str, ecc: Ecc, rows: Sequence[Sequence[bool]]) -> None:
        self.text = text
        self.ecc = ecc
        self.rows = tuple(tuple(bool(module) for module in row) for row in rows)

    @property
    def modules(self) -> int:
        """Modules along one side, without the quiet zone: 21 to 177."""
        return len(self.rows)

    @property
    def version(self) -> int:
        """1 to 40."""
        return (self.modules - 17) // 4

    @cached_property
    def outline(self) -> tuple[outlines.Loop, ...]:
        """Closed loops in modules from the symbol's top left corner, to fill by even-odd."""
        return outlines.trace(self.rows)


def encode_many(texts: Sequence[str], at_least: Ecc = "M") -> list[Symbol]:
    """A symbol for every text, in order. Raises ``WallError`` for a text no symbol can hold."""
    return [_encode(text, at_least) for text in texts]


def fit(text: str, at_least: Ecc = "M") -> tuple[int, Ecc]:
    """The version (1 to 40) a text needs, and the error correction it then gets for nothing."""
    for versions in _SAME_HEADERS:
        size = segments.bits(segments.split(text[:_LONGEST], versions[0]), versions[0])
        for version in versions:
            levels = [ecc for ecc in _from(at_least) if size <= _capacity_bits(version, ecc)]
            if levels:
                return version, levels[-1]
    raise WallError("“{text}…” is too long for a code.", text=text[:40])


def _encode(text: str, at_least: Ecc) -> Symbol:
    version, ecc = fit(text, at_least)
    code = qrcode.QRCode(version=version, error_correction=_LEVELS[ecc], border=0)
    for segment in segments.split(text, version):
        code.add_data(util.QRData(segment.text.encode(), mode=segment.mode), optimize=0)
    code.make(fit=False)
    return Symbol(text, ecc, code.get_matrix())


def _from(at_least: Ecc) -> list[Ecc]:
    levels: list[Ecc] = ["L", "M", "Q", "H"]
    return levels[levels.index(at_least) :]


@cache
def _capacity_bits(version: int, ecc: Ecc) -> int:
    return 8 * sum(block.data_count for block in base.rs_blocks(version, _LEVELS[ecc]))
