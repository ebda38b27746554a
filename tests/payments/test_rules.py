"""Signatures, and what a fact makes of a payment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.payments.rules import is_genuine, sign, state_after, wait_before_asking

AT = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def test_what_is_signed_with_either_live_secret_is_genuine():
    header = sign("older", b"{}", AT)

    assert is_genuine(header, b"{}", ["newer", "older"], AT)


@pytest.mark.parametrize("late_s", [-301, 301])
def test_what_is_told_more_than_five_minutes_off_is_not_believed(late_s):
    header = sign("secret", b"{}", AT)

    assert not is_genuine(header, b"{}", ["secret"], AT + timedelta(seconds=late_s))


@pytest.mark.parametrize(
    "header", ["", "t=,v1=", "t=1,v1=é", "v1=" + "0" * 64, "t=²,v1=" + "0" * 64, "t=1" * 9999]
)
def test_nonsense_is_not_genuine_and_no_bug_either(header):
    assert not is_genuine(header, b"{}", ["secret"], AT)


@given(body=some.binary(max_size=50), other=some.binary(max_size=50))
def test_a_signature_is_of_one_body_only(body, other):
    header = sign("secret", body, AT)

    assert is_genuine(header, other, ["secret"], AT) == (body == other)


@pytest.mark.parametrize(
    ("state", "kind", "captured", "becomes"),
    [
        ("open", "pending", 0, "open"),
        ("open", "captured", 100, "captured"),
        ("open", "captured", 99, "open"),
        ("open", "failed", 0, "failed"),
        ("failed", "captured", 100, "captured"),
        ("captured", "failed", 100, "captured"),
        ("captured", "pending", 100, "captured"),
    ],
)
def test_money_counts_whatever_else_is_told(state, kind, captured, becomes):
    assert state_after(state, kind, captured, 100) == becomes


def test_within_fifteen_minutes_the_provider_is_asked_a_dozen_times():
    waits = [wait_before_asking(asked) for asked in range(12)]

    assert sum(waits, timedelta()) < timedelta(minutes=15)
