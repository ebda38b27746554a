from datetime import timedelta

from app.db import Pool
from app.jobs import Register
from app.settings import Settings
from app.webhooks.actions import hand_out, send_due
from app.webhooks.calling import Caller

TOLD = (
    "OrderPlaced", "OrderConfirmed", "OrderBeingPicked", "OrderPacked", "OrderOnTheWay",
    "OrderNotHome", "OrderDelivered", "OrderPartDelivered", "OrderCancelled", "OrderChanged",
    "OrderAmended", "SubstituteOffered", "SubstituteAnswered", "OrderUnfilled", "OrderSourced",
    "OrderSourcedAnew", "OrderTimeMoved", "OrderNearer", "SecondTryChosen",
    "PaymentIntended", "PaymentAuthorised", "PaymentCaptured", "PaymentFailed", "PaymentRefunded",
    "FulfilmentReleased", "FulfilmentCancelled", "FulfilmentReturned",
    "FulfilmentRefused", "FulfilmentSourcedAnew", "FulfilmentGivenUp",
    "PickingStarted", "LinePicked", "LineShorted", "LineFound", "LineOffered",
    "LineOfferWithdrawn", "LineSubstituted", "ParcelSealed",
    "ParcelLoaded", "ParcelsUnloaded", "ParcelsLoaded", "OutForDelivery", "Delivered", "DeliveryFailed", "DeliveryPlannedAgain", "CollectionChosen",
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

ROUNDS = 20
"""Of sending, before the worker looks whether it shall stop; a slow receiver takes ten seconds of each."""


def register(jobs: Register, settings: Settings) -> None:
    async def send(pool: Pool) -> None:
        caller = Caller()
        for _ in range(ROUNDS):
            if not await send_due(pool, settings.secret, caller):
                return

    for kind in TOLD:
        jobs.when(kind, "webhooks", hand_out)
    jobs.every(timedelta(seconds=1), "webhooks", send)
