"""A product's picture, as somebody photographs or downloads it."""

import asyncio
from io import BytesIO
from typing import Annotated
from uuid import UUID

import msgspec
from litestar.datastructures import UploadFile

from app import files
from app.db import Pool, begin
from app.errors import Unprocessable
from app.http.bounds import Version

LARGEST_SIDE = 1000
MOST_PIXELS = 50_000_000
SMALLEST_SIDE = 40


class PictureForm(msgspec.Struct):
    command: UUID
    version: Version
    file: Annotated[UploadFile, msgspec.Meta()]


async def keep(pool: Pool, body: bytes) -> str:
    """The name of the picture in files. Raises Unprocessable."""
    png = await asyncio.to_thread(_redrawn, body)
    async with begin(pool) as db:
        return await files.keep(db, png, "image/png", public=True)


def _redrawn(body: bytes) -> bytes:
    """As a PNG of our own: nothing but pixels comes through, upright, and not too many."""
    from PIL import Image, ImageOps  # a web process starts without it

    from qr_walls.pictures import UNREADABLE

    try:
        with Image.open(BytesIO(body), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unprocessable("This picture is too large. Take one of at most 50 megapixels.")
            picture.draft("RGB", (LARGEST_SIDE * 2, LARGEST_SIDE * 2))
            # Made small before it is turned and coloured: never three copies of 50 megapixels.
            plain = picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGBA")
            plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
            upright = ImageOps.exif_transpose(plain).convert("RGBA")
    except (*UNREADABLE, Image.DecompressionBombError, MemoryError) as error:
        raise Unprocessable("This is not a picture we can read: PNG, JPEG or WebP.") from error
    if min(upright.size) < SMALLEST_SIDE:
        raise Unprocessable("This picture is too small to print.")
    png = BytesIO()
    upright.save(png, "PNG")
    return png.getvalue()
