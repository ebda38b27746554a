"""Two people at one wall, at the same moment."""

import asyncio

from app import walls
from app.db import begin
from app.errors import Conflict
from tests.walls.builders import SHOP, hang_wall, next_month, plan_of, plan_wall, put_in_catalogue


async def at_once(pool, *acts):
    """Each in a transaction of its own; how many were refused."""

    async def one(act):
        async with begin(pool) as db:
            return await act(db)

    answers = await asyncio.gather(*(one(act) for act in acts), return_exceptions=True)
    assert all(isinstance(a, Conflict) for a in answers if isinstance(a, BaseException)), answers
    return sum(isinstance(answer, Conflict) for answer in answers)


async def test_of_ten_changes_to_the_same_version_one_is_made(pool):
    position = (await plan_wall(pool)).positions()[0]
    async with begin(pool) as db:
        products = [await put_in_catalogue(db, f"Nieuw {n}") for n in range(10)]

    def put(product):
        return lambda db: walls.put(db, "utc-1", position.id, product, 0, 2)

    refused = await at_once(pool, *(put(product) for product in products))

    assert refused == 9
    after = await plan_of(pool)
    assert after.wall.version == 3
    assert after.positions()[0].product_id in products
    assert await pool.fetch("SELECT * FROM checks.outbox") == []


async def test_an_edition_published_by_two_people_hangs_once(pool):
    draft = await hang_wall(pool, publish=False)

    refused = await at_once(pool, *[lambda db: walls.publish(db, "utc-1", draft.number)] * 2)

    assert refused == 1
    assert await pool.fetchval("SELECT count(*) FROM walls.labels") == 2
    assert await pool.fetch("SELECT * FROM checks.walls") == []


async def test_editions_ordered_at_once_have_numbers_of_their_own(pool):
    await plan_wall(pool)

    def order(db):
        return walls.order_edition(db, "utc-1", base_url=SHOP, last_day=next_month())

    assert await at_once(pool, *[order] * 5) == 0
    numbers = await pool.fetch("SELECT number FROM walls.editions ORDER BY number")
    assert [row["number"] for row in numbers] == [1, 2, 3, 4, 5]
