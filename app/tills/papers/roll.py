"""A roll of paper, 80 mm wide and as long as what is said on it; black only, as thermal printers are."""

from collections.abc import Sequence
from datetime import datetime

from app.orders import faces
from qr_walls.display import Code, Item, Page, Rect, Text, moved
from qr_walls.model import QUIET_ZONE

INK = "#000000"
WIDTH, EDGE = 80.0, 4.0
"""Printers of 80 mm leave 4 mm free at each side."""
ROOM = WIDTH - 2 * EDGE
SIZE, SMALL, LARGE = 3.4, 2.7, 4.6
LEADING = 1.32
"""From one baseline to the next, in sizes."""
LONGEST = 3_000.0
"""PDF ends at 5,080 mm; a longer receipt goes on on a second sheet."""


class Roll:
    def __init__(self) -> None:
        self.faces = faces()
        self.pieces: list[tuple[float, list[Item]]] = []
        """How high each is, and what is painted, counted from its upper edge."""

    def say(
        self, text: str, *, size: float = SIZE, bold: bool = False, middle: bool = False
    ) -> None:
        """On as many lines as it takes, up to six."""
        fitted = self.faces.fit(text, ROOM, size, bold=bold, lines=6)
        items: list[Item] = [
            Text(
                EDGE + ((ROOM - wide) / 2 if middle else 0),
                _baseline(row, fitted.size), wide, fitted.size, words, INK, bold,
            )
            for row, (words, wide) in enumerate(fitted.lines)
        ]  # fmt: skip
        self.pieces.append((len(fitted.lines) * fitted.size * LEADING, items))

    def pair(self, left: str, right: str, *, size: float = SIZE, bold: bool = False) -> None:
        """Words at the left, on as many lines as they take, and a figure at the right."""
        [(figure, wide)] = self.faces.fit(right, ROOM / 2, size, bold=bold).lines
        fitted = self.faces.fit(left, ROOM - wide - 2, size, bold=bold, lines=4)
        items: list[Item] = [
            Text(EDGE, _baseline(row, fitted.size), words_wide, fitted.size, words, INK, bold)
            for row, (words, words_wide) in enumerate(fitted.lines)
        ]
        items.append(Text(WIDTH - EDGE - wide, _baseline(0, size), wide, size, figure, INK, bold))
        self.pieces.append((max(1, len(fitted.lines)) * size * LEADING, items))

    def columns(self, cells: Sequence[str], *, bold: bool = False) -> None:
        """The first at the left, the others each at the right of an equal part."""
        part, items = ROOM / len(cells), []
        for place, cell in enumerate(cells):
            fitted = self.faces.fit(cell, part - 1, SMALL, bold=bold, smallest=0.5)
            for words, wide in fitted.lines:
                x = EDGE if place == 0 else EDGE + part * (place + 1) - wide
                items.append(Text(x, _baseline(0, SMALL), wide, fitted.size, words, INK, bold))
        self.pieces.append((SMALL * LEADING, list(items)))

    def rule(self) -> None:
        self.pieces.append((3.0, [Rect(EDGE, 1.4, ROOM, 0.3, INK)]))

    def gap(self, mm: float = 2.0) -> None:
        self.pieces.append((mm, []))

    def code(self, text: str, side: float = 34.0) -> None:
        from qr_walls import symbols

        [symbol] = symbols.encode_many([text])
        module = side / (symbol.modules + 2 * QUIET_ZONE)
        quiet = QUIET_ZONE * module
        self.pieces.append((side, [Code((WIDTH - side) / 2 + quiet, quiet, module, text)]))

    def pages(self) -> list[Page]:
        pages: list[Page] = []
        y, items = EDGE, list[Item]()
        for high, piece in self.pieces:
            if y + high > LONGEST:
                pages.append(Page(WIDTH, y + EDGE, tuple(items)))
                y, items = EDGE, []
            items += [moved(item, 0, y) for item in piece]
            y += high
        return [*pages, Page(WIDTH, y + EDGE, tuple(items))]

    def as_pdf(self, title: str, language: str, at: datetime) -> bytes:
        # What writes PDF takes 50 MB, and most processes print nothing.
        from qr_walls import pdf, symbols

        pages = self.pages()
        texts = sorted({one.text for page in pages for one in page.items if isinstance(one, Code)})
        encoded = dict(zip(texts, symbols.encode_many(texts), strict=True))
        return pdf.write(
            pages, encoded, {}, self.faces, title=title, language=language, created_at=at
        )


def _baseline(row: int, size: float) -> float:
    return size * (1 + row * LEADING)
