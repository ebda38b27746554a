"""What a basket costs, and why: a pure function of lines, promotions and time."""

from app.pricing.models import (
    Advantage,
    AmountOff,
    Hint,
    Line,
    NForM,
    PercentOff,
    Promotion,
    Receipt,
    Share,
    Use,
    VatPart,
)
from app.pricing.queries import promotions_running, write_promotion
from app.pricing.rules import VAT_PERCENT, price

__all__ = [
    "VAT_PERCENT",
    "Advantage",
    "AmountOff",
    "Hint",
    "Line",
    "NForM",
    "PercentOff",
    "Promotion",
    "Receipt",
    "Share",
    "Use",
    "VatPart",
    "price",
    "promotions_running",
    "write_promotion",
]
