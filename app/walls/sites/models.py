from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from app.http.bounds import NO_CONTROLS
from app.money import Money
from app.walls.models import City, Code, Hint, WallName

SiteState = Literal["planned", "printed", "hung", "open", "down"]
CrewHint = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_CONTROLS)]
TimeZone = Annotated[str, msgspec.Meta(max_length=40, pattern=r"\A[A-Za-z0-9_+\-/]*\Z")]
Why = Literal["dearer", "cheaper", "other-product", "not-for-sale"]


class SiteDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What a merchandiser says about a site. An empty time zone is the shop's own."""

    name: WallName
    place_hint: Hint = ""  # for shoppers: 'platform 5, beside the stairs'
    city: City = ""
    crew_hint: CrewHint = ""  # for the crew: 'door B, ask the station master'
    time_zone: TimeZone = ""
    opens_at: datetime | None = None


class Site(msgspec.Struct, frozen=True):
    """Where a design hangs, or will. Every change gives it the next version."""

    id: UUID
    wall_id: UUID
    wall_code: str
    code: str
    name: str
    place_hint: str
    city: str
    crew_hint: str
    time_zone: str
    state: SiteState
    opens_at: datetime | None
    version: int
    opened_at: datetime | None
    down_at: datetime | None
    edition: int | None  # the newest whole print that was published for it
    panels: int  # of that print
    hung: int  # of those panels

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.place_hint, self.city) if part)


class Hanging(msgspec.Struct, frozen=True):
    """A label as it hangs at a site: what was printed, and what holds now."""

    token: str
    edition_id: UUID
    edition: int
    position_id: UUID
    panel: int
    shelf: int
    place: int
    product_id: UUID  # what it sells today
    gtin: str
    printed_price: Money
    price: Money
    valid_until: datetime
    planned_product_id: UUID | None  # None where the plan has nothing any more
    planned_price: Money | None
    printed_product_id: UUID | None
    on_sale: bool

    @property
    def spot(self) -> tuple[int, int, int]:
        """Panel, shelf, place: in this order somebody walks along a wall."""
        return self.panel, self.shelf, self.place


class Overtaken(msgspec.Struct, frozen=True):
    """A label that no longer says what holds, and why; `price` is what holds now."""

    token: str
    panel: int
    shelf: int
    place: int
    product_id: UUID  # what should stand there
    printed_price: Money
    price: Money
    valid_until: datetime
    why: Why
    patch: int | None  # the sticker edition that is printed for it already


class Panel(msgspec.Struct, frozen=True):
    """One panel of the print that hangs, or is to be hung, at a site."""

    panel: int
    labels: int
    hung_at: datetime | None


class Sticker(msgspec.Struct, frozen=True):
    """A label of a patch sheet, in walking order."""

    token: str
    edition: int
    panel: int
    shelf: int
    place: int
    product_id: UUID
    printed_price: Money
    hung_at: datetime | None


class NewSite(SiteDetails, frozen=True, kw_only=True):
    code: Code


class PanelHung(msgspec.Struct, frozen=True):
    """`text` is what any code on the panel says."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=NO_CONTROLS)]
