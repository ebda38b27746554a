from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.fulfilment.models import RunState

Stage = Literal["waits", "planned", "on_the_way", "near", "next"]
"""waits: nobody has planned it for certain; near: few stops before it; next: the van comes now."""


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """When it comes, as well as is known now: between `earliest` and `latest`. The van shows only
    when it is near: `stops_before` are the doors before this one, `away_km` how far it is, to half a
    kilometre, so that nobody learns where another one lives."""

    stage: Stage
    earliest: datetime
    latest: datetime
    stops_before: int | None = None
    away_km: float | None = None


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """A door still ahead, with what its shopper was told."""

    order_id: UUID
    id: UUID
    latitude: float
    longitude: float
    arrives_at: datetime
    told_at: datetime | None
    shown: str
    at_the_door_s: int = 240

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The stop of an order and the run it rides in."""

    run_id: UUID
    run_state: RunState
    starts_at: datetime
    ends_at: datetime
    arrives_at: datetime
    latitude: float
    longitude: float
    stops_before: int
