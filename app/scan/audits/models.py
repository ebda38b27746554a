from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

Outcome = Literal["right", "wrong-place", "other-site", "covered", "retired", "unknown", "foreign"]
"""Covered is an older print that should hang under a newer one; foreign is none of our codes."""


class Spot(NamedTuple):
    """In this order somebody walks along a wall."""

    panel: int
    shelf: int
    place: int


class Expected(msgspec.Struct, frozen=True):
    """A label that should be read at its spot."""

    panel: int
    shelf: int
    place: int
    label: str
    gtin: str
    product_id: UUID

    @property
    def spot(self) -> Spot:
        return Spot(self.panel, self.shelf, self.place)


class Known(msgspec.Struct, frozen=True):
    """What we know of a label that was read."""

    label: str
    site_id: UUID | None
    site_name: str
    base_url: str
    state: str
    covered: bool
    panel: int
    shelf: int
    place: int

    @property
    def spot(self) -> Spot:
        return Spot(self.panel, self.shelf, self.place)


class Scan(msgspec.Struct, frozen=True):
    """What was read at a spot. `label` is ours, `text` is what a foreign code says."""

    number: int
    outcome: Outcome
    panel: int
    shelf: int
    place: int
    label: str | None
    text: str | None

    @property
    def spot(self) -> Spot:
        return Spot(self.panel, self.shelf, self.place)


class Report(msgspec.Struct, frozen=True):
    """What a walk found, as it was when it ended."""

    right: int
    missing: list[Expected]
    wrong: list[Scan]

    @property
    def clean(self) -> bool:
        return not self.missing and not self.wrong


class Audit(msgspec.Struct, frozen=True):
    """One walk; `report` is there when it has ended."""

    id: UUID
    site_id: UUID
    site_code: str
    site_name: str
    place_hint: str
    started_at: datetime
    ended_at: datetime | None
    expected: int
    report: Report | None


class Walk(msgspec.Struct, frozen=True):
    """A walk under way: what should hang there, and what was read so far."""

    audit: Audit
    expected: list[Expected]
    scans: list[Scan]
