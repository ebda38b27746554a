"""What a panel offers its shelves: how many of how many, and how large their codes can be."""

from collections.abc import Iterator
from typing import NamedTuple

from qr_walls import distance, shapes
from qr_walls.errors import DoesNotFit
from qr_walls.model import QUIET_ZONE, Panel
from qr_walls.shapes import Shape

HIGHEST_MM, LOWEST_MM = 1800.0, 400.0  # above the floor, where codes can be reached


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


class Capacity(NamedTuple):
    """How much a panel holds at a reading distance."""

    columns: int
    rows: int

    @property
    def products(self) -> int:
        return self.columns * self.rows


class Grid(NamedTuple):
    """What a panel offers its shelves, for codes of one size in cells of one shape."""

    shape: Shape
    code_mm: float
    zone: Box
    header: Box
    foot: Box
    top_mm: float  # of the panel, above the floor

    @property
    def columns(self) -> int:
        return int((self.zone.width + 0.001) / (self.code_mm * self.shape.width))

    def rows(self, pack: float = 0.0) -> int:
        """How many shelves, with packs at least so high (a share of the code's side)."""
        more = max(0.0, pack - self.shape.pack)
        return int((self.zone.height + 0.001) / (self.code_mm * (self.shape.height + more)))

    def row_mm(self, rows: int) -> float:
        """How high each of so many shelves is."""
        tallest = self.shape.height - self.shape.pack + shapes.TALLEST_PACK
        return min(self.zone.height / rows, self.code_mm * tallest)

    def row(self, number: int, rows: int) -> Box:
        """The box of one shelf; the lowest stands on the foot."""
        height = self.row_mm(rows)
        y = self.zone.bottom - height * (rows - number)
        return Box(self.zone.x, y, self.zone.width, height)


def code_side(distance_m: float, modules: int) -> float:
    """The side in mm of a code of so many modules, quiet zone included."""
    return distance.module_mm(distance_m) * (modules + 2 * QUIET_ZONE)


def capacity(panel: Panel, distance_m: float, modules: int) -> Capacity:
    """How many columns and shelves fit at most on a panel to be read from ``distance_m`` metres."""
    grid = at_code(panel, code_side(distance_m, modules), shapes.DENSE)
    return Capacity(grid.columns, grid.rows())


def least_cell(code_mm: float) -> tuple[float, float]:
    """Width and height in mm of the smallest cell around a code of this side."""
    return code_mm * shapes.DENSE.width, code_mm * shapes.DENSE.height


def best_rows(panel: Panel, products: int, distance_m: float, modules: int) -> int:
    """On how many shelves so many products look best: where their codes can be largest.

    One place is left over where there is one, for the code of the wall's list. Raises
    ``DoesNotFit``.
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
    places = min(products + 1, holds.products)

    def roominess(rows: int) -> tuple[float, float, float]:
        columns = -(-places // rows)
        grid = largest_that_holds(panel, rows, columns, code)
        if grid is None:
            return (-1.0, 0.0, 0.0)
        aspect = (grid.zone.width / columns) / (grid.zone.height / rows)
        ideal = shapes.CELL_ASPECT * grid.shape.width / grid.shape.height
        return (grid.shape.text, grid.code_mm, -abs(aspect - ideal))

    return max(range(1, min(holds.rows, products) + 1), key=roominess)


def height_of_row(panel: Panel, number: int, rows: int, distance_m: float, modules: int) -> float:
    """How high the middle of one of so many shelves hangs above the floor, in mm."""
    code = code_side(distance_m, modules)
    grid = largest_that_holds(panel, rows, 1, code) or at_code(panel, code, shapes.DENSE)
    box = grid.row(number, rows)
    return grid.top_mm - box.y - box.height / 2


def largest_that_holds(panel: Panel, rows: int, columns: int, code_mm: float) -> Grid | None:
    """The best grid for so many, with codes beyond arm's reach where there is no other."""
    for within_reach in (True, False):
        for grid in that_hold(panel, rows, columns, code_mm, within_reach=within_reach):
            return grid
    return None


def that_hold(
    panel: Panel, rows: int, columns: int, code_mm: float, *, within_reach: bool = True
) -> Iterator[Grid]:
    """What holds so many, best first: the roomiest shape with the largest codes."""
    for shape in shapes.ALL:
        for percent in range(round(shape.growth * 100), 100, -2):
            grid = at_code(panel, code_mm * percent / 100, shape, within_reach=within_reach)
            pack = max(shape.pack, min(shapes.COMFORTABLE_PACK, shape.pack * 1.5))
            if grid.columns >= columns and grid.rows(pack) >= rows:
                yield grid
        grid = at_code(panel, code_mm, shape, within_reach=within_reach)
        if grid.columns >= columns and grid.rows() >= rows:
            yield grid


def at_code(panel: Panel, code_mm: float, shape: Shape, *, within_reach: bool = True) -> Grid:
    """The grid of a panel for codes of this side; head and foot fill what nobody reaches."""
    width, height = panel.format.width_mm, panel.format.height_mm
    small = min(width, height)
    side = max(4.0, shape.side * small)
    top = panel.lower_edge_mm + height
    # The first code of a shelf stands below its packs, so its row may begin above arm's reach.
    first_code = code_mm * (shape.height - shape.ticket - shape.edge)
    high = top - HIGHEST_MM - first_code
    last_code = code_mm * (shape.ticket + shape.edge - 0.5)  # its middle above the foot
    low = LOWEST_MM + 1 - panel.lower_edge_mm - last_code
    header, foot = shape.header * small, shape.foot * small
    if within_reach:
        header, foot = max(header, min(high, 0.3 * small)), max(foot, min(low, 0.25 * small))
    return Grid(
        shape,
        code_mm,
        Box(side, header, width - 2 * side, height - header - foot),
        Box(0, 0, width, header),
        Box(0, height - foot, width, foot),
        top,
    )
