"""How wide a text is, which typeface has its characters, and how it is broken into lines.

Files come from the caller, most preferred first: a Latin face, then those that fill its gaps.
"""

import unicodedata
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qr_walls.errors import WallError

if TYPE_CHECKING:
    import uharfbuzz

SMALLEST = 0.62  # of the wanted size; below it a text is cut rather than shrunk
_STEP = 0.94
_ELLIPSIS = "…"


class Typeface:
    """One font file, asked only for widths."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise WallError("There is no typeface at {path}.", path=path)
        self._advances: dict[str, float | None] = {}

    def __repr__(self) -> str:
        return f"Typeface({self.path.name})"

    def advance(self, character: str) -> float | None:
        """Its width in ems, None where this face does not have it."""
        if character not in self._advances:
            glyph = self._font.get_nominal_glyph(ord(character))
            self._advances[character] = (
                self._font.get_glyph_h_advance(glyph) / self._face.upem if glyph else None
            )
        return self._advances[character]

    def subset(self, characters: Sequence[str]) -> bytes:
        """The font file with these characters only."""
        import uharfbuzz

        wanted = uharfbuzz.SubsetInput()
        wanted.unicode_set.update({ord(character) for character in characters})
        return bytes(uharfbuzz.subset(self._face, wanted).blob.data)

    @cached_property
    def _face(self) -> "uharfbuzz.Face":
        import uharfbuzz

        return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(self.path)))

    @cached_property
    def _font(self) -> "uharfbuzz.Font":
        import uharfbuzz

        return uharfbuzz.Font(self._face)


class Run(NamedTuple):
    """Characters next to each other that one typeface has."""

    face: Typeface
    text: str


class Lines(NamedTuple):
    """A text as it fits: every line with its width, and the size it came down to."""

    lines: tuple[tuple[str, float], ...]
    size: float
    cut: bool


class Typefaces:
    """The faces of a poster in two weights, each a chain of fallbacks."""

    def __init__(self, regular: Sequence[Path], bold: Sequence[Path]) -> None:
        self.regular = [Typeface(path) for path in regular]
        self.bold = [Typeface(path) for path in bold]
        if not self.regular or not self.bold:
            raise WallError("A poster needs a regular and a bold typeface.")

    def known(self, text: str) -> str:
        """The text as it can be set: one line, without characters that no face here has."""
        plain = " ".join(unicodedata.normalize("NFC", text).split())
        return "".join(character for character in plain if self._face(character, bold=False))

    def runs(self, text: str, *, bold: bool = False) -> list[Run]:
        """The text cut where the typeface changes."""
        faced = [(self._face(character, bold=bold), character) for character in text]
        return [
            Run(face, "".join(character for _, character in run))
            for face, run in groupby(faced, key=lambda pair: pair[0])
            if face is not None
        ]

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """In the unit of ``size``."""
        return size * sum(
            run.face.advance(character) or 0
            for run in self.runs(text, bold=bold)
            for character in run.text
        )

    def fit(
        self,
        text: str,
        width: float,
        size: float,
        *,
        bold: bool = False,
        lines: int = 1,
        smallest: float = SMALLEST,
    ) -> Lines:
        """The text within ``width`` on at most ``lines`` lines: smaller if need be, then cut.

        ``smallest`` is the least share of ``size`` it may come down to; 0 never cuts a character.
        """
        text = self.known(text)
        scale = 1.0
        while True:
            broken = self._broken(text, width, size * scale, bold=bold)
            # Rather smaller than a word torn apart; torn only where the next step is to cut.
            if len(broken) <= lines and " ".join(broken) == text:
                return self._measured(broken, size * scale, bold=bold, cut=False)
            if scale * _STEP < max(smallest, 0.05):
                if len(broken) <= lines:
                    return self._measured(broken, size * scale, bold=bold, cut=False)
                kept = self._cut(broken, lines, width, size * scale, bold=bold)
                return self._measured(kept, size * scale, bold=bold, cut=True)
            scale *= _STEP

    def _face(self, character: str, *, bold: bool) -> Typeface | None:
        chain = self.bold if bold else self.regular
        return next((face for face in chain if face.advance(character) is not None), None)

    def _measured(self, lines: list[str], size: float, *, bold: bool, cut: bool) -> Lines:
        measured = tuple((line, self.width(line, size, bold=bold)) for line in lines)
        return Lines(measured, size, cut)

    def _broken(self, text: str, width: float, size: float, *, bold: bool) -> list[str]:
        """Filled line by line at spaces; a word wider than the line makes a line too many."""
        lines: list[str] = []
        for word in text.split():
            if lines and self.width(f"{lines[-1]} {word}", size, bold=bold) <= width:
                lines[-1] = f"{lines[-1]} {word}"
            elif self.width(word, size, bold=bold) <= width:
                lines.append(word)
            else:
                lines.extend(self._pieces(word, width, size, bold=bold))
        return lines

    def _pieces(self, word: str, width: float, size: float, *, bold: bool) -> list[str]:
        pieces = [""]
        for character in word:
            if pieces[-1] and self.width(pieces[-1] + character, size, bold=bold) > width:
                pieces.append("")
            pieces[-1] += character
        return pieces

    def _cut(
        self, broken: list[str], lines: int, width: float, size: float, *, bold: bool
    ) -> list[str]:
        last = broken[lines - 1]
        while last and self.width(last + _ELLIPSIS, size, bold=bold) > width:
            last = last[:-1]
        return [*broken[: lines - 1], last.rstrip() + _ELLIPSIS]
