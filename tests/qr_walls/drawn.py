"""A code drawn as a press draws it: its outline, filled by the even-odd rule."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from qr_walls import symbols
from qr_walls.model import QUIET_ZONE
from qr_walls.outlines import Loop


def picture(symbol: symbols.Symbol, scale: int = 4) -> Image.Image:
    """Black on white with its quiet zone, ``scale`` pixels a module."""
    return filled(symbol.outline, symbol.modules, scale)


def filled(loops: Sequence[Loop], modules: int, scale: int) -> Image.Image:
    """Every upright edge turns over all pixels to its right: what is turned an odd number of times
    is inside."""
    side = (modules + 2 * QUIET_ZONE) * scale
    dark = np.zeros((side, side), np.bool_)
    for loop in loops:
        corners = [
            (round((x + QUIET_ZONE) * scale), round((y + QUIET_ZONE) * scale)) for x, y in loop
        ]
        for (x, y), (_, to_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
            dark[min(y, to_y) : max(y, to_y), x:] ^= True
    return Image.fromarray(np.where(dark, np.uint8(0), np.uint8(255)))
