from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app import walls
from app.db import Connection, Pool, begin
from app.scan import reports
from app.scan.figures import queries
from app.scan.figures.models import Honoured, Morning, MorningList, Silent, Traffic, Warmth
from app.walls.sites.models import Site

SILENCE = timedelta(days=3)
"""A code on a station wall that nobody scans for so long is pasted over, too high, or not wanted."""
LOOKING_BACK = timedelta(days=30)
"""So far back somebody asks what keeping promises has cost."""
MORNING_HOUR = 5


async def heat(db: Connection, site: Site, first: date, last: date) -> list[Warmth]:
    """Of every place of a site, for whole days on its own clock, both days included."""
    zone = ZoneInfo(site.time_zone)
    return await queries.heat(
        db, site.id, _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    )


async def traffic(db: Connection, sites: Sequence[Site]) -> dict[UUID, Traffic]:
    """Scans, additions and orders of today, where each site is."""
    now = datetime.now(UTC)
    since = [
        _midnight(now.astimezone(ZoneInfo(site.time_zone)).date(), ZoneInfo(site.time_zone))
        for site in sites
    ]
    return {one.site_id: one for one in await queries.traffic(db, [s.id for s in sites], since)}


async def silent(db: Connection, sites: Sequence[Site]) -> list[Silent]:
    """Codes that hang at these sites and that nobody has scanned for days."""
    return await queries.silent(db, [site.id for site in sites], SILENCE)


async def honoured(db: Connection, sites: Sequence[Site]) -> list[Honoured]:
    """What printed prices cost that were lower than the catalogue's, the dearest product first."""
    return await queries.honoured(db, [site.id for site in sites], LOOKING_BACK)


async def morning(db: Connection, site_id: UUID) -> Morning | None:
    """The list with which the newest day began at a site."""
    return await queries.morning(db, site_id)


async def begin_mornings(pool: Pool) -> None:
    """At five, on the clock of each site, its list of the day is made; once, by whoever is first."""
    async with begin(pool) as db:
        due = await queries.mornings_to_begin(db, MORNING_HOUR)
    for code, day in due:
        async with begin(pool) as db:
            site = await walls.site(db, code)
            await queries.keep_morning(db, site.id, day, await _list(db, site, day))


async def _list(db: Connection, site: Site, day: date) -> MorningList:
    zone = ZoneInfo(site.time_zone)
    opens = site.opens_at if site.state != "open" else None
    return MorningList(
        overtaken=await walls.overtaken(db, site.id),
        silent=await silent(db, [site]),
        reported=await reports.told_of(db, [site.id]),
        opens_at=opens if opens and opens.astimezone(zone).date() == day else None,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
