"""Walls that sell: what hangs where, editions in print, and what becomes of their labels.

What a printed code means today is `scan`'s to say, which reads the labels. A wall is planned (`set_up`, `replan`, `arrange`, `put`), an edition
ordered from its plan (`order_edition`) for one of its sites, drawn and proven by the worker, then
published: hung by the crew (`hang_panel`), it sells as soon as its site is open. An edition never
changes; a position can be pointed elsewhere without reprinting, or patched with a sticker
(`order_patch`, `paste`).
"""

from app.walls.actions import (
    add_beside,
    add_site,
    arrange,
    change,
    edition,
    order_edition,
    plan,
    publish,
    put,
    replan,
    retire,
    retire_edition,
    set_up,
    take_away,
    wall,
)
from app.walls.desk import carry_out, progress, room
from app.walls.patching import newest_patch, order_patch
from app.walls.press.actions import (
    add_profile,
    file_of,
    files_of,
    made_or_refused,
    order_file,
)
from app.walls.press.queries import profiles
from app.walls.printing import draw, hang, make_file, print_wall
from app.walls.queries import (
    editions,
    lights,
    printed_elsewhere,
    printed_plan,
    stale,
    walls,
)
from app.walls.sites.actions import (
    change_site,
    hang_all,
    hang_panel,
    hanging,
    hung_site,
    open_due,
    open_site,
    opening,
    overtaken,
    panels,
    paste,
    site,
    sites_of,
    stickers,
    take_down,
)

__all__ = [
    "add_beside",
    "add_profile",
    "add_site",
    "arrange",
    "carry_out",
    "change",
    "change_site",
    "draw",
    "edition",
    "editions",
    "file_of",
    "files_of",
    "hang",
    "hang_all",
    "hang_panel",
    "hanging",
    "hung_site",
    "lights",
    "made_or_refused",
    "make_file",
    "newest_patch",
    "open_due",
    "open_site",
    "opening",
    "order_edition",
    "order_file",
    "order_patch",
    "overtaken",
    "panels",
    "paste",
    "plan",
    "print_wall",
    "printed_elsewhere",
    "printed_plan",
    "profiles",
    "progress",
    "publish",
    "put",
    "replan",
    "retire",
    "retire_edition",
    "room",
    "set_up",
    "site",
    "sites_of",
    "stale",
    "stickers",
    "take_away",
    "take_down",
    "wall",
    "walls",
]
