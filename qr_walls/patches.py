"""Only what changed since the last print: tickets to stick over those that hang, in the order in
which somebody walks along the wall."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from qr_walls import formats, instructions, labels, layout, links, pdf, proof, symbols
from qr_walls.display import Code, Ink, Item, Page, Rect, Text, moved
from qr_walls.errors import WallError
from qr_walls.layout import Box, Cell, Sheet
from qr_walls.model import QUIET_ZONE, PanelFormat, Product, Wall
from qr_walls.proof import Place, Proof
from qr_walls.typefaces import Typefaces

_EDGE, _GAP, _CAPTION, _SIZE = 10.0, 8.0, 4.0, 2.6  # mm
_FLAG = 0.13  # how far an offer's flag stands above its ticket, in sides of a code
_SAME_MM = 0.5  # a ticket that moved less still covers the old one
_HAIR, _TICK = 0.15, 3.0
_BLACK, _WHITE = Ink(0, 0, 0, 1), "#ffffff"


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
    """Sheets of ``paper`` (A4) with the tickets of ``wall`` that say something else than ``before``.

    Raises ``WallError`` like ``draw``.
    """
    changes = changed(before, products_before, wall, products)
    made = draw(wall, products, changes.spots, faces, created_at=created_at, paper=paper)
    return msgspec.structs.replace(made, notes=tuple(_notes(changes)))


def draw(
    wall: Wall,
    products: Mapping[str, Product],
    spots: Sequence[Spot],
    faces: Typefaces,
    *,
    created_at: datetime,
    paper: PanelFormat | None = None,
) -> Patches:
    """Sheets of ``paper`` (A4) with the tickets of ``wall`` at ``spots``, in walking order.

    Each has the size of the one it covers. Raises ``WallError`` for a spot the wall does not have
    and for paper that is too small.
    """
    paper = paper or formats.named("A4")
    edition = _Edition(wall, products, _laid_out(wall))
    spots = sorted(set(spots))
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

    def cell(self, spot: Spot) -> Cell:
        try:
            if min(spot) < 1:
                raise IndexError
            return self.sheets[spot.panel - 1].rows[spot.shelf - 1].cells[spot.place - 1]
        except IndexError as error:
            raise WallError("The wall has no place {spot}.", spot=str(spot)) from error

    def product(self, spot: Spot) -> Product:
        return _known(self.products, self.cell(spot))

    def text(self, spot: Spot) -> str:
        """Of its code."""
        position = self.cell(spot).position
        return links.write(self.wall.base_url, position.token, position.gtin)


def _laid_out(wall: Wall) -> list[Sheet]:
    texts = [links.write(wall.base_url, one.token, one.gtin) for one in wall.positions()]
    modules = max((4 * symbols.fit(text)[0] + 17 for text in set(texts)), default=0)
    return layout.lay_out(wall, modules)


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


def _packed(spots: Sequence[Spot], edition: _Edition, paper: PanelFormat) -> Iterator[list[_Put]]:
    """Sheet by sheet, from left to right and downwards."""
    put: list[_Put] = []
    x, y, low = _EDGE, 2 * _EDGE, 2 * _EDGE
    for spot in spots:
        cut = _cut(edition.cell(spot), edition.product(spot))
        _check_room(cut, paper)
        if x + cut.width > paper.width_mm - _EDGE:
            x, y = _EDGE, low
        if y + _CAPTION + cut.height > paper.height_mm - _EDGE:
            yield put
            put, x, y, low = [], _EDGE, 2 * _EDGE, 2 * _EDGE
        here = Box(x, y + _CAPTION, cut.width, cut.height)
        put.append(_Put(spot, here, (here.x - cut.x, here.y - cut.y)))
        x, low = here.right + _GAP, max(low, here.bottom + _GAP)
    if put:
        yield put


def _cut(cell: Cell, product: Product) -> Box:
    """The ticket, with the flag of an offer that stands above it."""
    above = cell.code.width * _FLAG if product.offer else 0
    ticket = cell.ticket
    return Box(ticket.x, ticket.y - above, ticket.width, ticket.height + above)


def _check_room(cut: Box, paper: PanelFormat) -> None:
    wide, high = paper.width_mm - 2 * _EDGE, paper.height_mm - 3 * _EDGE - _CAPTION
    if cut.width > wide or cut.height > high:
        raise WallError(
            "A label of {width:.0f} × {height:.0f} mm does not fit on {paper}. Take larger paper.",
            width=cut.width,
            height=cut.height,
            paper=paper.name,
        )


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
    items: list[Item] = list(_line(head, _EDGE, _EDGE, paper.width_mm - 2 * _EDGE, faces, True))
    for one in put:
        said = f"{one.spot}   {edition.product(one.spot).name(wall.language)}"
        items += _line(said, one.cut.x + 1, one.cut.y - 1.6, one.cut.width, faces, False)
        items += _outline(one.cut)
        items += (moved(item, *one.move) for item in _ticket(one.spot, edition, faces))
    return Page(paper.width_mm, paper.height_mm, tuple(items))


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
    cell, wall = edition.cell(spot), edition.wall
    module_mm = edition.sheets[spot.panel - 1].module_mm
    address = links.short(wall.base_url, cell.position.token)
    yield from labels.write(cell, edition.product(spot), address, wall, faces)
    quiet = QUIET_ZONE * module_mm
    yield Code(cell.code.x + quiet, cell.code.y + quiet, module_mm, edition.text(spot))


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
