"""What the pages of a site show, gathered from the faces of the features."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response

from app import catalog, scan, walls
from app.db import Connection
from app.errors import ShopError
from app.http.problems import language_of
from app.pages.merchandiser.acting import AnyRequest
from app.pages.rendering import render
from app.scan.figures.models import Warmth

Day = Annotated[str, msgspec.Meta(max_length=10)]
USUAL_DAYS, MOST_DAYS = 7, 92
MEASURES = ("opens", "adds", "sold")


async def site_page(
    request: AnyRequest, db: Connection, code: str, wrong: ShopError | None = None
) -> Response[str]:
    """One site: how far it is, what to do next, what is known of it."""
    site = await walls.site(db, code)
    wall = await walls.wall(db, site.wall_code)
    editions = [one for one in await walls.editions(db, wall.id) if one.site_id == site.id]
    zone = ZoneInfo(site.time_zone)
    return render(
        request,
        "merchandiser/sites/site.html",
        status=wrong.status if wrong else 200,
        site=site,
        wall=wall,
        editions=editions,
        panels=await walls.panels(db, code),
        audits=await scan.audits.audits(db, site.id),
        stickers=await walls.stickers(db, site.id),
        opens_at=site.opens_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if site.opens_at else "",
        late=site.opens_at is not None and site.opens_at <= scan.hours.now(),
        wrong=wrong,
    )


async def hanging_page(
    request: AnyRequest,
    db: Connection,
    code: str,
    panel: int = 0,
    wrong: ShopError | None = None,
) -> Response[str]:
    """For the crew's phone: which panel hangs here, which sticker was pasted."""
    site = await walls.site(db, code)
    panels = await walls.panels(db, code)
    stickers = await walls.stickers(db, site.id)
    left = [one for one in panels if one.hung_at is None]
    products = await catalog.products(
        db, list({one.product_id for one in stickers}), language_of(request)
    )
    return render(
        request,
        "merchandiser/sites/hanging.html",
        status=wrong.status if wrong else 200,
        site=site,
        panels=panels,
        panel=next((one for one in left if one.panel == panel), next(iter(left), None)),
        left=left,
        stickers=stickers,
        products=products,
        done="done" in request.query_params,
        wrong=wrong,
    )


async def heat_page(
    request: AnyRequest, db: Connection, code: str, first: str, last: str, of: str
) -> Response[str]:
    """Scans, additions and sales drawn on the wall, with the same in a table."""
    site = await walls.site(db, code)
    today = scan.hours.now().astimezone(ZoneInfo(site.time_zone)).date()
    since, until = span(first, last, today)
    found = await scan.figures.heat(db, site, since, until)
    measure = of if of in MEASURES else "opens"
    products = await catalog.products(
        db, list({one.product_id for one in found}), language_of(request)
    )
    return render(
        request,
        "merchandiser/sites/heat.html",
        site=site,
        places=found,
        panels=shelves(found),
        measure=measure,
        measures=MEASURES,
        most=max((getattr(one, measure) for one in found), default=0),
        sums={name: sum(getattr(one, name) for one in found) for name in MEASURES},
        products=products,
        first=since,
        last=until,
        today=today,
    )


def span(first: str, last: str, today: date) -> tuple[date, date]:
    """The days asked for, or the last week; at most a quarter, and none that is still to come."""
    until = min(_day(last) or today, today)
    since = _day(first) or until - timedelta(days=USUAL_DAYS - 1)
    return max(min(since, until), until - timedelta(days=MOST_DAYS - 1)), until


def shelves(found: Sequence[Warmth]) -> Mapping[int, list[list[Warmth]]]:
    """Panel → its shelves from top to bottom, places from left to right."""
    return {
        panel: [list(shelf) for _, shelf in groupby(places, key=lambda one: one.shelf)]
        for panel, places in groupby(found, key=lambda one: one.panel)
    }


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 < day.year < 9000 else None
