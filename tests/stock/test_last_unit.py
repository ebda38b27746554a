"""The last pieces, wanted from everywhere at once."""

import asyncio

from app import stock
from app.db import begin
from app.errors import ShopError
from app.stock import counting
from app.stock.models import Line, Refused, Reserved
from tests.stock.builders import ask, level, offending, open_place, put_on_shelf, reserve


async def test_web_till_and_picker_on_the_last_unit_at_once(db, pool):
    place = await open_place(db, "U1")
    cola = await put_on_shelf(db, place, pieces=2)
    sold = ask((cola, place, 1))
    await reserve(pool, sold)
    async with begin(pool) as connection:
        await stock.confirm(connection, sold.hold_id)

    async def till():
        """Paid and carried out at once."""
        carried = ask((cola, place, 1), channel="till")
        async with begin(pool) as connection:
            [answer] = await stock.reserve(connection, [carried])
            if isinstance(answer, Reserved):
                await stock.confirm(connection, carried.hold_id)
                await stock.take(connection, carried.hold_id, [Line(cola, place, 1)])
            return answer

    async def picker():
        async with begin(pool) as connection:
            await stock.take(connection, sold.hold_id, [Line(cola, place, 1)])

    async def shelf_is_counted():
        async with begin(pool) as connection:
            try:
                await counting.adjust(connection, (cola, place), -1, "damaged")
            except ShopError:
                return False
        return True

    web = [stock.submit(pool, ask((cola, place, 1))) for _ in range(20)]
    *answers, _, broken = await asyncio.gather(
        *web, *(till() for _ in range(20)), picker(), shelf_is_counted()
    )

    winners = sum(isinstance(answer, Reserved) for answer in answers)
    assert winners + broken == 1
    assert sum(await level(db, cola, place)) in (0, 2)
    assert await offending(db) == {}


async def test_a_bundle_and_its_parts_never_sell_the_same_piece_twice(db, pool):
    """A crate is six bottles on one line or on several: they are summed before they are checked."""
    place = await open_place(db, "U1")
    bottle = await put_on_shelf(db, place, pieces=20)

    def crate():
        return ask(*((bottle, place, 1) for _ in range(6)))

    wishes = [crate() if n % 2 else ask((bottle, place, 1)) for n in range(40)]
    answers = await asyncio.gather(*(stock.submit(pool, wish) for wish in wishes))

    pieces = sum(
        sum(line.quantity for line in wish.lines)
        for wish, answer in zip(wishes, answers, strict=True)
        if isinstance(answer, Reserved)
    )
    assert 15 <= pieces <= 20
    assert await level(db, bottle, place) == (20, pieces)
    assert await offending(db) == {}


async def test_a_hundred_crosswise_baskets_at_two_counters_never_lock_each_other_out(
    db, pool, database_url
):
    from app import db as database

    place = await open_place(db, "U1")
    a, b = await put_on_shelf(db, place, pieces=60), await put_on_shelf(db, place, pieces=60)
    other = await database.open_pool(database_url, size=5)

    async def buy(n):
        lines = [(a, place, 1), (b, place, 1)]
        return await stock.submit(other if n % 2 else pool, ask(*lines[:: 1 if n % 4 < 2 else -1]))

    answers = await asyncio.gather(*(buy(n) for n in range(100)))
    await other.close()

    assert sum(isinstance(answer, Reserved) for answer in answers) == 60
    assert sum(isinstance(answer, Refused) for answer in answers) == 40
    assert await level(db, a, place) == await level(db, b, place) == (60, 60)
    assert await offending(db) == {}
