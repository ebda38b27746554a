"""Artwork beyond the trim: what reaches the edge of a poster goes on behind it.

A knife slips by a millimetre or two; without bleed it leaves a white hair along the edge.
"""

from collections.abc import Iterator
from typing import TypeVar

from msgspec.structs import replace

from qr_walls.display import Ellipse, Item, Page, Rect, Shade

_TOUCHES = 0.01  # mm
_Band = TypeVar("_Band", Rect, Shade)


def items(page: Page, by: float) -> Iterator[Item]:
    """The items of ``page``, going on for ``by`` mm over every edge they touch."""
    for item in page.items:
        match item:
            case Rect() if not item.radius:
                yield _upright(_wider(item, page.width, by), page.height, by)
            case Shade():
                yield from _shade(_wider(item, page.width, by), page.height, by)
            case Ellipse():
                yield item
                yield from _mirrored(item, page, by)
            case _:
                yield item


def _wider(item: _Band, width: float, by: float) -> _Band:
    left = by if item.x <= _TOUCHES else 0
    right = by if item.x + item.width >= width - _TOUCHES else 0
    if not (left or right):
        return item
    return replace(item, x=item.x - left, width=item.width + left + right)


def _upright(item: Rect, height: float, by: float) -> Rect:
    above = by if item.y <= _TOUCHES else 0
    below = by if item.y + item.height >= height - _TOUCHES else 0
    if not (above or below):
        return item
    return replace(item, y=item.y - above, height=item.height + above + below)


def _shade(item: Shade, height: float, by: float) -> Iterator[Item]:
    """A gradient stays where it is; its last colour goes on."""
    if item.y <= _TOUCHES:
        yield Rect(item.x, item.y - by, item.width, by + _TOUCHES, item.top)
    if item.y + item.height >= height - _TOUCHES:
        below = item.y + item.height
        yield Rect(item.x, below - _TOUCHES, item.width, by + _TOUCHES, item.bottom)
    yield item


def _mirrored(item: Ellipse, page: Page, by: float) -> Iterator[Item]:
    """What stands at an edge and is round has its like on the other side of it."""
    if 0 <= item.x < by:
        yield replace(item, x=-item.x - item.width)
    if page.width - by < item.x + item.width <= page.width + _TOUCHES:
        yield replace(item, x=2 * page.width - item.x - item.width)
