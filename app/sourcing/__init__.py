"""Which place sends an order."""

from app.sourcing.models import Choice, Considered, Missing, Part
from app.sourcing.rules import choose, distance_m

__all__ = ["Choice", "Considered", "Missing", "Part", "choose", "distance_m"]
