from datetime import datetime
from uuid import UUID

import msgspec

from app.fulfilment.models import Fulfilment, Parcel, Storage, Way


class ToPack(msgspec.Struct, frozen=True, kw_only=True):
    """One order on the packing table; `left` pieces are in no parcel yet. `missing`: its tote should
    have come to the table by now."""

    id: UUID
    order_number: str
    place: str
    time_zone: str
    state: str
    window_starts_at: datetime
    window_ends_at: datetime
    tote: int | None
    missing: bool
    pieces: int
    left: int
    parcels: int
    storages: list[Storage]
    way: Way = "delivery"


class PackLine(msgspec.Struct, frozen=True, kw_only=True):
    """A picked line; `packed` of it lie in parcels, `numbers` says in which. `instead_of` names what
    was ordered where this is a substitute, `replaced` counts what was replaced by one; `short` is what
    nobody sends."""

    pick_id: UUID
    line_no: int
    name: str
    picture: str | None
    gtin: str
    storage: Storage
    age_limit: int | None
    weight_g: int
    quantity: int
    picked: int
    short: int
    replaced: int
    instead_of: str | None
    gtin_instead_of: str | None
    weighed_g: int
    packed: int
    numbers: list[int]

    @property
    def left(self) -> int:
        return self.picked - self.packed


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """All about one order on the packing table."""

    fulfilment: Fulfilment
    place: str
    time_zone: str
    language: str
    note: str
    lines: list[PackLine]
    parcels: list[Parcel]

    @property
    def left(self) -> dict[Storage, int]:
        """Pieces in no parcel yet, frozen last: it is packed when all else is ready."""
        found: dict[Storage, int] = {}
        for storage in ("ambient", "chilled", "frozen"):
            pieces = sum(line.left for line in self.lines if line.storage == storage)
            if pieces:
                found[storage] = pieces
        return found

    @property
    def age_limit(self) -> int | None:
        return max((line.age_limit or 0 for line in self.lines if line.picked), default=0) or None
