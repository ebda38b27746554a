"""Where everything on a wall goes, in millimetres. Knows sizes, not texts or pictures."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from qr_walls import distance, grids, shapes, signs
from qr_walls.errors import DoesNotFit, WallError
from qr_walls.grids import (
    HIGHEST_MM,
    LOWEST_MM,
    Box,
    Capacity,
    Grid,
    best_rows,
    capacity,
    code_side,
    height_of_row,
    least_cell,
)
from qr_walls.model import QUIET_ZONE, Panel, PanelFormat, Position, Shelf, Wall
from qr_walls.sentences import Note, note
from qr_walls.shapes import Shape

__all__ = [
    "Box",
    "Capacity",
    "Cell",
    "HeaderCode",
    "Row",
    "Sheet",
    "best_rows",
    "capacity",
    "code_side",
    "height_of_row",
    "lay_out",
    "least_cell",
]

# Where the code hangs that opens the wall as a list, above the floor: within easy reach of who
# sits in a wheelchair, and of who stands with a stick.
LIST_LOWEST_MM, LIST_HIGHEST_MM = 900.0, 1200.0
_MOST_FACINGS = 9
_LIST_WIDTH = 1.14  # of its sign, in sides of its code
_LIST_WORDS = 0.3  # the least height of the words above and below that code


class Cell(msgspec.Struct, frozen=True):
    """The room of one position."""

    position: Position
    packs: Box  # where they stand, on its lower edge
    ticket: Box
    code: Box  # with its quiet zone
    address: Box  # under the code, and under the words where these are narrow
    text: Box  # beside it


class Row(msgspec.Struct, frozen=True):
    """One shelf."""

    back: Box  # from the sign to the board
    sign: Box
    board: Box
    rail: Box
    cells: tuple[Cell, ...]


class HeaderCode(msgspec.Struct, frozen=True):
    """The sign whose code opens the whole wall as a list."""

    sign: Box
    above: Box  # for words
    code: Box  # with its quiet zone
    below: Box  # for words
    module_mm: float
    modules: int
    text: str  # what the code says


class Sheet(msgspec.Struct, frozen=True):
    """One panel."""

    format: PanelFormat
    header: Box
    foot: Box
    rows: tuple[Row, ...]
    module_mm: float
    code_mm: float  # side of a code with its quiet zone
    reach_m: float  # from which its codes read
    notes: tuple[Note, ...]
    column: float = 1.0  # the width of the narrowest words, as a share of the code's side
    header_code: HeaderCode | None = None  # where the reader of a wall that has a list stands


class _Sign(NamedTuple):
    """The code of a wall's list, before it has a place."""

    text: str
    modules: int

    def side_mm(self, module_mm: float) -> float:
        return module_mm * (self.modules + 2 * QUIET_ZONE)


def lay_out(wall: Wall, modules: int, list_modules: int = 0) -> list[Sheet]:
    """Boxes for every panel, for codes of ``modules`` modules. Raises ``DoesNotFit``.

    ``list_modules`` is the size of the code of ``wall.list_url``, which hangs on the panels
    that ``signs.panels_with_list`` names.
    """
    if not wall.panels:
        raise WallError("The wall “{name}” has no panels yet.", name=wall.name)
    sign = _Sign(wall.list_url, list_modules) if wall.list_url and list_modules else None
    signed = signs.panels_with_list(wall)
    return [
        _sheet(panel, number, wall.distance_m, modules, sign if number in signed else None)
        for number, panel in enumerate(wall.panels, 1)
    ]


def _sheet(panel: Panel, number: int, distance_m: float, modules: int, sign: _Sign | None) -> Sheet:
    if not panel.shelves or not all(shelf.positions for shelf in panel.shelves):
        raise WallError("Panel {number} has a shelf without products.", number=number)
    code = code_side(distance_m, modules)
    grid, hosts = _with_list(panel, code, modules, sign)
    if grid is None:
        raise _does_not_fit(panel, number, distance_m, modules)
    module_mm = grid.code_mm / (modules + 2 * QUIET_ZONE)
    side = sign.side_mm(module_mm) if sign else 0.0
    rows = tuple(_rows(panel, grid, hosts, side * _LIST_WIDTH))
    header_code = _header_code(grid, sign, module_mm, hosts, len(rows)) if sign else None
    return Sheet(
        panel.format,
        grid.header,
        grid.foot,
        rows,
        module_mm,
        grid.code_mm,
        distance.reach_m(module_mm),
        (*_notes(grid, number, rows), *_list_notes(grid, number, header_code)),
        column=min(cell.text.width for row in rows for cell in row.cells) / grid.code_mm,
        header_code=header_code,
    )


