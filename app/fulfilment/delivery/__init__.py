"""From the shop to the door: vans, their stops, what happens there, and coming back."""

from app.fulfilment.delivery import door, queries, tracking
from app.fulfilment.delivery.actions import depart, load, sheet
from app.fulfilment.delivery.breakdown import later_stops, meaning, share_out, shared, take_over
from app.fulfilment.delivery.dispatching import (
    board,
    day,
    move_stop,
    next_at,
    publish,
    publish_day,
    runs,
    stop,
    unpin,
    withdraw,
)
from app.fulfilment.delivery.door.actions import deliver, fail
from app.fulfilment.delivery.following import follow_plans
from app.fulfilment.delivery.learning import forget_door, learn_door, learn_roads, say_where
from app.fulfilment.delivery.planning import fetch
from app.fulfilment.delivery.returning import come_back
from app.fulfilment.delivery.unloading import in_the_van, undo
from app.fulfilment.delivery.weighing import choices, cost

__all__ = [
    "board",
    "choices",
    "come_back",
    "cost",
    "day",
    "deliver",
    "depart",
    "door",
    "fail",
    "fetch",
    "follow_plans",
    "forget_door",
    "in_the_van",
    "later_stops",
    "learn_door",
    "learn_roads",
    "load",
    "meaning",
    "move_stop",
    "next_at",
    "publish",
    "publish_day",
    "queries",
    "runs",
    "say_where",
    "share_out",
    "shared",
    "sheet",
    "stop",
    "take_over",
    "tracking",
    "undo",
    "unpin",
    "withdraw",
]
