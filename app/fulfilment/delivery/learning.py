"""What the vans find out: where doors are, and how fast the streets are."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import slots
from app.db import Connection, Pool, begin
from app.errors import NotFound
from app.fulfilment.delivery import queries, rules, timetable

CLOSE_ENOUGH_M = 50
"""A phone that does not know better where it is teaches nothing."""
NOT_THIS_DOOR_KM = 3.0
LEARN_FROM = timedelta(days=60)


async def learn_door(
    db: Connection, stop_id: UUID, latitude: float, longitude: float, accuracy_m: float
) -> bool:
    """The driver stands at a door whose delivery is over: next time its address leads there, once
    two deliveries agree. Degrees (WGS 84); `accuracy_m` as the phone says it. False when it teaches
    nothing: not accurate, too far away to be that door, or the stop is not over. The same stop
    again is the same position. Raises NotFound."""
    stop = await queries.stop(db, stop_id)
    if stop is None:
        raise NotFound("There is no such stop.")
    here = (latitude, longitude)
    on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    if not on_earth or not 0 <= accuracy_m <= CLOSE_ENOUGH_M or stop.state != "delivered":
        return False
    if rules.kilometres(here, (stop.latitude, stop.longitude)) > NOT_THIS_DOOR_KM:
        return False
    if stop.handed_to != "customer":
        return False
    postcode, house_number = await queries.address_of(db, stop.order_id)
    code = slots.read_postcode(postcode)
    await slots.plans.learn_door(db, code, house_number, stop_id, here)
    return True


async def learn_roads(pool: Pool) -> None:
    """How fast the vans of each place really were between two doors; from enough of them."""
    since = datetime.now(UTC) - LEARN_FROM
    async with begin(pool) as db:
        for place_id, legs in (await queries.legs_driven(db, since)).items():
            usual = await slots.plans.roads_of(db, place_id)
            speeds = [
                speed
                for leg in legs
                if (speed := timetable.speed_of(leg, usual, rules.AT_THE_DOOR)) is not None
            ]
            roads = timetable.learned(usual, speeds)
            if roads is not None:
                await slots.plans.write_roads(db, place_id, roads, len(speeds))