def _with_list(
    panel: Panel, code: float, modules: int, sign: _Sign | None
) -> tuple[Grid | None, int | None]:
    """The grid, and the shelf that makes room for the list's sign, if one can.

    Only a shelf within reach of a wheelchair takes it, the emptiest first. Where all of these are
    full the sign goes into the header, for codes are never smaller than the distance asks.
    """
    rows, columns = len(panel.shelves), _widest(panel)
    if sign:
        for grid in grids.that_hold(panel, rows, columns, code):
            module = grid.code_mm / (modules + 2 * QUIET_ZONE)
            side = sign.side_mm(module)
            if (host := _host(panel, grid, side)) is not None:
                return grid, host
    return grids.largest_that_holds(panel, rows, columns, code), None


def _host(panel: Panel, grid: Grid, side: float) -> int | None:
    """The shelf in the band of the list's code that has room for it, the emptiest first."""
    rows = len(panel.shelves)
    if grid.row_mm(rows) < side * (1 + _LIST_WORDS):
        return None
    least = grid.code_mm * grid.shape.width

    def fits(number: int) -> bool:
        positions = len(panel.shelves[number].positions)
        middle = _list_middle_mm(grid, grid.row(number, rows), side)
        return (
            LIST_LOWEST_MM <= middle <= LIST_HIGHEST_MM
            and positions * least + side * _LIST_WIDTH <= grid.zone.width + 0.001
        )

    able = [number for number in range(rows) if fits(number)]
    return min(able, key=lambda number: len(panel.shelves[number].positions), default=None)


def _list_middle_mm(grid: Grid, row: Box, side: float) -> float:
    return grid.top_mm - row.y - row.height / 2


def _header_code(
    grid: Grid, sign: _Sign, module_mm: float, host: int | None, rows: int
) -> HeaderCode:
    side = sign.side_mm(module_mm)
    if host is None:
        return _in_header(grid, sign, side)
    row = grid.row(host, rows)
    gap = grid.code_mm * grid.shape.gap
    box = Box(row.x + gap / 2, row.y + gap / 2, side * _LIST_WIDTH - gap, row.height - gap)
    code = Box(box.x + (box.width - side) / 2, row.y + (row.height - side) / 2, side, side)
    pad = side * 0.06
    above = Box(box.x + pad, box.y + pad, box.width - 2 * pad, code.y - box.y - pad)
    below = Box(box.x + pad, code.bottom, box.width - 2 * pad, box.bottom - code.bottom - pad)
    return HeaderCode(box, above, code, below, module_mm, sign.modules, sign.text)


def _in_header(grid: Grid, sign: _Sign, side: float) -> HeaderCode:
    """Beside its words at the right end of the header, and no higher than that."""
    free = grid.header.height * 0.8  # the awning hangs over the rest
    side = min(side, free * 0.9)
    pad = (free - side) / 2
    code = Box(grid.header.right - side - pad, pad, side, side)
    words = side * 0.9
    box = Box(
        code.x - words - pad,
        pad / 2,
        grid.header.right - pad / 2 - code.x + words + pad,
        free - pad,
    )
    above = Box(box.x + pad / 2, code.y, words, side * 0.5)
    below = Box(above.x, above.bottom, words, side * 0.5)
    module_mm = side / (sign.modules + 2 * QUIET_ZONE)
    return HeaderCode(box, above, code, below, module_mm, sign.modules, sign.text)


def _widest(panel: Panel) -> int:
    return max(len(shelf.positions) for shelf in panel.shelves)


def _rows(panel: Panel, grid: Grid, host: int | None, sign_mm: float) -> Iterator[Row]:
    for number, shelf in enumerate(panel.shelves):
        box = grid.row(number, len(panel.shelves))
        if number == host:
            box = Box(box.x + sign_mm, box.y, box.width - sign_mm, box.height)
        yield _row(shelf, box, grid.code_mm, grid.shape)


