"""A promise ends: confirmed and taken, given back, or run out."""

import asyncio

import pytest

from app import db as database
from app import stock
from app.errors import Conflict, NotFound, Unprocessable
from app.stock.models import Line, Reserved
from tests.stock.builders import ask, level, offending, put_on_shelf, reserve, told


@pytest.fixture
async def cola(db, place):
    return await put_on_shelf(db, place, pieces=10)


async def held(pool, *lines, minutes=15):
    request = ask(*lines, minutes=minutes)
    [answer] = await reserve(pool, request)
    assert isinstance(answer, Reserved)
    return request.hold_id


async def test_what_was_not_confirmed_in_time_is_free_again(db, pool, place, cola):
    hold = await held(pool, (cola, place, 4), minutes=-1)

    await stock.expire(pool)

    assert await level(db, cola, place) == (10, 0)
    assert await told(db, hold) == [(1, "StockHeld"), (2, "StockExpired")]
    assert not await stock.confirm(db, hold)
    assert await offending(db) == {}


async def test_what_was_confirmed_never_runs_out(db, pool, place, cola):
    hold = await held(pool, (cola, place, 4), minutes=-1)

    assert await stock.confirm(db, hold)
    await stock.expire(pool)

    assert await level(db, cola, place) == (10, 4)
    assert await stock.confirm(db, hold), "asked again, the answer is the same"
    assert await told(db, hold) == [(1, "StockHeld"), (2, "StockConfirmed")]


async def test_many_sweepers_give_each_hold_back_once(db, pool, place, cola):
    for _ in range(8):
        await held(pool, (cola, place, 1), minutes=-1)

    await asyncio.gather(*(stock.expire(pool) for _ in range(6)))

    assert await level(db, cola, place) == (10, 0)
    assert await offending(db) == {}


async def test_release_gives_back_once(db, pool, place, cola):
    hold = await held(pool, (cola, place, 4))

    assert await stock.release(db, [hold]) == [hold]
    assert await stock.release(db, [hold]) == []
    assert await level(db, cola, place) == (10, 0)
    assert await offending(db) == {}


async def test_confirm_and_expiry_at_once_never_both_happen(db, pool, place, cola):
    holds = [await held(pool, (cola, place, 1), minutes=-1) for _ in range(10)]

    async def pay(hold):
        async with database.begin(pool) as connection:
            return await stock.confirm(connection, hold)

    *paid, _, _ = await asyncio.gather(
        *(pay(hold) for hold in holds), stock.expire(pool), stock.expire(pool)
    )

    assert await level(db, cola, place) == (10, sum(paid))
    assert await offending(db) == {}


async def test_picked_goods_leave_the_place_and_what_was_not_found_is_sold_to_nobody(
    db, pool, place, cola
):
    soap = await put_on_shelf(db, place, pieces=5)
    hold = await held(pool, (cola, place, 4), (soap, place, 2))
    await stock.confirm(db, hold)

    after = await stock.take(db, hold, [Line(cola, place, 3), Line(soap, place, 0)])

    assert after.state == "taken"
    assert await level(db, cola, place) == (6, 0)
    assert await level(db, soap, place) == (3, 0)
    assert await told(db, hold) == [(1, "StockHeld"), (2, "StockConfirmed"), (3, "StockTaken")]
    assert await offending(db) == {}


async def test_lines_can_be_picked_one_by_one_and_each_counts_once(db, pool, place, cola):
    soap = await put_on_shelf(db, place, pieces=5)
    hold = await held(pool, (cola, place, 4), (soap, place, 2))
    await stock.confirm(db, hold)

    first = await stock.take(db, hold, [Line(cola, place, 4)])
    again = await stock.take(db, hold, [Line(cola, place, 4)])

    assert (first.state, again.version) == ("confirmed", first.version)
    assert await level(db, cola, place) == (6, 0)
    assert await level(db, soap, place) == (5, 2)
    assert await offending(db) == {}


async def test_an_order_cancelled_half_picked_frees_only_what_still_lies_there(
    db, pool, place, cola
):
    soap = await put_on_shelf(db, place, pieces=5)
    hold = await held(pool, (cola, place, 4), (soap, place, 2))
    await stock.confirm(db, hold)
    await stock.take(db, hold, [Line(cola, place, 4)])

    await stock.release(db, [hold])

    assert await level(db, cola, place) == (6, 0)
    assert await level(db, soap, place) == (5, 0)
    assert await offending(db) == {}


async def test_only_reserved_goods_of_a_confirmed_hold_can_be_taken(db, pool, place, cola):
    soap = await put_on_shelf(db, place)
    hold = await held(pool, (cola, place, 4))

    with pytest.raises(Conflict):
        await stock.take(db, hold, [Line(cola, place, 4)])
    await stock.confirm(db, hold)
    with pytest.raises(Unprocessable):
        await stock.take(db, hold, [Line(soap, place, 1)])
    with pytest.raises(Unprocessable):
        await stock.take(db, hold, [Line(cola, place, 5)])
    with pytest.raises(NotFound):
        await stock.take(db, database.new_id(), [])


async def test_goods_that_come_back_can_be_sold_again(db, place, cola):
    await stock.receive(db, [Line(cola, place, 2)], kind="returned", reference=database.new_id())

    assert await stock.available(db, [cola]) == {cola: 12}
    assert await offending(db) == {}


@pytest.mark.parametrize(
    ("available", "words"),
    [(0, "Gone for today"), (1, "Only {count} left"), (5, "Only {count} left"), (6, "In stock")],
)
def test_stock_in_words(available, words):
    assert stock.in_words(available) == words
