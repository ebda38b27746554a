"""What is in a pack, read from how it is written there, and what that makes of its price."""

import re
from decimal import ROUND_HALF_UP, Decimal

from qr_walls.model import UnitPrice

_CONTENT = re.compile(
    r"(?:(?P<packs>\d{1,3})\s*[x×*]\s*)?(?P<number>\d{1,6}(?:[.,]\d{1,3})?)\s*(?P<unit>[^\W\d]+)\.?"
)
_UNITS = {
    "g": ("kg", "0.001"), "gr": ("kg", "0.001"), "gram": ("kg", "0.001"), "kg": ("kg", "1"),
    "ml": ("l", "0.001"), "cl": ("l", "0.01"), "dl": ("l", "0.1"), "l": ("l", "1"),
    "liter": ("l", "1"), "litre": ("l", "1"), "st": ("piece", "1"), "stuk": ("piece", "1"),
    "stuks": ("piece", "1"), "piece": ("piece", "1"), "pieces": ("piece", "1"),
    "개": ("piece", "1"), "개입": ("piece", "1"),
}  # fmt: skip


def content(text: str) -> tuple[Decimal, str] | None:
    """‘6 x 330 ml’ as 1.98 and 'l'; kilograms, litres or pieces. None where it says neither."""
    found = _CONTENT.fullmatch(text.strip().lower())
    if found is None or found["unit"] not in _UNITS:
        return None
    unit, factor = _UNITS[found["unit"]]
    each = Decimal(found["number"].replace(",", ".")) * Decimal(factor)
    amount = each * int(found["packs"] or 1)
    return (amount, unit) if amount else None


def unit_price(price: int, text: str) -> UnitPrice | None:
    """The price per kilogram, litre or piece, rounded half up (98/6/EC, article 2b).

    None where the content is unknown, or is one of these: then it would say the price again.
    """
    known = content(text)
    if known is None or known[0] == 1:
        return None
    return UnitPrice(int((price / known[0]).quantize(Decimal(1), ROUND_HALF_UP)), known[1])


def agrees(price: int, text: str, said: UnitPrice) -> bool:
    """Whether a unit price is what price and content make, give or take the rounding."""
    known = content(text)
    if known is None or known[1] != said.unit:
        return True  # by the piece what is packed by weight: both may be customary
    return abs(price - said.amount * known[0]) <= max(known[0], Decimal(price) / 100)
