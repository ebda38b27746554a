"""The finished file as two strangers see it: painted by PDFium, read by ZXing and by ZBar's reader.

Only the strips of a page on which codes stand are painted, in grey, at as few pixels per module
as a phone has: a wall of 500 codes whole would fill the memory of a small machine.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from qr_walls.errors import WallError
from qr_walls.layout import Box
from qr_walls.model import QUIET_ZONE

# What paints and reads is imported where it is used: who only speaks of a proof does without.
if TYPE_CHECKING:
    import numpy
    import pypdfium2

    from qr_walls.proof import Place

PIXELS_PER_MODULE = 4
POINTS_PER_MM = 72 / 25.4
_LIGHT = 230  # of 255
_LARGEST_STRIP = 12_000_000  # pixels


class Seen(NamedTuple):
    """What is seen where a code must be."""

    place: "Place"
    texts: tuple[frozenset[str], frozenset[str]]  # what each reader read
    quiet: bool  # nothing is printed in the quiet zone
    contrast: float  # of the palest dark to the darkest light, 0 to 1


def opened(pdf: bytes) -> "pypdfium2.PdfDocument":
    """The file, to be closed. Raises ``WallError`` for what is no PDF."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise WallError("The file is no PDF, or not whole.") from error


def outside(page: "pypdfium2.PdfPage", place: "Place", scale: float) -> bool:
    """Whether a code hangs over the trim of its page."""
    left, bottom, right, top = page.get_trimbox()
    mm = POINTS_PER_MM / scale
    box = place.box
    return (
        box.x < 0
        or box.y < 0
        or box.right > (right - left) / mm + 0.1
        or box.bottom > (top - bottom) / mm + 0.1
    )


def read(page: "pypdfium2.PdfPage", places: Sequence["Place"], scale: float) -> Iterator[Seen]:
    """Every code of one page. ``scale`` is how many mm of the wall are one of the file."""
    if not places:
        return
    pixels_per_mm = PIXELS_PER_MODULE / min(place.module_mm for place in places)
    width = max(place.box.right for place in places) - min(place.box.x for place in places)
    tallest = _LARGEST_STRIP / (width * pixels_per_mm) / pixels_per_mm
    for strip in _strips(places, tallest):
        x, y = min(place.box.x for place in strip), min(place.box.y for place in strip)
        right = max(place.box.right for place in strip)
        bottom = max(place.box.bottom for place in strip)
        shown = Box(x - 1, y - 1, right - x + 2, bottom - y + 2)
        picture = _painted(page, shown, pixels_per_mm, scale)
        for place in strip:
            yield _seen(picture, place, shown, pixels_per_mm)


def _strips(places: Sequence["Place"], tallest: float) -> Iterator[list["Place"]]:
    """Codes beside each other, and those below as long as a strip stays low enough.

    A strip ends where there is a gap wider than the codes are, too: what is between shelves need
    not be painted.
    """
    strip: list[Place] = []
    for place in sorted(places, key=lambda place: (place.y, place.x)):
        if strip:
            height = place.box.bottom - strip[0].box.y
            gap = place.box.y - max(one.box.bottom for one in strip[-1:])
            if height > max(tallest, place.box.height * 1.5) or gap > 0.3 * place.box.height:
                yield strip
                strip = []
        strip.append(place)
    if strip:
        yield strip


def _painted(
    page: "pypdfium2.PdfPage", shown: Box, pixels_per_mm: float, scale: float
) -> "numpy.ndarray[Any, Any]":
    """A part of the page in grey; ``shown`` counts from the corner of the trimmed poster."""
    mm = POINTS_PER_MM / scale
    width, height = page.get_size()
    left, _, _, top = page.get_trimbox()
    crop_left = left + shown.x * mm
    crop_top = height - top + shown.y * mm
    crop = (
        crop_left,
        height - crop_top - shown.height * mm,
        width - crop_left - shown.width * mm,
        crop_top,
    )
    bitmap = page.render(scale=pixels_per_mm / mm, crop=crop, grayscale=True, may_draw_forms=False)
    picture: numpy.ndarray[Any, Any] = bitmap.to_numpy()
    return picture.reshape(picture.shape[:2])


def _seen(picture: "numpy.ndarray[Any, Any]", place: "Place", shown: Box, pixels: float) -> Seen:
    import numpy

    box = place.box
    left, top = round((box.x - shown.x) * pixels), round((box.y - shown.y) * pixels)
    side = round(box.width * pixels)
    crop = numpy.ascontiguousarray(picture[top : top + side, left : left + side])
    module = place.module_mm * pixels
    return Seen(place, readers(crop), *_looks(crop, module))


def readers(crop: "numpy.ndarray[Any, Any]") -> tuple[frozenset[str], frozenset[str]]:
    """What ZXing and what ZBar's reader make of a grey picture of one code."""
    return _zxing(crop), _zbar(crop)


def _zxing(crop: "numpy.ndarray[Any, Any]") -> frozenset[str]:
    import zxingcpp

    found = zxingcpp.read_barcodes(
        crop,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_invert=False,
        try_downscale=False,
    )
    return frozenset(code.text for code in found)


def _zbar(crop: "numpy.ndarray[Any, Any]") -> frozenset[str]:
    """Asked again with the picture twice as large: it wants 4 pixels per module, not 3.9."""
    import deqr
    from PIL import Image

    picture = Image.fromarray(crop)
    found = deqr.QRdecDecoder().decode(picture, convert_data=False)
    if not found:
        larger = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
        found = deqr.QRdecDecoder().decode(larger, convert_data=False)
    return frozenset(
        b"".join(entry.data for entry in code.data_entries).decode("utf-8", "replace")
        for code in found
    )


def _looks(crop: "numpy.ndarray[Any, Any]", module: float) -> tuple[bool, float]:
    """Whether the quiet zone is blank, and the contrast.

    A pixel at either side of the zone may be shared with what lies beyond, and is not asked.
    """
    side, near = len(crop), round(QUIET_ZONE * module - 1.5)
    far = side - near
    quiet = min(
        int(crop[1:near, 1:-1].min()),
        int(crop[far:-1, 1:-1].min()),
        int(crop[near:far, 1:near].min()),
        int(crop[near:far, far:-1].min()),
    )
    first, last = (QUIET_ZONE + 3) * module, side - (QUIET_ZONE + 4) * module
    eyes = [_dark(crop, x, y, module) for x, y in ((first, first), (last, first), (first, last))]
    return quiet >= _LIGHT, max(0.0, (quiet - max(eyes)) / 255)


def _dark(crop: "numpy.ndarray[Any, Any]", x: float, y: float, module: float) -> float:
    """The middle of an eye: a square of three modules that is dark in every code."""
    return float(crop[round(y) : round(y + module), round(x) : round(x + module)].mean())
