"""When it comes: who delivers where, and how many orders fit in."""

from app.slots.actions import (
    confirm,
    expire,
    hold,
    offered,
    places_for,
    plan,
    plan_ahead,
    release,
)
from app.slots.models import Held, Offer, Serving, Slot, Template, Zone
from app.slots.queries import add_zones, find, held_by, templates, write_templates
from app.slots.rules import promise, read_postcode

__all__ = [
    "Held",
    "Offer",
    "Serving",
    "Slot",
    "Template",
    "Zone",
    "add_zones",
    "confirm",
    "expire",
    "find",
    "held_by",
    "hold",
    "offered",
    "places_for",
    "plan",
    "plan_ahead",
    "promise",
    "read_postcode",
    "release",
    "templates",
    "write_templates",
]
