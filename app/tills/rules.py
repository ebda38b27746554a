"""What a clerk may decide alone, and when a sale without network counts."""

from datetime import datetime, timedelta

from app.errors import Conflict, Malformed, NotAllowed
from app.money import Money

ALONE_AT_MOST_PERCENT = 50
"""Off one piece; for more a supervisor is asked."""
OFFLINE_AT_MOST = timedelta(hours=24)


def check_given(given: Money, to_pay: Money) -> None:
    """Raises Conflict for too little."""
    if given < to_pay:
        raise Conflict("That is not enough. Count the money once more.", code="too-little-given")


def check_override(price: Money, before: Money, *, supervisor: bool) -> None:
    """Raises NotAllowed where somebody else has to agree, Conflict for more than on the shelf."""
    if price > before:
        raise Conflict("Nobody pays more than the price on the shelf.", code="dearer-than-shelf")
    if not supervisor and (before - price) * 100 > before * ALONE_AT_MOST_PERCENT:
        raise NotAllowed("That much off needs a supervisor.", code="needs-supervisor")


def check_clock(at: datetime, now: datetime) -> None:
    """Raises Malformed for a sale from tomorrow or the day before yesterday."""
    if not now - OFFLINE_AT_MOST <= at <= now + timedelta(minutes=5):
        raise Malformed("The clock of this till is wrong. Set it, then send the sales again.")