def _row(shelf: Shelf, box: Box, code: float, shape: Shape) -> Row:
    rail_height = code * (shape.ticket + 2 * shape.edge)
    rail = Box(box.x, box.bottom - rail_height, box.width, rail_height)
    board = Box(box.x, rail.y - code * shape.board, box.width, code * shape.board)
    back = Box(box.x, box.y, box.width, board.y - box.y)
    sign = Box(box.x, box.y, box.width, code * shape.sign)
    top = sign.bottom + code * shape.headroom
    # Packs stand a little behind the front edge of the board.
    packs = Box(box.x, top, box.width, board.y + board.height * 0.35 - top)
    return Row(back, sign, board, rail, tuple(_cells(shelf, packs, rail, code, shape)))


def _cells(shelf: Shelf, packs: Box, rail: Box, code: float, shape: Shape) -> Iterator[Cell]:
    least = code * shape.width
    weights = [min(position.facings, _MOST_FACINGS) or 3 for position in shelf.positions]
    spare = packs.width - least * len(weights)
    x = packs.x
    for position, weight in zip(shelf.positions, weights, strict=True):
        width = least + spare * weight / sum(weights)
        yield _cell(position, Box(x, packs.y, width, packs.height), rail, code, shape)
        x += width


def _cell(position: Position, packs: Box, rail: Box, code: float, shape: Shape) -> Cell:
    gap = code * shape.gap
    width = min(packs.width - gap, code * 2.5)
    ticket = Box(
        packs.x + (packs.width - width) / 2,
        rail.y + code * shape.edge,
        width,
        code * shape.ticket,
    )
    square = Box(ticket.x, ticket.y, code, code)
    narrow = shape is shapes.DENSE
    under = (ticket.width if narrow else code) - code * 0.08
    pad = code * (0.026 if narrow else 0.05)
    beside = square if narrow else ticket
    return Cell(
        position=position,
        packs=Box(packs.x + gap / 2, packs.y, packs.width - gap, packs.height),
        ticket=ticket,
        code=square,
        address=Box(ticket.x + code * 0.04, square.bottom, under, ticket.bottom - square.bottom),
        text=Box(
            square.right + pad,
            ticket.y + (0.02 * code if narrow else pad),
            ticket.right - square.right - (1.5 if narrow else 2) * pad,
            beside.height - (0.02 * code if narrow else 2 * pad),
        ),
    )


def _notes(grid: Grid, number: int, rows: tuple[Row, ...]) -> Iterator[Note]:
    middles = [
        grid.top_mm - cell.code.y - cell.code.height / 2 for row in rows for cell in row.cells
    ]
    away = sum(not LOWEST_MM <= middle <= HIGHEST_MM for middle in middles)
    if away:
        yield note(
            "Panel {panel}: {away} of {codes} codes hang outside arm's reach (0.4 to 1.8 m above "
            "the floor).",
            panel=number,
            away=away,
            codes=len(middles),
        )


def _list_notes(grid: Grid, number: int, header_code: HeaderCode | None) -> Iterator[Note]:
    if header_code is None:
        return
    above = grid.top_mm - header_code.code.y - header_code.code.height / 2
    if not LIST_LOWEST_MM <= above <= LIST_HIGHEST_MM:
        yield note(
            "Panel {panel}: the code that opens the wall as a list hangs {above:.2f} m above the "
            "floor, outside 0.9 to 1.2 m, where everybody reaches it: no shelf there has room for it.",
            panel=number,
            above=above / 1000,
        )


def _does_not_fit(panel: Panel, number: int, distance_m: float, modules: int) -> DoesNotFit:
    """How many fit, and the distance at which all of them would."""
    holds = capacity(panel, distance_m, modules)
    rows, columns = len(panel.shelves), _widest(panel)
    nearer = next(
        (
            twentieth / 20
            for twentieth in range(int(distance_m * 20), 3, -1)
            if grids.largest_that_holds(panel, rows, columns, code_side(twentieth / 20, modules))
        ),
        None,
    )
    sentence = (
        "Panel {number} ({format}) read from {distance:g} m holds {rows} shelves of {columns} "
        "products, {fits} in all; {wanted_rows} shelves of up to {wanted_columns} were asked for. "
    )
    return DoesNotFit(
        sentence
        + (
            "Read from {nearer:g} m all would fit."
            if nearer
            else "Take a larger or a second panel."
        ),
        fits=holds.products,
        number=number,
        format=panel.format.name,
        distance=distance_m,
        rows=holds.rows,
        columns=holds.columns,
        wanted_rows=rows,
        wanted_columns=columns,
        nearer=nearer or 0,
    )
