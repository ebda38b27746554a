"""Many asks become one transaction, and nobody hears an answer that could still be undone."""

import asyncio

import asyncpg
import pytest

from app import db as database
from app.errors import Busy, Conflict
from app.jobs import LATER, Coalescer


@pytest.fixture
async def slips(db):
    await db.execute("CREATE TABLE slips (number integer PRIMARY KEY)")


class Desk:
    """Writes a slip for each number, and remembers which came together."""

    def __init__(self):
        self.batches = []
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, db, numbers):
        self.batches.append(list(numbers))
        await self.open.wait()
        if 13 in numbers:
            raise Conflict("Thirteen brings bad luck.")
        await db.executemany("INSERT INTO slips VALUES ($1)", [(number,) for number in numbers])
        return [number * 10 for number in numbers]


async def test_what_comes_while_one_is_under_way_goes_together_in_order(pool, slips):
    desk = Desk()
    coalescer = Coalescer(desk, batch=4)

    answers = await asyncio.gather(*(coalescer.submit(pool, number) for number in range(1, 8)))

    assert answers == [10, 20, 30, 40, 50, 60, 70]
    assert desk.batches == [[1, 2, 3, 4], [5, 6, 7]]


async def test_an_ask_that_finds_nothing_under_way_goes_at_once_and_alone(pool, slips):
    desk = Desk()
    coalescer = Coalescer(desk)

    assert [await coalescer.submit(pool, number) for number in (1, 2)] == [10, 20]
    assert desk.batches == [[1], [2]]


async def test_half_of_many_are_served_while_the_other_half_comes_again(pool, slips):
    desk = Desk()
    coalescer = Coalescer(desk)
    numbers = iter(range(100, 400))

    async def phone():
        for _ in range(3):
            await coalescer.submit(pool, next(numbers))

    await asyncio.gather(*(phone() for _ in range(40)))

    assert [len(batch) for batch in desk.batches] == [20] * 6


async def test_an_answer_leaves_only_after_the_commit(pool, db, slips):
    coalescer = Coalescer(Desk())

    await coalescer.submit(pool, 7)

    assert await db.fetchval("SELECT number FROM slips") == 7


async def test_one_that_fails_spoils_nobody_elses(pool, db, slips):
    coalescer = Coalescer(Desk())

    answers = await asyncio.gather(
        *(coalescer.submit(pool, number) for number in (11, 12, 13, 14)), return_exceptions=True
    )

    assert [str(answer) for answer in answers] == ["110", "120", "Thirteen brings bad luck.", "140"]
    assert await db.fetchval("SELECT count(*) FROM slips") == 3


async def test_a_bug_reaches_the_one_who_caused_it(pool, db, slips):
    await db.execute("INSERT INTO slips VALUES (2)")
    coalescer = Coalescer(Desk())

    answers = await asyncio.gather(
        *(coalescer.submit(pool, number) for number in (1, 2, 3)), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [int, asyncpg.UniqueViolationError, int]


async def test_when_too_many_wait_the_next_is_asked_to_come_back(pool, slips):
    desk = Desk()
    desk.open.clear()
    coalescer = Coalescer(desk, queue=3)
    first = asyncio.create_task(coalescer.submit(pool, 1))
    while not desk.batches:
        await asyncio.sleep(0.01)
    waiting = [asyncio.create_task(coalescer.submit(pool, number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)

    with pytest.raises(Busy) as refusal:
        await coalescer.submit(pool, 5)
    desk.open.set()

    assert refusal.value.retry_after_s == 1
    assert await asyncio.gather(first, *waiting) == [10, 20, 30, 40]


async def test_who_waits_too_long_is_told_so(pool, slips):
    desk = Desk()
    desk.open.clear()
    coalescer = Coalescer(desk, patience_s=0.05)
    first = asyncio.create_task(coalescer.submit(pool, 1))
    while not desk.batches:
        await asyncio.sleep(0.01)
    second = asyncio.create_task(coalescer.submit(pool, 2))
    await asyncio.sleep(0.1)
    desk.open.set()

    assert await first == 10
    with pytest.raises(Busy):
        await second


async def test_who_went_away_before_the_turn_came_is_passed_over(pool, db, slips):
    desk = Desk()
    desk.open.clear()
    coalescer = Coalescer(desk)
    first = asyncio.create_task(coalescer.submit(pool, 1))
    while not desk.batches:
        await asyncio.sleep(0.01)
    gone, last = (asyncio.create_task(coalescer.submit(pool, number)) for number in (2, 3))
    await asyncio.sleep(0)
    gone.cancel()
    desk.open.set()

    assert await asyncio.gather(first, last) == [10, 30]
    assert desk.batches == [[1], [3]]


async def test_who_is_put_off_keeps_the_turn(pool):
    turns = []

    async def busy_with_odd_numbers(_, numbers):
        turns.append(list(numbers))
        return [LATER if number % 2 and len(turns) == 1 else number for number in numbers]

    coalescer = Coalescer(busy_with_odd_numbers, batch=3)

    answers = await asyncio.gather(*(coalescer.submit(pool, number) for number in range(1, 6)))

    assert answers == [1, 2, 3, 4, 5]
    assert turns == [[1, 2, 3], [1, 3, 4], [5]]


async def test_one_who_can_never_be_served_is_told_after_a_while_and_holds_up_nobody(pool):
    async def never_one(_, numbers):
        return [LATER if number == 1 else number for number in numbers]

    coalescer = Coalescer(never_one, patience_s=0.2)

    answers = await asyncio.gather(
        *(coalescer.submit(pool, number) for number in (1, 2)), return_exceptions=True
    )

    assert isinstance(answers[0], Busy)
    assert answers[1] == 2


async def test_without_a_database_everybody_is_asked_to_come_back(database_url):
    pool = await database.open_pool(database_url)
    pool.terminate()
    coalescer = Coalescer(Desk())

    answers = await asyncio.gather(
        *(coalescer.submit(pool, number) for number in range(3)), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [Busy] * 3
