"""Shelves, promises and how they end: one function per statement."""

from app.stock.queries.holding import (
    give_back,
    held_lines,
    holds,
    lock_holds,
    lock_run_out,
    mark_confirmed,
    take_goods,
)
from app.stock.queries.promising import write_awaited, write_holds
from app.stock.queries.shelves import (
    add_places,
    available,
    levels,
    lock_coming,
    lock_levels,
    places,
    put_on_shelf,
    watched,
)

__all__ = [
    "add_places",
    "available",
    "give_back",
    "held_lines",
    "holds",
    "levels",
    "lock_coming",
    "lock_holds",
    "lock_levels",
    "lock_run_out",
    "mark_confirmed",
    "places",
    "put_on_shelf",
    "take_goods",
    "watched",
    "write_awaited",
    "write_holds",
]
