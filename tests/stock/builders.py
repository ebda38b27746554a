"""Shelves with goods on them."""

from datetime import UTC, datetime, timedelta

from app import stock
from app.db import begin, checks, new_id
from app.stock.models import Line, Place, Request


async def open_place(db, code, *, latitude=52.0907, longitude=5.1214, is_open=True):
    place = Place(
        id=new_id(),
        code=code,
        name=f"Perron {code}",
        kind="store",
        street="Stationsplein 1",
        postcode="3511 ED",
        city="Utrecht",
        country="NL",
        time_zone="Europe/Amsterdam",
        latitude=latitude,
        longitude=longitude,
        open=is_open,
    )
    await stock.add_places(db, [place])
    return place.id


async def put_on_shelf(db, place, *, pieces=10, product=None):
    product = product or new_id()
    await stock.receive(db, [Line(product, place, pieces)])
    return product


def ask(*lines, hold=None, minutes=15, channel="web"):
    """A request for (product, place, quantity)s."""
    return Request(
        hold or new_id(),
        new_id(),
        tuple(Line(*line) for line in lines),
        datetime.now(UTC) + timedelta(minutes=minutes),
        channel,
    )


async def reserve(pool, *requests):
    async with begin(pool) as db:
        return await stock.reserve(db, requests)


async def level(db, product, place):
    row = await db.fetchrow(
        "SELECT on_hand, reserved FROM stock.levels WHERE product_id = $1 AND place_id = $2",
        product,
        place,
    )
    return tuple(row)


async def told(db, hold):
    rows = await db.fetch(
        "SELECT number, kind FROM jobs.events WHERE aggregate = $1 ORDER BY number", hold
    )
    return [(row["number"], row["kind"]) for row in rows]


async def offending(db):
    return {check.name: check.rows for check in await checks.run(db) if not check.holds}
