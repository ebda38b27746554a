"""How wide a text is, which typeface has its characters, and how it is broken into lines.

Files come from the caller, most preferred first: a Latin face, then those that fill its gaps.
Nearly every text of a poster is said many times over, so what was measured once is remembered.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from math import ceil, log
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qr_walls import scripts
from qr_walls.errors import WallError

if TYPE_CHECKING:
    import uharfbuzz

SMALLEST = 0.62  # of the wanted size; below it a text is cut rather than shrunk
_STEP = 0.94
_LEAST = 0.05
_ELLIPSIS = "…"
_LONGEST = 400  # characters that are looked at: no line of a poster holds as many
_REMEMBERED = 20_000


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

    def shaped(self, text: str, *, rtl: bool) -> float:
        """The width in ems of letters that join, as they are joined."""
        import uharfbuzz

        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        uharfbuzz.shape(self._font, buffer)
        return float(sum(glyph.x_advance for glyph in buffer.glyph_positions) / self._face.upem)

    def subset(self, characters: Sequence[str]) -> bytes:
        """The font file with these characters only, and the forms they take when they join."""
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
    """Characters of one typeface that stand next to each other and are read the same way."""

    face: Typeface
    text: str  # in reading order
    rtl: bool = False
    ems: float = 0.0  # its width

    @property
    def shaped(self) -> bool:
        """Whether its glyphs depend on their neighbours, so that a shaping engine must set it."""
        return self.rtl or any(map(scripts.is_shaped, self.text))


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
        remember = lru_cache(maxsize=_REMEMBERED)
        self._ems = remember(self._ems)  # type: ignore[method-assign]
        self._runs = remember(self._runs)  # type: ignore[method-assign]
        self._fitted = remember(self._fitted)  # type: ignore[method-assign]
        self.known = remember(self.known)  # type: ignore[method-assign]

    def known(self, text: str) -> str:
        """The text as it can be set: one line, without characters that no face here has."""
        plain = scripts.cleaned(text[:_LONGEST])
        kept = "".join(character for character in plain if self._has(character))
        return kept if len(kept) == len(plain) else scripts.spaced_once(kept)

    def unknown(self, text: str) -> str:
        """The characters of ``text`` that no face here has, once each."""
        plain = scripts.cleaned(text)
        return "".join(dict.fromkeys(c for c in plain if not self._has(c)))

    def runs(self, text: str, *, bold: bool = False) -> tuple[Run, ...]:
        """The text cut where typeface or direction changes, as it stands from left to right."""
        return self._runs(text, bold)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """In the unit of ``size``."""
        return size * self._ems(text, bold)

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
        return self._fitted(text, width, size, bold, lines, smallest)

    def _fitted(
        self, text: str, width: float, size: float, bold: bool, lines: int, smallest: float
    ) -> Lines:
        text = self.known(text)
        room = max(width, 0.0) / size
        scale = self._first_scale(text, room, bold=bold) if lines == 1 else 1.0
        least = max(smallest, _LEAST)
        while True:
            broken, whole = self._broken(text, room / scale, lines, bold=bold)
            # Rather smaller than a word torn apart; torn only where the next step is to cut.
            last = scale * _STEP < least
            if len(broken) <= lines and (whole or last):
                return self._measured(broken, size * scale, text, bold=bold, cut=False)
            if last:
                kept = self._cut(broken, lines, room / scale, bold=bold)
                return self._measured(kept, size * scale, text, bold=bold, cut=True)
            scale *= _STEP

    def _first_scale(self, text: str, room: float, *, bold: bool) -> float:
        """The first step down at which one line can be long enough, so that none is tried in vain."""
        ems = self._ems(text, bold)
        if ems <= room:
            return 1.0
        steps = 60 if room <= 0 else ceil(log(room / ems) / log(_STEP) - 1e-9)
        return float(_STEP ** min(steps, ceil(log(_LEAST) / log(_STEP)) - 1))

    def _has(self, character: str) -> bool:
        return self._face(character, bold=False) is not None or character in _INVISIBLE

    def _face(self, character: str, *, bold: bool) -> Typeface | None:
        chain = self.bold if bold else self.regular
        return next((face for face in chain if face.advance(character) is not None), None)

    def _ems(self, text: str, bold: bool) -> float:
        """The width of a text of size 1."""
        first = (self.bold if bold else self.regular)[0]
        if text.isascii():  # nothing in it joins or turns around
            return sum(first.advance(character) or 0.0 for character in text)
        return sum(run.ems for run in self._runs(text, bold))

    def _runs(self, text: str, bold: bool) -> tuple[Run, ...]:
        if not any(map(scripts.runs_back, text)):
            return tuple(self._of_one_way(text, bold, rtl=False))
        return tuple(
            run
            for part, rtl in _in_visual_order(text)
            for run in list(self._of_one_way(part, bold, rtl=rtl))[:: -1 if rtl else 1]
        )

    def _of_one_way(self, text: str, bold: bool, *, rtl: bool) -> Iterator[Run]:
        before: Typeface | None = None
        faced: list[tuple[Typeface, str]] = []
        for character in text:
            # A mark rides on its letter, so it should come from the same face.
            rides = before is not None and scripts.clings(character)
            if rides and before is not None and before.advance(character) is not None:
                face: Typeface | None = before
            else:
                face = self._face(character, bold=bold)
            if face is not None and character not in _INVISIBLE_MARKS:
                faced.append((face, character))
                before = face
        for face, group in groupby(faced, key=lambda pair: pair[0]):
            run = Run(face, "".join(character for _, character in group), rtl)
            ems = (
                face.shaped(run.text, rtl=rtl)
                if run.shaped
                else sum(face.advance(character) or 0.0 for character in run.text)
            )
            yield run._replace(ems=ems)

    def _measured(
        self, lines: Sequence[str], size: float, text: str, *, bold: bool, cut: bool
    ) -> Lines:
        if not text.isascii() and any(map(scripts.runs_back, text)):
            # Every line goes the way of the whole, whichever letter it happens to begin with.
            rtl, mark = _begins_rtl(text), scripts.MARKS[_begins_rtl(text)]
            lines = [line if _begins_rtl(line) == rtl else mark + line for line in lines]
        return Lines(tuple((line, self.width(line, size, bold=bold)) for line in lines), size, cut)

    def _broken(self, text: str, room: float, most: int, *, bold: bool) -> tuple[list[str], bool]:
        """Filled line by line, and whether every word stayed whole. One line too many suffices."""
        lines: list[str] = []
        used, whole, space = 0.0, True, self._ems(" ", bold)
        for word, glue in _words(text):
            if len(lines) > most:
                break
            ems = self._ems(word, bold)
            between = space if glue else 0.0
            if lines and used + between + ems <= room:
                lines[-1] += glue + word
                used += between + ems
            elif ems <= room:
                lines.append(word)
                used = ems
            else:
                whole = False
                lines.extend(self._pieces(word, room, bold=bold))
                used = self._ems(lines[-1], bold)
        return lines, whole

    def _pieces(self, word: str, room: float, *, bold: bool) -> Iterator[str]:
        """A word too wide for a line, torn: at its own hyphen, at a syllable, or where it must."""
        while word:
            many = self._most_that_fit(word, room, bold=bold)
            if many >= len(word):
                yield word
                return
            place = scripts.hyphenated(word, many)
            if own := scripts.own_hyphen(word, many):
                place = own
                yield word[:place]
            elif place and self._ems(f"{word[:place]}-", bold) <= room:
                yield f"{word[:place]}-"
            else:
                place = many
                yield word[:place]
            word = word[place:]

    def _most_that_fit(self, word: str, room: float, *, bold: bool) -> int:
        many = 1
        while many < len(word) and self._ems(word[: many + 1], bold) <= room:
            many += 1
        while many < len(word) and scripts.clings(word[many]):
            many += 1
        return many

    def _cut(self, broken: list[str], lines: int, room: float, *, bold: bool) -> list[str]:
        last = broken[lines - 1]
        while last and self._ems(last + _ELLIPSIS, bold) > room:
            last = last[:-1]
        return [*broken[: lines - 1], last.rstrip(" -") + _ELLIPSIS]


_INVISIBLE_MARKS = frozenset((scripts.ISOLATE, scripts.END_OF_ISOLATE, *scripts.MARKS))
_INVISIBLE = _INVISIBLE_MARKS | {"\u200c", "\u200d"}


def _in_visual_order(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a line that run one way, from left to right as they stand (UAX 9, L2)."""
    from fpdf.bidi import BidiParagraph

    placed = BidiParagraph(text, preserve_bn_chars=True).get_reordered_characters()
    for rtl, part in groupby(placed, key=lambda one: one.embedding_level % 2 == 1):
        letters = [one.character for one in part]
        yield "".join(reversed(letters) if rtl else letters), rtl


def _begins_rtl(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left, whatever is isolated
    (UAX 9, P2)."""
    depth = 0
    for character in text:
        way = unicodedata.bidirectional(character)
        if character in (scripts.ISOLATE, scripts.END_OF_ISOLATE):
            depth += 1 if character == scripts.ISOLATE else -1
        elif depth <= 0 and way in ("L", "R", "AL"):
            return way != "L"
    return False


@lru_cache(maxsize=_REMEMBERED)
def _words(text: str) -> tuple[tuple[str, str], ...]:
    """What must not be torn, each with what stands between it and the one before."""
    found: list[tuple[str, str]] = []
    for word in text.split(" "):
        if not word:
            continue
        glue = " " if found else ""
        if word.isascii() or not any(map(scripts.breaks_anywhere, word)):
            found.append((word, glue))
            continue
        for character in word:
            previous = found[-1][0] if found and not glue else ""
            joins = previous and not (
                scripts.breaks_anywhere(character) or scripts.breaks_anywhere(previous[-1])
            )
            closes = previous and (
                character in "、。，）」』】！？・ー" or scripts.clings(character)
            )
            if joins or closes:
                found[-1] = (previous + character, found[-1][1])
            else:
                found.append((character, glue))
            glue = ""
    return tuple(found)
