"""Text messages leave by a folder that a gateway watches: one file each, there all at once or not yet.

Every provider's own program, or ten lines of shell around its API, can send what lies there; a file it
has sent it takes away.
"""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from app.messaging.models import Message


def lay_down(message: Message, folder: str) -> None:
    """`<id>.json` with `id`, `to` and `text`. A repeat writes the same file; without a folder nothing
    is written."""
    if not folder:
        return
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    told = {"id": str(message.id), "to": message.recipient, "text": message.body_text}
    half = place / f".{message.id}.part"
    half.write_bytes(msgspec.json.encode(told))
    half.replace(place / f"{message.id}.json")


def take_away(ids: Sequence[UUID], folder: str) -> None:
    """Messages that nobody shall get any more."""
    for id in ids if folder else ():
        (Path(folder) / f"{id}.json").unlink(missing_ok=True)
