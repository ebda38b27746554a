"""How much room a product takes on a wall: three shapes, from a generous shelf to a dense one.

All measures of a shelf are shares of the side of a code with its quiet zone, and that side
follows from the reading distance: the farther people stand, the larger everything is.
"""

from typing import NamedTuple


class Shape(NamedTuple):
    """The least measures of a cell, as shares of the side of its code."""

    text: float  # the width of the words beside the code
    gap: float  # between tickets
    ticket: float  # the height of the code and of what stands under it
    sign: float  # the category above a shelf
    headroom: float  # between the sign and the tallest pack
    pack: float  # the height of a pack
    board: float
    edge: float  # of the rail above and below its tickets
    header: float  # of the poster, as a share of its smaller side
    foot: float
    side: float
    growth: float  # by how much codes may be larger than they need be

    @property
    def width(self) -> float:
        return 1 + self.text + self.gap

    @property
    def height(self) -> float:
        return self.sign + self.headroom + self.pack + self.board + self.ticket + 2 * self.edge


ROOMY = Shape(
    text=0.9, gap=0.09, ticket=1.12, sign=0.19, headroom=0.07, pack=0.72, board=0.09, edge=0.05,
    header=0.15, foot=0.035, side=0.018, growth=1.7,
)  # fmt: skip
SNUG = Shape(
    text=0.66, gap=0.07, ticket=1.1, sign=0.14, headroom=0.04, pack=0.56, board=0.07, edge=0.035,
    header=0.12, foot=0.03, side=0.013, growth=1.12,
)  # fmt: skip
DENSE = Shape(
    text=0.43, gap=0.05, ticket=1.08, sign=0.115, headroom=0.02, pack=0.36, board=0.05, edge=0.02,
    header=0.085, foot=0.026, side=0.008, growth=1.06,
)  # fmt: skip

ALL = (ROOMY, SNUG, DENSE)  # tried in this order: a shelf is as generous as there is room for

COMFORTABLE_PACK = 1.1  # the height of a pack before codes grow
TALLEST_PACK = 2.6  # and the greatest height of a pack
CELL_ASPECT = 0.9  # width of a cell by its height that pleases the eye
