"""The outline of a QR code's dark modules, as closed loops.

One filled path instead of hundreds of little squares: squares that merely touch show hairlines
between them in every viewer that smooths edges, and a press may print those.
"""

from collections.abc import Sequence

Point = tuple[int, int]  # x to the right, y downwards, in modules from the top left corner
Loop = tuple[Point, ...]  # corners only; the last joins the first

_RIGHT, _DOWN, _LEFT, _UP = (1, 0), (0, 1), (-1, 0), (0, -1)
# Where the walk may go on, sharpest right turn first: modules that touch by a corner only stay
# loops of their own.
_TURNS = {
    _RIGHT: (_DOWN, _RIGHT, _UP),
    _DOWN: (_LEFT, _DOWN, _RIGHT),
    _LEFT: (_UP, _LEFT, _DOWN),
    _UP: (_RIGHT, _UP, _LEFT),
}


def trace(rows: Sequence[Sequence[bool]]) -> tuple[Loop, ...]:
    """The loops around the dark modules of ``rows``, to be filled by the even-odd rule.

    Dark lies to the right of every step, so outer loops run clockwise and holes the other way.
    """
    edges = _edges(rows)
    loops = []
    while edges:
        start = next(iter(edges))
        loops.append(_corners(_walk(edges, start)))
    return tuple(loops)


def _edges(rows: Sequence[Sequence[bool]]) -> dict[Point, list[Point]]:
    """Every border between dark and light: where it starts, and the directions it may take."""
    size = len(rows)

    def dark(x: int, y: int) -> bool:
        return 0 <= x < size and 0 <= y < size and bool(rows[y][x])

    edges: dict[Point, list[Point]] = {}
    for y in range(size):
        for x in range(size):
            if not rows[y][x]:
                continue
            if not dark(x, y - 1):
                edges.setdefault((x, y), []).append(_RIGHT)
            if not dark(x + 1, y):
                edges.setdefault((x + 1, y), []).append(_DOWN)
            if not dark(x, y + 1):
                edges.setdefault((x + 1, y + 1), []).append(_LEFT)
            if not dark(x - 1, y):
                edges.setdefault((x, y + 1), []).append(_UP)
    return edges


def _walk(edges: dict[Point, list[Point]], start: Point) -> list[tuple[Point, Point]]:
    """Follow one border back to where it began, taking its edges out of ``edges``."""
    steps = []
    here, heading = start, edges[start][0]
    while True:
        choices = edges[here]
        heading = next(turn for turn in _TURNS[heading] if turn in choices)
        choices.remove(heading)
        if not choices:
            del edges[here]
        steps.append((here, heading))
        here = (here[0] + heading[0], here[1] + heading[1])
        if here == start:
            return steps


def _corners(steps: list[tuple[Point, Point]]) -> Loop:
    """The points where the walk turned."""
    return tuple(
        point
        for (point, heading), (_, before) in zip(steps, [steps[-1], *steps[:-1]], strict=True)
        if heading != before
    )
