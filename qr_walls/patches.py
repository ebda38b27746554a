"""Only what changed since the last print: tickets to stick over those that hang, in the order in
which somebody walks along the wall, and a small map of where they go."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from qr_walls import formats, instructions, labels, layout, links, pdf, proof, symbols
from qr_walls.display import Code, Ink, Item, Page, Rect, Text, moved
from qr_walls.errors import WallError
from qr_walls.layout import Box, Cell, Sheet
from qr_walls.model import QUIET_ZONE, PanelFormat, Product, Wall
from qr_walls.proof import Place, Proof
from qr_walls.scripts import isolated
from qr_walls.typefaces import Typefaces

_EDGE, _GAP, _CAPTION, _SIZE = 10.0, 8.0, 4.0, 2.6  # mm
_MAP = 26.0  # mm, the height of the tallest panel on the map
_BETWEEN = 60.0  # between panels on the map, in mm of the wall
_TOP = _EDGE + _MAP + _GAP  # where the first tickets may begin
_PAPERS = ("A4", "A3", "A2", "A1", "A0")
_FLAG = 0.13  # how far an offer's flag stands above its ticket, in sides of a code
_SAME_MM = 0.5  # a ticket that moved less still covers the old one
_HAIR, _TICK = 0.15, 3.0
_BLACK, _GREY, _PALE, _WHITE = Ink(0, 0, 0, 1), Ink(0, 0, 0, 0.4), Ink(0, 0, 0, 0.12), "#ffffff"


class Spot(NamedTuple):
    """A place on the wall, counted from 1, and what is on it now."""

    panel: int
    shelf: int
    place: int

    def __str__(self) -> str:
        return f"{self.panel} · {self.shelf} · {self.place}"


class Changes(NamedTuple):
    """What must be stuck on, and which panels must be printed whole, their tickets having moved."""

    spots: tuple[Spot, ...]
    whole: tuple[int, ...]


class Patches(msgspec.Struct, frozen=True):
    """The sheets, where their codes are, and whether all read. Without changes there is no file."""

    pdf: bytes
    spots: tuple[Spot, ...]
    places: tuple[Place, ...]
    proof: Proof
    notes: tuple[str, ...]


def changed(
    before: Wall,
    products_before: Mapping[str, Product],
    wall: Wall,
    products: Mapping[str, Product],
) -> Changes:
    """Where the labels of two editions say something else.

    Tokens are not compared, nor the day until which prices hold: an old label goes on working.
    Raises ``WallError`` like ``layout.lay_out`` and for a product that is not known.
    """
    old, new = _laid_out(before), _laid_out(wall)
    spots: list[Spot] = []
    whole: list[int] = []
    for number, sheet in enumerate(new, 1):
        if number > len(old) or not _in_place(old[number - 1], sheet):
            whole.append(number)
            continue
        spots += (
            spot
            for spot, was, cell in _side_by_side(number, old[number - 1], sheet)
            if _said(was, products_before) != _said(cell, products)
        )
    return Changes(tuple(spots), tuple(whole))


def make(
    before: Wall,
    products_before: Mapping[str, Product],
    wall: Wall,
    products: Mapping[str, Product],
    faces: Typefaces,
    *,
    created_at: datetime,
    paper: PanelFormat | None = None,
) -> Patches:
    """Sheets with the tickets of ``wall`` that say something else than ``before``, on ``paper`` or
    the smallest that holds them.

    Raises ``WallError`` like ``draw``.
    """
    changes = changed(before, products_before, wall, products)
    made = draw(
        wall,
        products,
        changes.spots,
        faces,
        created_at=created_at,
        paper=paper,
        flagged=_flagged(before, products_before),
    )
    return msgspec.structs.replace(made, notes=tuple(_notes(changes)))


def draw(
    wall: Wall,
    products: Mapping[str, Product],
    spots: Sequence[Spot],
    faces: Typefaces,
    *,
    created_at: datetime,
    paper: PanelFormat | None = None,
    flagged: Collection[Spot] = (),
) -> Patches:
    """Sheets with the tickets of ``wall`` at ``spots``, in walking order, on ``paper`` or the
    smallest from A4 to A0 that holds them.

    Each has the size and look of its cell on the poster, so it covers what hangs there; at the
    spots that are ``flagged`` an offer's flag stands above the old ticket and is covered too.
    Raises ``WallError`` for a spot the wall does not have and for paper that is too small.
    ``products`` need be known for the ``spots`` alone.
    """
    edition = _Edition(wall, products, _laid_out(wall), frozenset(flagged))
    spots = sorted(set(spots))
    paper = paper or _smallest(spots, edition)
    packed = list(_packed(spots, edition, paper))
    on_them = [edition.text(spot) for spot in spots]
    encoded = {symbol.text: symbol for symbol in symbols.encode_many(on_them)}
    places = tuple(
        _place(one, page, edition, encoded) for page, put in enumerate(packed) for one in put
    )
    if not packed:
        return Patches(b"", (), (), Proof(0, ()), ())
    file = pdf.write(
        [
            _page(put, number, len(packed), edition, faces, paper)
            for number, put in enumerate(packed, 1)
        ],
        encoded,
        {},
        faces,
        title=wall.name,
        language=wall.language,
        created_at=created_at,
    )
    return Patches(file, tuple(spots), places, proof.check(file, places), ())


class _Edition(NamedTuple):
    """A wall with its products, and where its tickets are."""

    wall: Wall
    products: Mapping[str, Product]
    sheets: list[Sheet]
    flagged: frozenset[Spot]

    def cell(self, spot: Spot) -> Cell:
        try:
            if min(spot) < 1:
                raise IndexError
            return self.sheets[spot.panel - 1].rows[spot.shelf - 1].cells[spot.place - 1]
        except IndexError as error:
            raise WallError("The wall has no place {spot}.", spot=str(spot)) from error

    def product(self, spot: Spot) -> Product:
        return _known(self.products, self.cell(spot))

    def cut(self, spot: Spot) -> Box:
        """The ticket, with the flag of an offer that stands above it, or stood there."""
        ticket, side = self.cell(spot).ticket, self.cell(spot).code.width
        above = side * _FLAG if self.product(spot).offer or spot in self.flagged else 0
        return Box(ticket.x, ticket.y - above, ticket.width, ticket.height + above)

    def text(self, spot: Spot) -> str:
        """Of its code."""
        position = self.cell(spot).position
        return links.write(self.wall.base_url, position.token, position.gtin)


def _laid_out(wall: Wall) -> list[Sheet]:
    texts = [links.write(wall.base_url, one.token, one.gtin) for one in wall.positions()]
    modules = max((_modules(text) for text in set(texts)), default=0)
    return layout.lay_out(wall, modules, _modules(wall.list_url) if wall.list_url else 0)


def _flagged(wall: Wall, products: Mapping[str, Product]) -> set[Spot]:
    return {
        Spot(panel, shelf, place)
        for panel, one in enumerate(wall.panels, 1)
        for shelf, row in enumerate(one.shelves, 1)
        for place, position in enumerate(row.positions, 1)
        if position.gtin in products and products[position.gtin].offer
    }


def _modules(text: str) -> int:
    return 4 * symbols.fit(text)[0] + 17


def _in_place(old: Sheet, new: Sheet) -> bool:
    """Whether every ticket still hangs where it did."""
    if [len(row.cells) for row in old.rows] != [len(row.cells) for row in new.rows]:
        return False
    pairs = zip(_cells(old), _cells(new), strict=True)
    return all(
        abs(one - other) < _SAME_MM
        for was, cell in pairs
        for one, other in zip(was.ticket, cell.ticket, strict=True)
    )


def _cells(sheet: Sheet) -> list[Cell]:
    return [cell for row in sheet.rows for cell in row.cells]


def _side_by_side(panel: int, old: Sheet, new: Sheet) -> Iterator[tuple[Spot, Cell, Cell]]:
    for shelf, (was, row) in enumerate(zip(old.rows, new.rows, strict=True), 1):
        for place, (before, cell) in enumerate(zip(was.cells, row.cells, strict=True), 1):
            yield Spot(panel, shelf, place), before, cell


def _said(cell: Cell, products: Mapping[str, Product]) -> Product:
    """All that a ticket says: a new picture alone is not on it."""
    return msgspec.structs.replace(_known(products, cell), picture=None)


def _known(products: Mapping[str, Product], cell: Cell) -> Product:
    gtin = cell.position.gtin
    if gtin not in products:
        raise WallError("The wall shows {gtin}, which is no known product.", gtin=gtin)
    return products[gtin]


class _Put(NamedTuple):
    """A ticket on its sheet."""

    spot: Spot
    cut: Box  # on the sheet
    move: tuple[float, float]  # from its place on the wall


def _smallest(spots: Sequence[Spot], edition: _Edition) -> PanelFormat:
    """The smallest paper that holds each of the tickets."""
    cuts = [edition.cut(spot) for spot in spots]
    papers = [formats.named(name) for name in _PAPERS]
    for paper in papers:
        if all(_fits(cut, paper) for cut in cuts):
            return paper
    return papers[-1]


def _packed(spots: Sequence[Spot], edition: _Edition, paper: PanelFormat) -> Iterator[list[_Put]]:
    """Sheet by sheet, from left to right and downwards."""
    put: list[_Put] = []
    x, y, low = _EDGE, _TOP, _TOP
    for spot in spots:
        cut = edition.cut(spot)
        _check_room(cut, paper)
        if x + cut.width > paper.width_mm - _EDGE:
            x, y = _EDGE, low
        if y + _CAPTION + cut.height > paper.height_mm - _EDGE:
            yield put
            put, x, y, low = [], _EDGE, _TOP, _TOP
        here = Box(x, y + _CAPTION, cut.width, cut.height)
        put.append(_Put(spot, here, (here.x - cut.x, here.y - cut.y)))
        x, low = here.right + _GAP, max(low, here.bottom + _GAP)
    if put:
        yield put


def _check_room(cut: Box, paper: PanelFormat) -> None:
    if not _fits(cut, paper):
        larger = (
            "Print the whole wall instead." if paper.name == _PAPERS[-1] else "Take larger paper."
        )
        raise WallError(
            "A label of {width:.0f} × {height:.0f} mm does not fit on {paper}. " + larger,
            width=cut.width,
            height=cut.height,
            paper=paper.name,
        )


def _fits(cut: Box, paper: PanelFormat) -> bool:
    high = paper.height_mm - _TOP - _CAPTION - _EDGE
    return cut.width <= paper.width_mm - 2 * _EDGE and cut.height <= high


def _page(
    put: Sequence[_Put],
    number: int,
    sheets: int,
    edition: _Edition,
    faces: Typefaces,
    paper: PanelFormat,
) -> Page:
    wall = edition.wall
    head = instructions.say(wall.language, "patch", wall=wall.name, sheet=number, sheets=sheets)
    drawn = _drawn_small([one.spot for one in put], edition, paper.width_mm / 2)
    right = max((box.right for box, _ in drawn), default=0.0)
    left = paper.width_mm - _EDGE - right
    items: list[Item] = list(_line(head, _EDGE, _EDGE, left - 2 * _EDGE, faces, True))
    items += (Rect(*_at(box, left, _EDGE), fill=ink) for box, ink in drawn)
    for one in put:
        # The place must not be turned round by a name that runs from right to left.
        said = f"{one.spot}   {isolated(edition.product(one.spot).name(wall.language))}"
        items += _line(said, one.cut.x + 1, one.cut.y - 1.6, one.cut.width, faces, False)
        items += _outline(one.cut)
        items += (moved(item, *one.move) for item in _ticket(one.spot, edition, faces))
    return Page(paper.width_mm, paper.height_mm, tuple(items))


def _drawn_small(spots: Sequence[Spot], edition: _Edition, widest: float) -> list[tuple[Box, Ink]]:
    """The panels that get stickers from a sheet, small, with the places of these in black."""
    numbers = sorted({spot.panel for spot in spots})
    sheets = [(number, edition.sheets[number - 1]) for number in numbers]
    whole = sum(sheet.format.width_mm + _BETWEEN for _, sheet in sheets)
    scale = min(_MAP / max(sheet.format.height_mm for _, sheet in sheets), widest / whole)
    drawn: list[tuple[Box, Ink]] = []
    x = 0.0
    for number, sheet in sheets:
        size = sheet.format
        drawn.append((Box(x, 0, size.width_mm * scale, size.height_mm * scale), _PALE))
        for shelf, row in enumerate(sheet.rows, 1):
            for place, cell in enumerate(row.cells, 1):
                ink = _BLACK if Spot(number, shelf, place) in spots else _GREY
                ticket = Box(*(side * scale for side in cell.ticket))
                drawn.append((_at(ticket, x, 0), ink))
        x += (size.width_mm + _BETWEEN) * scale
    return drawn


def _at(box: Box, x: float, y: float) -> Box:
    return Box(box.x + x, box.y + y, box.width, box.height)


def _line(
    text: str, x: float, y: float, width: float, faces: Typefaces, bold: bool
) -> Iterator[Item]:
    fitted = faces.fit(text, width, _SIZE, bold=bold)
    for line, measured in fitted.lines:
        yield Text(x, y, measured, fitted.size, line, _BLACK, bold)


def _outline(cut: Box) -> Iterator[Item]:
    """Lines to cut along: at the corners, outside of the ticket."""
    yield Rect(*cut, fill=_WHITE)
    for x in (cut.x, cut.right):
        for y in (cut.y - _TICK, cut.bottom):
            yield Rect(x - _HAIR / 2, y, _HAIR, _TICK, _BLACK)
    for y in (cut.y, cut.bottom):
        for x in (cut.x - _TICK, cut.right):
            yield Rect(x, y - _HAIR / 2, _TICK, _HAIR, _BLACK)


def _ticket(spot: Spot, edition: _Edition, faces: Typefaces) -> Iterator[Item]:
    cell, wall, sheet = edition.cell(spot), edition.wall, edition.sheets[spot.panel - 1]
    address = links.short(wall.base_url, cell.position.token)
    yield from labels.write(cell, edition.product(spot), address, wall, faces, sheet.column)
    quiet = QUIET_ZONE * sheet.module_mm
    yield Code(cell.code.x + quiet, cell.code.y + quiet, sheet.module_mm, edition.text(spot))


def _place(one: _Put, page: int, edition: _Edition, encoded: Mapping[str, symbols.Symbol]) -> Place:
    cell, text = edition.cell(one.spot), edition.text(one.spot)
    module_mm = edition.sheets[one.spot.panel - 1].module_mm
    return Place(
        page=page,
        x=cell.code.x + one.move[0] + QUIET_ZONE * module_mm,
        y=cell.code.y + one.move[1] + QUIET_ZONE * module_mm,
        side=encoded[text].modules * module_mm,
        module_mm=module_mm,
        text=text,
        product=edition.product(one.spot).name(edition.wall.language),
        label=one.cut,
        name=str(one.spot),
    )


def _notes(changes: Changes) -> Iterator[str]:
    if not changes.spots and not changes.whole:
        yield "Nothing changed."
    for panel in changes.whole:
        yield f"Panel {panel}: its labels have other places or sizes now. Print it whole."
