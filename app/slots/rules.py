"""Postcodes, cut-offs in words, and the days' slots out of a place's week."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.errors import Unprocessable
from app.languages import Language, translate
from app.slots.models import Fullness, Offer, Template, Window

FILLING = 0.6
EVENING = time(17)

DUTCH = re.compile(r"([1-9][0-9]{3})\s?([A-Za-z]{2})", re.ASCII)
NEVER_GIVEN_OUT = {"SA", "SD", "SS"}
"""Letters PostNL keeps free, for what they once stood for."""

LOCALES = {"nl": "nl_NL", "en": "en_IE", "ko": "ko_KR"}


class Postcode(NamedTuple):
    """`area` is what zones are drawn by: the four digits."""

    text: str
    area: str
    country: str = "NL"


def read_postcode(text: str) -> Postcode:
    """`3511ed` is 3511 ED. Raises Unprocessable when it is no Dutch postcode."""
    found = DUTCH.fullmatch(text.strip())
    if found is None or found[2].upper() in NEVER_GIVEN_OUT:
        raise Unprocessable("Please give a Dutch postcode, like 3511 ED.", code="not-a-postcode")
    return Postcode(f"{found[1]} {found[2].upper()}", found[1])


def fullness(used: int, capacity: int) -> Fullness:
    if used >= capacity:
        return "full"
    return "filling" if used >= FILLING * capacity else "free"


def promise(offer: Offer, now: datetime, language: Language) -> str:
    """Until when to order for this slot, and when it is home: the cut-off in words."""
    zone = ZoneInfo(offer.time_zone)
    cutoff, starts = offer.cutoff_at.astimezone(zone), offer.starts_at.astimezone(zone)
    today = now.astimezone(zone).date()
    at = f"{cutoff:%H:%M}"
    match (cutoff.date() - today).days, (starts.date() - today).days:
        case 0, 0 if starts.time() >= EVENING:
            return translate(language, "Order before {time}, home this evening", time=at)
        case 0, 0:
            return translate(language, "Order before {time}, home today", time=at)
        case 0, 1:
            return translate(language, "Order before {time}, home tomorrow", time=at)
        case 0, _:
            return translate(language, "Order today before {time}", time=at)
        case 1, _:
            return translate(language, "Order before tomorrow {time}", time=at)
        case _:
            day = format_date(cutoff.date(), "EEEE d MMMM", locale=LOCALES[language])
            return translate(language, "Order before {day}, {time}", day=day, time=at)


def plan(
    templates: Sequence[Template], first: date, days: int, *, time_zone: str, country: str
) -> list[Window]:
    """The slots of `days` days from `first` on, none on public holidays.

    Times stay what the clock at the place says, also in the nights it is put forward or back.
    """
    return [
        window
        for day in _open_days(first, days, country)
        for template in templates
        if day.isoweekday() in template.weekdays
        for window in _window(template, day, ZoneInfo(time_zone))
    ]


def _open_days(first: date, days: int, country: str) -> Iterator[date]:
    for n in range(days):
        day = first + timedelta(days=n)
        if day not in holidays_of(country, day.year):
            yield day


def _window(template: Template, day: date, zone: ZoneInfo) -> Iterator[Window]:
    cutoff_day = day - timedelta(days=template.cutoff_days_before)
    window = Window(
        starts_at=_utc(day, template.starts, zone),
        ends_at=_utc(day, template.ends, zone),
        cutoff_at=_utc(cutoff_day, template.cutoff, zone),
        capacity=template.capacity,
        fee=template.fee,
    )
    # In the night the clock is put forward an hour is missing, and what was only in it, too.
    if window.cutoff_at <= window.starts_at < window.ends_at:
        yield window


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


@cache
def holidays_of(country: str, year: int) -> frozenset[date]:
    # A second to import and ten megabytes: only who plans slots needs it.
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))
