"""Fills an empty shop with the demo: goods, town, stock, offers, walls, people and orders."""

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from app import catalog, collecting, files, pricing, search, slots, stock, walls
from app.db import Pool, begin
from app.demo import Tell, goods, orders, packs, people, queries, sheet, stations, town, visits
from app.demo.offers import WELCOME_CODE, for_orders, promotions
from app.pricing import Promotion
from app.settings import Settings
from app.walls.models import Details
from app.walls.sites.models import SiteDetails

POSTERS_HOLD = timedelta(days=28)
AT_A_TIME = 64


async def fill_empty_shop(pool: Pool, settings: Settings, tell: Tell) -> bool:
    async with begin(pool) as db:
        if not await queries.is_empty(db):
            return False
    tell("goods", 0.0)
    await _put_up_town(pool)
    await people.hire(pool, settings.home)
    ids = await _load_goods(pool, settings, lambda share: tell("goods", share * 0.4))
    await search.refresh(pool)
    tell("stock", 0.4)
    async with begin(pool) as db:
        await stock.receive(db, list(town.stocked(goods.all_goods(), ids)))
    running = await _run_offers(pool, ids)
    await _hang_walls(pool, settings, ids, running, lambda share: tell("walls", 0.45 + share * 0.5))
    tell("orders", 0.95)
    await orders.take_orders(pool, settings, ids)
    await visits.look_around(pool)
    tell("done", 1.0)
    return True


async def _put_up_town(pool: Pool) -> None:
    async with begin(pool) as db:
        await stock.add_places(db, town.PLACES)
        await slots.add_zones(db, town.ZONES)
        await slots.plans.add_vans(db, list(town.vans()))
        await slots.plans.write_points(
            db, "invented", list({p[1]: p for p in town.points()}.values())
        )
        for place in town.PLACES:
            await slots.write_templates(db, place.id, town.WEEK)
        for place_id, desk in town.DESKS.items():
            await collecting.set_up(db, place_id, desk)
    await slots.plan_ahead(pool)


async def _run_offers(pool: Pool, ids: dict[str, UUID]) -> list[Promotion]:
    since_yesterday = datetime.now(UTC) - timedelta(days=1)
    running = promotions(goods.all_goods(), ids, since_yesterday)
    async with begin(pool) as db:
        for promotion in running + for_orders(since_yesterday):
            await pricing.save(db, promotion, "published")
        await pricing.name_code(db, for_orders(since_yesterday)[1].id, WELCOME_CODE, None)
    return running


async def _hang_walls(
    pool: Pool,
    settings: Settings,
    ids: dict[str, UUID],
    running: Sequence[Promotion],
    tell: Callable[[float], None],
) -> None:
    for place, station in enumerate(stations.STATIONS):
        chosen = [ids[one.gtin] for one in stations.chosen(station, goods.all_goods())]
        async with begin(pool) as db:
            wall = await walls.set_up(
                db,
                station.code,
                Details(
                    name=station.name,
                    place_hint=station.place_hint,
                    city="Utrecht",
                    language=station.language,
                    reading_distance_mm=station.reading_distance_mm,
                ),
                currency=settings.currency,
                time_zone=settings.time_zone,
            )
            await walls.arrange(
                db,
                station.code,
                chosen,
                station.format,
                wall.version,
                base_url=settings.base_url,
                panels=station.panels,
            )
        last_day = (datetime.now(ZoneInfo(settings.time_zone)) + POSTERS_HOLD).date()
        await walls.print_wall(
            pool,
            station.code,
            base_url=settings.base_url,
            last_day=last_day,
            phone=settings.phone,
            publish=True,
            offers=_flags(running, station.language),
        )
        tell((place + 1) / len(stations.STATIONS))
    await _plan_another_site(pool, settings)


async def _plan_another_site(pool: Pool, settings: Settings) -> None:
    """The first wall will hang in the next town too, from Monday."""
    opens_at = stations.next_monday(datetime.now(ZoneInfo(settings.time_zone)))
    async with begin(pool) as db:
        await walls.add_site(
            db,
            stations.STATIONS[0].code,
            "amersfoort-2",
            SiteDetails(
                name="Amersfoort Centraal",
                place_hint="Perron 2, bij de lift",
                city="Amersfoort",
                crew_hint="Sleutel bij de stationschef, ingang Piet Mondriaanplein",
                opens_at=opens_at,
            ),
        )


def _flags(running: Sequence[Promotion], language: str) -> dict[UUID, str]:
    """What the poster says beside a product that is on offer."""
    return {id: promotion.name[language] for promotion in running for id in promotion.product_ids}


async def _load_goods(
    pool: Pool, settings: Settings, tell: Callable[[float], None]
) -> dict[str, UUID]:
    """Draws the packs in other processes; the goods then come in as a file, all at once."""
    everything = goods.all_goods()
    drawn = packs.draw_all([one.pack for one in everything], workers=os.cpu_count() or 1)
    pictures: list[str] = []
    while bodies := await asyncio.to_thread(lambda: list(islice(drawn, AT_A_TIME))):
        async with begin(pool) as db:
            pictures += await files.keep_many(db, bodies, "image/png", public=True)
        tell(len(pictures) / len(everything))
    file = BytesIO(sheet.as_csv(everything, pictures))
    report = await catalog.load(pool, file, "demo.csv", currency=settings.currency)
    assert report.applied, report.complaints[:3]
    async with begin(pool) as db:
        return await queries.ids_by_gtin(db)
