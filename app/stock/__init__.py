"""What is on the shelf, what of it is promised, and to whom.

A promise is a hold: made at checkout (`reserve`, or `submit` where many ask at once), confirmed
with the payment, taken by the picker; what is not confirmed in time is free again by itself.
Every change of a level stands in the ledger, and is told as an event of the hold.
What really lies there says `counting`, what is on its way `moving`, what suppliers announced
`coming`, what must not be sold `stopping`, what came back and lies beside the shelf `aside`.
"""

from app.stock import aside, coming, counting, moving, stopping
from app.stock.actions import confirm, expire, receive, release, reserve, submit, take
from app.stock.models import (
    Channel,
    HeldLine,
    Hold,
    Line,
    Place,
    Refused,
    Request,
    Reserved,
    Short,
    Supply,
)
from app.stock.queries import add_places, available, held_lines, holds, levels, places, watched
from app.stock.rules import in_words, supply

__all__ = [
    "Channel",
    "HeldLine",
    "Hold",
    "Line",
    "Place",
    "Refused",
    "Request",
    "Reserved",
    "Short",
    "Supply",
    "add_places",
    "aside",
    "available",
    "coming",
    "confirm",
    "counting",
    "expire",
    "held_lines",
    "holds",
    "in_words",
    "levels",
    "moving",
    "places",
    "receive",
    "release",
    "reserve",
    "stopping",
    "submit",
    "supply",
    "take",
    "watched",
]
