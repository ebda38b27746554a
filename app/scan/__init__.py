"""From a code on a wall to a product in the basket.

`read` says what a text means, `look` what that is today (and changes nothing); the basket is
filled by `POST /api/v1/scans`, most often on the `Express` lane. Programs that ask for links are
answered by `resolve`. `Counts` sums how often labels are looked at, `reports` are what shoppers say
about codes, `audits` walks along a wall, `figures` what walls sell.
"""

from app.scan import audits, figures, hours, reports
from app.scan.counting import Counts
from app.scan.express import Express
from app.scan.looking import look, look_for_meant
from app.scan.queries import count
from app.scan.resolving import asks_for_links, page_headers, resolve
from app.scan.rules import agree_in_store, label, number, of_address, read, wall_list
from app.scan.walls import hanging, wall

__all__ = [
    "Counts",
    "Express",
    "agree_in_store",
    "asks_for_links",
    "audits",
    "count",
    "figures",
    "hanging",
    "hours",
    "label",
    "look",
    "look_for_meant",
    "number",
    "of_address",
    "page_headers",
    "read",
    "reports",
    "resolve",
    "wall",
    "wall_list",
]
