"""Colours of a screen as inks of one press, by its own ICC profile.

Without a profile colours stay sRGB and the print shop's workflow turns them into inks. With one it
is done here: relative colorimetric with black point compensation, as print shops do it for
artwork, so that nothing in the file is left to be guessed.
"""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any

from msgspec.structs import replace

from qr_walls.display import Ellipse, Ink, Item, Page, Polygon, Rect, Text
from qr_walls.errors import WallError

QUALITY = 88  # of JPEG


class Inks:
    """From sRGB to the inks of one press."""

    def __init__(self, icc: bytes) -> None:
        self._icc = icc

    def ink(self, colour: str) -> Ink:
        """``#rrggbb`` in shares of ink; white is paper and black is black ink alone."""
        return _ink(self._icc, colour)

    def page(self, page: Page) -> Page:
        """The same page with every flat colour in inks. Gradients and pictures are not in it."""
        return replace(page, items=tuple(self._items(page)))

    def picture(self, picture: Any) -> Any:
        """An RGB picture of Pillow's as CMYK."""
        from PIL import ImageCms

        return ImageCms.applyTransform(picture, _transform(self._icc))

    def _items(self, page: Page) -> Iterator[Item]:
        for item in page.items:
            match item:
                case (
                    Rect(fill=str()) | Ellipse(fill=str()) | Polygon(fill=str()) | Text(fill=str())
                ):
                    yield replace(item, fill=self.ink(str(item.fill)))
                case _:
                    yield item


@lru_cache(maxsize=512)
def _ink(icc: bytes, colour: str) -> Ink:
    from PIL import Image, ImageCms

    if colour == "#ffffff":
        return Ink(0, 0, 0, 0)
    if colour == "#000000":
        return Ink(0, 0, 0, 1)
    found: Any = ImageCms.applyTransform(Image.new("RGB", (1, 1), colour), _transform(icc))
    return Ink(*(round(share / 255, 4) for share in found.getpixel((0, 0))))


def check(icc: bytes) -> None:
    """Raises ``WallError`` for a profile by which nothing can be mixed."""
    _transform(icc)


@lru_cache(maxsize=2)
def _transform(icc: bytes) -> Any:
    from PIL import ImageCms

    try:
        return ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            ImageCms.ImageCmsProfile(BytesIO(icc)),
            "RGB",
            "CMYK",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        raise WallError(
            "The ICC profile says how its inks look but not how to mix a colour from them. Ask the "
            "print shop for the whole output profile of its press."
        ) from error
