"""Money is a whole number of minor units; the currency stands once per cart, order and list."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from babel.numbers import format_currency, get_currency_precision

Money: TypeAlias = int
"""A whole number of the currency's smallest unit: 250 is 2.50 EUR, and 250 KRW is 250 KRW."""

LOCALES = {"nl": "nl_NL", "en": "en_IE", "ko": "ko_KR"}


def show(amount: Money, currency: str, language: str) -> str:
    """The amount in words of a country: `show(250, "EUR", "nl")` is "€ 2,50"."""
    value = Decimal(amount).scaleb(-get_currency_precision(currency))
    return format_currency(value, currency, locale=LOCALES[language])


def minor_units(amount: Decimal, currency: str) -> Money:
    """2.50 EUR is 250. Raises ValueError when the amount is finer than the currency knows."""
    scaled = amount.scaleb(get_currency_precision(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is finer than {currency} knows")
    return int(scaled)


def allot(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Split an amount exactly by weight; leftover units go to the largest remainders, then to
    the earlier share. The shares always sum to the amount, which may be negative or zero."""
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    size, sign = abs(amount), -1 if amount < 0 else 1
    shares = [size * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda place: (-(size * weights[place] % whole), place)
    )
    for place in by_remainder[: size - sum(shares)]:
        shares[place] += 1
    return [sign * share for share in shares]
