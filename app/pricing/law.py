"""What the law allows to take off, and where money is rounded: by country, pure."""

from app.money import Money

ADULT = 18
NO_OFFERS = frozenset({"tobacco", "infant-formula"})
"""Tobacco (Tabaks- en rookwarenwet, art. 5) and formula for infants (EU 2016/127, art. 10) are
never cheaper for an offer."""
ALCOHOL_PERCENT = 25
"""Alcohol at home is reduced by a quarter at most (Alcoholwet, art. 2a), so there is no 3 for 2."""

CASH_STEP: dict[str, Money] = {"EUR": 5, "SEK": 100, "NOK": 100, "DKK": 50, "CHF": 5, "KRW": 10}
"""The smallest coin in use where cash is rounded, in minor units; in the euro countries that do
(`ROUNDING_EURO`), where `country` says so."""
ROUNDING_EURO = frozenset({"NL", "BE", "FI", "IE", "IT", "EE", "SK", "LT"})
"""The last to join were Estonia (January 2025) and Lithuania (May 2025)."""


def most_percent(category: str, age_limit: int | None) -> int:
    """How much may be taken off such a product, in percent of its price."""
    if category in NO_OFFERS:
        return 0
    return ALCOHOL_PERCENT if age_limit is not None and age_limit >= ADULT else 100


def in_cash(total: Money, currency: str, country: str) -> Money:
    """What is paid in coins and notes: rounded to the nearest coin, halves up. Only the total is
    rounded, and only in cash."""
    coin = smallest_coin(currency, country)
    return (2 * total + coin) // (2 * coin) * coin


def smallest_coin(currency: str, country: str) -> Money:
    """To which a total is rounded in cash; 1 where it is not."""
    if currency == "EUR" and country not in ROUNDING_EURO:
        return 1
    return CASH_STEP.get(currency, 1)
