"""What is printed for a tote: the label (A6) and the packing slip (A4), as lists of things to paint.

Nothing on them opens anything by itself and no name or address stands on them: a label lies in the
street, and a slip in the paper bin. The van finds the door by the number of the parcel.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.fulfilment.models import Storage
from app.fulfilment.packing import rules
from app.fulfilment.packing.bars import gs1_128
from qr_walls.display import Code, Item, Page, Rect, Text
from qr_walls.model import QUIET_ZONE
from qr_walls.typefaces import Typefaces

INK, PAPER, QUIET = "#000000", "#ffffff", "#555555"
A6, A4 = (105.0, 148.0), (210.0, 297.0)
LINES_ON_A_SLIP = 23


class Label(msgspec.Struct, frozen=True, kw_only=True):
    sscc: str
    link: str
    order_number: str
    number: int
    storage: Storage
    storage_word: str
    place: str
    window: str
    age_word: str | None = None


class SlipLine(msgspec.Struct, frozen=True):
    """`gone` says in words what of it did not come, and `below` what there is to say about it."""

    name: str
    given: int
    gone: str
    parcel: str
    below: str = ""


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    order_number: str
    link: str
    place: str
    window: str
    lines: list[SlipLine]
    title: str
    thanks: str
    how_to_return: str
    instead: str
    """A friendly word where something else came, empty where all is as ordered."""
    page_word: str


def print_labels(labels: Sequence[Label], faces: Typefaces, language: str, at: datetime) -> bytes:
    """One A6 page each, black only: thermal printers know no grey."""
    pages = [_label_page(label, faces) for label in labels]
    return _print(pages, faces, f"Perron {labels[0].order_number}", language, at)


def print_slip(slip: Slip, faces: Typefaces, language: str, at: datetime) -> bytes:
    parts = [
        slip.lines[first : first + LINES_ON_A_SLIP]
        for first in range(0, max(1, len(slip.lines)), LINES_ON_A_SLIP)
    ]
    pages = [_slip_page(slip, part, n, len(parts), faces) for n, part in enumerate(parts, 1)]
    return _print(pages, faces, f"Perron {slip.order_number}", language, at)


def _print(
    pages: Sequence[Page], faces: Typefaces, title: str, language: str, at: datetime
) -> bytes:
    # What writes PDF takes 50 MB, and most processes print no label.
    from qr_walls import pdf, symbols

    texts = sorted({item.text for page in pages for item in page.items if isinstance(item, Code)})
    encoded = dict(zip(texts, symbols.encode_many(texts), strict=True))
    return pdf.write(pages, encoded, {}, faces, title=title, language=language, created_at=at)


def _label_page(label: Label, faces: Typefaces) -> Page:
    width, height = A6
    items: list[Item] = []
    cold = label.storage != "ambient"
    if cold:  # white on black: chilled and frozen must never wait unseen among the others
        items.append(Rect(0, 0, width, 20, INK))
    ink = PAPER if cold else INK
    items += _line(faces, label.storage_word.upper(), 7, 13.5, 60, 8.5, ink, bold=True)
    items += _right(faces, f"#{label.number}", width - 7, 14, 25, 10, ink)
    if not cold:
        items.append(Rect(7, 19, width - 14, 0.5, INK))
    items += _line(faces, label.order_number, 7, 36, width - 14, 14, INK, bold=True)
    items += _line(faces, label.window, 7, 45, width - 14, 5.5, INK, bold=True)
    items += _line(faces, label.place, 7, 52, 50, 4, INK)
    items += _code(label.link, 58, 56, 40)
    if label.age_word:
        items.append(Rect(7, 62, 40, 12, INK, radius=2))
        items += _line(faces, label.age_word, 10, 70.5, 34, 7, PAPER, bold=True)
    items += _bars(f"00{label.sscc}", 7, 104, width - 14, 28)
    items += _line(faces, rules.in_words(label.sscc), 7, 140, width - 14, 6, INK)
    return Page(width, height, tuple(items))


def _slip_page(slip: Slip, lines: list[SlipLine], number: int, of: int, faces: Typefaces) -> Page:
    width, height = A4
    items: list[Item] = []
    items += _line(faces, "Perron", 20, 26, 60, 6, QUIET, bold=True)
    items += _line(faces, slip.title, 20, 40, 110, 10, INK, bold=True)
    items += _line(faces, slip.order_number, 20, 52, 110, 8, INK)
    items += _line(faces, slip.window, 20, 61, 110, 5, INK)
    items += _line(faces, slip.place, 20, 68, 110, 5, QUIET)
    items += _code(slip.link, 152, 20, 38)
    items.append(Rect(20, 76, width - 40, 0.4, INK))
    y = 84.0
    for line in lines:
        items += _slip_line(line, y, faces)
        y += 7
    if number == of:
        items += _line(faces, slip.thanks, 20, height - 34, 170, 5, INK, bold=True)
        items += _paragraph(faces, slip.instead, 20, height - 48, 150, 4, INK)
        items += _paragraph(faces, slip.how_to_return, 20, height - 27, 150, 4, QUIET)
    if of > 1:
        items += _right(
            faces, f"{slip.page_word} {number} / {of}", width - 20, height - 12, 60, 4, QUIET
        )
    return Page(width, height, tuple(items))


def _slip_line(line: SlipLine, y: float, faces: Typefaces) -> list[Item]:
    items = _right(faces, str(line.given), 28, y, 8, 4.5, INK)
    if line.below:
        items += _line(faces, line.name, 32, y - 1.4, 108, 4.2, INK)
        items += _line(faces, line.below, 32, y + 1.6, 108, 2.8, QUIET)
    else:
        items += _line(faces, line.name, 32, y, 108, 4.5, INK)
    if line.gone:
        items += _right(faces, line.gone, 190, y, 46, 4.5, INK, bold=True)
    else:
        items += _right(faces, line.parcel, 190, y, 40, 4, QUIET)
    return items


def _line(
    faces: Typefaces,
    text: str,
    x: float,
    y: float,
    width: float,
    size: float,
    fill: str,
    *,
    bold: bool = False,
) -> list[Item]:
    fitted = faces.fit(text, width, size, bold=bold)
    return [Text(x, y, wide, fitted.size, words, fill, bold) for words, wide in fitted.lines]


def _paragraph(
    faces: Typefaces, text: str, x: float, y: float, width: float, size: float, fill: str
) -> list[Item]:
    fitted = faces.fit(text, width, size, lines=3)
    return [
        Text(x, y + 1.3 * size * row, wide, fitted.size, words, fill)
        for row, (words, wide) in enumerate(fitted.lines)
    ]


def _right(
    faces: Typefaces,
    text: str,
    right: float,
    y: float,
    width: float,
    size: float,
    fill: str,
    *,
    bold: bool = True,
) -> list[Item]:
    fitted = faces.fit(text, width, size, bold=bold)
    return [
        Text(right - wide, y, wide, fitted.size, words, fill, bold) for words, wide in fitted.lines
    ]


def _code(text: str, x: float, y: float, side: float) -> list[Item]:
    from qr_walls import symbols

    [symbol] = symbols.encode_many([text])
    module = side / (symbol.modules + 2 * QUIET_ZONE)
    quiet = QUIET_ZONE * module
    return [Code(x + quiet, y + quiet, module, text)]


def _bars(digits: str, x: float, y: float, width: float, height: float) -> list[Item]:
    """Ten modules of quiet on both sides, as the standard wants."""
    widths = gs1_128(digits)
    module = width / (sum(widths) + 20)
    items: list[Item] = []
    at = x + 10 * module
    for place, modules in enumerate(widths):
        if place % 2 == 0:
            items.append(Rect(at, y, modules * module, height, INK))
        at += modules * module
    return items
