from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from app.http.bounds import NO_CONTROLS
from app.languages import Language
from app.money import Money

WallName = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=NO_CONTROLS)]
Hint = Annotated[str, msgspec.Meta(max_length=120, pattern=NO_CONTROLS)]
City = Annotated[str, msgspec.Meta(max_length=80, pattern=NO_CONTROLS)]
Code = Annotated[str, msgspec.Meta(max_length=40, pattern=r"\A[a-z0-9][a-z0-9-]*\Z")]
Format = Annotated[str, msgspec.Meta(max_length=40, pattern=NO_CONTROLS)]
Distance = Annotated[int, msgspec.Meta(ge=100, le=10_000)]
Facings = Annotated[int, msgspec.Meta(ge=0, le=9)]

EditionState = Literal["draft", "published", "retired"]
EditionKind = Literal["wall", "patch"]
LabelState = Literal["waiting", "live", "retired"]


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a merchandiser says about a wall."""

    name: WallName
    place_hint: Hint = ""  # 'platform 5, beside the stairs'
    city: City = ""
    language: Language = "nl"
    reading_distance_mm: Distance = 600


class Wall(msgspec.Struct, frozen=True):
    """A wall that sells, or will. Every change to it and its plan gives it the next version."""

    id: UUID
    code: str
    name: str
    place_hint: str
    city: str
    language: Language
    currency: str
    time_zone: str
    reading_distance_mm: int
    version: int
    retired_at: datetime | None


class WallInList(msgspec.Struct, frozen=True):
    """A wall as the list of walls shows it."""

    code: str
    name: str
    city: str
    place_hint: str
    panels: int
    products: int
    edition: int | None  # the newest that hangs
    valid_until: datetime | None
    stale: int  # printed prices that today's price exceeds
    sites: int  # that are not down
    open: int  # of those
    retired_at: datetime | None


class Position(msgspec.Struct, frozen=True):
    """One place on a shelf of the plan, counted from 1."""

    id: UUID
    panel_id: UUID
    shelf: int
    place: int
    product_id: UUID
    facings: int  # 0: as many as there is room for


class Panel(msgspec.Struct, frozen=True):
    id: UUID
    number: int
    format: str
    width_mm: float
    height_mm: float


class PlannedPanel(msgspec.Struct, frozen=True):
    """A panel and its shelves from top to bottom, positions from left to right."""

    number: int
    format: str
    width_mm: float
    height_mm: float
    shelves: list[list[Position]]


class Plan(msgspec.Struct, frozen=True):
    """What the next edition of a wall will show."""

    wall: Wall
    panels: list[PlannedPanel]

    def positions(self) -> list[Position]:
        return [one for panel in self.panels for shelf in panel.shelves for one in shelf]


class WishedPosition(msgspec.Struct, frozen=True, kw_only=True):
    """`id` keeps a position that there was, wherever it has moved; without it is a new one."""

    product_id: UUID
    facings: Facings = 0
    id: UUID | None = None


class WishedPanel(msgspec.Struct, frozen=True, kw_only=True):
    format: Format
    shelves: Annotated[
        list[Annotated[list[WishedPosition], msgspec.Meta(min_length=1, max_length=99)]],
        msgspec.Meta(min_length=1, max_length=99),
    ]


class PrintedLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """One label of an edition as it was ordered. A sticker of a patch sheet says where it goes."""

    position_id: UUID
    token: str
    product_id: UUID
    gtin: str
    price: Money
    facings: int
    offer: str
    prior_price: Money | None
    replaces: str | None = None  # the token of the label under it
    panel: int = 0  # where it goes, when that is not where the sheet shows it
    shelf: int = 0
    place: int = 0


class PrintedPanel(msgspec.Struct, frozen=True):
    format: str
    width_mm: float
    height_mm: float
    shelves: list[list[PrintedLabel]]


class Fault(msgspec.Struct, frozen=True):
    """One code on the finished file that must not be printed."""

    fault: str
    panel: int
    product: str
    sentence: str


class Light(msgspec.Struct, frozen=True):
    """What the proof found of one code on the finished file."""

    page: int  # of the file, counted from 1
    panel: int  # where it hangs, or goes
    shelf: int  # 0 for the code of the wall's list
    place: int
    label_mm: float  # the width of the label around it
    code_mm: float  # its side with the quiet zone
    faults: list[str]
    read: tuple[bool, bool]  # by each of two independent readers
    quiet: bool  # four modules around it are blank
    contrast: float  # 0 to 1
    reach_mm: int  # from which a phone with 1080 lines reads it
    reach_720_mm: int  # and one with 720
    above_floor_mm: int | None
    within_reach: bool  # of an arm; the code of the list, of everybody's
    safe: bool  # away from the trim

    @property
    def spot(self) -> tuple[int, int, int]:
        return self.panel, self.shelf, self.place

    @property
    def colour(self) -> Literal["good", "warn", "bad"]:
        """Bad must not be printed, warn should be looked at before."""
        if self.faults:
            return "bad"
        return "good" if self.within_reach and self.safe else "warn"


class Note(msgspec.Struct, frozen=True):
    """What should be known before printing; it forbids nothing."""

    sentence: str  # in English
    message: str  # the same before it was filled, to be said in another language
    values: dict[str, Any]


class Proof(msgspec.Struct, frozen=True):
    """A design check of the finished file, never a grade of a print."""

    codes: int
    reach_mm: int  # from which the smallest code reads
    failures: list[Fault]
    notes: list[str]
    sheet: str | None = None  # the file with the wall and every code's light, on one page
    advice: list[Note] = []  # the notes, to be said in any language; none before it was kept

    @property
    def passed(self) -> bool:
        return not self.failures


class Refusal(msgspec.Struct, frozen=True):
    """Why an edition could not be drawn."""

    sentence: str
    values: dict[str, Any]


class Edition(msgspec.Struct, frozen=True):
    """One printing of a wall: its plan, prices and file never change."""

    id: UUID
    wall_id: UUID
    site_id: UUID | None  # None: printed before there were sites
    site: str  # its code
    kind: EditionKind
    number: int
    state: EditionState
    codes: int
    base_url: str
    phone: str  # as it is printed
    list_url: str  # what the sign opens that shows the wall as a list
    reading_distance_mm: int | None  # None: the wall's, before it was kept
    currency: str
    valid_from: datetime
    valid_until: datetime
    pdf: str | None  # names of files: the SHA-256 of what is in them
    png: str | None
    ordered_by: UUID | None
    proof: Proof | None
    refusal: Refusal | None
    printed_at: datetime | None
    published_at: datetime | None
    retired_at: datetime | None
    created_at: datetime

    @property
    def ready(self) -> bool:
        """Whether it may be published."""
        return self.state == "draft" and self.proof is not None and self.proof.passed


class Ordered(msgspec.Struct, frozen=True):
    """What is to be printed, and who promises its prices until when."""

    kind: EditionKind
    site_id: UUID
    plan: list[PrintedPanel]
    codes: int
    base_url: str
    valid_until: datetime
    ordered_by: UUID | None
    phone: str = ""
    list_url: str = ""


class Poster(msgspec.Struct, frozen=True):
    """A whole print over which stickers go, as it was drawn."""

    id: UUID
    number: int
    plan: list[PrintedPanel]
    list_url: str
    reading_distance_mm: int | None
    lights: list[Light]


class Under(msgspec.Struct, frozen=True):
    """A label under a sticker, or under the one under it."""

    panel: int
    shelf: int
    place: int
    edition_id: UUID
    kind: EditionKind
    flagged: bool  # an offer's flag stands above it

    @property
    def spot(self) -> tuple[int, int, int]:
        return self.panel, self.shelf, self.place


class Stale(msgspec.Struct, frozen=True):
    """A hanging label whose price was overtaken by a higher one."""

    token: str
    panel: int
    shelf: int
    place: int
    product_id: UUID
    printed_price: Money
    price: Money
    valid_until: datetime


class Difference(msgspec.Struct, frozen=True):
    """A place on which two editions differ; None where one of them has nothing."""

    panel: int
    shelf: int
    place: int
    before: PrintedLabel | None
    after: PrintedLabel | None


class Elsewhere(msgspec.Struct, frozen=True):
    """A hanging edition whose codes open another address than this shop's."""

    wall_code: str
    edition: int
    base_url: str


