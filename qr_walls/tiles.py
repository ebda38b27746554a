"""A finished poster on the sheets of an office printer, to be cut and glued together."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

import msgspec
import pikepdf
from pikepdf import Dictionary, Name, Stream

from qr_walls import cutting, finish, instructions, pdf, proof
from qr_walls.cutting import Room, Tile
from qr_walls.display import Ink, Item, Page, Rect, Text
from qr_walls.errors import WallError
from qr_walls.layout import Box
from qr_walls.model import PanelFormat
from qr_walls.proof import Place, Proof
from qr_walls.typefaces import Typefaces
from qr_walls.words import Language

EDGE_MM = 10.0  # of a sheet, where an office printer prints nothing, with room for a line of text
OVERLAP_MM = 10.0
_MOST_SHEETS = 400
_BLACK, _PAPER = Ink(0, 0, 0, 1), Ink(0, 0, 0, 0)
_HAIR, _TICK, _SIZE = 0.15, 5.0, 2.6


class Tiled(msgspec.Struct, frozen=True):
    """The sheets, where their codes are, and whether all still read."""

    pdf: bytes
    tiles: tuple[tuple[Tile, ...], ...]  # of every panel
    places: tuple[Place, ...]
    proof: Proof


def cut(
    poster: bytes,
    places: Sequence[Place],
    paper: PanelFormat,
    faces: Typefaces,
    *,
    created_at: datetime,
    title: str,
    language: Language = "en",
    overlap_mm: float = OVERLAP_MM,
) -> Tiled:
    """``poster`` at its own size on sheets of ``paper``, each code whole on one of them.

    ``places`` are those of the poster. Raises ``WallError`` for what is no PDF at full size, and for
    paper that is too small for a code or would take too many sheets.
    """
    if not 0 <= overlap_mm <= 50:
        raise WallError(
            "An overlap of {overlap:g} mm makes no sense: 0 to 50 mm do.", overlap=overlap_mm
        )
    with _opened(poster) as source:
        if "/Scale" in source.docinfo:
            raise WallError("This file is drawn at 1:10. Tiles are cut from a file at full size.")
        sizes = [_trimmed(page) for page in source.pages]
        panels = [
            _best(size, [place for place in places if place.page == number], paper, overlap_mm)
            for number, size in enumerate(sizes)
        ]
        sheets = [
            _sheet(tile, turned, number, tiles, faces, title, language)
            for number, (turned, tiles) in enumerate(panels, 1)
            for tile in tiles
        ]
        if len(sheets) > _MOST_SHEETS:
            raise WallError(
                "{sheets} sheets of {paper} are too many to glue: {most} at most.",
                sheets=len(sheets),
                paper=paper.name,
                most=_MOST_SHEETS,
            )
        frames = pdf.write(
            sheets, {}, {}, faces, title=title, language=language, created_at=created_at
        )
        file = _filled(frames, source, [tiles for _, tiles in panels])
    kept = tuple(_placed(places, [tiles for _, tiles in panels]))
    return Tiled(file, tuple(tuple(tiles) for _, tiles in panels), kept, proof.check(file, kept))


def _opened(poster: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(BytesIO(poster))
    except pikepdf.PdfError as error:
        raise WallError("The file is no PDF, or not whole.") from error


def _trimmed(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in page.trimbox)
    return (right - left) / pdf.POINTS_PER_MM, (top - bottom) / pdf.POINTS_PER_MM


def _best(
    size: tuple[float, float], places: Sequence[Place], paper: PanelFormat, overlap: float
) -> tuple[PanelFormat, list[Tile]]:
    """Sheets upright or lying, whichever takes fewer."""
    ways, refusal = [], None
    for turned in (paper, PanelFormat(paper.name, paper.height_mm, paper.width_mm)):
        room = Room(turned.width_mm - 2 * EDGE_MM, turned.height_mm - 2 * EDGE_MM, overlap)
        try:
            tiles = cutting.cut(
                Box(0, 0, *size),
                [place.box for place in places],
                [place.label for place in places if place.label],
                room,
            )
        except WallError as error:
            refusal = error
        else:
            ways.append((turned, tiles))
    if not ways:
        assert refusal is not None
        raise refusal
    return min(ways, key=lambda way: len(way[1]))


def _sheet(
    tile: Tile,
    paper: PanelFormat,
    panel: int,
    tiles: Sequence[Tile],
    faces: Typefaces,
    title: str,
    language: Language,
) -> Page:
    """What is printed over and around the poster's part."""
    items = (
        *_glue(tile, faces, language),
        *_ticks(tile),
        *_lines(tile, panel, tiles, paper, faces, title, language),
    )
    return Page(paper.width_mm, paper.height_mm, items)


