"""The design check: is every code on the finished PDF where it belongs, free, and readable?

The file is painted by an independent rasteriser and every code read by an independent reader, at
no more pixels per module than a phone has. It is a check of the design, never a grade of a print.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from qr_walls.layout import Box
from qr_walls.model import QUIET_ZONE

# What paints and reads is imported where it is used: who only speaks of a proof does without.
if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image

    from qr_walls.pdf import Progress

PIXELS_PER_MODULE = 4
_LIGHT = 230  # of 255


class Place(msgspec.Struct, frozen=True):
    """Where a code must be, and what it must say."""

    page: int  # counted from 0
    x: float  # mm, of the symbol itself
    y: float
    side: float  # mm, without the quiet zone
    module_mm: float
    text: str
    product: str  # its name, for a sentence a person understands

    @property
    def box(self) -> Box:
        """With its quiet zone."""
        quiet = QUIET_ZONE * self.module_mm
        return Box(self.x - quiet, self.y - quiet, self.side + 2 * quiet, self.side + 2 * quiet)


Fault = Literal["unreadable", "wrong", "crowded", "twice", "outside"]


class Failure(msgspec.Struct, frozen=True):
    """One code that must not be printed."""

    place: Place
    fault: Fault
    sentence: str


class Proof(msgspec.Struct, frozen=True):
    """What was checked and what was found; ``failures`` is empty when the poster may be printed."""

    codes: int
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def check(pdf: bytes, places: Sequence[Place], progress: "Progress | None" = None) -> Proof:
    """Paint the finished file and read every code on it.

    ``progress`` is told how many codes of how many are read.
    """
    import pypdfium2

    failures = list(_twice(places))
    done = 0
    with pypdfium2.PdfDocument(pdf) as document:
        for number in sorted({place.page for place in places}):
            here = [place for place in places if place.page == number]
            if number >= len(document):
                failures += [_failure(place, "outside") for place in here]
                continue
            picture, scale = _painted(document[number], here)
            for place in here:
                failures += _faults(picture, scale, place)
                done += 1
                if progress:
                    progress(done, len(places))
    return Proof(len(places), tuple(failures))


def _painted(page: "pypdfium2.PdfPage", places: Sequence[Place]) -> "tuple[Image.Image, float]":
    """The page in grey, and its pixels per mm."""
    from qr_walls.pdf import POINTS_PER_MM

    pixels_per_mm = PIXELS_PER_MODULE / min(place.module_mm for place in places)
    picture = page.render(scale=pixels_per_mm / POINTS_PER_MM, grayscale=True).to_pil()
    return picture, pixels_per_mm


def _faults(picture: "Image.Image", scale: float, place: Place) -> Iterator[Failure]:
    import zxingcpp

    box = place.box
    if (
        box.x < 0
        or box.y < 0
        or box.right * scale > picture.width + 1
        or box.bottom * scale > picture.height + 1
    ):
        yield _failure(place, "outside")
        return
    crop = picture.crop((box.x * scale, box.y * scale, box.right * scale, box.bottom * scale))
    if not _is_quiet(crop, QUIET_ZONE * place.module_mm * scale):
        yield _failure(place, "crowded")
    found = zxingcpp.read_barcodes(
        crop,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
        try_invert=False,
        try_downscale=False,
    )
    if not found:
        yield _failure(place, "unreadable")
    elif {code.text for code in found} != {place.text}:
        yield _failure(place, "wrong")


def _is_quiet(crop: "Image.Image", quiet: float) -> bool:
    """Nothing but white in the ``quiet`` pixels around the symbol.

    A pixel at either side may be shared with what lies beyond, and is not asked.
    """
    frame = crop.copy()
    symbol = (round(quiet - 1.5), round(quiet - 1.5))
    far = (round(crop.width - quiet + 1.5), round(crop.height - quiet + 1.5))
    frame.paste(255, (*symbol, *far))
    darkest, _ = frame.crop((1, 1, crop.width - 1, crop.height - 1)).getextrema()
    return int(darkest) >= _LIGHT  # type: ignore[arg-type]


def _twice(places: Sequence[Place]) -> Iterator[Failure]:
    seen = Counter(place.text for place in places)
    for place in places:
        if seen[place.text] > 1:
            yield _failure(place, "twice")


_SENTENCES: dict[Fault, str] = {
    "unreadable": "The code of “{product}” on panel {panel} cannot be read.",
    "wrong": "The code of “{product}” on panel {panel} says something else.",
    "crowded": "Something is printed in the quiet zone around the code of “{product}” "
    "on panel {panel}.",
    "twice": "The code of “{product}” on panel {panel} is on this wall twice.",
    "outside": "The code of “{product}” on panel {panel} lies outside the poster.",
}


def _failure(place: Place, fault: Fault) -> Failure:
    sentence = _SENTENCES[fault].format(product=place.product, panel=place.page + 1)
    return Failure(place, fault, sentence)