class Printing(msgspec.Struct, frozen=True):
    """An edition and how far its drawing is."""

    edition: Edition
    percent: int
    stage: Literal["waiting", "drawing", "proof", "printed", "refused", "failed"]


class Room(msgspec.Struct, frozen=True):
    """How much one poster of a size holds, read from a distance."""

    format: str
    width_mm: float
    height_mm: float
    distance_mm: int
    columns: int
    rows: int
    products: int
    panels_needed: int | None  # for as many products as were asked about
    farthest_mm: int | None  # from which that many would read on one panel
    with_list: int | None = None  # panels of those needed that carry the code of the wall's list


class NewWall(Details, frozen=True, kw_only=True):
    code: Code


class Wishes(msgspec.Struct, frozen=True):
    """A whole plan."""

    panels: Annotated[list[WishedPanel], msgspec.Meta(max_length=99)]


class Arrangement(msgspec.Struct, frozen=True, kw_only=True):
    """Products to be put on panels of one size, categories together, in this order."""

    product_ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=2000)]
    format: Format = "A0"
    panels: Annotated[int, msgspec.Meta(ge=1, le=99)] | None = None


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """Another product for a position; `right_away` also on the posters that hang."""

    product_id: UUID
    facings: Facings = 0
    right_away: bool = False


class PrintOrder(msgspec.Struct, frozen=True):
    """`last_day` is the last on which the printed prices hold, where the wall hangs. Without a
    `site` it is printed for the wall's first."""

    last_day: date
    site: Code | None = None
