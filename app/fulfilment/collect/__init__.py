"""Orders whose shoppers come for them: behind the desk, found, handed over, or back on the shelves.

`shelve` puts a parcel where it waits; with the last one the order is ready and its shopper is told.
`by_code` and `by_name` find it, `hand_over` gives out all or part of it, once, and `put_back` ends
what nobody came for. An order that is collected never becomes a delivery.
"""

from app.fulfilment.collect.actions import at_desk, by_code, by_name, clear, hand_over, shelve
from app.fulfilment.collect.ending import put_back
from app.fulfilment.collect.letters import mail_writer
from app.fulfilment.collect.models import REASONS, Refused, Standing
from app.fulfilment.collect.queries import of_order, place_of, waiting
from app.fulfilment.collect.rules import code_of

__all__ = [
    "REASONS",
    "Refused",
    "Standing",
    "at_desk",
    "by_code",
    "by_name",
    "clear",
    "code_of",
    "hand_over",
    "mail_writer",
    "of_order",
    "place_of",
    "put_back",
    "shelve",
    "waiting",
]
