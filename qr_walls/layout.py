"""Where everything on a wall goes, in millimetres. Knows sizes, not texts or pictures.

All measures of a shelf are shares of the side of a code with its quiet zone, and that side
follows from the reading distance: the farther people stand, the larger everything is.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from qr_walls import distance
from qr_walls.errors import DoesNotFit, WallError
from qr_walls.model import QUIET_ZONE, Panel, PanelFormat, Position, Shelf, Wall

HIGHEST_MM, LOWEST_MM = 1800.0, 400.0  # above the floor, where codes can be reached

# Shares of the side of a code.
TICKET_HEIGHT = 1.12  # the code and the address under it
TICKET_TEXT = 0.9  # the least width beside the code
_GAP = 0.09  # between tickets
_SIGN = 0.19  # the category above a shelf
_HEADROOM = 0.07  # between the sign and the tallest pack
_PICTURE = 0.72  # the least height of a pack
_COMFORTABLE = 1.1  # the height of a pack before codes grow
_TALLEST = 2.6  # and the greatest height of a pack
_BOARD = 0.09
_RAIL_EDGE = 0.05  # of the rail above and below its tickets
_SHAPE = 0.9  # width of a cell by its height that pleases the eye
_LARGEST = 1.7  # codes grow up to this much where a panel has room


class Box(NamedTuple):
    """A rectangle in mm from the top left corner of its panel."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def inset(self, by: float) -> "Box":
        """The box within, ``by`` mm smaller on every side."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


class Cell(msgspec.Struct, frozen=True):
    """The room of one position."""

    position: Position
    packs: Box  # where they stand, on its lower edge
    ticket: Box
    code: Box  # with its quiet zone
    address: Box  # under the code
    text: Box  # beside it


class Row(msgspec.Struct, frozen=True):
    """One shelf."""

    back: Box  # from the sign to the board
    sign: Box
    board: Box
    rail: Box
    cells: tuple[Cell, ...]


class Sheet(msgspec.Struct, frozen=True):
    """One panel."""

    format: PanelFormat
    header: Box
    foot: Box
    rows: tuple[Row, ...]
    module_mm: float
    code_mm: float  # side of a code with its quiet zone
    reach_m: float  # from which its codes read
    notes: tuple[str, ...]


class _Grid(NamedTuple):
    """What a panel offers its shelves, for codes of one size."""

    code_mm: float
    zone: Box
    header: Box
    foot: Box

    @property
    def columns(self) -> int:
        return int((self.zone.width + 0.001) / (self.code_mm * (1 + TICKET_TEXT + _GAP)))

    def rows(self, pack: float = _PICTURE) -> int:
        """How many shelves, with packs at least so high (a share of the code's side)."""
        return int((self.zone.height + 0.001) / row_height(self.code_mm, pack))

    def holds(self, rows: int, columns: int, pack: float) -> bool:
        return self.rows(pack) >= rows and self.columns >= columns


class Capacity(NamedTuple):
    """How much a panel holds at a reading distance."""

    columns: int
    rows: int

    @property
    def products(self) -> int:
        return self.columns * self.rows


def row_height(code_mm: float, pack: float = _PICTURE) -> float:
    """The least height of a shelf whose codes have this side, in mm.

    ``pack`` is the least height of a pack as a share of that side.
    """
    return code_mm * (_SIGN + _HEADROOM + pack + _BOARD + TICKET_HEIGHT + 2 * _RAIL_EDGE)


def code_side(distance_m: float, modules: int) -> float:
    """The side in mm of a code of so many modules, quiet zone included."""
    return distance.module_mm(distance_m) * (modules + 2 * QUIET_ZONE)


def capacity(panel: Panel, distance_m: float, modules: int) -> Capacity:
    """How many columns and shelves fit on a panel to be read from ``distance_m`` metres."""
    grid = _grid(panel, code_side(distance_m, modules))
    return Capacity(grid.columns, grid.rows())


def best_rows(panel: Panel, products: int, distance_m: float, modules: int) -> int:
    """On how many shelves so many products look best: where their codes can be largest.

    Raises ``DoesNotFit``.
    """
    holds = capacity(panel, distance_m, modules)
    if products > holds.products:
        raise DoesNotFit(
            "{fits} products fit on {format} read from {distance:g} m, not {products}.",
            fits=holds.products,
            format=panel.format.name,
            distance=distance_m,
            products=products,
        )
    code = code_side(distance_m, modules)

    def roominess(rows: int) -> tuple[float, float]:
        columns = -(-products // rows)
        grid = _largest_that_holds(panel, rows, columns, code)
        if grid is None:
            return (0.0, 0.0)
        shape = (grid.zone.width / columns) / (grid.zone.height / rows)
        return (grid.code_mm, -abs(shape - _SHAPE))

    return max(range(1, min(holds.rows, products) + 1), key=roominess)


def lay_out(wall: Wall, modules: int) -> list[Sheet]:
    """Boxes for every panel, for codes of ``modules`` modules. Raises ``DoesNotFit``."""
    if not wall.panels:
        raise WallError("The wall “{name}” has no panels yet.", name=wall.name)
    return [
        _sheet(panel, number, wall.distance_m, modules)
        for number, panel in enumerate(wall.panels, 1)
    ]


def _sheet(panel: Panel, number: int, distance_m: float, modules: int) -> Sheet:
    if not panel.shelves or not all(shelf.positions for shelf in panel.shelves):
        raise WallError("Panel {number} has a shelf without products.", number=number)
    grid = _largest_that_holds(
        panel, len(panel.shelves), _widest(panel), code_side(distance_m, modules)
    )
    if grid is None:
        raise _does_not_fit(panel, number, distance_m, modules)
    rows = tuple(_rows(panel, grid))
    module_mm = grid.code_mm / (modules + 2 * QUIET_ZONE)
    return Sheet(
        panel.format,
        grid.header,
        grid.foot,
        rows,
        module_mm,
        grid.code_mm,
        distance.reach_m(module_mm),
        tuple(_notes(panel, number, rows)),
    )


def _largest_that_holds(panel: Panel, rows: int, columns: int, code_mm: float) -> _Grid | None:
    """Codes as large as the panel has room for, but never smaller than the distance asks."""
    for percent in range(round(_LARGEST * 100), 100, -2):
        grid = _grid(panel, code_mm * percent / 100)
        if grid.holds(rows, columns, _COMFORTABLE):
            return grid
    grid = _grid(panel, code_mm)
    return grid if grid.holds(rows, columns, _PICTURE) else None


def _widest(panel: Panel) -> int:
    return max(len(shelf.positions) for shelf in panel.shelves)


def _grid(panel: Panel, code_mm: float) -> _Grid:
    width, height = panel.format.width_mm, panel.format.height_mm
    small = min(width, height)
    side = max(5.0, 0.018 * small)
    top = panel.lower_edge_mm + height
    # The first code of a shelf stands below its packs, so its row may begin above arm's reach.
    first_code = row_height(code_mm) - code_mm * (TICKET_HEIGHT + _RAIL_EDGE)
    header = max(0.15 * small, min(top - HIGHEST_MM - first_code, 0.3 * small))
    foot = max(0.035 * small, min(LOWEST_MM - panel.lower_edge_mm, 0.15 * small))
    return _Grid(
        code_mm,
        Box(side, header, width - 2 * side, height - header - foot),
        Box(0, 0, width, header),
        Box(0, height - foot, width, foot),
    )


def _rows(panel: Panel, grid: _Grid) -> Iterator[Row]:
    tallest = row_height(grid.code_mm, _TALLEST)
    height = min(grid.zone.height / len(panel.shelves), tallest)
    for number, shelf in enumerate(panel.shelves):
        y = grid.zone.bottom - height * (len(panel.shelves) - number)
        yield _row(shelf, Box(grid.zone.x, y, grid.zone.width, height), grid.code_mm)


def _row(shelf: Shelf, box: Box, code: float) -> Row:
    rail_height = code * (TICKET_HEIGHT + 2 * _RAIL_EDGE)
    rail = Box(box.x, box.bottom - rail_height, box.width, rail_height)
    board = Box(box.x, rail.y - code * _BOARD, box.width, code * _BOARD)
    back = Box(box.x, box.y, box.width, board.y - box.y)
    sign = Box(box.x, box.y, box.width, code * _SIGN)
    top = sign.bottom + code * _HEADROOM
    # Packs stand a little behind the front edge of the board.
    packs = Box(box.x, top, box.width, board.y + board.height * 0.35 - top)
    return Row(back, sign, board, rail, tuple(_cells(shelf, packs, rail, code)))


def _cells(shelf: Shelf, packs: Box, rail: Box, code: float) -> Iterator[Cell]:
    least = code * (1 + TICKET_TEXT + _GAP)
    weights = [position.facings or 3 for position in shelf.positions]
    spare = packs.width - least * len(weights)
    x = packs.x
    for position, weight in zip(shelf.positions, weights, strict=True):
        width = least + spare * weight / sum(weights)
        yield _cell(position, Box(x, packs.y, width, packs.height), rail, code)
        x += width


def _cell(position: Position, packs: Box, rail: Box, code: float) -> Cell:
    gap = code * _GAP
    width = min(packs.width - gap, code * 2.5)
    ticket = Box(
        packs.x + (packs.width - width) / 2,
        rail.y + code * _RAIL_EDGE,
        width,
        code * TICKET_HEIGHT,
    )
    square = Box(ticket.x, ticket.y, code, code)
    return Cell(
        position=position,
        packs=Box(packs.x + gap / 2, packs.y, packs.width - gap, packs.height),
        ticket=ticket,
        code=square,
        address=Box(
            ticket.x + code * 0.04, square.bottom, code * 0.92, ticket.bottom - square.bottom
        ),
        text=Box(square.right, ticket.y, ticket.right - square.right, ticket.height).inset(
            code * 0.05
        ),
    )


def _notes(panel: Panel, number: int, rows: tuple[Row, ...]) -> Iterator[str]:
    top = panel.lower_edge_mm + panel.format.height_mm
    middles = [top - cell.code.y - cell.code.height / 2 for row in rows for cell in row.cells]
    away = sum(not LOWEST_MM <= middle <= HIGHEST_MM for middle in middles)
    if away:
        yield (
            f"Panel {number}: {away} of {len(middles)} codes hang outside arm's reach "
            f"(0.4 to 1.8 m above the floor)."
        )


def _does_not_fit(panel: Panel, number: int, distance_m: float, modules: int) -> DoesNotFit:
    """How many fit, and the distance at which all of them would."""
    holds = capacity(panel, distance_m, modules)
    nearer = next(
        (
            twentieth / 20
            for twentieth in range(int(distance_m * 20), 3, -1)
            if _grid(panel, code_side(twentieth / 20, modules)).holds(
                len(panel.shelves), _widest(panel), _PICTURE
            )
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
        wanted_rows=len(panel.shelves),
        wanted_columns=_widest(panel),
        nearer=nearer or 0,
    )
