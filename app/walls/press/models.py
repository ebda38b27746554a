"""Files of an edition besides its plain poster, and what they are drawn from."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from app.http.bounds import NO_CONTROLS
from app.walls.models import Refusal
from qr_walls import model as poster

FileKind = Literal["print-shop", "tiles-a4", "tiles-a3"]
Stage = Literal["waiting", "drawing", "proof", "made", "refused", "failed"]
ProfileName = Annotated[
    str,
    msgspec.Meta(max_length=64, pattern=r"\A([0-9a-f]{64})?\Z", examples=["0123456789abcdef" * 4]),
]
Job = Annotated[str, msgspec.Meta(max_length=60, pattern=NO_CONTROLS, examples=["2026-0815"])]


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """How a print shop wants its file; as they are, what most ask for."""

    finish: Literal["marks", "trim"] = "marks"  # with bleed, marks and slug, or as it is cut
    bleed_mm: Annotated[float, msgspec.Meta(ge=0, le=50)] = 3
    tenfold: bool = False  # drawn at 1:10; a panel longer than 5 m always is
    profile: ProfileName = ""  # the file of the profile of its press
    job: Job = ""  # the print shop's number, for the slug


class Profile(msgspec.Struct, frozen=True):
    """The ICC profile of a press."""

    file: str  # the SHA-256 of what is in it
    name: str  # what it calls itself
    added_at: datetime


class NewProfile(msgspec.Struct, frozen=True):
    icc: Annotated[bytes, msgspec.Meta(max_length=8_000_000)]  # in base64


class PrintFile(msgspec.Struct, frozen=True):
    """One file as it was asked for, and what became of it."""

    id: UUID
    kind: FileKind
    wishes: Wishes
    ordered_at: datetime
    file: str | None  # the SHA-256 of what is in it
    sheets: int | None
    scale: int | None  # millimetres of the wall in one of the file
    made_at: datetime | None
    refusal: Refusal | None


class FileOrder(msgspec.Struct, frozen=True):
    kind: FileKind
    press: Wishes = Wishes()


class Making(msgspec.Struct, frozen=True):
    """A file of an edition and how far it is; `stage` is None where nobody asked for it."""

    kind: FileKind
    stage: Stage | None
    percent: int
    made: PrintFile | None  # the newest that can be downloaded
    asked: PrintFile | None  # the newest that was asked for

    @property
    def busy(self) -> bool:
        return self.stage in ("waiting", "drawing", "proof")


class ToMake(msgspec.Struct, frozen=True):
    """What the worker has to know of a file."""

    file: PrintFile
    edition_id: UUID
    drawing: str | None  # None: its poster was drawn before drawings were kept


class Drawing(msgspec.Struct, frozen=True):
    """What a poster was drawn from; its pictures lie beside it, by the SHA-256 of each."""

    wall: poster.Wall
    products: dict[str, poster.Product]
    pictures: dict[str, str]  # by GTIN
    created_at: datetime
