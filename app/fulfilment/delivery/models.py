from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from app.fulfilment.models import Parcel, RefusalCause, Run, RunState, State, Stop, Storage
from app.http.bounds import Line
from app.routing.models import Roads
from app.slots.plans.models import Shift

LARGEST_PICTURE = 400_000
"""Bytes of a photo or a signature as a phone sends it; it makes them smaller before."""


class Refused(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So much of a line of the order is not handed over, and why."""

    line_no: Annotated[int, Meta(ge=1, le=9999)]
    quantity: Annotated[int, Meta(ge=1, le=9999)]
    cause: RefusalCause = "not-wanted"


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it is known that it was handed over. `picture` is the photo or the signature (JPEG, PNG or
    WebP, in base64), `pin` what the shopper said, `words` where it was left or who took it. Of an
    identity document there is never a picture: that somebody looked is a mark of the stop."""

    kind: Literal["photo", "signature", "pin"]
    picture: Annotated[bytes, Meta(max_length=LARGEST_PICTURE)] = b""
    pin: Annotated[str, Meta(max_length=8, pattern="^[0-9]{0,8}$")] = ""
    words: Line = ""


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a phone is while its driver hands over, as exactly as it says; told only by drivers who
    agreed to it. Degrees (WGS 84)."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)]


class DoorLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an order as it lies in the van: what was ordered, or what came instead. `picked` is how
    many of it, `key` names it when it comes back."""

    fulfilment_id: UUID
    pick_id: UUID
    line_no: int
    key: str
    gtin: str
    name: str
    picked: int
    storage: Storage
    age_limit: int | None


class RunRow(Run, frozen=True, kw_only=True):
    """A run in a list: how far it is."""

    place: str
    time_zone: str
    latitude: float
    longitude: float
    driver: str | None
    stops: int
    done: int
    parcels: int
    loaded: int


class StopRow(Stop, frozen=True, kw_only=True):
    """A stop as the driver and the dispatcher see it. Nothing of the person is kept here: name and
    address are read from the order each time."""

    order_number: str
    fulfilment_state: State
    name: str
    phone: str
    street: str
    house_number: str
    postcode: str
    city: str
    country: str
    note: str
    language: str
    age_limit: int | None
    cold: bool
    pieces: int
    tries: int
    door_note: str
    """What the last driver learned of this door."""
    chilled_since: datetime | None
    frozen_since: datetime | None
    """Since when what is cold in it is out of the cold room."""
    pinned: bool = False
    at_the_door_s: int = 240


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One run with its stops in visiting order and the parcels of each."""

    run: RunRow
    stops: list[StopRow]
    parcels: dict[UUID, list[Parcel]]
    lines: dict[UUID, list[DoorLine]] = {}
    """Of each fulfilment, like the parcels."""
    forget_at: datetime | None = None
    """From then on nothing of it may be on the driver's phone any more."""

    @property
    def next(self) -> StopRow | None:
        return next((stop for stop in self.stops if stop.state == "planned"), None)

    @property
    def not_loaded(self) -> list[StopRow]:
        planned = [stop for stop in self.stops if stop.state == "planned"]
        return [stop for stop in planned if stop.fulfilment_state != "loaded"]


class Door(msgspec.Struct, frozen=True):
    """A planned stop, as far as the order of visiting goes."""

    order_id: UUID
    id: UUID
    latitude: float
    longitude: float
    pinned: bool = False
    at_the_door_s: int = 240
    crates: int = 1

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude


Told: TypeAlias = tuple[Door, datetime]
"""A door ahead, with the time it has been told."""


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A van that does not go any more: where it stands, and what is still in it."""

    roads: Roads
    stands: tuple[float, float]
    ahead: list[Told]
    opens_at: datetime
    ends_at: datetime


class Helper(msgspec.Struct, frozen=True):
    """A van that could come, from where it is at that moment; `run_id` None is a spare one. `crates`
    is what fits in, None where nobody knows."""

    run_id: UUID | None
    van: int
    at: datetime
    here: tuple[float, float]
    own: list[Told]
    crates: int | None = None
    stands: bool = False
    """It has not left yet: what it takes over is loaded with its own, before it drives anywhere."""


class Meant(msgspec.Struct, frozen=True):
    """What it would mean if another van took over from one that broke down: who is reached when.
    `van` is its number, or that of a spare one from the place (`run_id` None). `late_min` is the
    sum over all doors, the helper's own among them; `moved` are doors whose time shifts by more
    than ten minutes. `first` of the doors it reaches before it comes to the broken van, at
    `meets_at`."""

    run_id: UUID | None
    van: int
    late_min: int
    last_at: datetime
    moved: int
    doors: list[UUID]
    arrivals: list[datetime]
    first: int
    meets_at: datetime


class Shared(msgspec.Struct, frozen=True):
    """What it would mean if several vans shared what was in one that broke down. `left` are doors
    nobody reaches in their window; `moved` as in `Meant`, all together."""

    parts: list[Meant]
    left: list[Door]
    moved: int


class InTheVan(msgspec.Struct, frozen=True):
    """What goes back into the shop when a van does not leave. `chilled_since` and `frozen_since` are
    from when on the first of them was out of the cold; `too_warm` are orders with something that was
    for too long."""

    totes: int
    chilled_since: datetime | None
    frozen_since: datetime | None
    too_warm: int


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What was where when a van broke down at its place: its doors and those of who took over, in their
    order, and the totes that were in it."""

    state: RunState
    doors: list[UUID]
    arrivals: list[datetime]
    helpers: dict[UUID, list[UUID]]
    totes: list[Parcel]
    loaded: list[UUID]
    """Fulfilments of which all totes were in it."""


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """A van that broke down before it left. `stranded`: somebody was told that nobody comes."""

    id: UUID
    run_id: UUID
    number: int
    place: str
    starts_at: datetime
    was: Before
    stranded: bool
    undone_at: datetime | None


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What it would cost to put a stop somewhere: in this van, behind `position` - 1 others. Metres
    and minutes are of both vans together, against how it is now; `late_min` is what would be late
    then. `moved` are doors that would hear of a time more than ten minutes from theirs."""

    van: int
    position: int
    more_m: int
    late_min: int
    more_late_min: int
    arrives_at: datetime
    moved: int
    as_it_is: bool = False


class Hours(msgspec.Struct, frozen=True):
    """When a van leaves for a run and is back from it; the round in metres."""

    leaves_at: datetime
    back_at: datetime
    metres: int


class Board(msgspec.Struct, frozen=True):
    """What the dispatcher sees: the runs of a day with their stops, run id → its hours, and place id
    → the shifts of its vans."""

    sheets: list[Sheet]
    hours: dict[UUID, Hours]
    shifts: dict[UUID, list[Shift]]
