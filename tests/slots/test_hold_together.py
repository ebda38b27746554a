"""Room for the parts of one order at several places: all of it or none, whoever else wants it."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from random import Random

import pytest

from app import slots
from app.db import begin, new_id
from app.errors import Conflict
from app.slots import Need, Shift
from tests.slots.builders import a_slot, delivering_place, used
from tests.stock.builders import offending

ROOM = Need(ambient_crates=1)
NEED = Need(ambient_crates=1, picker_minutes=2, point=(52.0907, 5.1214))


@pytest.fixture
async def places(pool):
    """Two with a van each, and slots of two days."""
    found = []
    async with begin(pool) as db:
        for code in ("first", "second"):
            place = await delivering_place(db, code)
            shift = Shift(
                place_id=place.id, number=1, starts=time(0), ends=time(23, 59), crates=400
            )
            await slots.plans.add_vans(db, [shift])
            today = datetime.now(UTC).date()
            await slots.plans.draw_up(db, place, today, 5, [])
            found.append([await a_slot(db, place, capacity=20, in_hours=h) for h in (24, 72)])
    return found


def until():
    return datetime.now(UTC) + timedelta(minutes=15)


async def test_a_crowd_that_wants_both_places_in_every_order_waits_and_never_for_each_other(
    pool, db, places
):
    luck = Random(4)
    holders = [new_id() for _ in range(24)]

    async def come_and_go(holder):
        """Both places of one day, then the other day, then half of them leave."""
        day = luck.randrange(2)
        for which in (day, 1 - day):
            wanted = [place[which] for place in places]
            async with begin(pool) as connection:
                there = await slots.slots_of(connection, holder)
                await slots.lock(connection, [*wanted, *(slot.id for slot in there.values())])
                await slots.release(connection, holder)
                needs = dict.fromkeys(luck.sample(wanted, 2), NEED)
                await slots.hold_together(connection, wanted[0], holder, until(), needs)
        if luck.random() < 0.5:
            async with begin(pool) as connection:
                await slots.release(connection, holder)
            return False
        async with begin(pool) as connection:
            return await slots.confirm(connection, holder)

    async def come(holder):
        try:
            return await come_and_go(holder)
        except Conflict:
            return None

    stayed = await asyncio.gather(*(come(holder) for holder in holders))

    counted = [await used(db, slot) for place in places for slot in place]
    assert sum(counted) >= 2 * stayed.count(True)
    assert counted[0] == counted[2], "who has room at one place has it at the other"
    assert counted[1] == counted[3]
    assert await offending(db) == {}


async def test_where_the_second_place_is_full_the_first_is_not_held_either(pool, db, places):
    [first, _], [second, _] = places
    await db.execute("UPDATE slots.slots SET capacity = 1 WHERE id = $1", second)
    one, other = new_id(), new_id()
    needs = {first: ROOM, second: ROOM}
    async with begin(pool) as connection:
        await slots.hold_together(connection, first, one, until(), needs)

    with pytest.raises(Conflict) as refusal:
        async with begin(pool) as connection:
            await slots.hold_together(connection, second, other, until(), needs)

    assert refusal.value.code == "slot-full"
    assert [await used(db, first), await used(db, second)] == [1, 1]
    async with begin(pool) as connection:
        assert await slots.confirm(connection, one)
        place_id = next(iter(await slots.slots_of(connection, one)))
        assert await slots.release(connection, one, place_id=place_id)
        assert len(await slots.slots_of(connection, one)) == 1
        assert await slots.release(connection, one)
    assert [await used(db, first), await used(db, second)] == [0, 0]
    assert await offending(db) == {}


async def test_once_one_part_has_run_out_the_order_has_no_room(pool, db, places):
    [first, _], [second, _] = places
    holder = new_id()
    async with begin(pool) as connection:
        await slots.hold_together(connection, first, holder, until(), {first: ROOM, second: ROOM})
    await db.execute(
        "UPDATE slots.holds SET expires_at = now() - interval '1 second' WHERE beside IS NOT NULL"
    )
    await slots.expire(pool)

    async with begin(pool) as connection:
        assert not await slots.confirm(connection, holder)
        await slots.release(connection, holder)
    assert await offending(db) == {}
