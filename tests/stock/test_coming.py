"""What a supplier has announced is sold before it is there: never more of it, and only for later."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from app import stock
from app.db import begin
from app.errors import Conflict
from app.stock import coming
from app.stock.models import Line, Refused, Reserved, Short
from tests.shelf import put_on_shelf as put_in_catalogue
from tests.stock.builders import ask, level, offending, put_on_shelf, reserve, told

TODAY = datetime.now(UTC).date()
THURSDAY, FRIDAY = TODAY + timedelta(days=3), TODAY + timedelta(days=4)


async def announce(pool, product, place, pieces, *, due_on=THURSDAY, to_order=True):
    async with begin(pool) as db:
        return await coming.expect(db, product, place, pieces, due_on, to_order=to_order)


async def came_in(pool, expected, quantity=None):
    async with begin(pool) as db:
        await coming.came_in(db, expected, quantity)


def ask_for(day, *lines):
    return msgspec.structs.replace(ask(*lines), leaves_on=day)


async def test_what_comes_on_thursday_can_be_ordered_for_friday_and_not_for_thursday(
    db, pool, place
):
    cola = await put_on_shelf(db, place, pieces=2)
    await announce(pool, cola, place, 10)
    await announce(pool, cola, place, 99, to_order=False)

    too_soon = ask_for(THURSDAY, (cola, place, 5))
    in_time = ask_for(FRIDAY, (cola, place, 5))
    now = ask((cola, place, 5))
    answers = await reserve(pool, too_soon, in_time, now)

    assert answers == [
        Refused(too_soon.hold_id, (Short(cola, place, 5, 2),)),
        Reserved(in_time.hold_id),
        Refused(now.hold_id, (Short(cola, place, 5, 0),)),
    ]
    assert await level(db, cola, place) == (2, 2)
    assert [one.promised for one in await coming.expected_of(db, cola)] == [3, 0]
    assert await reserve(pool, in_time) == [Reserved(in_time.hold_id)]
    assert await offending(db) == {}


async def test_what_should_have_come_is_promised_until_the_day_is_over_by_the_clock_of_the_place(
    db, pool, place
):
    another_day = "Pacific/Kiritimati" if datetime.now(UTC).hour >= 10 else "Etc/GMT+12"
    await db.execute("UPDATE stock.places SET time_zone = $2 WHERE id = $1", place, another_day)
    today = datetime.now(ZoneInfo(another_day)).date()
    cola = await put_on_shelf(db, place, pieces=1)
    await announce(pool, cola, place, 99, due_on=today - timedelta(days=1))
    await announce(pool, cola, place, 5, due_on=today)

    one_too_many, all_of_it = (ask_for(FRIDAY, (cola, place, n)) for n in (7, 6))
    answers = await reserve(pool, one_too_many, all_of_it)

    assert [type(answer) for answer in answers] == [Refused, Reserved]


async def test_never_more_is_promised_than_was_announced_however_many_ask_at_once(db, pool, place):
    cola = await put_on_shelf(db, place, pieces=3)
    await announce(pool, cola, place, 7)
    requests = [ask_for(FRIDAY, (cola, place, 1)) for _ in range(40)]

    one_by_one = (reserve(pool, request) for request in requests[:12])
    answers = await asyncio.gather(*(stock.submit(pool, one) for one in requests[12:]), *one_by_one)

    flat = [one for each in answers for one in (each if isinstance(each, list) else [each])]
    assert sum(isinstance(one, Reserved) for one in flat) == 10
    assert await level(db, cola, place) == (3, 3)
    assert [one.promised for one in await coming.expected_of(db, cola)] == [7]
    assert await offending(db) == {}


async def test_who_ordered_first_is_served_first_when_less_came_in_than_was_announced(
    db, pool, place
):
    soap, cola = await put_on_shelf(db, place), await put_in_catalogue(db)
    expected = await announce(pool, cola, place, 10)
    first, second, third = (
        ask_for(FRIDAY, (cola, place, pieces), (soap, place, 1)) for pieces in (4, 4, 2)
    )
    for request in (first, second, third):
        await reserve(pool, request)

    await came_in(pool, expected, 6)
    with pytest.raises(Conflict):
        await came_in(pool, expected)

    lines = await stock.held_lines(db, [first.hold_id, second.hold_id, third.hold_id])
    short = {id: sum(line.short for line in held) for id, held in lines.items()}
    assert short == {first.hold_id: 0, second.hold_id: 2, third.hold_id: 2}
    assert await level(db, cola, place) == (6, 6)
    assert await told(db, first.hold_id) == [(1, "StockHeld"), (2, "StockCameIn")]
    assert await told(db, third.hold_id) == [(1, "StockHeld"), (2, "StockShort")]
    assert await offending(db) == {}


async def test_who_lets_go_or_was_picked_for_waits_no_more(db, pool, place):
    cola = await put_in_catalogue(db)
    expected = await announce(pool, cola, place, 10)
    gone, picked, waiting = (ask_for(FRIDAY, (cola, place, 3)) for _ in range(3))
    await reserve(pool, gone, picked, waiting)

    async with begin(pool) as connection:
        await stock.release(connection, [gone.hold_id])
        await stock.confirm(connection, picked.hold_id)
        await stock.take(connection, picked.hold_id, [Line(cola, place, 0)])
    assert [one.promised for one in await coming.expected_of(db, cola)] == [3]
    assert await offending(db) == {}
    await came_in(pool, expected)

    assert await level(db, cola, place) == (10, 3)
    assert await offending(db) == {}


async def test_a_suppliers_list_announces_what_it_can_and_names_the_other_rows(db, pool, place):
    cola = await put_in_catalogue(db)
    gtin = await db.fetchval("SELECT gtin FROM catalog.products WHERE id = $1", cola)
    rows = (
        "gtin;place;quantity;due_on;to_order",
        f"{gtin};centrum;24;{THURSDAY};ja",
        f"{gtin};nowhere;24;{THURSDAY};",
        f"{gtin};centrum;24;thursday;",
        f"{gtin};centrum;0;{THURSDAY};",
        f"04012345678901;centrum;5;{THURSDAY};",
        "",
    )

    async with begin(pool) as connection:
        made, unread = await coming.upload(connection, "\n".join(rows).encode())

    assert (made, [one.row for one in unread]) == (1, [4, 5, 0, 0])
    [found] = await coming.expected_of(db, cola)
    assert (found.quantity, found.due_on, found.to_order) == (24, THURSDAY, True)
    due = await coming.due(db, [cola], TODAY)
    assert (due[cola].due_on, due[cola].brought_from) == (THURSDAY, FRIDAY)
