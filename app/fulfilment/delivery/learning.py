"""What the vans find out: where doors are, how long it takes there, and how fast the streets are."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import slots, staff
from app.db import Connection, Pool, begin
from app.errors import NotFound, Unprocessable
from app.fulfilment.delivery import queries, rules, timetable
from app.fulfilment.delivery.models import Seen
from app.fulfilment.models import Act, Stop
from app.routing.models import Roads

CLOSE_ENOUGH_M = 50
"""A phone that does not know better where it is teaches nothing."""
NOT_THIS_DOOR_KM = {"postcode": 1.5, "area": 5.0, None: 10.0}
"""Farther than that from where the postcode (or only its area, or its shop) is, nobody lives."""
LEARN_FROM = timedelta(days=60)


async def learn_door(db: Connection, stop_id: UUID, seen: Seen) -> bool:
    """The driver stands at a door whose delivery is over: next time its address leads there, once
    two deliveries agree. False when it teaches nothing: not accurate, too far away from where its
    postcode is, or not handed over to who lives there. The same stop again is the same position.
    Raises NotFound."""
    stop = await queries.stop(db, stop_id)
    if stop is None:
        raise NotFound("There is no such stop.")
    own = stop.state == "delivered" and stop.handed_to == "customer"
    if not own or not 0 <= seen.accuracy_m <= CLOSE_ENOUGH_M:
        return False
    here = (seen.latitude, seen.longitude)
    if not await _may_be(db, stop, here):
        return False
    code, house_number = await _address(db, stop)
    await slots.plans.learn_door(db, code, house_number, stop_id, here)
    return True


async def say_where(db: Connection, act: Act, stop_id: UUID, here: rules.Point) -> None:
    """A dispatcher knows better where a door is: it counts from the next order on. Raises NotFound,
    or Unprocessable for a place that is not near its postcode."""
    stop = await _stop(db, stop_id)
    if not await _may_be(db, stop, here):
        raise Unprocessable(
            "That is too far away from this postcode. Look at the numbers again.", code="not-there"
        )
    code, house_number = await _address(db, stop)
    await slots.plans.say_where(db, code, house_number, act.id, here)
    await staff.note(db, act.person, "door.say", str(stop_id))


async def forget_door(db: Connection, act: Act, stop_id: UUID) -> None:
    """Nothing that was learned of this address is known any more: where it is, how long it takes
    there, and what drivers noted. Raises NotFound."""
    stop = await _stop(db, stop_id)
    code, house_number = await _address(db, stop)
    await slots.plans.forget_door(db, code, house_number)
    await queries.forget_door_note_of(db, stop.order_id)
    await staff.note(db, act.person, "door.forget", str(stop_id))


async def learn_roads(pool: Pool) -> None:
    """How fast the vans of each place really were between two doors, from enough of them; and how
    long each delivery took at its door."""
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
            await _learn_stays(db, legs, roads or usual)
    await slots.plans.forget_old_doors(pool)


async def _learn_stays(db: Connection, legs: Iterable[timetable.Leg], roads: Roads) -> None:
    stays = []
    for leg in legs:
        seconds = timetable.stay_of(leg, roads)
        if leg.to is not None and seconds is not None:
            stop_id, postcode, house_number = leg.to
            stays.append((slots.read_postcode(postcode), house_number, stop_id, seconds))
    await slots.plans.learn_stays(db, stays)


async def _may_be(db: Connection, stop: Stop, here: rules.Point) -> bool:
    """Measured from the postcode, never from an earlier pin: a door does not wander off in steps."""
    code, _ = await _address(db, stop)
    known = await slots.plans.located(db, code.country, code.text.replace(" ", ""))
    if known is not None:
        middle = (known.latitude, known.longitude)
        return rules.kilometres(here, middle) <= NOT_THIS_DOOR_KM[known.exact]
    run = await queries.run(db, stop.run_id)
    assert run is not None, "a stop has a run"
    return rules.kilometres(here, (run.latitude, run.longitude)) <= NOT_THIS_DOOR_KM[None]


async def _address(db: Connection, stop: Stop) -> tuple[slots.rules.Postcode, str]:
    postcode, house_number = await queries.address_of(db, stop.order_id)
    return slots.read_postcode(postcode), house_number


async def _stop(db: Connection, stop_id: UUID) -> Stop:
    stop = await queries.stop(db, stop_id)
    if stop is None:
        raise NotFound("There is no such stop.")
    return stop
