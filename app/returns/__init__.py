"""What comes back, whoever brings it and wherever: seen first (`offer`), then taken (`take`), or taken
for something else (`exchange`).

`complain` is the shopper's own word that something was wrong, or shall come back; `approve` and
`refuse` settle what a person had to look at; `give` is goodwill. `collecting` is the van that fetches,
`door` what a driver takes along, `photos` shows what was wrong, `empties` are deposits. Money goes back by the means it was paid with.
"""

from app.returns import collecting, door, empties, exchanging, parcels, photos
from app.returns.actions import (
    exchange,
    give,
    late,
    lines,
    offer,
    send_on,
    set_window,
    take,
)
from app.returns.asking import approve, choices, complain, find, label, refuse, withdraw
from app.returns.models import (
    Bought,
    Cause,
    Collection,
    Condition,
    Desk,
    Done,
    Exempt,
    Given,
    Instead,
    Offer,
    Request,
    Stranded,
    Wanted,
    Window,
)
from app.returns.queries import (
    by_cause,
    by_place,
    by_product,
    by_wall,
    came,
    complaints_by_batch,
    complaints_by_wall,
    deposits,
    exchange_of,
    note_exchange,
    often,
    record_of,
    request,
    requests,
    shorts_by_place,
    shorts_by_product,
    stranded,
    windows,
)
from app.returns.rules import OURS, USUAL_DAYS, was_late

__all__ = [
    "OURS", "USUAL_DAYS", "Bought", "Cause", "Collection", "Condition", "Desk", "Done", "Exempt", "Given", "Instead", "Offer",
    "Request", "Stranded", "Wanted", "Window", "approve", "by_cause", "by_place", "by_product", "by_wall", "came", "choices",
    "collecting", "complain", "complaints_by_batch", "complaints_by_wall", "deposits", "door", "empties", "exchange", "exchange_of", "exchanging", "find", "give", "label", "late", "lines",
    "note_exchange", "offer", "often", "parcels", "photos", "record_of", "refuse", "request", "requests", "send_on", "set_window",
    "shorts_by_place", "shorts_by_product", "stranded", "take",
    "was_late", "windows", "withdraw",
]  # fmt: skip
