"""How many points there are for a sum, how many one may give, and when they end. Pure."""

from datetime import datetime, timedelta

from babel.numbers import get_currency_precision

from app.loyalty.models import Kept
from app.money import Money

UNUSED_FOR = timedelta(days=730)
"""Two years in which an account neither earned nor spent nor was given anything; then the rest ends."""
LEAST = 100
"""So many make a gift card; fewer would be a code longer than what it is worth."""
MOST = 100_000
MOST_GOODWILL = 500
"""What an agent may give to one customer in a year."""
MOST_GOODWILL_OF_SUPERVISOR = 5000
SHOWN = 100


def would_earn(paid: Money, currency: str, rate: int) -> int:
    """Points for a sum in minor units: `rate` for each whole unit of the currency, rounded down."""
    whole: int = 10 ** get_currency_precision(currency)
    return max(0, paid) // whole * rate


def due(kept: Kept, paid_back: Money, rate: int) -> int:
    """What this order has earned as it stands: for goods that were kept and paid with money, no deposits,
    no delivery, nothing that points paid."""
    if not kept.handed_over:
        return 0
    goods = kept.total - kept.delivery - paid_back - kept.deposits
    return would_earn(goods - kept.by_points, kept.currency, kept.rate or rate)


def most_goodwill(*, supervisor: bool) -> int:
    return MOST_GOODWILL_OF_SUPERVISOR if supervisor else MOST_GOODWILL


def holds_until(moved_at: datetime) -> datetime:
    return moved_at + UNUSED_FOR
