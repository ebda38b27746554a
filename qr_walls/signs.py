"""On which panels the code stands that opens the wall as a list: wherever its reader stands."""

from collections.abc import Iterator, Sequence

from qr_walls.model import PanelFormat, Wall


def panels_with_list(wall: Wall) -> tuple[int, ...]:
    """Numbers of the panels of ``wall`` that carry the code of its list, counted from 1.

    None of a wall without ``list_url``.
    """
    if not wall.list_url:
        return ()
    return tuple(spread([panel.format for panel in wall.panels], wall.list_every_m))


def spread(formats: Sequence[PanelFormat], every_m: float) -> Iterator[int]:
    """The first panel, and every one whose middle hangs ``every_m`` metres or more beyond the
    middle of the last that has one; the first alone where ``every_m`` is 0.

    Panels hang side by side, in order. Who sits in a wheelchair before one of them should not
    have to look for the code on another.
    """
    left, last = 0.0, None
    for number, format in enumerate(formats, 1):
        middle = left + format.width_mm / 2
        left += format.width_mm
        if last is None or (every_m and middle - last >= every_m * 1000):
            last = middle
            yield number
