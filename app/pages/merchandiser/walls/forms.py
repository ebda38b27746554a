"""What a merchandiser's forms send."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from app.http.bounds import Line, Version
from app.languages import Language
from app.walls.models import City, Code, Distance, Facings, Format, Hint, WallName
from app.walls.press.models import FileKind, Job, ProfileName, Wishes

Choices = Annotated[list[Line], msgspec.Meta(max_length=60)]


class WallForm(msgspec.Struct, kw_only=True):
    command: UUID
    name: WallName
    city: City = ""
    place_hint: Hint = ""
    language: Language = "nl"
    reading_distance_mm: Distance = 600


class NewWallForm(WallForm, kw_only=True):
    code: Code


class DetailsForm(WallForm, kw_only=True):
    version: Version


class FillForm(msgspec.Struct, kw_only=True):
    command: UUID
    version: Version
    format: Format
    panels: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    category: Line | Choices = ""  # one box ticked comes as a word, several as a list

    @property
    def categories(self) -> list[str]:
        ticked = self.category
        return [ticked] if isinstance(ticked, str) and ticked else list(ticked)


class PutForm(msgspec.Struct, kw_only=True):
    """`act`: replace what stands there for the next print, at once, or add beside it."""

    command: UUID
    version: Version
    product_id: UUID
    facings: Facings = 0
    act: Annotated[str, msgspec.Meta(pattern=r"\A(next|now|beside)\Z", max_length=6)] = "next"


class VersionForm(msgspec.Struct, kw_only=True):
    command: UUID
    version: Version


class CommandForm(msgspec.Struct, kw_only=True):
    command: UUID


class PressForm(msgspec.Struct, kw_only=True):
    """What the print shop wants."""

    finish: Literal["marks", "trim"] = "marks"
    bleed_mm: Annotated[float, msgspec.Meta(ge=0, le=50)] = 3
    scale: Literal["usual", "tenfold"] = "usual"
    profile: ProfileName = ""
    job: Job = ""

    @property
    def wishes(self) -> Wishes:
        return Wishes(
            finish=self.finish,
            bleed_mm=self.bleed_mm,
            tenfold=self.scale == "tenfold",
            profile=self.profile,
            job=self.job,
        )


class FileForm(PressForm, kw_only=True):
    command: UUID
    kind: FileKind


class PrintForm(PressForm, kw_only=True):
    command: UUID
    last_day: date
    print_shop: bool = False  # its file is made together with the poster
    site: Code | Annotated[list[Code], msgspec.Meta(max_length=60)] | None = None

    @property
    def sites(self) -> list[str | None]:
        """Those that are ticked; one box comes as a word, none is the wall's first site."""
        if isinstance(self.site, list):
            return list(dict.fromkeys(self.site))
        return [self.site]
