"""Walls that sell: what hangs where, editions in print, and what a printed code means today.

`label` is what a scan asks. A wall is planned (`set_up`, `replan`, `arrange`, `put`), an edition
ordered from its plan (`order_edition`), drawn and proven by the worker, then published: only then
do its codes open. An edition never changes; a position can be pointed elsewhere without reprinting.
"""

from app.walls.actions import (
    add_beside,
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
from app.walls.printing import draw, print_wall
from app.walls.queries import (
    editions,
    label,
    printed_elsewhere,
    printed_plan,
    stale,
    walls,
)

__all__ = [
    "add_beside",
    "arrange",
    "carry_out",
    "change",
    "draw",
    "edition",
    "editions",
    "label",
    "order_edition",
    "plan",
    "print_wall",
    "printed_elsewhere",
    "printed_plan",
    "progress",
    "publish",
    "put",
    "replan",
    "retire",
    "retire_edition",
    "room",
    "set_up",
    "stale",
    "take_away",
    "wall",
    "walls",
]
