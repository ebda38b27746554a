"""From a wall to its poster: all stages, in order."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from qr_walls import (
    banner,
    layout,
    links,
    marks,
    notes,
    pdf,
    pictures,
    proof,
    shelves,
    svg,
    symbols,
)
from qr_walls.display import Page
from qr_walls.errors import WallError
from qr_walls.layout import Box, Sheet
from qr_walls.model import QUIET_ZONE, Panel, Product, Wall
from qr_walls.press import Press, check_page, usual
from qr_walls.press import check as check_press
from qr_walls.proof import Place, Proof
from qr_walls.sentences import Note
from qr_walls.typefaces import Typefaces

Progress = Callable[[str, int, int], None]
"""Told the stage (``drawing`` or ``proof``), how much is done, and of how much."""


class Poster(msgspec.Struct, frozen=True):
    """A finished file, where its codes are, and whether they all read."""

    pdf: bytes
    places: tuple[Place, ...]
    proof: Proof
    reach_m: float  # from which the smallest of its codes reads
    notes: tuple[str, ...]  # what a person should know, none of it an error
    pages: tuple[Page, ...] = ()  # what was drawn, for who writes other files
    scale: int = 1  # millimetres of the wall in one of the file


class _Drawing(NamedTuple):
    """Everything between a wall and its files."""

    sheets: list[Sheet]
    symbols: dict[str, symbols.Symbol]
    packs: dict[str, pictures.Sizes]
    pages: list[Page]
    places: tuple[Place, ...]
    notes: tuple[Note, ...]


def make(
    wall: Wall,
    products: Mapping[str, Product],
    faces: Typefaces,
    *,
    created_at: datetime,
    press: Press | None = None,
    progress: Progress | None = None,
) -> Poster:
    """Draw ``wall`` as a PDF, one page per panel, and prove that every code on it reads.

    ``products`` are by GTIN-14; ``press`` is what the print shop wants, without it there are no
    bleed and no marks, and panels longer than a page can be are drawn at 1:10. Raises ``WallError`` (``DoesNotFit`` among them) with a sentence for the
    person who planned the wall. The same arguments give the same bytes.
    """
    press = press or _plain(wall)
    drawing = _draw(wall, products, faces, press, created_at)
    file = pdf.write(
        drawing.pages,
        drawing.symbols,
        drawing.packs,
        faces,
        title=wall.name,
        language=wall.language,
        created_at=created_at,
        press=press,
        progress=progress and _stage(progress, "drawing"),
    )
    found = proof.check(
        file,
        drawing.places,
        progress and _stage(progress, "proof"),
        safe_mm=press.safe_mm,
        scale=press.scale,
    )
    advice = (
        *(one for one in found.advice if one.kind != "reach"),  # the layout says it by panel
        *(proof.advise("plan", note) for note in drawing.notes),
    )
    return Poster(
        file,
        drawing.places,
        msgspec.structs.replace(found, advice=advice),
        min(sheet.reach_m for sheet in drawing.sheets),
        tuple(one.sentence for one in advice),
        tuple(drawing.pages),
        press.scale,
    )


def picture(
    wall: Wall, products: Mapping[str, Product], faces: Typefaces, *, created_at: datetime
) -> list[bytes]:
    """The panels as SVG, each complete in itself. Raises ``WallError`` like ``make``."""
    drawing = _draw(wall, products, faces, _plain(wall), created_at)
    return [
        svg.write(page, drawing.symbols, drawing.packs, faces, title=wall.name)
        for page in drawing.pages
    ]


def _plain(wall: Wall) -> Press:
    """No wishes but what a PDF can hold."""
    tenfold = any(usual(panel.format).scale == 10 for panel in wall.panels)
    return Press(scale=10 if tenfold else 1)


def _draw(
    wall: Wall,
    products: Mapping[str, Product],
    faces: Typefaces,
    press: Press,
    created_at: datetime,
) -> _Drawing:
    check_press(press)
    products = _present(wall, products)
    texts = addresses(wall)
    encoded = {symbol.text: symbol for symbol in symbols.encode_many(list(texts.values()))}
    widest = max((symbol.modules for symbol in encoded.values()), default=0)
    whole = symbols.encode_many([wall.list_url] if wall.list_url else [])
    sheets = layout.lay_out(wall, widest, *(symbol.modules for symbol in whole))
    encoded |= {symbol.text: symbol for symbol in whole}
    for sheet in sheets:
        check_page(press, sheet.format, marks.around_mm(press))
    packs = pictures.prepare(products, _tallest_pack(sheets))
    pages = [
        marks.dress(
            _page(sheet, wall, products, packs, faces, texts),
            press,
            marks.slug(press, wall, sheet.format, number, len(sheets), created_at),
            faces,
        )
        for number, sheet in enumerate(sheets, 1)
    ]
    places = tuple(_places(sheets, wall, products, texts, encoded))
    said = tuple(_notes(sheets, pages, wall, products, packs, faces))
    return _Drawing(sheets, encoded, packs, pages, places, said)


def addresses(wall: Wall) -> dict[str, str]:
    """The text of the code of every token on the wall."""
    return {
        position.token: links.write(wall.base_url, position.token, position.gtin)
        for position in wall.positions()
    }


def _present(wall: Wall, products: Mapping[str, Product]) -> dict[str, Product]:
    """The products on this wall, once each, in the order they are met."""
    positions = wall.positions()
    for position in positions:
        if position.gtin not in products:
            raise WallError("The wall shows {gtin}, which is no known product.", gtin=position.gtin)
    return {position.gtin: products[position.gtin] for position in positions}


def _tallest_pack(sheets: list[Sheet]) -> float:
    return max(row.cells[0].packs.height for sheet in sheets for row in sheet.rows)


def _page(
    sheet: Sheet,
    wall: Wall,
    products: Mapping[str, Product],
    packs: Mapping[str, pictures.Sizes],
    faces: Typefaces,
    texts: Mapping[str, str],
) -> Page:
    items = (
        *banner.draw(sheet, wall, faces),
        *shelves.draw(sheet, wall, products, packs, faces, texts),
        *(banner.list_sign(sheet.header_code, wall, faces) if sheet.header_code else ()),
        *banner.awning(sheet),
    )
    return Page(sheet.format.width_mm, sheet.format.height_mm, items)


def _notes(
    sheets: list[Sheet],
    pages: list[Page],
    wall: Wall,
    products: Mapping[str, Product],
    packs: Mapping[str, pictures.Sizes],
    faces: Typefaces,
) -> Iterator[Note]:
    for number, (sheet, page) in enumerate(zip(sheets, pages, strict=True), 1):
        yield from sheet.notes
        yield from notes.too_small(sheet, number, page.items, wall, products)
    yield from notes.about(wall, products, faces)
    yield from notes.coarse(pages, packs, wall, products)


def _places(
    sheets: list[Sheet],
    wall: Wall,
    products: Mapping[str, Product],
    texts: Mapping[str, str],
    encoded: Mapping[str, symbols.Symbol],
) -> list[Place]:
    lists = [
        Place(
            page=page,
            x=sign.code.x + QUIET_ZONE * sign.module_mm,
            y=sign.code.y + QUIET_ZONE * sign.module_mm,
            side=sign.modules * sign.module_mm,
            module_mm=sign.module_mm,
            text=sign.text,
            product=wall.name,
            label=sign.sign,
            above_floor_mm=_above_floor(wall.panels[page], sign.code),
            name=f"{page + 1}",
            repeats=True,
        )
        for page, sheet in enumerate(sheets)
        if (sign := sheet.header_code)
    ]
    return lists + [
        Place(
            page=page,
            x=cell.code.x + QUIET_ZONE * sheet.module_mm,
            y=cell.code.y + QUIET_ZONE * sheet.module_mm,
            side=encoded[texts[cell.position.token]].modules * sheet.module_mm,
            module_mm=sheet.module_mm,
            text=texts[cell.position.token],
            product=products[cell.position.gtin].name(wall.language),
            label=cell.ticket,
            above_floor_mm=_above_floor(wall.panels[page], cell.code),
            name=f"{page + 1} · {shelf} · {position}",
        )
        for page, sheet in enumerate(sheets)
        for shelf, row in enumerate(sheet.rows, 1)
        for position, cell in enumerate(row.cells, 1)
    ]


def _above_floor(panel: Panel, code: Box) -> float:
    middle = code.y + code.height / 2
    return panel.lower_edge_mm + panel.format.height_mm - middle


def _stage(progress: Progress, stage: str) -> pdf.Progress:
    return lambda done, whole: progress(stage, done, whole)
