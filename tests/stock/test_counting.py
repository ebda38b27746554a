"""What really lies there: counted, corrected, and who goes without when there is less."""

import asyncio

import pytest

from app import stock
from app.db import begin, new_id
from app.errors import Conflict, Unprocessable
from app.stock import counting
from app.stock.counting.rules import read
from app.stock.models import Line
from tests.shelf import MILK, SHIRT
from tests.shelf import put_on_shelf as put_in_catalogue
from tests.stock.builders import ask, level, offending, open_place, put_on_shelf, reserve, told


@pytest.fixture
async def place(db):
    return await open_place(db, "U1")


@pytest.fixture
async def cola(db, place):
    return await put_on_shelf(db, place, pieces=10)


async def test_a_count_is_what_is_there_now(db, pool, place, cola):
    new = new_id()

    async with begin(pool) as connection:
        assert await counting.count(connection, {(cola, place): 7, (new, place): 3}) == {}

    assert await level(db, cola, place) == (7, 0)
    assert await level(db, new, place) == (3, 0)
    assert await offending(db) == {}


async def test_with_less_there_than_promised_the_newest_promise_falls_short(db, pool, place, cola):
    first, second = ask((cola, place, 6)), ask((cola, place, 4))
    await reserve(pool, first)
    await reserve(pool, second)

    async with begin(pool) as connection:
        short = await counting.count(connection, {(cola, place): 7})

    assert short == {second.hold_id: 3}
    assert await level(db, cola, place) == (7, 7)
    assert (await told(db, second.hold_id))[-1] == (2, "StockShort")
    assert await told(db, first.hold_id) == [(1, "StockHeld")]
    assert await offending(db) == {}


async def test_what_was_counted_short_is_found_after_all_or_given_back(db, pool, place, cola):
    found, given_back = ask((cola, place, 5)), ask((cola, place, 5))
    await reserve(pool, found, given_back)
    async with begin(pool) as connection:
        await stock.confirm(connection, found.hold_id)
        await counting.count(connection, {(cola, place): 2})

    async with begin(pool) as connection:
        await stock.take(connection, found.hold_id, [Line(cola, place, 5)])
        await stock.release(connection, [given_back.hold_id])

    on_hand, reserved = await level(db, cola, place)
    assert reserved == 0
    assert on_hand >= 0
    assert await offending(db) == {}


async def test_counting_while_buyers_come_and_go_keeps_the_books_exact(db, pool, place, cola):
    async def buy_and_leave(n):
        request = ask((cola, place, 1 + n % 3))
        await reserve(pool, request)
        async with begin(pool) as connection:
            await (stock.release if n % 2 else confirm_it)(connection, [request.hold_id])

    async def confirm_it(connection, ids):
        await stock.confirm(connection, ids[0])

    async def count(pieces):
        async with begin(pool) as connection:
            await counting.count(connection, {(cola, place): pieces})

    await asyncio.gather(*(buy_and_leave(n) for n in range(20)), *(count(n) for n in (4, 9, 2, 6)))

    assert await offending(db) == {}


async def test_a_correction_says_why_and_never_breaks_a_promise(db, pool, place, cola):
    await reserve(pool, ask((cola, place, 8)))

    async with begin(pool) as connection:
        assert await counting.adjust(connection, (cola, place), -2, "damaged") == 8
        with pytest.raises(Conflict, match="promised more"):
            await counting.adjust(connection, (cola, place), -1, "stolen")
        assert await counting.adjust(connection, (new_id(), place), 4, "found") == 4

    assert await level(db, cola, place) == (8, 8)
    reasons = await db.fetch("SELECT reason FROM stock.ledger WHERE kind = 'adjusted' ORDER BY id")
    assert [row["reason"] for row in reasons] == ["damaged", "found"]
    assert await offending(db) == {}


async def test_what_is_kept_back_from_a_channel_is_sold_by_the_others(db, pool, place, cola):
    async with begin(pool) as connection:
        await counting.keep_back(connection, (cola, place), "web", 4)
    web, till = ask((cola, place, 7)), ask((cola, place, 10), channel="till")

    assert (await stock.available(db, [cola]))[cola] == 6
    assert (await stock.available(db, [cola], channel="till"))[cola] == 10
    [refused], [reserved] = await reserve(pool, web), await reserve(pool, till)

    assert refused.short[0].available == 6
    assert isinstance(reserved, stock.Reserved)


async def test_a_list_is_looked_at_before_it_is_taken_over_and_then_once(db, pool, place):
    milk = await put_in_catalogue(db, MILK)
    await put_on_shelf(db, place, pieces=5, product=milk)
    body = f"gtin;counted\n{MILK};3\n{MILK.lstrip('0')};1\n{SHIRT};2\n123;x\n".encode()

    async with begin(pool) as connection:
        id, unread = await counting.upload(connection, place, "telling.csv", body, new_id())
        [difference] = await counting.differences(connection, id, 50)
    assert (difference.on_hand, difference.counted, difference.change) == (5, 4, -1)
    assert [(row.row, row.values["value"]) for row in unread] == [(5, "123"), (0, SHIRT)]
    assert await level(db, milk, place) == (5, 0)

    async with begin(pool) as connection:
        await counting.take_over(connection, id)
    with pytest.raises(Conflict):
        async with begin(pool) as connection:
            await counting.take_over(connection, id)

    assert await level(db, milk, place) == (4, 0)
    assert await offending(db) == {}


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"gtin,counted\x00\n1,2", b"code,n\n1,2"])
def test_what_is_no_list_of_counts_is_refused(body):
    with pytest.raises(Unprocessable):
        read(body)
