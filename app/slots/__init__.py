"""When it comes: who delivers where, and how many orders fit in."""

from app.slots import plans
from app.slots.actions import (
    at_the_same_time,
    confirm,
    expire,
    hold,
    hold_together,
    locate,
    lock,
    offered,
    places_for,
    plan,
    plan_ahead,
    release,
    stay,
)
from app.slots.models import Held, Need, Offer, Serving, Slot, Template, Zone
from app.slots.plans import Shift
from app.slots.plans.queries import forget_doors
from app.slots.queries import (
    add_zones,
    find,
    loads,
    slots_of,
    templates,
    write_templates,
)
from app.slots.rules import arm, need, promise, read_postcode

__all__ = [
    "Held",
    "Need",
    "Offer",
    "Serving",
    "Shift",
    "Slot",
    "Template",
    "Zone",
    "add_zones",
    "arm",
    "at_the_same_time",
    "confirm",
    "expire",
    "find",
    "forget_doors",
    "hold",
    "hold_together",
    "loads",
    "locate",
    "lock",
    "need",
    "offered",
    "places_for",
    "plan",
    "plan_ahead",
    "plans",
    "promise",
    "read_postcode",
    "release",
    "slots_of",
    "stay",
    "templates",
    "write_templates",
]
