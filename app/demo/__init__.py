"""A supermarket to look around in: goods, town, walls, people and orders, all invented."""

from collections.abc import Callable
from typing import TypeAlias

from app.db import Pool, begin
from app.demo.people import logins
from app.settings import Settings

__all__ = ["Tell", "fill", "is_empty", "logins"]

Tell: TypeAlias = Callable[[str, float], None]
"""Hears what is being done, and which share of the whole (0 to 1) is done."""


async def is_empty(pool: Pool) -> bool:
    """Whether nothing is for sale, so that there is room for the demo."""
    from app.demo import queries

    async with begin(pool) as db:
        return await queries.is_empty(db)


async def fill(pool: Pool, settings: Settings, tell: Tell = lambda _what, _share: None) -> bool:
    """Fill an empty shop; returns False, and does nothing, where products are for sale already.

    Content is the same every time; only ids, tokens and passwords are new.
    """
    # Processes that draw packs import this package too, and need nothing of the rest.
    from app.demo.filling import fill_empty_shop

    return await fill_empty_shop(pool, settings, tell)
