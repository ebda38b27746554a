"""Watchers hear of a change at once over Redis, and soon without it; nothing is missed."""

import asyncio

import pytest
from redis.asyncio import Redis

from app import db
from app.live import Hub
from app.live.hub import CHANNEL, tell_after_commit


class Shelf:
    """Versions as a database would know them."""

    def __init__(self):
        self.versions = {}

    async def read(self, _, ids):
        return {id: self.versions[id] for id in ids if id in self.versions}


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
async def hub(pool, shelf):
    hub = Hub(pool, None, {"cart": shelf.read})
    await hub.open()
    yield hub
    await hub.close()


async def first(watching, timeout=20):
    async with asyncio.timeout(timeout):
        return await anext(watching)


async def waiting(hub, topic):
    watching = hub.watch(topic)
    hears = asyncio.create_task(first(watching))
    await asyncio.sleep(0)
    return hears


async def test_a_watcher_in_the_same_process_hears_after_the_commit(pool, hub):
    hears = await waiting(hub, "cart:a")

    async with db.begin(pool) as connection:
        tell_after_commit(connection, "cart:a", 7)
        await asyncio.sleep(0.05)
        assert not hears.done()

    assert await hears == 7


async def test_nobody_hears_of_a_change_that_was_undone(pool, hub):
    hears = await waiting(hub, "cart:a")

    async def changed_but_undone():
        async with db.begin(pool) as connection:
            tell_after_commit(connection, "cart:a", 7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await changed_but_undone()
    hub.tell("cart:a", 8)

    assert await hears == 8


async def test_without_redis_a_change_by_another_process_is_found_by_polling(hub, shelf):
    hears = await waiting(hub, "cart:a")

    shelf.versions["a"] = 3

    assert await hears == 3


async def test_two_processes_hear_each_other_over_redis(pool, shelf, redis_url):
    one, other = (Hub(pool, redis_url, {"cart": shelf.read}) for _ in range(2))
    await other.open()
    await one.open()
    async with asyncio.timeout(20):
        while not (one.redis_works and other.redis_works):
            await asyncio.sleep(0.01)
    hears = await waiting(other, "cart:a")

    one.tell("cart:a", 5)

    assert await hears == 5
    await one.close()
    await other.close()


async def test_what_comes_thick_and_fast_is_told_in_few_messages_and_all_of_it_by_closing(
    pool, shelf, redis_url
):
    one = Hub(pool, redis_url, {"cart": shelf.read})
    await one.open()
    async with asyncio.timeout(20), Redis.from_url(redis_url).pubsub() as others:
        await others.subscribe(CHANNEL)
        while not one.redis_works or await others.get_message(timeout=0.1):
            await asyncio.sleep(0.01)
        for version in range(1, 101):
            one.tell(f"cart:{version % 10}", version)
            await asyncio.sleep(0)
        await one.close()
        heard = []
        while not heard or "cart:0 100" not in heard[-1]:
            message = await others.get_message(timeout=1)
            heard += [message["data"].decode()] if message else []

    assert len(heard) <= 5, "a hundred changes"
    newest = dict(line.split() for told in heard for line in told.split("\n"))
    assert sorted(map(int, newest.values())) == list(range(91, 101))


async def test_closing_ends_open_streams_at_once(hub):
    watching = hub.watch("cart:a")
    ends = asyncio.create_task(first(watching))
    await asyncio.sleep(0)

    hub.end_streams()

    with pytest.raises(StopAsyncIteration):
        await ends


async def test_a_hub_closes_even_while_it_tells(pool, shelf, redis_url):
    for turns in range(60):
        hub = Hub(pool, redis_url, {"cart": shelf.read})
        await hub.open()
        hub.tell("cart:a", 1)
        for _ in range(turns):
            await asyncio.sleep(0)

        async with asyncio.timeout(20):
            await hub.close()
