"""The database freezes, dies, or is held up by one lock: the shop says so at once and comes back."""

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app import db as database
from app import embedded
from app.db.migrate import migrate
from app.embedded.guarded import environment
from app.embedded.programs import folder_of_postgres
from app.embedded.room import room_in
from app.serving.network import free_port
from app.settings import Settings
from tests.checkout.stage import HOME, faults_in, open_place, open_slot, stock_up
from tests.served import Served
from tests.shelf import put_on_shelf

pytestmark = pytest.mark.drill

FROZEN_S = 20
TOLD_WITHIN_S = 4
BACK_WITHIN_S = 5
SLACK_S = 0.5
"""What a machine that does other things as well may add to either."""


@pytest.fixture(scope="module")
async def away():
    """A shop whose database is its own, and the folder of that."""
    with tempfile.TemporaryDirectory(prefix="perron-drill-") as folder:
        os.chmod(folder, 0o711)
        home = Path(folder) / "home"
        home.mkdir(mode=0o711)
        with embedded.servers(home) as own:
            await migrate(own.database_url)
            settings = Settings(
                home=home,
                secret="a secret of the tests that is long enough",
                base_url="http://shop.test",
                database_url=own.database_url,
                redis_url=own.redis_url,
                pool_size=4,
            )
            served = Served(settings, free_port("127.0.0.1", 31_000))
            await served.start("web", "worker")
            served.cluster = home / "postgres18"
            yield served
            served.stop()
            if not embedded_is_guarded(served.cluster):
                pg_ctl(served.cluster, "stop", "-m", "fast")


@pytest.fixture
async def pool(away):
    pool = await database.open_pool(away.settings.database_url, size=4)
    yield pool
    pool.terminate()


async def test_frozen_for_twenty_seconds_nobody_waits_longer_than_four(away, pool):
    wish, client = await ready_to_order(away, pool)
    family = [postmaster_of(away.cluster), *children_of(postmaster_of(away.cluster))]
    async with closing(client):
        began = time.monotonic()
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        try:
            told = [await look(client), await look(client, "/basket"), await look(client)]
            placed = await order(client, wish)
            ready = await client.get("/health/ready")
            await asyncio.sleep(FROZEN_S - (time.monotonic() - began))
        finally:
            for pid in family:
                os.kill(pid, signal.SIGCONT)
        all_were_told(told)
        assert placed.status_code == 503
        assert (ready.status_code, ready.json()["database"]) == (503, "does not answer")
        await opens_again(client)
        assert (await order(client, wish)).status_code == 201
    assert await faults_in(pool) == []


async def test_restarted_immediately_it_comes_back_by_itself(away, pool):
    """`pg_ctl -m immediate` cuts every connection in the middle, as a machine that loses power does."""
    wish, client = await ready_to_order(away, pool)
    met = []
    asking = asyncio.create_task(keep_looking(client, met))
    async with asyncio.timeout(30):
        while not met:
            await asyncio.sleep(0.05)

    await asyncio.to_thread(pg_ctl, away.cluster, "stop", "-m", "immediate")
    told = [await look(client) for _ in range(3)]
    ready = await client.get("/health/ready")
    await asyncio.to_thread(pg_ctl, away.cluster, "start")

    async with closing(client):
        await opens_again(client)
        asking.cancel()
        assert (await order(client, wish)).status_code == 201
    all_were_told(told)
    assert (ready.status_code, ready.json()["database"]) == (503, "cannot be reached")
    assert {one.status for one in met} == {200, 503}
    all_were_told([one for one in met if one.status != 200])
    async with connected(away) as connection:
        assert await connection.fetchval("SELECT count(*) FROM orders.orders") >= 1
        assert await faults_in(connection) == []


async def test_one_that_dies_is_there_again_after_its_crash_recovery(away, pool):
    wish, client = await ready_to_order(away, pool)

    last = children_of(postmaster_of(away.cluster))[-1]
    os.kill(last, signal.SIGKILL)

    async with closing(client):
        while last in children_of(postmaster_of(away.cluster)):
            await asyncio.sleep(0.01)  # until then the others are served
        async with asyncio.timeout(60):
            while not await works(away.settings.database_url):
                await asyncio.sleep(0.05)
        await opens_again(client)
        assert (await order(client, wish)).status_code == 201


