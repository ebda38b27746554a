"""Orders: what was sold to whom, and where it is now.

`place` writes one down as agreed, `advance` moves it on (its row decides what is still possible),
`by_token` opens one by the unguessable token of its tracking link, `read` by its id for the shop's
own people. Every change is an event (`OrderPlaced`, `OrderConfirmed` …) and is told to the
watchers of `order:<id>`.
"""

from app.orders import again, forgetting, invoicing, sending
from app.orders.actions import (
    advance,
    by_token,
    call_off,
    change,
    confirm,
    give_time,
    hand_over,
    note,
    place,
    rewrite,
    send_from,
    take_back,
    tell,
)
from app.orders.letters import moment_in_words, rows_of
from app.orders.models import Order
from app.orders.queries import (
    by_number,
    carried_out,
    handovers,
    history,
    keep_at_desk,
    kept,
    last_of,
    line_notes,
    lock,
    note_delivered,
    notes,
    read,
    timeline,
    versions,
    wants_goods,
)
from app.orders.typefaces import faces

__all__ = [
    "Order",
    "advance",
    "again",
    "by_number",
    "by_token",
    "call_off",
    "carried_out",
    "change",
    "confirm",
    "faces",
    "forgetting",
    "give_time",
    "hand_over",
    "handovers",
    "history",
    "invoicing",
    "keep_at_desk",
    "kept",
    "last_of",
    "line_notes",
    "lock",
    "moment_in_words",
    "note",
    "note_delivered",
    "notes",
    "place",
    "read",
    "rewrite",
    "rows_of",
    "send_from",
    "sending",
    "take_back",
    "tell",
    "timeline",
    "versions",
    "wants_goods",
]
