"""Room in a slot is a promise: never one too many, one for each order, and it ends."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from app import slots
from app.db import begin, new_id
from app.errors import Conflict, NotFound
from tests.slots.builders import a_slot, hold, used
from tests.stock.builders import offending, told


async def test_twenty_buyers_of_a_slot_for_one_get_it_once(db, pool, place):
    slot = await a_slot(db, place, capacity=1)

    answers = await asyncio.gather(*(hold(pool, slot) for _ in range(20)), return_exceptions=True)

    refusals = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refusals) == 19
    assert {refusal.code for refusal in refusals} == {"slot-full"}
    assert await used(db, slot) == 1
    assert await offending(db) == {}


async def test_the_same_order_asking_twice_has_one_place(db, pool, place):
    slot, holder = await a_slot(db, place), new_id()

    answers = await asyncio.gather(*(hold(pool, slot, holder) for _ in range(8)))

    assert len({answer.id for answer in answers}) == 1
    assert await used(db, slot) == 1
    assert await told(db, answers[0].id) == [(1, "SlotHeld")]


async def test_another_slot_moves_the_hold_and_frees_the_old_one(db, pool, place):
    early, late = await a_slot(db, place), await a_slot(db, place, in_hours=30)
    holder = new_id()
    first = await hold(pool, early, holder)

    moved = await hold(pool, late, holder)

    assert (moved.id, moved.slot_id) == (first.id, late)
    assert (await used(db, early), await used(db, late)) == (0, 1)
    assert await told(db, first.id) == [(1, "SlotHeld"), (2, "SlotMoved")]
    assert await offending(db) == {}


async def test_a_full_slot_refuses_the_move_and_the_old_room_is_kept(db, pool, place):
    early, late = await a_slot(db, place), await a_slot(db, place, in_hours=30, capacity=1)
    holder = new_id()
    await hold(pool, early, holder)
    await hold(pool, late)

    with pytest.raises(Conflict):
        await hold(pool, late, holder)

    assert [slot.id for slot in (await slots.slots_of(db, holder)).values()] == [early]
    assert (await used(db, early), await used(db, late)) == (1, 1)


async def test_orders_that_swap_slots_with_each_other_never_lock_each_other_out(db, pool, place):
    choices = [await a_slot(db, place, in_hours=24 + n, capacity=30) for n in range(3)]
    luck = random.Random(1)
    turns = asyncio.Semaphore(12)

    async def wander(holder):
        for _ in range(6):
            async with turns:
                await hold(pool, luck.choice(choices), holder)

    await asyncio.gather(*(wander(new_id()) for _ in range(20)))

    assert sum([await used(db, slot) for slot in choices]) == 20
    assert await offending(db) == {}


async def test_room_is_given_until_a_second_before_the_cut_off(db, pool, place):
    cutoff = datetime(2030, 5, 6, 11, tzinfo=UTC)  # 13:00 in Utrecht
    starts = (cutoff - datetime.now(UTC)).total_seconds() / 3600 + 5
    slot = await a_slot(db, place, in_hours=starts, cutoff_at=cutoff)

    await hold(pool, slot, at=cutoff - timedelta(seconds=1))
    with pytest.raises(Conflict) as refusal:
        await hold(pool, slot, at=cutoff)

    assert refusal.value.code == "slot-closed"
    assert await used(db, slot) == 1


async def test_what_was_not_confirmed_in_time_is_free_again(db, pool, place):
    slot, paid_in_time, too_late = await a_slot(db, place, capacity=2), new_id(), new_id()
    await hold(pool, slot, paid_in_time, minutes=-1)
    await hold(pool, slot, too_late, minutes=-1)
    assert await slots.confirm(db, paid_in_time)

    await asyncio.gather(*(slots.expire(pool) for _ in range(4)))

    assert await used(db, slot) == 1
    assert not await slots.confirm(db, too_late)
    assert await slots.confirm(db, paid_in_time), "asked again, the answer is the same"
    assert await offending(db) == {}


async def test_released_room_is_free_once(db, pool, place):
    slot, holder = await a_slot(db, place), new_id()
    await hold(pool, slot, holder)

    assert await slots.release(db, holder)
    assert not await slots.release(db, holder)
    assert await used(db, slot) == 0

    again = await hold(pool, slot, holder)
    assert again.state == "held"
    assert await offending(db) == {}


async def test_a_slot_nobody_made_cannot_be_held(pool):
    with pytest.raises(NotFound):
        await hold(pool, new_id())


async def test_a_refusal_in_the_middle_of_a_transaction_leaves_nothing_behind(db, pool, place):
    slot = await a_slot(db, place, capacity=0)
    holder = new_id()

    async with begin(pool) as connection:
        with pytest.raises(Conflict):
            await slots.hold(connection, slot, holder, datetime.now(UTC) + timedelta(minutes=5))

    assert await db.fetchval("SELECT count(*) FROM slots.holds") == 0
    assert await offending(db) == {}
