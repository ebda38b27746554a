"""Postcodes, cut-offs in words, and the days' slots out of a place's week."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from math import ceil
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.errors import Unprocessable
from app.languages import Language, translate
from app.slots.models import Arm, Choice, Fullness, Need, Offer, Storage, Template, Window

FILLING = 0.6
EVENING = time(17)
PIECES_A_CRATE = 20
GRAMS_A_CRATE = 12_000
NEAR_M, NEXT_DOOR_M = 1_000, 300
NOT_MUCH_FARTHER = 1.3
MOST_HINTS = 2
EXPERIMENT = b"green hint 1:"
"""Another word here shuffles the carts anew."""

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


def ranked(found: Sequence[Choice], place_ids: Sequence[UUID] | None) -> list[Choice]:
    """Within each window as they came, or the places in the order given."""
    rank = {place: number for number, place in enumerate(place_ids or ())}
    return sorted(
        found,
        key=lambda one: (one.slot.starts_at, one.slot.ends_at, rank.get(one.slot.place_id, 0)),
    )


def offers(found: Sequence[Choice], fitting: Mapping[UUID, int | None]) -> list[Offer]:
    """One of each window: the first place with room for the order (`fitting`, with how far a van
    would go out of its way), else the first."""
    chosen: dict[tuple[datetime, datetime], Choice] = {}
    for one in found:
        window = (one.slot.starts_at, one.slot.ends_at)
        before = chosen.get(window)
        if before is None or (before.slot.id not in fitting and one.slot.id in fitting):
            chosen[window] = one
    detours = {one.slot.id: fitting.get(one.slot.id) for one in chosen.values()}
    green = near(detours)
    return [_offer(one, one.slot.id in fitting, one.slot.id in green) for one in chosen.values()]


def near(detours: Mapping[UUID, int | None]) -> set[UUID]:
    """The one or two slots a van is near anyway: within a kilometre of its way, and not much farther
    than in the best of them. A hint that stands everywhere says nothing."""
    known = sorted(
        (metres, slot.int, slot) for slot, metres in detours.items() if metres is not None
    )
    most = min(NEAR_M, max(NEXT_DOOR_M, NOT_MUCH_FARTHER * known[0][0])) if known else 0
    return {slot for metres, _, slot in known[:MOST_HINTS] if metres <= most}


def arm(cart_id: UUID) -> Arm:
    """Which carts are shown leaves: half of them, each always the same."""
    return "leaf" if sha256(EXPERIMENT + cart_id.bytes).digest()[0] % 2 else "plain"


def _offer(choice: Choice, fits: bool, is_near: bool) -> Offer:
    slot = choice.slot
    return Offer(
        id=slot.id,
        place_id=slot.place_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        cutoff_at=slot.cutoff_at,
        time_zone=choice.time_zone,
        fee=slot.fee,
        left=slot.capacity - slot.used if fits else 0,
        fullness=fullness(slot.used, slot.capacity) if fits else "full",
        free_from=slot.free_from,
        near=is_near,
    )


def need(pieces: Mapping[Storage, int], weight_g: int, point: tuple[float, float] | None) -> Need:
    """What an order of so many pieces takes: crates hold some 20 pieces or 12 kg, chilled and frozen
    ones are their own; a picker needs a minute to begin with and 20 seconds a piece."""
    crates = {storage: ceil(count / PIECES_A_CRATE) for storage, count in pieces.items() if count}
    heavy = ceil(weight_g / GRAMS_A_CRATE) - sum(crates.values())
    total = sum(pieces.values())
    return Need(
        ambient_crates=crates.get("ambient", 0) + max(0, heavy),
        chilled_crates=crates.get("chilled", 0),
        frozen_crates=crates.get("frozen", 0),
        picker_minutes=1 + ceil(total / 3) if total else 0,
        point=point,
    )


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
    starts_at = _utc(day, template.starts, zone)
    window = Window(
        starts_at=starts_at,
        ends_at=_utc(day, template.ends, zone),
        cutoff_at=min(_last_moments(template, day, zone, starts_at)),
        template=template,
    )
    # In the night the clock is put forward an hour is missing, and what was only in it, too.
    if window.cutoff_at <= window.starts_at < window.ends_at:
        yield window


def _last_moments(
    template: Template, day: date, zone: ZoneInfo, starts_at: datetime
) -> Iterator[datetime]:
    """Work takes as long as it takes, also in the night the clock is put forward or back."""
    work = timedelta(minutes=template.picking_minutes + template.driving_minutes)
    yield starts_at - work
    if template.cutoff is not None:
        cutoff_day = day - timedelta(days=template.cutoff_days_before)
        yield _utc(cutoff_day, template.cutoff, zone)


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


@cache
def holidays_of(country: str, year: int) -> frozenset[date]:
    # A second to import and ten megabytes: only who plans slots needs it.
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))
