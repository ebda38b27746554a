"""What the desks that take something back have in common: choosing lines, and the offer."""

from app.pages.returning.choosing import (
    Complaint,
    and_one_more,
    chosen,
    command_of,
    counted,
    to_settle,
    wish,
)
from app.pages.returning.points import points_lost

__all__ = [
    "Complaint",
    "and_one_more",
    "chosen",
    "command_of",
    "counted",
    "points_lost",
    "to_settle",
    "wish",
]
