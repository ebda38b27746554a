"""What comes back, whoever brings it and wherever: seen first (`offer`), then taken (`take`).

`complain` is the shopper's own word that something was wrong; `approve` and `refuse` settle what a
person had to look at; `give` is goodwill. Money goes back by the means it was paid with.
"""

from app.returns import empties
from app.returns.actions import (
    approve,
    complain,
    exchange,
    give,
    late,
    lines,
    offer,
    refuse,
    take,
    withdraw,
)
from app.returns.models import Bought, Cause, Condition, Desk, Done, Given, Offer, Request, Wanted
from app.returns.queries import (
    by_cause,
    by_place,
    by_product,
    by_wall,
    came,
    deposits,
    note_exchange,
    request,
    requests,
    set_window,
)
from app.returns.rules import OURS

__all__ = [
    "OURS", "Bought", "Cause", "Condition", "Desk", "Done", "Given", "Offer", "Request", "Wanted",
    "approve", "by_cause", "by_place", "by_product", "by_wall", "came", "complain", "deposits", "empties", "exchange", "give", "late",
    "lines", "note_exchange", "offer", "refuse", "request", "requests", "set_window", "take", "withdraw",
]  # fmt: skip