async def test_all_connections_held_by_one_lock_are_answered_with_busy(away, pool):
    wish, client = await ready_to_order(away, pool)
    async with closing(client), connected(away) as connection:
        async with connection.transaction():
            await connection.execute("LOCK TABLE stock.levels, cart.carts IN ACCESS EXCLUSIVE MODE")
            many = [asyncio.create_task(look(client, "/basket")) for _ in range(12)]
            await asyncio.sleep(1)
            ready = await client.get("/health/ready")
            told = [await one for one in many]
        all_were_told(told)
        assert ready.status_code == 503
        assert ready.json()["database"] == "all connections are in use"
        await opens_again(client)
        assert (await order(client, wish)).status_code == 201
    assert await faults_in(pool) == []


class Met(NamedTuple):
    """What one visitor met: an answer, how long it took, when to come again, and is the shop alive?"""

    status: int
    took_s: float
    retry_after: str | None
    live: int


async def look(client, path="/api/v1/cart") -> Met:
    started = time.monotonic()
    answer = await client.get(path)
    took_s = time.monotonic() - started
    live = await client.get("/health/live")
    return Met(answer.status_code, took_s, answer.headers.get("Retry-After"), live.status_code)


def all_were_told(met):
    """Busy, when to come again, and no later than that; the process itself is alive."""
    assert {one.status for one in met} == {503}
    assert min(int(one.retry_after or 0) for one in met) >= 1
    assert max(one.took_s for one in met) <= TOLD_WITHIN_S + SLACK_S
    assert {one.live for one in met} == {200}


async def keep_looking(client, met):
    while True:
        met.append(await look(client))
        await asyncio.sleep(0.02)


async def ready_to_order(away, pool):
    place_id = await open_place(pool)
    slot_id = await open_slot(pool, place_id)
    product_id = await pool.fetchval("SELECT id FROM catalog.products") or await put_on_shelf(pool)
    await stock_up(pool, place_id, product_id, 10)
    client = httpx.AsyncClient(base_url=away.url, timeout=15)
    command = {"do": "add", "id": str(uuid4()), "product_id": str(product_id)}
    version = (await client.post("/api/v1/cart/commands", json=command)).json()["version"]
    client.key = str(uuid4())
    return HOME | {"cart_version": version, "total": 149 + 395, "slot": str(slot_id)}, client


async def order(client, wish):
    headers = {"Idempotency-Key": client.key}
    return await client.post("/api/v1/checkout", json=wish, headers=headers)


async def opens_again(client):
    async with asyncio.timeout(BACK_WITHIN_S + SLACK_S):
        while (await client.get("/health/ready")).status_code != 200:
            await asyncio.sleep(0.05)
        while (await client.get("/api/v1/cart")).status_code != 200:
            await asyncio.sleep(0.05)


async def works(url):
    try:
        connection = await asyncpg.connect(url, timeout=1)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


@asynccontextmanager
async def connected(away):
    connection = await asyncpg.connect(away.settings.database_url)
    try:
        yield connection
    finally:
        await connection.close()


def pg_ctl(cluster, *words):
    """As an operator calls it, as the user who runs the server."""
    room = room_in(cluster.parent)
    command = [folder_of_postgres(room) / "pg_ctl", "-D", cluster, "-w", "-l", cluster / "log"]
    subprocess.run(
        [*command, *started_with(cluster, words)],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        env=environment(),
        **room.run_as(),
    )


def started_with(cluster, words):
    """`start` again with the settings it was first started with; they are in no file of its own."""
    if words != ("start",):
        return words
    flags = (cluster / "postmaster.opts").read_text().partition(" ")[2].strip()
    return ("start", "-o", flags.replace('"-D" "' + str(cluster) + '"', ""))


def embedded_is_guarded(cluster):
    """Whether it is still the one the shop has started, which stops by itself."""
    return int((cluster / "guarded.pid").read_text()) == postmaster_of(cluster)


def postmaster_of(cluster):
    return int((cluster / "postmaster.pid").read_text().splitlines()[0])


def children_of(pid):
    command = ["ps", "-o", "pid=", "--ppid", str(pid)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


@asynccontextmanager
async def closing(client):
    try:
        yield client
    finally:
        await client.aclose()
