"""Goods are promised once: in order, all or nothing, and never more than there are."""

import asyncio
import random

import pytest

from app import db as database
from app import stock
from app.errors import Unprocessable
from app.stock.models import Refused, Reserved, Short
from tests.stock.builders import (
    ask,
    level,
    offending,
    open_place,
    put_on_shelf,
    reserve,
    told,
)


async def test_what_is_reserved_is_no_longer_available(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=10)
    request = ask((cola, place, 4))

    answers = await reserve(pool, request)

    assert answers == [Reserved(request.hold_id)]
    assert await stock.available(db, [cola]) == {cola: 6}
    assert await told(db, request.hold_id) == [(1, "StockHeld")]
    assert await offending(db) == {}


async def test_one_line_too_many_refuses_the_whole_request_and_names_it(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=10)
    soap = await put_on_shelf(db, place, pieces=1)
    request = ask((cola, place, 4), (soap, place, 2))

    answers = await reserve(pool, request)

    assert answers == [Refused(request.hold_id, (Short(soap, place, 2, 1),))]
    assert await stock.available(db, [cola, soap]) == {cola: 10, soap: 1}


async def test_who_came_first_is_served_first_and_a_small_wish_fits_behind_a_refused_big_one(
    db, pool, place
):
    cola = await put_on_shelf(db, place, pieces=10)

    answers = await reserve(pool, *[ask((cola, place, quantity)) for quantity in (6, 5, 4, 1)])

    assert [type(answer) for answer in answers] == [Reserved, Refused, Reserved, Refused]
    assert await level(db, cola, place) == (10, 10)
    assert await offending(db) == {}


async def test_the_same_hold_twice_holds_once(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=5)
    request = ask((cola, place, 3))

    together = await reserve(pool, request, request)
    again = await reserve(pool, request)

    assert [*together, *again] == [Reserved(request.hold_id)] * 3
    assert await level(db, cola, place) == (5, 3)


async def test_a_hold_that_took_the_last_piece_is_still_confirmed_when_asked_again(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=1)
    request = ask((cola, place, 1))
    await reserve(pool, request)

    assert await reserve(pool, request) == [Reserved(request.hold_id)]


async def test_the_same_hold_for_other_goods_is_refused_as_a_mistake(db, pool, place):
    cola = await put_on_shelf(db, place)
    request = ask((cola, place, 3))
    await reserve(pool, request)

    with pytest.raises(Unprocessable):
        await reserve(pool, ask((cola, place, 4), hold=request.hold_id))

    assert await level(db, cola, place) == (10, 3)


async def test_a_hold_that_was_released_cannot_be_used_again(db, pool, place):
    cola = await put_on_shelf(db, place)
    request = ask((cola, place, 3))
    await reserve(pool, request)
    await stock.release(db, [request.hold_id])

    assert await reserve(pool, request) == [Refused(request.hold_id)]


async def test_lines_for_the_same_goods_count_together(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=5)

    answers = await reserve(pool, ask((cola, place, 3), (cola, place, 3)))

    assert answers[0].short == (Short(cola, place, 6, 5),)


async def test_goods_nobody_ever_saw_here_are_not_available(db, pool, place):
    unknown = database.new_id()

    answers = await reserve(pool, ask((unknown, place, 1)))

    assert isinstance(answers[0], Refused)
    assert await stock.available(db, [unknown]) == {unknown: 0}


async def test_a_closed_place_offers_nothing(db):
    closed = await open_place(db, "closed", is_open=False)
    cola = await put_on_shelf(db, closed, pieces=10)

    assert await stock.available(db, [cola]) == {cola: 0}
    assert await stock.levels(db, [cola]) == {}


async def test_two_hundred_buyers_of_ten_pieces_each_on_their_own_get_exactly_ten(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=10)
    requests = [ask((cola, place, 1)) for _ in range(200)]
    turns = asyncio.Semaphore(16)  # as many connections as the pool has to spare

    async def buy(request):
        async with turns:
            return (await reserve(pool, request))[0]

    answers = await asyncio.gather(*(buy(request) for request in requests))

    assert sum(isinstance(answer, Reserved) for answer in answers) == 10
    assert await level(db, cola, place) == (10, 10)
    assert await offending(db) == {}


async def test_two_hundred_buyers_at_one_counter_get_exactly_ten(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=10)
    requests = [ask((cola, place, 1)) for _ in range(200)]

    answers = await asyncio.gather(*(stock.submit(pool, request) for request in requests))

    assert sum(isinstance(answer, Reserved) for answer in answers) == 10
    assert [answer.hold_id for answer in answers] == [request.hold_id for request in requests]
    assert await level(db, cola, place) == (10, 10)
    assert await offending(db) == {}


async def test_baskets_that_cross_each_other_never_lock_each_other_out(db, pool, place):
    goods = [await put_on_shelf(db, place, pieces=40) for _ in range(4)]
    luck = random.Random(1)
    turns = asyncio.Semaphore(12)
    outcomes = []

    async def buy(number):
        order = luck.sample(goods, k=3)
        request = ask(*[(product, place, 1) for product in order])
        async with turns:
            [answer] = await reserve(pool, request)
            outcomes.append(answer)
            if isinstance(answer, Reserved) and number % 3 == 0:
                async with database.begin(pool) as connection:
                    await stock.release(connection, [request.hold_id])

    await asyncio.gather(*(buy(number) for number in range(120)))

    assert len(outcomes) == 120
    assert await offending(db) == {}


async def test_one_mistaken_request_at_the_counter_spoils_nobody_elses(db, pool, place):
    cola = await put_on_shelf(db, place)
    known = ask((cola, place, 1))
    await reserve(pool, known)
    mistaken = ask((cola, place, 2), hold=known.hold_id)
    requests = [ask((cola, place, 1)), mistaken, ask((cola, place, 1))]

    answers = await asyncio.gather(
        *(stock.submit(pool, request) for request in requests), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [Reserved, Unprocessable, Reserved]
    assert await level(db, cola, place) == (10, 3)
