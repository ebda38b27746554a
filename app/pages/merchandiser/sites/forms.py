"""What the pages of sites send."""

from typing import Annotated
from uuid import UUID

import msgspec

from app.http.bounds import NO_CONTROLS, Number, Version
from app.walls.models import City, Code, Hint, WallName
from app.walls.sites.models import CrewHint, SiteDetails, TimeZone
from app.walls.sites.rules import on_the_clock

Moment = Annotated[str, msgspec.Meta(max_length=40, pattern=r"\A[0-9T:. +Z-]*\Z")]
Read = Annotated[str, msgspec.Meta(max_length=600, pattern=NO_CONTROLS)]
"""What a code said, or what somebody typed: anybody may have pasted it there."""
Step = Annotated[int, msgspec.Meta(ge=1, le=99)]


class CommandForm(msgspec.Struct, kw_only=True):
    command: UUID


class SiteForm(CommandForm, kw_only=True):
    name: WallName
    place_hint: Hint = ""
    city: City = ""
    crew_hint: CrewHint = ""
    time_zone: TimeZone = ""
    opens_at: Moment = ""

    def details(self, zone: str) -> SiteDetails:
        """The hour of opening is meant on the clock of the site. Raises Unprocessable."""
        return SiteDetails(
            name=self.name,
            place_hint=self.place_hint,
            city=self.city,
            crew_hint=self.crew_hint,
            time_zone=zone,
            opens_at=on_the_clock(self.opens_at, zone),
        )


class NewSiteForm(SiteForm, kw_only=True):
    code: Code


class DetailsForm(SiteForm, kw_only=True):
    version: Version


class PanelForm(CommandForm, kw_only=True):
    panel: Step
    text: Read


class StickerForm(CommandForm, kw_only=True):
    text: Read


class ScanForm(CommandForm, kw_only=True):
    panel: Number
    shelf: Number
    place: Number
    text: Read
