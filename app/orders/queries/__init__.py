"""Orders, their lines, what is said of them, and how they are read whole: one function per statement."""

from app.orders.queries.lines import (
    carried_out,
    handovers,
    kept,
    note_carried_out,
    note_delivered,
    remove_lines,
    wants_goods,
    write_lines,
)
from app.orders.queries.notes import (
    history,
    line_notes,
    notes,
    timeline,
    write_line_notes,
    write_note,
)
from app.orders.queries.orders import (
    change,
    count_up,
    give_time,
    lock,
    move,
    rewrite,
    take_back,
    write,
)
from app.orders.queries.pick_ups import keep_at_desk, write_pick_up
from app.orders.queries.whole import (
    bought_lately,
    by_carrier,
    by_number,
    by_token_hash,
    read,
    stranded,
    versions,
)

__all__ = [
    "bought_lately",
    "by_carrier",
    "by_number",
    "by_token_hash",
    "carried_out",
    "change",
    "count_up",
    "give_time",
    "handovers",
    "history",
    "keep_at_desk",
    "kept",
    "line_notes",
    "lock",
    "move",
    "note_carried_out",
    "note_delivered",
    "notes",
    "read",
    "remove_lines",
    "rewrite",
    "stranded",
    "take_back",
    "timeline",
    "versions",
    "wants_goods",
    "write",
    "write_line_notes",
    "write_lines",
    "write_note",
    "write_pick_up",
]
