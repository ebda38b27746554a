"""A shelf as it looks from the front: a lit back, packs on a board, tickets on a rail."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from qr_walls import labels
from qr_walls.display import Code, Ellipse, Item, Picture, Rect, Shade, Text
from qr_walls.layout import Box, Cell, Row, Sheet
from qr_walls.links import short
from qr_walls.model import QUIET_ZONE, Product, Wall
from qr_walls.pictures import Sizes
from qr_walls.typefaces import Typefaces

_SIGNS = ("#1d6b4f", "#b4532a", "#2f5d8a", "#8a3b5e", "#6b6a1d", "#4a4a8f")
_MOST_FACINGS = 9


def draw(
    sheet: Sheet,
    wall: Wall,
    products: Mapping[str, Product],
    pictures: Mapping[str, Sizes],
    faces: Typefaces,
    codes: Mapping[str, str],
) -> Iterator[Item]:
    """All shelves of a panel. ``codes`` gives the text of the code of every token."""
    colours = _sign_colours(wall, products)
    for row in sheet.rows:
        yield from _furniture(row)
        yield from _signs(row, products, colours, faces)
        for cell in row.cells:
            yield from _packs(cell, pictures.get(cell.position.gtin))
        yield from _lip(row, sheet.code_mm)
        for cell in row.cells:
            yield from labels.write(
                cell,
                products[cell.position.gtin],
                short(wall.base_url, cell.position.token),
                wall,
                faces,
                sheet.column,
            )
            inset = QUIET_ZONE * sheet.module_mm
            yield Code(
                cell.code.x + inset,
                cell.code.y + inset,
                sheet.module_mm,
                codes[cell.position.token],
            )


def _furniture(row: Row) -> Iterator[Item]:
    back = row.back
    middle = back.y + back.height * 0.45
    yield Shade(back.x, back.y, back.width, middle - back.y, "#cfc9bf", "#f1ede6")
    yield Shade(back.x, middle, back.width, back.bottom - middle, "#f1ede6", "#e4ded4")
    yield Shade(*row.board, top="#d8d2c7", bottom="#fbf9f5")
    yield Shade(*row.rail, top="#e3e6e8", bottom="#c3c8cb")


def _lip(row: Row, code: float) -> Iterator[Item]:
    """The front edge of the board, over the feet of what stands behind it, and its shadow."""
    edge = row.board.height * 0.3
    y = row.rail.y - edge
    yield Shade(row.rail.x, y, row.rail.width, edge, "#ffffff", "#b9bec1")
    yield Shade(row.rail.x, row.rail.y, row.rail.width, code * 0.035, "#9aa1a5", "#e3e6e8")


def _sign_colours(wall: Wall, products: Mapping[str, Product]) -> dict[str, str]:
    """The same on every panel, so that a category goes on where the next one hangs."""
    categories = dict.fromkeys(products[one.gtin].category for one in wall.positions())
    return {name: _SIGNS[place % len(_SIGNS)] for place, name in enumerate(categories)}


def _signs(
    row: Row,
    products: Mapping[str, Product],
    colours: Mapping[str, str],
    faces: Typefaces,
) -> Iterator[Item]:
    """One sign above every run of the same category, and on it the brands that stand together."""
    for category, run in groupby(row.cells, key=lambda cell: products[cell.position.gtin].category):
        cells = list(run)
        sign = _span(cells, row.sign)
        yield Rect(*sign, fill=colours[category], radius=row.sign.height * 0.12)
        said = list(_on_sign(sign, category, sign.height * 0.66, faces, bold=True))
        yield from said
        clear = max((text.x + text.width for text in said), default=sign.x)
        yield from _brands(cells, row, products, clear, faces)


def _brands(
    cells: list[Cell], row: Row, products: Mapping[str, Product], clear: float, faces: Typefaces
) -> Iterator[Item]:
    """The brand above its block, right of ``clear``; a block is two of a brand or more."""
    for brand, run in groupby(cells, key=lambda cell: products[cell.position.gtin].brand):
        block = list(run)
        if not brand or len(block) < 2 or len(block) == len(cells):
            continue
        sign = _span(block, row.sign)
        if block[0] is not cells[0]:
            edge = row.sign.height * 0.06
            yield Rect(sign.x - edge, sign.y, edge, sign.height, "#ffffff", opacity=0.5)
        left = max(sign.x, clear + sign.height * 0.3)
        room = Box(left, sign.y, sign.right - left, sign.height)
        if room.width > sign.width * 0.5:
            yield from _on_sign(room, brand, sign.height * 0.64, faces, bold=False)


def _span(cells: list[Cell], sign: Box) -> Box:
    left, right = cells[0].packs.x, cells[-1].packs.right
    return Box(left, sign.y, right - left, sign.height * 0.86)


def _on_sign(box: Box, text: str, size: float, faces: Typefaces, *, bold: bool) -> Iterator[Text]:
    pad = box.height * 0.4
    fitted = faces.fit(text, box.width - 2 * pad, size, bold=bold, smallest=0.7)
    for said, width in fitted.lines:
        baseline = box.y + box.height * 0.5 + fitted.size * 0.357
        if width <= box.width - 2 * pad:
            yield Text(box.x + pad, baseline, width, fitted.size, said, "#ffffff", bold)


def _packs(cell: Cell, size: Sizes | None) -> Iterator[Item]:
    """Facings side by side, the row behind them peeping out."""
    if size is None:
        return
    box, key = cell.packs, cell.position.gtin
    aspect = size.width / size.height
    # Not everything is as tall as a bottle: the wider a pack, the lower it stands.
    height = min(box.height * min(1.0, max(0.66, 1.16 - 0.44 * aspect)), box.width * 0.97 / aspect)
    # One more than fits is squeezed in where it is almost there, as a shelf filler would.
    facings = cell.position.facings or int(box.width * 0.97 / (height * aspect * 1.03) + 0.25)
    facings = max(1, min(facings, _MOST_FACINGS))
    height = min(height, box.width * 0.97 / (facings * aspect * 1.03))
    width = height * aspect
    step = min(width * 1.16, box.width * 0.97 / facings)
    left = box.x + (box.width - step * (facings - 1) - width) / 2
    for place in range(facings):
        x = left + place * step
        yield Ellipse(
            x - width * 0.04,
            box.bottom - height * 0.035,
            width * 1.08,
            height * 0.07,
            "#3a342a",
            0.28,
        )
        yield Picture(x, box.bottom - height, width, height, key)
