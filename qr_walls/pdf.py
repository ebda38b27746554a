"""A display list as PDF: vector codes in pure black ink, text in subset fonts, the same bytes
for the same poster.

fpdf2 keeps the file, its fonts and pictures; ``finish`` adds what a print shop asks for. Content
is written here, in millimetres from the top left corner, because a wall says the same few things
thousands of times: a gradient or a state stands in the file once, text moves on from where the
line before began, and what repeats from ticket to ticket repeats byte by byte, so it packs well.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceCMYK

from qr_walls import finish, outlines
from qr_walls.display import (
    Code,
    Colour,
    Ellipse,
    EveryPlate,
    Ink,
    Item,
    Page,
    Picture,
    Polygon,
    Rect,
    Shade,
    Text,
)
from qr_walls.inks import Inks
from qr_walls.model import QUIET_ZONE
from qr_walls.outlines import Loop, Point
from qr_walls.pictures import Sizes
from qr_walls.press import Press
from qr_walls.symbols import Symbol
from qr_walls.typefaces import Run, Typeface, Typefaces

POINTS_PER_MM = 72 / 25.4

Progress = Callable[[int, int], None]

# Black ink alone: a code printed in four colours blurs where they do not quite meet.
_BLACK, _WHITE = Ink(0, 0, 0, 1), Ink(0, 0, 0, 0)
_PLAIN = {"#000000": _BLACK, "#ffffff": _WHITE}  # need no profile to be understood
_ROUND = 0.5523  # how far the handles of a quarter of a circle reach, in radii


def write(
    pages: Sequence[Page],
    symbols: Mapping[str, Symbol],
    pictures: Mapping[str, Sizes],
    faces: Typefaces,
    *,
    title: str,
    language: str,
    created_at: datetime,
    press: Press | None = None,
    progress: Progress | None = None,
) -> bytes:
    """The finished file. ``symbols`` are by text, ``pictures`` by key.

    ``created_at`` is written into it, so that the same poster printed twice is the same file.
    ``press`` gives scale, output intent and ink spread; with its profile all colours become inks. ``progress`` is told how many items of how
    many are painted.
    """
    press = press or Press()
    if press.icc is not None:
        pages = [Inks(press.icc).page(page) for page in pages]
    whole, done = sum(len(page.items) for page in pages), 0
    with tempfile.TemporaryDirectory(prefix="qr-walls-") as folder:
        sheet = _Sheet(symbols, pictures, faces, press)
        sheet.set_title(title)
        sheet.set_lang(language)
        sheet.set_producer(finish.PRODUCER)
        sheet.set_creation_date(created_at)
        sheet.embed(_characters(pages, faces), Path(folder))
        for page in pages:
            for painted in sheet.paint(page):
                done += painted
                if progress:
                    progress(min(done, whole - 1), whole)
        plain = bytes(sheet.output())
    file = finish.finish(plain, pages, sheet.shades, sheet.opacities, press, title, created_at)
    if progress:
        progress(whole, whole)
    return file


def _characters(pages: Sequence[Page], faces: Typefaces) -> dict[Typeface, set[str]]:
    """Which characters every typeface has to bring."""
    said = {
        (item.text, item.bold) for page in pages for item in page.items if isinstance(item, Text)
    }
    used: dict[Typeface, set[str]] = {}
    for text, bold in said:
        for run in faces.runs(text, bold=bold):
            used.setdefault(run.face, set()).update(run.text)
    return used


class _Sheet(FPDF):
    def __init__(
        self,
        symbols: Mapping[str, Symbol],
        pictures: Mapping[str, Sizes],
        faces: Typefaces,
        press: Press,
    ) -> None:
        super().__init__(unit=POINTS_PER_MM / press.scale, format="A4")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_compression(False)  # ``finish`` packs everything, once
        self._symbols, self._pictures, self._faces = symbols, pictures, faces
        self._names: dict[Typeface, str] = {}
        self._encoded: dict[tuple[Typeface, str], str] = {}
        self._shown: dict[bytes, str] = {}  # pictures of this page
        self._fill: Colour | None = None
        self._spread_um = press.ink_spread_um
        self.shades: dict[tuple[str, str], str] = {}
        self.opacities: dict[float, str] = {}

    def embed(self, characters: Mapping[Typeface, set[str]], folder: Path) -> None:
        """Cut the fonts down before they are read: a Korean one has 20,000 characters too many."""
        for number, face in enumerate(sorted(characters, key=lambda face: str(face.path))):
            file = folder / f"{number}.ttf"
            file.write_bytes(face.subset(sorted(characters[face])))
            self._names[face] = f"face{number}"
            self.add_font(self._names[face], fname=file)

    def paint(self, page: Page) -> Iterator[int]:
        """A new page; gives now and then how many items more are on it."""
        self.add_page(format=(page.width + 2 * page.around, page.height + 2 * page.around))
        for name in self._names.values():
            self.set_font(name, size=1)
            self.text(0, 0, "")  # a page knows only typefaces that something was said in
        self._shown = {}
        self._begin(page.around)
        for is_text, items in groupby(page.items, key=lambda item: isinstance(item, Text)):
            chunk = list(items)
            if is_text:
                self._texts([item for item in chunk if isinstance(item, Text)], page.around)
            else:
                for item in chunk:
                    self._item(item, page.around)
            yield len(chunk)
        self._out("Q")

    def _begin(self, around: float) -> None:
        """From here on millimetres, rightwards and downwards from the corner of the poster."""
        self._fill = None
        self._out(
            f"q {self.k:.6f} 0 0 {-self.k:.6f} {around * self.k:.4f} "
            f"{self.h_pt - around * self.k:.4f} cm"
        )

    def _item(self, item: Item, around: float) -> None:
        match item:
            case Rect():
                path = _rounded(item.width, item.height, item.radius)
                self._shape(path, item.x, item.y, item.fill, item.opacity)
            case Ellipse():
                path = _ellipse(item.width, item.height)
                self._shape(path, item.x, item.y, item.fill, item.opacity)
            case Shade():
                self._shade(item)
            case Polygon():
                self._colour(item.fill)
                start, *rest = (f"{_n(x)} {_n(y)}" for x, y in item.points)
                self._out(f"{start} m " + " ".join(f"{corner} l" for corner in rest) + " f")
            case Picture():
                self._picture(item, around)
            case Code():
                self._code(item)

    def _colour(self, fill: Colour) -> None:
        if fill != self._fill:
            self._fill = fill
            self._out(_operator(fill))

    def _shape(self, path: str, x: float, y: float, fill: Colour, opacity: float) -> None:
        if opacity < 1:
            state = self.opacities.setdefault(opacity, f"A{len(self.opacities)}")
            self._out(f"q {_operator(fill)} /{state} gs 1 0 0 1 {_n(x)} {_n(y)} cm {path} f Q")
        elif path.endswith("re"):
            self._colour(fill)
            self._out(f"{_n(x)} {_n(y)} {path.removeprefix('0 0 ')} f")
        else:
            self._colour(fill)
            self._out(f"q 1 0 0 1 {_n(x)} {_n(y)} cm {path} f Q")

    def _shade(self, item: Shade) -> None:
        name = self.shades.setdefault((item.top, item.bottom), f"S{len(self.shades)}")
        self._out(
            f"q {_n(item.width)} 0 0 {_n(item.height)} {_n(item.x)} {_n(item.y)} cm "
            f"0 0 1 1 re W n /{name} sh Q"
        )

    def _picture(self, item: Picture, around: float) -> None:
        file = self._pictures[item.key].file  # of many products, maybe
        if file not in self._shown:
            # fpdf2 puts the first one on the page itself, in its own measure of things.
            self._out("Q")
            info = self.image(file, item.x + around, item.y + around, item.width, item.height)
            self._shown[file] = str(info["i"])
            self._begin(around)
            return
        self._out(
            f"q {_n(item.width)} 0 0 {_n(-item.height)} {_n(item.x)} {_n(item.y + item.height)} cm "
            f"/I{self._shown[file]} Do Q"
        )

    def _texts(self, items: Sequence[Text], around: float) -> None:
        """Lines that follow each other, each placed by its distance from the one before."""
        written = ["BT 1 0 0 -1 0 0 Tm"]
        at, font = (0, 0), ""
        for item in items:
            if item.fill != self._fill:
                self._fill = item.fill
                written.append(_operator(item.fill))
            x = item.x
            for run in self._faces.runs(item.text, bold=item.bold):
                wanted = f"/F{self.fonts[self._names[run.face]].i} {item.size:.3f} Tf"
                if run.shaped:
                    self._out(" ".join([*written, "ET"]))
                    self._shaped(x, item, run, around)
                    written, at, font = ["BT 1 0 0 -1 0 0 Tm", _operator(item.fill)], (0, 0), ""
                    self._fill = item.fill
                    x += run.ems * item.size
                    continue
                if wanted != font:
                    written.append(wanted)
                    font = wanted
                here = (round(x * 100), round(item.y * 100))
                across, down = here[0] - at[0], at[1] - here[1]
                written.append(f"{_hundredths(across)} {_hundredths(down)} Td")
                written.append(self._shown_text(run.face, run.text))
                at = here
                x += run.ems * item.size
        written.append("ET")
        self._out(" ".join(written))

    def _shaped(self, x: float, item: Text, run: Run, around: float) -> None:
        """Letters that join or run from right to left are set by fpdf2, in its own measure.

        A cell's baseline is 0.3 sizes below its middle.
        """
        self._out("Q")
        self.set_text_color(_device(item.fill))
        self.set_font(self._names[run.face], size=item.size * self.k)
        self.set_text_shaping(True, direction="rtl" if run.rtl else "ltr")
        self.set_xy(x + around, item.y + around - 0.3 * item.size)
        self.cell(run.ems * item.size, 0, run.text)
        self.set_text_shaping(False)
        self._begin(around)

    def _shown_text(self, face: Typeface, text: str) -> str:
        key = (face, text)
        if key not in self._encoded:
            self._encoded[key] = self.fonts[self._names[face]].encode_text(text)
        return self._encoded[key]

    def _contours(self, symbol: Symbol, module_mm: float) -> list[Loop]:
        """In an order that packs well, for ink that spreads."""
        return sorted(outlines.reduced(symbol.outline, self._spread_um, module_mm))

    def _code(self, item: Code) -> None:
        """One path in whole modules, scaled onto the page: no seams, nothing rounded."""
        symbol, quiet = self._symbols[item.text], QUIET_ZONE * item.module_mm
        side = symbol.modules * item.module_mm + 2 * quiet
        corner = f"{item.x - quiet:.4f} {item.y - quiet:.4f}"
        self._out(
            f"q {_operator(_WHITE)} {corner} {side:.4f} {side:.4f} re f "
            f"{_operator(_BLACK)} /{finish.OVERPRINT} gs "
            f"{item.module_mm:.6f} 0 0 {item.module_mm:.6f} {item.x:.4f} {item.y:.4f} cm "
            f"{' '.join(_loop(loop) for loop in self._contours(symbol, item.module_mm))} f* Q"
        )


def _device(fill: Colour) -> DeviceCMYK | str:
    """For fpdf2, which knows no plates; nobody writes across all of them either."""
    if isinstance(fill, EveryPlate):
        return DeviceCMYK(0, 0, 0, fill.share)
    return DeviceCMYK(*fill) if isinstance(fill, Ink) else fill


def _loop(loop: Loop) -> str:
    """``f*`` closes what is open; a loop of four corners is a rectangle in fewer bytes."""
    if len(loop) == 4:
        (left, top), (right, bottom) = min(loop), max(loop)
        return f"{left:g} {top:g} {right - left:g} {bottom - top:g} re"
    corners = " l ".join(map(_corner, loop))
    return corners.replace(" l ", " m ", 1) + " l"


@lru_cache(maxsize=4096)
def _corner(point: Point) -> str:
    x, y = point
    return f"{x:g} {y:g}"


@lru_cache(maxsize=512)
def _operator(fill: Colour) -> str:
    if isinstance(fill, Ink):
        return " ".join(f"{share:g}" for share in fill) + " k"
    if isinstance(fill, EveryPlate):
        return f"/{finish.EVERY_PLATE} cs {fill.share:g} scn"
    if fill in _PLAIN:
        return _operator(_PLAIN[fill])
    parts = (int(fill[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return " ".join(f"{part:.3g}" for part in parts) + " rg"


@lru_cache(maxsize=4096)
def _rounded(width: float, height: float, radius: float) -> str:
    if not radius:
        return f"0 0 {_n(width)} {_n(height)} re"
    radius = min(radius, width / 2, height / 2)
    near = radius * (1 - _ROUND)
    right, bottom = width - radius, height - radius
    return (
        f"{_n(radius)} 0 m {_n(right)} 0 l "
        f"{_n(width - near)} 0 {_n(width)} {_n(near)} {_n(width)} {_n(radius)} c "
        f"{_n(width)} {_n(bottom)} l "
        f"{_n(width)} {_n(height - near)} {_n(width - near)} {_n(height)} {_n(right)} {_n(height)} c "
        f"{_n(radius)} {_n(height)} l "
        f"{_n(near)} {_n(height)} 0 {_n(height - near)} 0 {_n(bottom)} c "
        f"0 {_n(radius)} l 0 {_n(near)} {_n(near)} 0 {_n(radius)} 0 c"
    )


@lru_cache(maxsize=4096)
def _ellipse(width: float, height: float) -> str:
    across, down = width / 2, height / 2
    left, right = across * (1 - _ROUND), across * (1 + _ROUND)
    high, low = down * (1 - _ROUND), down * (1 + _ROUND)
    return (
        f"0 {_n(down)} m 0 {_n(high)} {_n(left)} 0 {_n(across)} 0 c "
        f"{_n(right)} 0 {_n(width)} {_n(high)} {_n(width)} {_n(down)} c "
        f"{_n(width)} {_n(low)} {_n(right)} {_n(height)} {_n(across)} {_n(height)} c "
        f"{_n(left)} {_n(height)} 0 {_n(low)} 0 {_n(down)} c"
    )


def _n(value: float) -> str:
    """Hundredths of a millimetre are finer than any press."""
    return _hundredths(round(value * 100))


def _hundredths(value: int) -> str:
    whole, rest = divmod(abs(value), 100)
    sign = "-" if value < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest:02}".rstrip("0")
