"""Pack pictures as strangers send them: checked, cut to the pack, no larger than print needs."""

import io
import struct
import warnings
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from qr_walls.errors import WallError
from qr_walls.model import Product

DOTS_PER_MM = 150 / 25.4
_FORMATS = ("PNG", "JPEG", "WEBP")
# A hostile picture may claim to be far larger than its file. So many take 100 MB to open.
_MOST_PIXELS = 25_000_000
_MOST_OF_A_PHOTOGRAPH = 100_000_000  # of which JPEG unpacks as many as are needed
_WIDEST = 4  # times as wide as the tallest pack is high: no shelf shows more
_FASTEST = 2  # of zlib; what writes the poster packs it again
_QUALITY = 88  # of JPEG, with colours as sharp as brightness: small print on a pack stays legible


UNREADABLE = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError,
    OverflowError, TypeError, AttributeError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises on damaged or hostile files: not one class."""


class Sizes(NamedTuple):
    """A picture ready to be painted."""

    width: int  # pixels
    height: int
    file: bytes  # PNG; JPEG where nothing is transparent and that is smaller

    @property
    def media_type(self) -> str:
        return "image/jpeg" if self.file.startswith(b"\xff\xd8") else "image/png"


def prepare(products: Mapping[str, Product], tallest_mm: float) -> dict[str, Sizes]:
    """The pictures of ``products`` by their key, for packs up to ``tallest_mm`` high.

    What is transparent around a pack is cut away, so that it stands on its shelf. The same picture
    is prepared once, however many products share it. Raises ``WallError`` naming the product whose
    picture cannot be used.
    """
    pixels = max(16, round(tallest_mm * DOTS_PER_MM))
    ready: dict[bytes, Sizes] = {}
    found: dict[str, Sizes] = {}
    for key, product in products.items():
        if product.picture is None:
            continue
        if product.picture not in ready:
            ready[product.picture] = _prepared(product, product.picture, pixels)
        found[key] = ready[product.picture]
    return found


def _prepared(product: Product, body: bytes, tallest: int) -> Sizes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which nobody here looks at
            return _encoded(_cut_to_the_pack(_opened(body, tallest)), tallest)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _refused(product, "has too many pixels: at most 25 million do") from error
    except UNREADABLE as error:
        raise _refused(product, "cannot be read as PNG, JPEG or WebP") from error


def _refused(product: Product, why: str) -> WallError:
    return WallError(
        "The picture of “{name}” ({gtin}) " + why + ".",
        name=product.name("en")[:80],
        gtin=product.gtin,
    )


def _opened(body: bytes, tallest: int) -> Image.Image:
    """In memory, upright, and not much larger than needed."""
    with Image.open(io.BytesIO(body), formats=_FORMATS) as found:
        if found.width * found.height > _MOST_OF_A_PHOTOGRAPH:
            raise Image.DecompressionBombError
        found.draft("RGB", (2 * tallest, 2 * tallest))  # a photograph is not unpacked whole
        if found.width * found.height > _MOST_PIXELS:
            raise Image.DecompressionBombError
        if found.mode == "RGB" and "transparency" not in found.info:
            return ImageOps.exif_transpose(found)
        return ImageOps.exif_transpose(found).convert("RGBA")


def _cut_to_the_pack(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    solid = picture.getchannel("A").point(lambda alpha: 255 if alpha > 16 else 0)
    return picture.crop(solid.getbbox() or (0, 0, *picture.size))


def _encoded(picture: Image.Image, tallest: int) -> Sizes:
    scale = min(1.0, tallest / picture.height, _WIDEST * tallest / picture.width)
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=1.5)
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    return Sizes(picture.width, picture.height, _smallest(picture))


def _smallest(picture: Image.Image) -> bytes:
    """A photograph is smaller as JPEG, a drawing as PNG, which also keeps its edges sharp."""
    png = _saved(picture, "PNG", compress_level=_FASTEST)
    if picture.mode != "RGB":
        return png
    return min(_saved(picture, "JPEG", quality=_QUALITY, subsampling=0), png, key=len)


def _saved(picture: Image.Image, format: str, **how: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **how)
    return file.getvalue()
