"""Pack pictures as strangers send them: checked, cut to the pack, no larger than print needs."""

import io
from collections.abc import Mapping
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from qr_walls.errors import WallError
from qr_walls.model import Product

DOTS_PER_MM = 150 / 25.4
_MOST_PIXELS = 40_000_000  # a hostile picture may claim to be far larger than its file


class Sizes(NamedTuple):
    """A picture ready to be painted."""

    width: int  # pixels
    height: int
    png: bytes


def prepare(products: Mapping[str, Product], tallest_mm: float) -> dict[str, Sizes]:
    """The pictures of ``products`` by their key, for packs up to ``tallest_mm`` high.

    What is transparent around a pack is cut away, so that it stands on its shelf. Raises
    ``WallError`` naming the product whose picture cannot be used.
    """
    pixels = max(16, round(tallest_mm * DOTS_PER_MM))
    return {
        key: _prepared(product, pixels)
        for key, product in products.items()
        if product.picture is not None
    }


def _prepared(product: Product, tallest: int) -> Sizes:
    try:
        picture = _opened(product.picture or b"")
    except Image.DecompressionBombError as error:
        raise WallError(
            "The picture of “{name}” ({gtin}) has too many pixels.",
            name=product.name("en"),
            gtin=product.gtin,
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise WallError(
            "The picture of “{name}” ({gtin}) cannot be read as PNG, JPEG or WebP.",
            name=product.name("en"),
            gtin=product.gtin,
        ) from error
    return _encoded(_cut_to_the_pack(picture), tallest)


def _opened(body: bytes) -> Image.Image:
    with Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "WEBP")) as found:
        if found.width * found.height > _MOST_PIXELS:
            raise Image.DecompressionBombError
        return found.convert("RGBA")


def _cut_to_the_pack(picture: Image.Image) -> Image.Image:
    solid = picture.getchannel("A").point(lambda alpha: 255 if alpha > 16 else 0)
    return picture.crop(solid.getbbox() or (0, 0, *picture.size))


def _encoded(picture: Image.Image, tallest: int) -> Sizes:
    if picture.height > tallest:
        width = max(1, round(picture.width * tallest / picture.height))
        picture = picture.resize((width, tallest), Image.Resampling.LANCZOS)
    if picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return Sizes(picture.width, picture.height, file.getvalue())
