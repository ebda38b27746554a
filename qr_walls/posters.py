"""From a wall to its poster: all stages, in order."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from qr_walls import banner, layout, links, notes, pdf, pictures, proof, shelves, symbols
from qr_walls.display import Page
from qr_walls.errors import WallError
from qr_walls.layout import Sheet
from qr_walls.model import QUIET_ZONE, Product, Wall
from qr_walls.proof import Place, Proof
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


def make(
    wall: Wall,
    products: Mapping[str, Product],
    faces: Typefaces,
    *,
    created_at: datetime,
    progress: Progress | None = None,
) -> Poster:
    """Draw ``wall`` as a PDF, one page per panel, and prove that every code on it reads.

    ``products`` are by GTIN-14. Raises ``WallError`` (``DoesNotFit`` among them) with a sentence
    for the person who planned the wall. The same wall and ``created_at`` give the same bytes.
    """
    products = _present(wall, products)
    texts = addresses(wall)
    encoded = {symbol.text: symbol for symbol in symbols.encode_many(list(texts.values()))}
    widest = max((symbol.modules for symbol in encoded.values()), default=0)
    whole = symbols.encode_many([wall.list_url] if wall.list_url else [])
    sheets = layout.lay_out(wall, widest, *(symbol.modules for symbol in whole))
    encoded |= {symbol.text: symbol for symbol in whole}
    packs = pictures.prepare(products, _tallest_pack(sheets))
    pages = [_page(sheet, wall, products, packs, faces, texts) for sheet in sheets]
    file = pdf.write(
        pages,
        encoded,
        packs,
        faces,
        title=wall.name,
        language=wall.language,
        created_at=created_at,
        progress=progress and _stage(progress, "drawing"),
    )
    places = tuple(_places(sheets, wall, products, texts, encoded))
    return Poster(
        file,
        places,
        proof.check(file, places, progress and _stage(progress, "proof")),
        min(sheet.reach_m for sheet in sheets),
        tuple(_notes(sheets, pages, wall, products, faces)),
    )


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
    faces: Typefaces,
) -> Iterator[str]:
    for number, (sheet, page) in enumerate(zip(sheets, pages, strict=True), 1):
        yield from sheet.notes
        yield from notes.too_small(sheet, number, page.items, wall, products)
    yield from notes.about(wall, products, faces)


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
        )
        for page, sheet in enumerate(sheets)
        for row in sheet.rows
        for cell in row.cells
    ]


def _stage(progress: Progress, stage: str) -> pdf.Progress:
    return lambda done, whole: progress(stage, done, whole)
