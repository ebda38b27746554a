"""Where an order is, for who waits for it: a window that narrows, the van only when it is near, and
a mail when the time moves by more than ten minutes."""

from app.fulfilment.delivery.tracking.actions import keep_told, whereabouts
from app.fulfilment.delivery.tracking.letters import mail_writer
from app.fulfilment.delivery.tracking.models import Whereabouts

MOVES_TIMES = (
    "RunPublished",
    "RunDeparted",
    "StopDone",
    "StopFailed",
    "StopPlanned",
    "StopDropped",
    "StopMovedHere",
    "StopMovedAway",
    "StopsTakenOver",
    "RunTookOver",
    "RunBreakdownUndone",
)
"""Kinds of events of a run after which somebody may be reached at another time."""

__all__ = ["MOVES_TIMES", "Whereabouts", "keep_told", "mail_writer", "whereabouts"]
