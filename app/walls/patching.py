"""Patch sheets: stickers for the labels of a site that no longer say what holds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app import catalog
from app.db import Connection
from app.errors import Conflict, NotFound
from app.walls import actions, queries, rules
from app.walls.models import Edition, Ordered, PrintedPanel
from app.walls.sites import actions as sites
from app.walls.sites.models import Overtaken

PROMISED_AT_LEAST = timedelta(days=7)
"""A sticker promises its price as long as the poster around it, or a week when that ends sooner."""


async def order_patch(
    db: Connection,
    site_code: str,
    *,
    base_url: str,
    last_day: date | None = None,
    ordered_by: UUID | None = None,
    offers: Mapping[UUID, str] | None = None,
) -> Edition:
    """Order stickers for every label of a site that was overtaken and has none yet.

    Each knows the label it goes over, and they lie on the sheets in walking order. Raises Conflict
    when there is nothing to print, Unprocessable for what cannot be printed.
    """
    here = await sites.site(db, site_code)
    found = await actions.lock(db, here.wall_code)
    wanted = [
        one
        for one in await sites.overtaken(db, here.id)
        if one.why != "not-for-sale" and one.patch is None
    ]
    if not wanted:
        raise Conflict(
            "Every label here says what holds, or its sticker is printed already.",
            code="nothing-changed",
        )
    products = await catalog.products(db, list({one.product_id for one in wanted}), found.language)
    for one in wanted:
        rules.check_product(products.get(one.product_id), one.product_id, found.currency)
    stickers = rules.stickers(
        wanted,
        {label.token: label for label in await sites.hanging(db, here.id)},
        products,
        await actions.fresh_tokens(db, len(wanted), None),
        await queries.prior_prices(db, list(products)),
        offers or {},
    )
    now, zone = datetime.now(UTC), ZoneInfo(here.time_zone)
    until = rules.promise(now, last_day or _as_the_poster(wanted, now, zone), zone)
    sheet = PrintedPanel("A4", 210, 297, [stickers])  # how many it takes shows when they are drawn
    return await actions.write_order(
        db,
        found,
        Ordered("patch", here.id, [sheet], len(stickers), base_url, until, ordered_by),
    )


async def newest_patch(db: Connection, site_code: str) -> Edition:
    """The stickers ordered last for a site. Raises NotFound when there are none."""
    here = await sites.site(db, site_code)
    for edition in await queries.editions(db, here.wall_id):
        if edition.site_id == here.id and edition.kind == "patch":
            return edition
    raise NotFound("This wall has no such edition.")


def _as_the_poster(wanted: Sequence[Overtaken], now: datetime, zone: ZoneInfo) -> date:
    """The last day on which the labels around the stickers promise theirs."""
    ends = max(one.valid_until for one in wanted) - timedelta(seconds=1)
    return max(ends, now + PROMISED_AT_LEAST).astimezone(zone).date()
