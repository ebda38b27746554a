"""A phone's camera in front of a printed wall: frames made from the finished PDF itself.

Chromium's fake camera plays an MJPEG file in a loop. Each code is held in view as a hand would:
a little turned, a little nearer and farther, now and then out of focus.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

WIDTH, HEIGHT = 640, 480
CODE_SHARE = 0.5
"""How much of the frame's height a code fills when somebody points at it."""
FRAMES_PER_CODE = 24
FRAMES_BETWEEN = 6


class Seen(NamedTuple):
    text: str
    x: float
    y: float
    size: float


def codes_on(pdf: Path, dpi: int = 100) -> tuple[Image.Image, list[Seen]]:
    """The first page as a picture, and the codes a stranger's eyes find on it, in reading order."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    found = []
    for code in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode):
        corners = code.position
        left = min(corners.top_left.x, corners.bottom_left.x)
        right = max(corners.top_right.x, corners.bottom_right.x)
        top = min(corners.top_left.y, corners.top_right.y)
        bottom = max(corners.bottom_left.y, corners.bottom_right.y)
        found.append(Seen(code.text, (left + right) / 2, (top + bottom) / 2, right - left))
    return page, sorted(found, key=lambda seen: (round(seen.y / 40), seen.x))


def film(page: Image.Image, codes: Sequence[Seen], path: Path) -> None:
    """Write what a camera sees that is pointed at one code after the other."""
    with path.open("wb") as out:
        for frame in _frames(page, codes):
            jpeg = BytesIO()
            frame.save(jpeg, "JPEG", quality=80)
            out.write(jpeg.getvalue())


def photograph(page: Image.Image, codes: Sequence[Seen], path: Path, margin: float = 1.5) -> None:
    """One still photo with all these codes on it."""
    reach = margin * max(code.size for code in codes)
    box = (
        int(min(code.x for code in codes) - reach),
        int(min(code.y for code in codes) - reach),
        int(max(code.x for code in codes) + reach),
        int(max(code.y for code in codes) + reach),
    )
    page.crop(box).save(path, "JPEG", quality=90)


def _frames(page: Image.Image, codes: Sequence[Seen]) -> Iterator[Image.Image]:
    for place, code in enumerate(codes):
        for step in range(FRAMES_PER_CODE):
            turned = (step - FRAMES_PER_CODE / 2) * 0.5
            blurred = 1.2 if step % 4 == 3 else 0.6
            yield _shot(page, code, code.x + step * 0.3, code.y, turned, blurred)
        following = codes[(place + 1) % len(codes)]
        for step in range(FRAMES_BETWEEN):
            way = step / FRAMES_BETWEEN
            x = code.x + (following.x - code.x) * way
            y = code.y + (following.y - code.y) * way
            yield _shot(page, code, x, y, 0, 3)


def _shot(
    page: Image.Image, code: Seen, x: float, y: float, turned: float, blurred: float
) -> Image.Image:
    high = code.size / CODE_SHARE
    wide = high * WIDTH / HEIGHT
    # Turn only what will be seen: a whole wall turned for each frame would take minutes.
    around = page.crop((int(x - wide), int(y - high), int(x + wide), int(y + high)))
    around = around.rotate(turned, resample=Image.Resampling.BICUBIC)
    seen = around.crop((int(wide / 2), int(high / 2), int(wide * 1.5), int(high * 1.5)))
    return seen.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).filter(
        ImageFilter.GaussianBlur(blurred)
    )
