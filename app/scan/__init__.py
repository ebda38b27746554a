"""From a code on a wall to a product in the basket.

`read` says what a text means, `look` what that is today (and changes nothing); the basket is
filled by `POST /api/v1/scans`. `Counts` sums how often labels are looked at.
"""

from app.scan.counting import Counts
from app.scan.looking import look, look_for_meant
from app.scan.rules import label, number, of_address, read
from app.scan.walls import hanging, wall

__all__ = [
    "Counts",
    "hanging",
    "label",
    "look",
    "look_for_meant",
    "number",
    "of_address",
    "read",
    "wall",
]
