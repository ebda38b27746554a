"""Pictures of proofs: drawn anew before they are kept, and forgotten in time."""

from io import BytesIO

from app import db as database
from app import files
from app.db import Pool
from app.errors import Unprocessable
from app.fulfilment.delivery.door import queries

PROOFS_DAYS = 60
"""How long the picture of a proof is kept: until a complaint about a missing parcel is settled. That
it was handed over, to whom, how and when stays with the order."""
NOTES_DAYS = 365
LARGEST_SIDE = 1280
MOST_PIXELS = 50_000_000
AT_ONCE = 200


def redrawn(body: bytes) -> bytes:
    """As a JPEG of our own: nothing but pixels comes through, so neither place nor phone of the
    photo. It takes some ten milliseconds. Raises Unprocessable for what is no picture."""
    from PIL import Image, ImageOps  # a web process starts without it

    try:
        with Image.open(BytesIO(body), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unprocessable("This picture is too large. Take one of at most 50 megapixels.")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unprocessable("This is not a picture we can read: PNG, JPEG or WebP.") from error
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    jpeg = BytesIO()
    paper.save(jpeg, "JPEG", quality=80)
    return jpeg.getvalue()


async def forget(pool: Pool) -> None:
    """Proofs and notes that are old enough. Any number of workers may do this at once."""
    while True:
        async with database.begin(pool) as db:
            old = await queries.proofs_to_forget(db, PROOFS_DAYS, AT_ONCE)
            await files.forget(db, [name for name in old if name])
        if len(old) < AT_ONCE:
            break
    await queries.forget_notes(pool, NOTES_DAYS)
