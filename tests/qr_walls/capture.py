"""What a hurried phone makes of a printed code: seen from the side, a little out of focus, squeezed."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from math import cos, radians, sin

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from qr_walls.proof import Place

_FINE = 16  # pixels a module of the print itself
_AWAY = 4.0  # the camera's distance, in sides of the code: what is near looks larger
_POINTS_PER_MM = 72 / 25.4


def captures(
    pdf: bytes,
    places: Sequence[Place],
    *,
    tilt_degrees: float = 30,
    blur_pixels: float = 0.7,
    jpeg_quality: int = 60,
    pixels_per_module: float = 3,
    scale: float = 1,
) -> Iterator[NDArray[np.uint8]]:
    """A grey picture of every code, in the order of ``places``, with a little of what is beside it.

    ``pixels_per_module`` counts in the middle of the code, before tilting makes it narrower;
    ``scale`` is how many mm of the wall are one of the file.
    """
    prints: dict[Place, Image.Image] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for place in places:
            if place not in prints:  # with all that stand beside it: painting takes the time
                beside = [one for one in places if (one.page, one.y) == (place.page, place.y)]
                prints = dict(_printed(document[place.page], beside, scale))
            seen = _tilted(prints[place], tilt_degrees, pixels_per_module / _FINE)
            blurred = seen.filter(ImageFilter.GaussianBlur(blur_pixels))
            file = BytesIO()
            blurred.save(file, "JPEG", quality=jpeg_quality)
            yield np.array(Image.open(file).convert("L"))


def _printed(
    page: pypdfium2.PdfPage, places: Sequence[Place], scale: float
) -> Iterator[tuple[Place, Image.Image]]:
    width, height = page.get_size()
    left, _, _, top = page.get_trimbox()
    mm = _POINTS_PER_MM / scale
    boxes = [place.box for place in places]
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    crop = (
        left + x * mm,
        top - bottom * mm,
        width - left - right * mm,
        height - top + y * mm,
    )
    pixels = _FINE / min(place.module_mm for place in places)
    picture = page.render(scale=pixels / mm, crop=crop, grayscale=True).to_pil().convert("L")
    for place, box in zip(places, boxes, strict=True):
        start, side = round((box.x - x) * pixels), round(box.width * pixels)
        yield place, picture.crop((start, 0, start + side, side))


def _tilted(picture: Image.Image, degrees: float, scale: float) -> Image.Image:
    """Turned about its upright axis and seen from ahead, on a grey wall."""
    side = picture.width
    across, depth = cos(radians(degrees)) / 2, sin(radians(degrees)) / 2
    ends = [(x * across, 1 + x * depth / _AWAY) for x in (-1, 1)]  # left, right: place, farness
    corners = [
        (x / far, y / 2 / far)
        for (x, far), y in ((ends[0], -1), (ends[1], -1), (ends[1], 1), (ends[0], 1))
    ]
    room = round(side * scale * 1.15)
    seen = [((x * side * scale) + room / 2, (y * side * scale) + room / 2) for x, y in corners]
    flat = [(0, 0), (side, 0), (side, side), (0, side)]
    # Looked at from four times nearer and then averaged, as a sensor's pixels do.
    fine = 4
    matrix = _perspective([(x * fine, y * fine) for x, y in seen], flat)
    large = picture.transform(
        (room * fine, room * fine),
        Image.Transform.PERSPECTIVE,
        matrix,
        Image.Resampling.BILINEAR,
        fillcolor=200,
    )
    return large.resize((room, room), Image.Resampling.BOX)


def _perspective(
    seen: Sequence[tuple[float, float]], flat: Sequence[tuple[float, float]]
) -> list[float]:
    """The eight numbers that lead from what is seen back to what is printed."""
    rows, known = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        known += [u, v]
    found: list[float] = np.linalg.solve(np.array(rows), np.array(known)).tolist()
    return found
