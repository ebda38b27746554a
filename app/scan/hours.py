"""When a wall opens, in words a person on the platform can act on."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from app import money
from app.errors import Conflict
from app.languages import Language

THIS_WEEK = timedelta(days=6)


def opens(at: datetime | None, zone: str, language: Language, now: datetime) -> Conflict:
    """`This wall opens Monday 06:00.`, on the clock of the wall; for nearer times no date."""
    if at is None:
        return Conflict("This wall is not open yet.", code="not-open-yet")
    if at <= now:
        return Conflict(
            "This wall opens in a moment. Please scan again.", code="not-open-yet", retry_after_s=5
        )
    return Conflict(
        "This wall opens {when}.",
        code="not-open-yet",
        retry_after_s=int((at - now).total_seconds()) + 1,
        when=_moment(at.astimezone(ZoneInfo(zone)), language, near=at - now < THIS_WEEK),
    )


def now() -> datetime:
    return datetime.now(UTC)


def _moment(at: datetime, language: Language, *, near: bool) -> str:
    locale = money.LOCALES[language]
    long = "M월 d일 EEEE" if language == "ko" else "EEEE d MMMM"
    day = format_date(at, "EEEE" if near else long, locale=locale)
    return f"{day} {format_time(at, 'HH:mm', locale=locale)}"
