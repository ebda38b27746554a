"""The plan of each day of a place, which keeps every promise made: what does not fit into it is not
promised. Where a place has no vans of its own, slots know no limits but their own."""

from app.slots.plans.actions import (
    IMPROVE,
    NoVan,
    draw_up,
    fitting,
    improve,
    include,
    leave,
    lock,
    want_better,
)
from app.slots.plans.models import DayPlan, Point, Shift
from app.slots.plans.queries import add_vans, located, read, van_of, write_points

__all__ = [
    "IMPROVE",
    "DayPlan",
    "NoVan",
    "Point",
    "Shift",
    "add_vans",
    "draw_up",
    "fitting",
    "improve",
    "include",
    "leave",
    "located",
    "lock",
    "read",
    "van_of",
    "want_better",
    "write_points",
]
