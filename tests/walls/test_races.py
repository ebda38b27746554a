"""Two people at one wall, at the same moment."""

import asyncio

from app import walls
from app.db import begin
from app.errors import Conflict
from tests.walls.builders import (
    SHOP,
    change_price,
    hang_wall,
    label_of,
    next_month,
    plan_of,
    plan_wall,
    print_blank,
    put_in_catalogue,
    wrong,
)


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


async def waiting_wall(pool):
    """A wall that is published and not yet hung; a code on its only panel."""
    draft = await hang_wall(pool, publish=False)
    async with begin(pool) as db:
        await walls.publish(db, "utc-1", draft.number)
    return await pool.fetchval("SELECT min(token) FROM walls.labels")


async def test_a_panel_confirmed_by_the_whole_crew_hangs_once(pool):
    code = await waiting_wall(pool)

    refused = await at_once(pool, *[lambda db: walls.hang_panel(db, "utc-1", 1, code)] * 6)

    assert refused == 0
    assert await pool.fetchval("SELECT count(*) FROM walls.hangings") == 1
    assert await wrong(pool) == []


async def test_a_site_opened_by_two_people_and_the_clock_opens_once(pool):
    await waiting_wall(pool)
    async with begin(pool) as db:
        await walls.hang_all(db, "utc-1")
    await pool.execute("UPDATE walls.sites SET opens_at = now()")

    clock = asyncio.gather(*(walls.open_due(pool) for _ in range(3)))
    refused = await at_once(pool, *[lambda db: walls.open_site(db, "utc-1")] * 2)
    await clock

    told = await pool.fetchval("SELECT count(*) FROM jobs.events WHERE kind = 'SiteOpened'")
    assert (told, refused in (1, 2)) == (1, True)
    assert await wrong(pool) == []


async def test_a_reprint_published_while_its_site_opens_sells_as_well(pool):
    await waiting_wall(pool)
    async with begin(pool) as db:
        await walls.hang_all(db, "utc-1")
    reprint = await print_blank(pool, publish=False)

    refused = await at_once(
        pool,
        lambda db: walls.open_site(db, "utc-1"),
        lambda db: walls.publish(db, "utc-1", reprint.number),
    )

    assert refused == 0
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state = 'live'") == 4
    assert await wrong(pool) == []


async def test_stickers_ordered_by_two_people_are_printed_once(pool):
    label = await label_of(pool, await hang_wall(pool))
    await change_price(pool, label.product_id, 199)

    refused = await at_once(pool, *[lambda db: walls.order_patch(db, "utc-1", base_url=SHOP)] * 4)

    assert refused == 3
    assert await pool.fetchval("SELECT count(*) FROM walls.editions WHERE kind = 'patch'") == 1


async def test_a_site_taken_down_while_it_is_hung_sells_nothing(pool):
    code = await waiting_wall(pool)

    async def both():
        async with begin(pool) as db:
            await walls.take_down(db, "utc-1")

    async def hang():
        async with begin(pool) as db:
            await walls.hang_panel(db, "utc-1", 1, code)

    await asyncio.gather(both(), hang(), return_exceptions=True)

    assert await pool.fetchval("SELECT state FROM walls.sites") == "down"
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state <> 'retired'") == 0
    assert await wrong(pool) == []
