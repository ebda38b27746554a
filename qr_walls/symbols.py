"""QR codes (ISO/IEC 18004), many at a time: the codes of a whole wall in some milliseconds.

A symbol is as small as its text allows at error correction M, and then takes the highest level
that costs no larger version: Q or H for nothing is worth having on a wall people lean against.
The tables of the standard are those of the ``qrcode`` package; with mask and segments given, the
symbols are the same, module for module.
"""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn

from qrcode import base, constants

from qr_walls import segments
from qr_walls.errors import WallError

if TYPE_CHECKING:  # numpy stays out of processes that only ask how large a code will be
    import numpy as np
    from numpy.typing import NDArray

    from qr_walls import outlines

Ecc = Literal["L", "M", "Q", "H"]

# One more than the digits the largest symbol can hold.
_LONGEST = 7090
# Within these versions a segment's header has the same length (ISO/IEC 18004, table 3).
_SAME_HEADERS = (range(1, 10), range(10, 27), range(27, 41))
# So many modules are scored at once that they stay in the processor's cache.
_MODULES_AT_ONCE = 100_000

_LEVELS: dict[Ecc, int] = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}


class Symbol:
    """One code: what it says, and which modules are dark."""

    def __init__(self, text: str, ecc: Ecc, mask: int, dark: "NDArray[np.bool_]") -> None:
        self.text = text
        self.ecc = ecc
        self.mask = mask  # 0 to 7
        self.dark = dark  # rows × columns

    @property
    def modules(self) -> int:
        """Modules along one side, without the quiet zone: 21 to 177."""
        return len(self.dark)

    @property
    def version(self) -> int:
        """1 to 40."""
        return (self.modules - 17) // 4

    @cached_property
    def rows(self) -> tuple[tuple[bool, ...], ...]:
        """The modules row by row, True where dark."""
        return tuple(map(tuple, self.dark.tolist()))

    @cached_property
    def outline(self) -> "tuple[outlines.Loop, ...]":
        """Closed loops in modules from the symbol's top left corner, to fill by even-odd."""
        from qr_walls import outlines

        return outlines.trace(self.dark)


class Make(NamedTuple):
    """How a text is said: texts that are said alike are encoded together."""

    version: int
    ecc: Ecc
    runs: tuple[segments.Run, ...]


def encode_many(texts: Sequence[str], at_least: Ecc = "M") -> list[Symbol]:
    """A symbol for every text, in order, each under the mask that scores best.

    Raises ``WallError`` for a text no symbol can hold.
    """
    together: dict[Make, list[int]] = {}
    for place, text in enumerate(texts):
        together.setdefault(_make(text, at_least), []).append(place)
    done: dict[int, Symbol] = {}
    for make, places in together.items():
        drawn = draw(make, [texts[place] for place in places])
        done.update(zip(places, drawn, strict=True))
    return [done[place] for place in range(len(texts))]


def fit(text: str, at_least: Ecc = "M") -> tuple[int, Ecc]:
    """The version (1 to 40) a text needs, and the error correction it then gets for nothing.

    Raises ``WallError`` for a text no symbol can hold.
    """
    make = _make(text, at_least)
    return make.version, make.ecc


def draw(make: Make, texts: Sequence[str], mask: int | None = None) -> Iterator[Symbol]:
    """Symbols of texts that all have the shape ``make.runs`` were planned for, and fit.

    ``mask`` (0 to 7) is given to prove symbols against another encoder, never for print.
    """
    import numpy as np

    from qr_walls import codewords, masks, patterns

    side = patterns.side(make.version)
    pattern = patterns.pattern(make.version, _LEVELS[make.ecc])
    at_once = max(1, _MODULES_AT_ONCE // side**2)
    for start in range(0, len(texts), at_once):
        some = texts[start : start + at_once]
        message = codewords.messages(
            [text.encode() for text in some], make.runs, make.version, _LEVELS[make.ecc]
        )
        modules = np.zeros((side * side, len(some)), np.uint8)
        modules[pattern.order[: len(message)]] = message
        under_masks = -modules.reshape(side, side, -1) ^ pattern.masked[:, :, None]
        if mask is None:
            chosen = masks.penalties(under_masks).argmin(0)
        else:
            chosen = np.full(len(some), mask)
        dark = np.ascontiguousarray((under_masks >> chosen.astype(np.uint8) & 1).transpose(2, 0, 1))
        for text, one, module in zip(some, chosen.tolist(), dark.view(np.bool_), strict=True):
            yield Symbol(text, make.ecc, one, module)


def _make(text: str, at_least: Ecc) -> Make:
    if not text:
        raise WallError("A code needs something to say.")
    if len(text) > _LONGEST:
        return _refuse(text)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise WallError("“{text}” has characters no code can say.", text=ascii(text[:40]))
    return _smallest(segments.shape(text), at_least) or _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise WallError("“{text}…” is too long for a code.", text=text[:40])


@lru_cache(1024)
def _smallest(shape: str, at_least: Ecc) -> Make | None:
    for versions in _SAME_HEADERS:
        runs = segments.plan(shape, versions[0])
        size = segments.bits(runs, versions[0])
        for version in versions:
            levels = [ecc for ecc in _from(at_least) if size <= _capacity_bits(version, ecc)]
            if levels:
                return Make(version, levels[-1], runs)
    return None


def _from(at_least: Ecc) -> list[Ecc]:
    levels: list[Ecc] = ["L", "M", "Q", "H"]
    return levels[levels.index(at_least) :]


@cache
def _capacity_bits(version: int, ecc: Ecc) -> int:
    """How many bits of data a symbol holds (ISO/IEC 18004, table 7)."""
    return 8 * sum(block.data_count for block in base.rs_blocks(version, _LEVELS[ecc]))
