"""Forty people at once at fourteen slots, and a process killed among them: never one too many, and
after the sweep what is used is what is held."""

import asyncio
import random
import signal
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest

from app import slots
from app.db import begin, new_id
from app.errors import Conflict
from tests.slots.builders import a_slot, delivering_place
from tests.stock.builders import offending

pytestmark = pytest.mark.drill

CUSTOMER = textwrap.dedent("""
    import asyncio, random, sys
    from datetime import UTC, datetime, timedelta
    from uuid import UUID
    from app import db, slots
    from app.errors import Conflict

    async def main(url, chosen):
        pool = await db.open_pool(url, size=8)
        async def buyer():
            while True:
                try:
                    async with db.begin(pool) as connection:
                        until = datetime.now(UTC) + timedelta(seconds=1)
                        slot = UUID(random.choice(chosen))
                        await slots.hold(connection, slot, db.new_id(), until)
                    print("held", flush=True)
                except Conflict:
                    pass
        await asyncio.gather(*(buyer() for _ in range(8)))

    asyncio.run(main(sys.argv[1], sys.argv[2:]))
""")


async def test_forty_clients_fill_fourteen_slots_of_two_hundred_exactly(db, pool):
    place = await delivering_place(db)
    chosen = [await a_slot(db, place, capacity=200, in_hours=24 + 2 * n) for n in range(14)]
    luck = random.Random(1)
    tries = iter([luck.choice(chosen) for _ in range(6_000)])
    turns = asyncio.Semaphore(8)
    got = []

    async def client():
        for slot in tries:
            try:
                async with turns, begin(pool) as connection:
                    until = datetime.now(UTC) + timedelta(minutes=15)
                    got.append(await slots.hold(connection, slot, new_id(), until))
            except Conflict:
                pass

    await asyncio.gather(*(client() for _ in range(40)))

    assert len(got) == 2_800
    assert await offending(db) == {}


async def test_killed_in_the_middle_and_swept_what_is_used_is_what_is_held(db, pool, database_url):
    place = await delivering_place(db)
    chosen = [await a_slot(db, place, capacity=200, in_hours=24 + 2 * n) for n in range(14)]
    customers = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CUSTOMER, database_url, *map(str, chosen),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    for _ in range(50):
        assert await customers.stdout.readline() == b"held\n"

    customers.send_signal(signal.SIGKILL)
    await customers.wait()
    assert await db.fetchval("SELECT sum(used)::int FROM slots.slots") >= 50
    assert await offending(db) == {}
    await asyncio.sleep(2)
    await slots.expire(pool)

    assert await db.fetchval("SELECT sum(used)::int FROM slots.slots") == 0
    assert await offending(db) == {}
