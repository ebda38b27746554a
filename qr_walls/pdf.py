"""A display list as PDF: vector codes in pure black ink, text in subset fonts, the same bytes
for the same poster."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceCMYK
from fpdf.pattern import LinearGradient

from qr_walls.display import Code, Ellipse, Item, Page, Picture, Polygon, Rect, Shade, Text
from qr_walls.model import QUIET_ZONE
from qr_walls.pictures import Sizes
from qr_walls.symbols import Symbol
from qr_walls.typefaces import Typeface, Typefaces

POINTS_PER_MM = 72 / 25.4

Progress = Callable[[int, int], None]

# Black ink alone: a code printed in four colours blurs where they do not quite meet.
_BLACK = DeviceCMYK(0, 0, 0, 1)
_WHITE = DeviceCMYK(0, 0, 0, 0)


def write(
    pages: Sequence[Page],
    symbols: Mapping[str, Symbol],
    pictures: Mapping[str, Sizes],
    faces: Typefaces,
    *,
    title: str,
    language: str,
    created_at: datetime,
    progress: Progress | None = None,
) -> bytes:
    """The finished file. ``symbols`` are by text, ``pictures`` by key.

    ``created_at`` is written into it, so that the same poster printed twice is the same file.
    ``progress`` is told how many items of how many are painted.
    """
    with tempfile.TemporaryDirectory(prefix="qr-walls-") as folder:
        sheet = _Sheet(symbols, pictures, faces)
        sheet.set_title(title)
        sheet.set_lang(language)
        sheet.set_producer("Perron qr_walls")
        sheet.set_creation_date(created_at)
        sheet.embed(_characters(pages, faces), Path(folder))
        whole, done = sum(len(page.items) for page in pages), 0
        for page in pages:
            sheet.add_page(format=(page.width, page.height))
            for item in page.items:
                sheet.paint(item)
                done += 1
                if progress and done % 100 == 0:
                    progress(done, whole)
        if progress:
            progress(whole, whole)
        return bytes(sheet.output())


def _characters(pages: Sequence[Page], faces: Typefaces) -> dict[Typeface, set[str]]:
    """Which characters every typeface has to bring."""
    used: dict[Typeface, set[str]] = {}
    for page in pages:
        for item in page.items:
            if isinstance(item, Text):
                for run in faces.runs(item.text, bold=item.bold):
                    used.setdefault(run.face, set()).update(run.text)
    return used


class _Sheet(FPDF):
    def __init__(
        self, symbols: Mapping[str, Symbol], pictures: Mapping[str, Sizes], faces: Typefaces
    ) -> None:
        super().__init__(unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self._symbols, self._pictures, self._faces = symbols, pictures, faces
        self._names: dict[Typeface, str] = {}

    def embed(self, characters: Mapping[Typeface, set[str]], folder: Path) -> None:
        """Cut the fonts down before they are read: a Korean one has 20,000 characters too many."""
        for number, face in enumerate(sorted(characters, key=lambda face: str(face.path))):
            file = folder / f"{number}.ttf"
            file.write_bytes(face.subset(sorted(characters[face])))
            self._names[face] = f"face{number}"
            self.add_font(self._names[face], fname=file)

    def paint(self, item: Item) -> None:
        match item:
            case Rect() | Ellipse() if item.opacity < 1:
                with self.local_context(fill_opacity=item.opacity):
                    self._fill(item)
            case Rect() | Ellipse():
                self._fill(item)
            case Shade():
                self._shade(item)
            case Polygon():
                self.set_fill_color(item.fill)
                self.polygon(item.points, style="F")
            case Picture():
                self.image(self._pictures[item.key].png, item.x, item.y, item.width, item.height)
            case Text():
                self._text(item)
            case Code():
                self._code(item)

    def _fill(self, item: Rect | Ellipse) -> None:
        self.set_fill_color(item.fill)
        if isinstance(item, Ellipse):
            self.ellipse(item.x, item.y, item.width, item.height, style="F")
        elif item.radius:
            self.rect(
                item.x,
                item.y,
                item.width,
                item.height,
                style="F",
                round_corners=True,
                corner_radius=item.radius,
            )
        else:
            self.rect(item.x, item.y, item.width, item.height, style="F")

    def _shade(self, item: Shade) -> None:
        # In mm like all else: fpdf2 turns a pattern's own space with the page's.
        shading = LinearGradient(
            0,
            item.y,
            0,
            item.y + item.height,
            [item.top, item.bottom],
            extend_before=True,
            extend_after=True,
        )
        with self.local_context(), self.use_pattern(shading):
            self.rect(item.x, item.y, item.width, item.height, style="F")

    def _text(self, item: Text) -> None:
        x = item.x
        self.set_text_color(item.fill)
        for run in self._faces.runs(item.text, bold=item.bold):
            self.set_font(self._names[run.face], size=item.size * POINTS_PER_MM)
            width = run.ems * item.size
            if run.shaped:
                self._shaped(x, item, run.text, width, rtl=run.rtl)
            else:
                self.text(x, item.y, run.text)
            x += width

    def _shaped(self, x: float, item: Text, text: str, width: float, *, rtl: bool) -> None:
        """Letters that join or run from right to left; a cell's baseline is 0.3 sizes below it."""
        self.set_text_shaping(True, direction="rtl" if rtl else "ltr")
        self.set_xy(x, item.y - 0.3 * item.size)
        self.cell(width, 0, text)
        self.set_text_shaping(False)

    def _code(self, item: Code) -> None:
        """One path in whole modules, scaled onto the page: no seams, nothing rounded."""
        symbol, quiet = self._symbols[item.text], QUIET_ZONE * item.module_mm
        side = symbol.modules * item.module_mm + 2 * quiet
        self.set_fill_color(_WHITE)
        self.rect(item.x - quiet, item.y - quiet, side, side, style="F")
        scale = item.module_mm * self.k
        path = " ".join(
            " ".join(f"{x} {y} {'l' if corner else 'm'}" for corner, (x, y) in enumerate(loop))
            + " h"
            for loop in symbol.outline
        )
        self._out(
            f"q {_BLACK.serialize().lower()} {scale:.5f} 0 0 {-scale:.5f} "
            f"{item.x * self.k:.4f} {self.h_pt - item.y * self.k:.4f} cm {path} f* Q"
        )
