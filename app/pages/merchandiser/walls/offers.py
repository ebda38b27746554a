"""What posters say about offers: only what will be true as long as they hang."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app import languages, money, pricing, walls
from app.db import Connection
from app.pricing import Promotion


async def offers_on_posters(db: Connection, code: str, last_day: date) -> dict[UUID, str]:
    """The words of the offers running on a wall's products, in the wall's language.

    One that ends before the printed prices do says its own last day.
    """
    plan = await walls.plan(db, code)
    ids = {position.product_id for position in plan.positions()}
    zone = ZoneInfo(plan.wall.time_zone)
    running = await pricing.promotions_running(db, datetime.now(UTC), list(ids))
    return {
        product_id: _words(promotion, plan.wall.language, last_day, zone)
        for promotion in running
        if pricing.for_everybody(promotion)
        for product_id in promotion.product_ids & ids
    }


def _words(
    promotion: Promotion, language: languages.Language, last_day: date, zone: ZoneInfo
) -> str:
    name = promotion.name.get(language) or next(iter(promotion.name.values()))
    end = promotion.until_at
    hangs_until = datetime.combine(last_day, time.max, zone)
    if end is None or end >= hangs_until:
        return name
    last = (end.astimezone(zone) - timedelta(seconds=1)).date()
    day = format_date(last, "d MMM", locale=money.LOCALES[language])
    return languages.translate(language, "{offer}, until {day}", offer=name, day=day)
