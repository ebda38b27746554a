"""The plan of each day of a place, which keeps every promise made: what does not fit into it is not
promised. Where a place has no vans of its own, slots know no limits but their own."""

from app.slots.plans.actions import (
    IMPROVE,
    NoVan,
    draw_up,
    fitting,
    improve,
    improver,
    include,
    learn_door,
    leave,
    load_postcodes,
    lock,
    pin,
    pinned,
    want_better,
)
from app.slots.plans.models import DayPlan, Point, Shift
from app.slots.plans.postcodes import Read
from app.slots.plans.queries import (
    add_vans,
    known_points,
    located,
    read,
    roads_of,
    shifts,
    trips,
    versions,
    write_points,
    write_roads,
)

__all__ = [
    "IMPROVE",
    "DayPlan",
    "NoVan",
    "Point",
    "Read",
    "Shift",
    "add_vans",
    "draw_up",
    "fitting",
    "improve",
    "improver",
    "include",
    "known_points",
    "learn_door",
    "leave",
    "load_postcodes",
    "located",
    "lock",
    "pin",
    "pinned",
    "read",
    "roads_of",
    "shifts",
    "trips",
    "versions",
    "want_better",
    "write_points",
    "write_roads",
]
