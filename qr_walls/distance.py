"""How large a module must be to be read from where people stand.

A phone's preview of 1920 pixels over a field of view of 69° sees 1.40 pixels per millimetre at
one metre. A good reader wants 3 pixels per module, every reader is content with 4.
"""

from qr_walls.errors import WallError

PIXELS_PER_MM_AT_1_M = 1.40
EVERY_READER = 4.0  # pixels per module
GOOD_READER = 3.0  # ZXing and ZBar read so; the camera of a cheap phone may not
SHARE_OF_720_LINES = 0.93 / 1.40  # of that, with a preview of 1280 pixels
NEAREST_M, FARTHEST_M = 0.1, 10.0


def module_mm(distance_m: float, pixels: float = EVERY_READER) -> float:
    """The side of one module, in mm, that still reads from ``distance_m``."""
    if not NEAREST_M <= distance_m <= FARTHEST_M:
        raise WallError(
            "A reading distance of {distance:g} m makes no sense: {nearest:g} to {farthest:g} m do.",
            distance=distance_m,
            nearest=NEAREST_M,
            farthest=FARTHEST_M,
        )
    return distance_m * pixels / PIXELS_PER_MM_AT_1_M


def reach_m(module_mm: float, pixels: float = EVERY_READER) -> float:
    """From how far, in metres, a code with modules of this size is read."""
    return module_mm * PIXELS_PER_MM_AT_1_M / pixels
