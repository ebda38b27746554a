"""Cut-offs in words, and days' slots through the nights the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.db import NOTHING
from app.slots.models import Offer, Template
from app.slots.rules import fullness, plan, promise
from tests.slots.builders import EVENING, MORNING

UTRECHT = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTRECHT)


def planned(*templates, first, days=1):
    return plan(templates, first, days, time_zone="Europe/Amsterdam", country="NL")


def offer(starts_at, cutoff_at):
    return Offer(
        id=NOTHING,
        place_id=NOTHING,
        starts_at=starts_at.astimezone(UTC),
        ends_at=(starts_at + timedelta(hours=2)).astimezone(UTC),
        cutoff_at=cutoff_at.astimezone(UTC),
        time_zone="Europe/Amsterdam",
        fee=0,
        left=1,
        fullness="free",
    )


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_days_the_clock_changes_the_evening_is_still_two_hours_with_the_cut_off_at_one(day):
    [window] = planned(EVENING, first=day)

    assert window.starts_at.astimezone(UTRECHT).time() == time(18)
    assert window.cutoff_at.astimezone(UTRECHT).time() == time(13)
    assert window.ends_at - window.starts_at == timedelta(hours=2)


def test_a_cut_off_the_evening_before_the_clock_changes_is_still_at_ten():
    [window] = planned(MORNING, first=date(2026, 3, 29))

    assert window.cutoff_at.astimezone(UTRECHT) == datetime(2026, 3, 28, 22, tzinfo=UTRECHT)
    assert window.starts_at - window.cutoff_at == timedelta(hours=9)


def test_an_hour_that_does_not_exist_that_night_is_no_slot():
    night = Template(starts=time(2), ends=time(3), cutoff=time(1), capacity=1)

    assert planned(night, first=date(2026, 3, 29)) == []
    assert len(planned(night, first=date(2026, 3, 30))) == 1


def test_nothing_is_delivered_on_public_holidays():
    windows = planned(EVENING, first=date(2026, 12, 24), days=4)

    days = [window.starts_at.astimezone(UTRECHT).day for window in windows]
    assert days == [24, 27]


def test_a_template_for_some_weekdays_gives_slots_on_those():
    weekend = Template(starts=time(10), ends=time(12), cutoff=time(8), capacity=1, weekdays=(6, 7))

    windows = planned(weekend, first=date(2026, 11, 23), days=7)

    assert [window.starts_at.isoweekday() for window in windows] == [6, 7]


@pytest.mark.parametrize(
    ("starts", "cutoff", "words"),
    [
        (MONDAY.replace(hour=18), MONDAY.replace(hour=13), "Order before 13:00, home this evening"),
        (MONDAY.replace(hour=14), MONDAY.replace(hour=10), "Order before 10:00, home today"),
        (MONDAY.replace(day=24), MONDAY.replace(hour=22), "Order before 22:00, home tomorrow"),
        (MONDAY.replace(day=26), MONDAY.replace(hour=22), "Order today before 22:00"),
        (MONDAY.replace(day=25), MONDAY.replace(day=24), "Order before tomorrow 09:00"),
        (
            MONDAY.replace(day=27),
            MONDAY.replace(day=26),
            "Order before Thursday 26 November, 09:00",
        ),
    ],
)
def test_the_cut_off_in_words(starts, cutoff, words):
    assert promise(offer(starts, cutoff), MONDAY, "en") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Voor 13:00 besteld, vanavond thuis"),
        ("ko", "13:00 전에 주문하면 오늘 저녁 도착"),
    ],
)
def test_the_cut_off_in_the_readers_words(language, words):
    tonight = offer(MONDAY.replace(hour=18), MONDAY.replace(hour=13))

    assert promise(tonight, MONDAY, language) == words


def test_fullness_in_words():
    assert [fullness(used, 10) for used in (0, 5, 6, 9, 10)] == [
        "free", "free", "filling", "filling", "full",
    ]  # fmt: skip


def test_a_korean_holiday_has_no_slots():
    windows = plan([EVENING], date(2026, 9, 23), 5, time_zone="Asia/Seoul", country="KR")

    days = [window.starts_at.astimezone(ZoneInfo("Asia/Seoul")).day for window in windows]
    assert days == [23, 27], "Chuseok is from 24 to 26 September 2026"


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)])
def test_picking_and_driving_take_as_long_in_the_night_the_clock_changes(day):
    early = Template(
        starts=time(4), ends=time(6), capacity=1, picking_minutes=120, driving_minutes=30
    )

    [window] = planned(early, first=day)

    assert window.starts_at - window.cutoff_at == timedelta(minutes=150)


def test_orders_end_at_the_cut_off_or_when_there_is_no_time_left_whichever_is_first():
    slow = Template(
        starts=time(18), ends=time(20), cutoff=time(16), capacity=1, picking_minutes=180
    )

    [window] = planned(slow, first=date(2026, 11, 23))

    assert window.cutoff_at.astimezone(UTRECHT).time() == time(15)
