"""What a plan becomes when it is printed, without asking anybody."""

from datetime import UTC, date, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from app.errors import Unprocessable
from app.walls import rules

UTRECHT = ZoneInfo("Europe/Amsterdam")


def test_a_promise_ends_with_the_last_day_on_the_clock_of_the_wall():
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

    winter = rules.promise(noon, date(2026, 3, 28), UTRECHT)
    summer = rules.promise(noon, date(2026, 3, 29), UTRECHT)

    assert winter == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert summer == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_today_is_the_day_where_the_wall_hangs():
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # it is tomorrow already in Utrecht

    with pytest.raises(Unprocessable):
        rules.promise(late, date(2026, 3, 1), UTRECHT)
    assert rules.promise(late, date(2026, 3, 2), UTRECHT)


@pytest.mark.parametrize("last_day", [date.min, date.max, date(2027, 3, 3)])
def test_a_promise_is_neither_past_nor_for_ever(last_day):
    with pytest.raises(Unprocessable):
        rules.promise(datetime(2026, 3, 1, 12, tzinfo=UTC), last_day, UTRECHT)


def test_fresh_codes_avoid_those_that_are_taken():
    taken = set(rules.fresh_tokens(50, set(), Random(1)))

    fresh = rules.fresh_tokens(50, taken, Random(1))

    assert len(set(fresh)) == 50
    assert not taken & set(fresh)
