from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from app import sourcing, stock
from app.collecting import queries, rules
from app.collecting.models import Desk, Point, Promise, Spot
from app.db import Connection, Pool
from app.errors import Conflict, NotFound


async def points(
    db: Connection | Pool,
    wanted: Mapping[UUID, int],
    now: datetime,
    *,
    near: tuple[float, float] | None = None,
) -> list[Point]:
    """Where so many of these products could be collected: who has all of it first, then the nearest
    of `near` (latitude and longitude), then who is ready first."""
    levels = await stock.levels(db, list(wanted)) if wanted else {}
    found = [
        _point(spot, promise, wanted, levels.get(spot.place_id, {}), near)
        for spot in await queries.desks(db)
        if (promise := rules.promise(spot, now)) is not None
    ]
    return sorted(
        found,
        key=lambda one: (len(one.missing), one.distance_m or 0, one.ready_by, one.name),
    )


async def agreed(
    db: Connection | Pool, place_id: UUID, shown: datetime, now: datetime
) -> tuple[Spot, Promise]:
    """The desk and its promise, as it was shown. Raises Conflict: `no-desk` where nothing can be
    collected any more, `ready-later` when the promise cannot be kept."""
    spot = await queries.spot(db, place_id)
    if spot is None or not spot.desk.open:
        raise Conflict(
            "Orders cannot be collected there any more. Please choose another place.",
            code="no-desk",
        )
    return spot, rules.still(shown, rules.promise(spot, now))


async def at_the_latest(
    db: Connection, place_id: UUID, agreed: datetime, ready_at: datetime
) -> datetime:
    """Until when an order is kept that became ready now: as long as was agreed, and longer where it
    was late."""
    spot = await queries.spot(db, place_id)
    return max(agreed, rules.keep_until(spot, ready_at)) if spot else agreed


async def set_up(db: Connection, place_id: UUID, desk: Desk, *, seen: int | None = None) -> None:
    """From now on orders can be collected there, at these hours; with `seen`, unless somebody has
    changed them since that version. Raises NotFound, Conflict, Unprocessable."""
    rules.check(desk)
    if not await queries.write_desk(db, place_id, desk, seen):
        if await queries.version(db, place_id):
            raise Conflict(
                "Somebody has changed these hours meanwhile. Look at them again.", code="stale"
            )
        raise NotFound("There is no such place.")
    await queries.write_hours(db, place_id, desk.hours)


def _point(
    spot: Spot,
    promise: Promise,
    wanted: Mapping[UUID, int],
    there: Mapping[UUID, int],
    near: tuple[float, float] | None,
) -> Point:
    return Point(
        place_id=spot.place_id,
        name=spot.name,
        street=spot.street,
        postcode=spot.postcode,
        city=spot.city,
        time_zone=spot.time_zone,
        hint=spot.desk.hint,
        hours=spot.desk.hours,
        ready_by=promise.ready_by.astimezone(UTC),
        keep_until=promise.keep_until.astimezone(UTC),
        distance_m=near and sourcing.distance_m((spot.latitude, spot.longitude), near),
        missing=[id for id, quantity in wanted.items() if there.get(id, 0) < quantity],
    )
