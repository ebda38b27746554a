from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

TOLD = (
    "OrderPlaced", "OrderConfirmed", "OrderBeingPicked", "OrderPacked", "OrderOnTheWay",
    "OrderNotHome", "OrderDelivered", "OrderPartDelivered", "OrderCancelled", "OrderChanged",
    "OrderAmended", "SubstituteOffered", "SubstituteAnswered", "OrderUnfilled", "OrderSourced",
    "OrderSourcedAnew", "OrderTimeMoved", "OrderNearer", "SecondTryChosen",
    "PaymentIntended", "PaymentAuthorised", "PaymentCaptured", "PaymentFailed", "PaymentRefunded",
    "FulfilmentReleased", "FulfilmentCancelled", "FulfilmentReturned",
    "FulfilmentRefused", "FulfilmentSourcedAnew", "FulfilmentGivenUp",
    "PickingStarted", "LinePicked", "LineShorted", "LineFound", "LineTakenOut", "LineOffered",
    "LineOfferWithdrawn", "LineSubstituted", "ParcelSealed",
    "ParcelLoaded", "ParcelsUnloaded", "ParcelsLoaded", "OutForDelivery",
    "Delivered", "DeliveryFailed", "DeliveryPlannedAgain", "CollectionChosen",
    "RunPlanned", "RunPublished", "RunDeparted", "RunCompleted", "RunBrokeDown", "RunTookOver",
    "RunBreakdownUndone",
    "StopPlanned", "StopDropped", "StopDone", "StopFailed", "StopsTakenOver", "StopMovedAway",
    "StopMovedHere", "StopUnpinned", "RunWithdrawn", "RunFollowedPlan",
    "ParcelShelved", "ReadyForCollection", "Collected", "CollectionRefused", "NotCollected",
    "CarrierBooked", "ParcelAccepted", "ParcelInTransit", "ParcelNotTaken", "ParcelDelivered",
    "ParcelReturned", "CarrierContradicted",
    "StockShort", "StockCameIn",
    "SaleStopped", "SaleResumed",
)  # fmt: skip
"""Kinds of events other people's servers can hear of; none of them holds personal data. Of the holds,
which come and go with every checkout, only those that fall short, and those whose goods came in."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime
    waiting: int = 0
    parked: int = 0
    answer: str | None = None
    """What it last answered, when it did not take a message."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One event for one endpoint."""

    endpoint_id: UUID
    url: str
    secrets: list[bytes]
    aggregate: UUID
    number: int
    kind: str
    happened_at: datetime
    body: dict[str, Any]
    attempts: int
    first_failed_at: datetime | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The body that is sent: what happened to what, when. Ids only, never personal data."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    endpoint_id: UUID
    url: str
    aggregate: UUID
    number: int
    kind: str
    attempts: int
    answer: str | None


class Went(msgspec.Struct, frozen=True):
    """How a delivery went: `status` is None when nobody answered. `words` are for the operator."""

    taken: bool
    words: str
