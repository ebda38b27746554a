"""What the page of today shows, gathered site by site."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app import catalog, scan, walls
from app.db import Connection
from app.http.problems import AnyRequest, language_of
from app.scan.figures.models import Honoured, Morning, Silent, Traffic
from app.scan.reports.models import Reported
from app.walls.sites.models import Overtaken, Site, Sticker

SOON = timedelta(days=7)


class AtSite(msgspec.Struct):
    """One site, and what it needs."""

    site: Site
    traffic: Traffic
    overtaken: list[Overtaken]
    stickers: list[Sticker]
    honoured: list[Honoured]
    silent: list[Silent]
    reported: list[Reported]
    morning: Morning | None

    @property
    def unprinted(self) -> int:
        """Labels for which stickers are still to be ordered."""
        return sum(one.patch is None and one.why != "not-for-sale" for one in self.overtaken)

    @property
    def ends(self) -> datetime | None:
        """When the first of the promises on its labels ends that no longer holds."""
        return min((one.valid_until for one in self.overtaken), default=None)

    @property
    def cost(self) -> int:
        """Of the printed prices that were honoured lately."""
        return sum(one.cost for one in self.honoured)

    @property
    def quiet(self) -> bool:
        return not (self.overtaken or self.stickers or self.silent or self.reported)


async def of_today(request: AnyRequest, db: Connection) -> dict[str, Any]:
    sites = [one for one in await walls.sites_of(db) if one.state != "down"]
    traffic = await scan.figures.traffic(db, sites)
    honoured = await scan.figures.honoured(db, sites)
    silent = await scan.figures.silent(db, sites)
    reported = await scan.reports.told_of(db)
    found = [
        AtSite(
            site,
            traffic[site.id],
            await walls.overtaken(db, site.id),
            await walls.stickers(db, site.id),
            [one for one in honoured if one.site_id == site.id],
            [one for one in silent if one.site_id == site.id],
            [one for one in reported if one.site_code == site.code],
            await scan.figures.morning(db, site.id),
        )
        for site in sites
        if site.state in ("hung", "open")
    ]
    return {
        # What needs somebody comes first; below it what is as it should be.
        "at_sites": sorted(found, key=lambda at: at.quiet),
        "opening": opening(sites, scan.hours.now()),
        "most": max((one.traffic.opens for one in found), default=0),
        "products": await _products(db, found, language_of(request)),
    }


def opening(sites: Sequence[Site], now: datetime) -> list[Site]:
    """Those that should open within a week, the next one first."""
    soon = [
        site
        for site in sites
        if site.state != "open" and site.opens_at is not None and site.opens_at < now + SOON
    ]
    return sorted(soon, key=lambda site: site.opens_at or now)


async def _products(
    db: Connection, found: Sequence[AtSite], language: str
) -> Mapping[UUID, catalog.Product]:
    ids: set[UUID] = set()
    for at in found:
        ids |= {one.product_id for one in at.overtaken}
        ids |= {one.product_id for one in at.honoured}
        ids |= {one.product_id for one in at.silent}
        ids |= {one.product_id for one in at.reported}
    return await catalog.products(db, list(ids), language)
