from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        (250, "EUR", "nl", "€\xa02,50"),
        (250, "EUR", "en", "€2.50"),
        (250, "KRW", "ko", "₩250"),
        (-5, "EUR", "nl", "€\xa0-0,05"),
    ],
)
def test_an_amount_is_shown_as_its_reader_writes_it(amount, currency, language, shown):
    assert money.show(amount, currency, language) == shown


def test_a_price_finer_than_its_currency_is_refused():
    assert money.minor_units(Decimal("2.50"), "EUR") == 250

    with pytest.raises(ValueError, match="finer"):
        money.minor_units(Decimal("2.505"), "EUR")


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30),
)
def test_shares_always_sum_to_the_whole_and_are_fair_to_the_unit(amount, weights):
    shares = money.allot(amount, weights)

    assert sum(shares) == amount
    if sum(weights):
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Decimal(amount) * weight / sum(weights)) < 1
