"""Goods on their way between places, and those that are still to come."""

from datetime import UTC, datetime, timedelta

import pytest

from app import stock
from app.db import begin
from app.errors import Conflict
from app.stock import coming, moving
from app.stock.coming.models import Due
from tests.shelf import put_on_shelf as put_in_catalogue
from tests.stock.builders import ask, level, offending, open_place, put_on_shelf, reserve


async def test_goods_under_way_are_sold_nowhere_and_what_arrives_is_sold_there(db, pool):
    here, there = await open_place(db, "A1"), await open_place(db, "B1")
    cola = await put_on_shelf(db, here, product=await put_in_catalogue(db))
    await reserve(pool, ask((cola, here, 4)))

    async with begin(pool) as connection:
        with pytest.raises(Conflict):
            async with connection.transaction():
                await moving.send(connection, here, there, {cola: 7})
        transfer = await moving.send(connection, here, there, {cola: 6})
    assert (await stock.available(db, [cola]))[cola] == 0
    [seen] = await moving.under_way(db)
    assert (seen.id, seen.lines[0].quantity) == (transfer, 6)

    async with begin(pool) as connection:
        await moving.arrive(connection, transfer, {cola: 5})
    with pytest.raises(Conflict):
        async with begin(pool) as connection:
            await moving.arrive(connection, transfer)

    assert await level(db, cola, here) == (4, 4)
    assert await level(db, cola, there) == (5, 0)
    assert await offending(db) == {}


async def test_what_a_supplier_brings_is_announced_until_it_is_there(db, pool):
    place, today = await open_place(db, "A1"), datetime.now(UTC).date()
    cola = await put_on_shelf(db, place, pieces=1)
    async with begin(pool) as connection:
        late = await coming.expect(connection, cola, place, 5, today - timedelta(days=1))
        await coming.expect(connection, cola, place, 5, today + timedelta(days=9))
        next_one = await coming.expect(connection, cola, place, 24, today + timedelta(days=2))
    assert await coming.due(db, [cola], today) == {cola: Due(today + timedelta(days=2), None)}

    async with begin(pool) as connection:
        await coming.came_in(connection, next_one)
        await coming.came_in(connection, late)
    with pytest.raises(Conflict):
        async with begin(pool) as connection:
            await coming.came_in(connection, late)

    assert await level(db, cola, place) == (30, 0)
    assert len(await coming.expected_of(db, cola)) == 1
    assert await offending(db) == {}
