"""Which products are not sold from somewhere, or not at this hour. Pure."""

from collections.abc import Sequence
from datetime import time
from typing import Literal
from uuid import UUID

import msgspec

from app.pricing.promotion import Channel

Why = Literal["channel", "hours"]


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A class of goods, by category or from an age on, and where or when it is not sold: not from
    these channels (empty: from any), not between these hours of the place (None: at no hour)."""

    id: UUID
    name: str
    categories: frozenset[str] = frozenset()
    age_limit: int | None = None
    channels: frozenset[Channel] = frozenset()
    from_time: time | None = None
    until_time: time | None = None


def why_not_sold(
    bars: Sequence[Bar], category: str, age_limit: int | None, channel: Channel, now: time
) -> tuple[Bar, Why] | None:
    """The bar that holds such a product back here and now, and whether another hour would do."""
    for bar in bars:
        about = category in bar.categories or (
            bar.age_limit is not None and age_limit is not None and age_limit >= bar.age_limit
        )
        here = not bar.channels or channel in bar.channels
        if about and here and _holds(bar, now):
            return bar, "channel" if bar.from_time is None else "hours"
    return None


def _holds(bar: Bar, now: time) -> bool:
    start, end = bar.from_time, bar.until_time
    if start is None or end is None:
        return True
    return start <= now < end if start < end else now >= start or now < end
