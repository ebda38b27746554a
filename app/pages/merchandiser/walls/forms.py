"""What a merchandiser's forms send."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from app.http.bounds import Line, Version
from app.languages import Language
from app.walls.models import City, Code, Distance, Facings, Format, Hint, WallName

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


class PrintForm(msgspec.Struct, kw_only=True):
    command: UUID
    last_day: date
    site: Code | Annotated[list[Code], msgspec.Meta(max_length=60)] | None = None

    @property
    def sites(self) -> list[str | None]:
        """Those that are ticked; one box comes as a word, none is the wall's first site."""
        if isinstance(self.site, list):
            return list(dict.fromkeys(self.site))
        return [self.site]
