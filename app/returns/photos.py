"""Photos of what was wrong: made small, without the place they were taken at, and deleted in time."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import files, orders
from app.db import Connection, Pool, begin
from app.errors import Conflict, Malformed, NotFound
from app.orders.models import Order
from app.returns import queries

LARGEST = 10 * 1024 * 1024
KINDS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 60_000_000
SIDE = 1600
MOST = 4
KEPT_DAYS = 90
"""As the page says where a photo is added."""


async def tidy(body: bytes) -> bytes:
    """A JPEG of at most 1600 pixels a side, drawn anew: nothing of the file that came is kept. Raises
    Malformed for what is no photo, or is too large."""
    if len(body) > LARGEST:
        raise Malformed("A photo of up to 10 MB, please.", code="photo-too-large")
    return await asyncio.to_thread(_drawn_anew, body)


def _drawn_anew(body: bytes) -> bytes:
    # What reads pictures takes 20 MB, and most processes never see a photo.
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(body), formats=KINDS) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise Malformed("A photo of up to 10 MB, please.", code="photo-too-large")
            photo.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(photo).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Malformed(
            "We cannot read this photo. Send it as JPEG, PNG or WebP.", code="no-photo"
        ) from error
    except Image.DecompressionBombError as error:
        raise Malformed("A photo of up to 10 MB, please.", code="photo-too-large") from error
    upright.thumbnail((SIDE, SIDE))
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=80)
    return kept.getvalue()


async def add(db: Connection, order: Order, about: UUID, photo: bytes) -> str:
    """`photo` is tidy, `about` a return or a request of this order; its name. The same photo again is
    the same. Raises NotFound, Conflict when there are four already."""
    await orders.lock(db, order.id)
    theirs = {one.id for one in await queries.came(db, order.id)}
    theirs |= {one.id for one in await queries.requests(db, order.id)}
    if about not in theirs:
        raise NotFound("There is no such request.")
    name = await files.keep(db, photo, "image/jpeg")
    until = datetime.now(UTC) + timedelta(days=KEPT_DAYS)
    if not await queries.photos.keep(db, about, name, until, MOST):
        raise Conflict("Four photos are enough.", code="photos-enough")
    return name


async def of(db: Connection, about: UUID) -> list[str]:
    return await queries.photos.of(db, about)


async def read(db: Connection, about: UUID, name: str) -> bytes:
    """Raises NotFound once it is deleted."""
    found = await files.fetch(db, name) if await queries.photos.is_of(db, about, name) else None
    if found is None:
        raise NotFound("This photo is not kept any more.")
    return found.body


async def forget(pool: Pool) -> None:
    """Those whose time is over; any number of workers may do this at once."""
    while True:
        async with begin(pool) as db:
            names = await queries.photos.forget(db, 100)
            await files.forget(db, names)
        if not names:
            return
