from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Reason = Literal["damaged", "out-of-date", "stolen", "found", "own-use", "other"]


class Count(msgspec.Struct, frozen=True):
    """A list of counted shelves at one place; `counted_at` is None until it was taken over."""

    id: UUID
    place_id: UUID
    place: str
    file_name: str
    lines: int
    made_at: datetime
    counted_at: datetime | None


class Difference(msgspec.Struct, frozen=True):
    """What taking over a count changes for one product. `short` pieces are promised to somebody and
    are not there."""

    product_id: UUID
    gtin: str
    on_hand: int
    reserved: int
    counted: int

    @property
    def change(self) -> int:
        return self.counted - self.on_hand

    @property
    def short(self) -> int:
        return max(self.reserved - self.counted, 0)


class Standing(msgspec.Struct, frozen=True):
    """A product at a place, as the people there see it."""

    place_id: UUID
    place: str
    on_hand: int
    reserved: int


class Unread(msgspec.Struct, frozen=True):
    """A row of a file that could not be understood: an English sentence to translate."""

    row: int
    sentence: str
    values: dict[str, str] = {}


class Read(msgspec.Struct, frozen=True):
    counted: dict[str, int]
    unread: list[Unread]
