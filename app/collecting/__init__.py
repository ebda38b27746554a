"""Where orders can be collected: desks of places, their opening hours, and what they promise.

`points` says for a basket where it could be collected and when it is ready there; `agreed` holds a
shopper and a desk to what was shown. Who hands it over is `fulfilment.collect`.
"""

from app.collecting.actions import agreed, at_the_latest, points, set_up
from app.collecting.models import Desk, Hours, Point, Promise, Spot
from app.collecting.queries import desk, desks, spot, version
from app.collecting.rules import promise, zone_of

__all__ = [
    "Desk",
    "Hours",
    "Point",
    "Promise",
    "Spot",
    "agreed",
    "at_the_latest",
    "desk",
    "desks",
    "points",
    "promise",
    "set_up",
    "spot",
    "version",
    "zone_of",
]
