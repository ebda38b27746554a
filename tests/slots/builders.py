"""Places that deliver, and the slots they offer."""

from datetime import UTC, datetime, time, timedelta

from app import slots, stock
from app.db import begin, new_id
from app.slots.models import Template, Zone
from tests.stock.builders import open_place

EVENING = Template(starts=time(18), ends=time(20), cutoff=time(13), capacity=4, fee=395)
MORNING = Template(
    starts=time(8), ends=time(10), cutoff=time(22), cutoff_days_before=1, capacity=4, fee=295
)


async def delivering_place(db, code="centrum", *, first="3500", last="3599", priority=1, **more):
    place_id = await open_place(db, code, **more)
    await slots.add_zones(db, [Zone(place_id, first, last, priority)])
    return next(place for place in await stock.places(db) if place.id == place_id)


async def a_slot(db, place, *, capacity=4, in_hours=24, cutoff_at=None):
    starts_at = datetime.now(UTC) + timedelta(hours=in_hours)
    return await db.fetchval(
        """
        INSERT INTO slots.slots (id, place_id, starts_at, ends_at, cutoff_at, capacity)
        VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING id
        """,
        new_id(),
        place.id,
        starts_at,
        starts_at + timedelta(hours=2),
        cutoff_at or starts_at - timedelta(hours=1),
        capacity,
    )


async def hold(pool, slot, holder=None, *, minutes=15, at=None):
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    async with begin(pool) as db:
        return await slots.hold(db, slot, holder or new_id(), until, at=at)


async def used(db, slot):
    return await db.fetchval("SELECT used FROM slots.slots WHERE id = $1", slot)
