from datetime import datetime
from uuid import UUID

import msgspec

from app.fulfilment.models import Parcel, Run, State, Stop
from app.slots.plans.models import Shift


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
    pinned: bool = False


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One run with its stops in visiting order and the parcels of each."""

    run: RunRow
    stops: list[StopRow]
    parcels: dict[UUID, list[Parcel]]

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

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude


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
