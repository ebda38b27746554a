"""Cases: one per problem of an order, with an owner and a due time, until it is closed with what
was learned. `open_case` opens one, `open_at_desk` does it in
the words of somebody at a desk, `record` and `write_to` keep all contact in one place."""

from app.cases.actions import (
    answer,
    close,
    give_up,
    open_at_desk,
    open_case,
    read,
    record,
    take,
    write_to,
)
from app.cases.letters import LETTERS
from app.cases.models import Case, Channel, Entry, Kind
from app.cases.queries import about, entries, forget_people, of_order, parcels, to_do, versions

__all__ = [
    "LETTERS",
    "Case",
    "Channel",
    "Entry",
    "Kind",
    "about",
    "answer",
    "close",
    "entries",
    "forget_people",
    "give_up",
    "of_order",
    "open_at_desk",
    "open_case",
    "parcels",
    "read",
    "record",
    "take",
    "to_do",
    "versions",
    "write_to",
]  # fmt: skip
