"""A paid order is changed until somebody picks it: more or fewer goods, or another time.

`look` says what a change would cost, `make` makes it, `move` chooses another time. What costs more
waits for its payment (`settle` hears of it) and can be let go of; what costs less is paid back.
"""

from app.checkout.changing.actions import (
    forget,
    let_go,
    look,
    make,
    move,
    settle,
    waiting,
)
from app.checkout.changing.models import Amended, Change, Hand, Made, More, Waiting
from app.checkout.changing.rooms import times

__all__ = [
    "Amended",
    "Change",
    "Hand",
    "Made",
    "More",
    "Waiting",
    "forget",
    "let_go",
    "look",
    "make",
    "move",
    "settle",
    "times",
    "waiting",
]
