"""From the shop to the door: vans, their stops, what happens there, and coming back."""

from app.fulfilment.delivery.actions import come_back, deliver, depart, fail, load, sheet
from app.fulfilment.delivery.breakdown import meaning, take_over
from app.fulfilment.delivery.dispatching import day, move_stop, publish, runs
from app.fulfilment.delivery.planning import fetch

__all__ = [
    "come_back",
    "day",
    "deliver",
    "depart",
    "fail",
    "fetch",
    "load",
    "meaning",
    "move_stop",
    "publish",
    "runs",
    "sheet",
    "take_over",
]