def _glue(tile: Tile, faces: Typefaces, language: Language) -> Iterator[Item]:
    """Pale, so that nobody takes it for the poster."""
    kept, shown = tile.kept, tile.shown
    word = instructions.say(language, "glue")
    width = faces.width(word, _SIZE)
    if shown.right > kept.right:
        x = EDGE_MM + kept.width
        yield Rect(x, EDGE_MM, shown.right - kept.right, shown.height, _PAPER, opacity=0.55)
        yield Text(x + 1, EDGE_MM + kept.height / 2, width, _SIZE, word, _BLACK)
    if shown.bottom > kept.bottom:
        y = EDGE_MM + kept.height
        yield Rect(EDGE_MM, y, kept.width, shown.bottom - kept.bottom, _PAPER, opacity=0.55)
        yield Text(EDGE_MM + kept.width / 2, y + 6, width, _SIZE, word, _BLACK)


def _ticks(tile: Tile) -> Iterator[Item]:
    """In line with every cut, outside of what is shown."""
    left, top = EDGE_MM, EDGE_MM
    right, bottom = EDGE_MM + tile.kept.width, EDGE_MM + tile.kept.height
    far_right, far_bottom = EDGE_MM + tile.shown.width, EDGE_MM + tile.shown.height
    for x in (left, right):
        yield Rect(x - _HAIR / 2, top - _TICK - 1, _HAIR, _TICK, _BLACK)
        yield Rect(x - _HAIR / 2, far_bottom + 1, _HAIR, _TICK, _BLACK)
    for y in (top, bottom):
        yield Rect(left - _TICK - 1, y - _HAIR / 2, _TICK, _HAIR, _BLACK)
        yield Rect(far_right + 1, y - _HAIR / 2, _TICK, _HAIR, _BLACK)


def _lines(
    tile: Tile,
    panel: int,
    tiles: Sequence[Tile],
    paper: PanelFormat,
    faces: Typefaces,
    title: str,
    language: Language,
) -> Iterator[Item]:
    """Which tile it is, and what goes over it."""
    over = [
        other.name
        for other in tiles
        if (other.band == tile.band and other.place == tile.place + 1)
        or (other.band == tile.band + 1 and _beside(other, tile))
    ]
    said = instructions.say(
        language, "tile", wall=title, panel=panel, tile=tile.name, last=tiles[-1].name
    )
    how = instructions.say(language, "cut" if over else "cut, last", neighbours=", ".join(over))
    x = EDGE_MM + 2
    for text, y, bold in ((said, 4.6, True), (how, 8.0, False)):
        fitted = faces.fit(text, paper.width_mm - 2 * x, _SIZE, bold=bold, smallest=0)
        for line, width in fitted.lines:
            yield Text(x, y, width, fitted.size, line, _BLACK, bold)


def _beside(one: Tile, other: Tile) -> bool:
    return one.kept.x < other.kept.right and other.kept.x < one.kept.right


def _filled(frames: bytes, source: pikepdf.Pdf, panels: Sequence[Sequence[Tile]]) -> bytes:
    """The poster itself below what is printed around it: in the file once, shown in parts."""
    with pikepdf.open(BytesIO(frames)) as file:
        sheets = iter(file.pages)
        for page, tiles in zip(source.pages, panels, strict=True):
            wall = file.copy_foreign(page.as_form_xobject())
            left, _, _, top = (float(side) for side in page.trimbox)
            for tile in tiles:
                _show(file, next(sheets), wall, tile, left, top)
        return finish.saved(file)


def _show(
    file: pikepdf.Pdf,
    sheet: pikepdf.Page,
    wall: pikepdf.Object,
    tile: Tile,
    left: float,
    top: float,
) -> None:
    mm = pdf.POINTS_PER_MM
    height = float(sheet.mediabox[3])
    edge, shown = EDGE_MM * mm, tile.shown
    across, down = shown.width * mm, shown.height * mm
    move_x = edge - left - shown.x * mm
    move_y = height - edge - top + shown.y * mm
    sheet.Resources[Name.XObject] = Dictionary(Wall=wall)
    content = (
        f"q {edge:.4f} {height - edge - down:.4f} {across:.4f} {down:.4f} re W n "
        f"1 0 0 1 {move_x:.4f} {move_y:.4f} cm /Wall Do Q\n"
    )
    sheet.contents_add(Stream(file, content.encode()), prepend=True)


def _placed(places: Sequence[Place], panels: Sequence[Sequence[Tile]]) -> Iterator[Place]:
    """Every code on the sheet that keeps it."""
    first = 0
    for number, tiles in enumerate(panels):
        for place in (one for one in places if one.page == number):
            for sheet, tile in enumerate(tiles, first):
                if _holds(tile.kept, place.box):
                    yield msgspec.structs.replace(
                        place,
                        page=sheet,
                        x=place.x - tile.kept.x + EDGE_MM,
                        y=place.y - tile.kept.y + EDGE_MM,
                        label=None,
                    )
        first += len(tiles)


def _holds(kept: Box, box: Box) -> bool:
    little = 0.001
    return (
        kept.x <= box.x + little
        and kept.y <= box.y + little
        and box.right <= kept.right + little
        and box.bottom <= kept.bottom + little
    )
