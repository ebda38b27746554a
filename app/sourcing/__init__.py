"""Which places send an order, and why: the least costly choice under rules that can be changed.

`ask` puts the question with the stock as it is, `able` answers who could send all of it alone,
`choice_for` chooses, `note` and `keep` write it down with its reason; `try_out` has other rules tried on the orders of the past.
"""

from app.sourcing.actions import (
    able,
    ask,
    change_rules,
    choice_for,
    keep,
    may_send,
    note,
    publish,
    refused,
)
from app.sourcing.jobs import Try, begin_try, read_try
from app.sourcing.models import (
    Asked,
    Choice,
    Compared,
    Considered,
    Decision,
    Group,
    Missing,
    Part,
    Source,
    Trial,
    Unfilled,
    Weights,
)
from app.sourcing.queries import (
    decisions,
    history,
    is_unfilled,
    open_unfilled,
    put_off,
    settle,
    unfilled,
    weights,
)
from app.sourcing.rules import choose, distance_m, is_open

__all__ = [
    "Asked",
    "Choice",
    "Compared",
    "Considered",
    "Decision",
    "Group",
    "Missing",
    "Part",
    "Source",
    "Trial",
    "Try",
    "Unfilled",
    "Weights",
    "able",
    "ask",
    "begin_try",
    "change_rules",
    "choice_for",
    "choose",
    "decisions",
    "distance_m",
    "history",
    "is_open",
    "is_unfilled",
    "keep",
    "may_send",
    "note",
    "open_unfilled",
    "publish",
    "put_off",
    "read_try",
    "refused",
    "settle",
    "unfilled",
    "weights",
]
