"""The database freezes, dies, or is held up by one lock: the shop says so at once and comes back."""

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app import db as database
from app import embedded
from app.db.migrate import migrate
from app.serving.network import free_port
from app.settings import Settings
from tests.checkout.stage import HOME, faults_in, open_place, open_slot, stock_up
from tests.served import Served
from tests.shelf import put_on_shelf

pytestmark = pytest.mark.drill

FROZEN_S = 20
TOLD_WITHIN_S = 4
BACK_WITHIN_S = 5


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
            served = Served(settings, free_port("127.0.0.1", 43_000))
            await served.start("web", "worker")
            served.cluster = home / "postgres18"
            yield served
            served.stop()


@pytest.fixture
async def pool(away):
    pool = await database.open_pool(away.settings.database_url, size=4)
    yield pool
    pool.terminate()


async def test_frozen_for_twenty_seconds_nobody_waits_longer_than_four(away, pool):
    wish, client = await ready_to_order(away, pool)
    postmaster = int((away.cluster / "postmaster.pid").read_text().splitlines()[0])
    family = [postmaster, *children_of(postmaster)]
    async with closing(client):
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        try:
            waited = [await asked(client, wish) for _ in range(3)]
            await asyncio.sleep(FROZEN_S - sum(took for _, took in waited))
        finally:
            for pid in family:
                os.kill(pid, signal.SIGCONT)
        assert [status for status, _ in waited] == [503] * 3
        assert max(took for _, took in waited) <= TOLD_WITHIN_S
        await opens_again(client)
        assert (await order(client, wish)).status_code == 201
    assert await faults_in(pool) == []


async def test_restarted_at_once_it_comes_back_by_itself(away, pool):
    wish, client = await ready_to_order(away, pool)
    asking = asyncio.create_task(keep_asking(client))
    await asyncio.sleep(0.3)

    break_down(away)

    async with closing(client):
        async with asyncio.timeout(60):
            while not await works(away.settings.database_url):
                await asyncio.sleep(0.05)
        await opens_again(client)
        asking.cancel()
        assert (await order(client, wish)).status_code == 201
    statuses = away.statuses
    assert set(statuses) <= {200, 503}
    async with connected(away) as connection:
        assert await connection.fetchval("SELECT count(*) FROM orders.orders") >= 1


async def test_all_connections_held_by_one_lock_are_answered_with_busy(away, pool):
    wish, client = await ready_to_order(away, pool)
    async with closing(client), connected(away) as connection:
        async with connection.transaction():
            await connection.execute("LOCK TABLE stock.levels, cart.carts IN ACCESS EXCLUSIVE MODE")
            many = [asyncio.create_task(asked(client, wish, "/basket")) for _ in range(12)]
            waited = [await one for one in many]
            alive = await client.get("/health/live")
        assert {status for status, _ in waited} == {503}
        assert max(took for _, took in waited) <= TOLD_WITHIN_S + 0.5
        assert alive.status_code == 200
        await opens_again(client)
        assert (await order(client, wish)).status_code == 201
    assert await faults_in(pool) == []


async def ready_to_order(away, pool):
    place_id = await open_place(pool)
    slot_id = await open_slot(pool, place_id)
    product_id = await pool.fetchval("SELECT id FROM catalog.products") or await put_on_shelf(pool)
    await stock_up(pool, place_id, product_id, 10)
    client = httpx.AsyncClient(base_url=away.url, timeout=15)
    command = {"do": "add", "id": str(uuid4()), "product_id": str(product_id)}
    version = (await client.post("/api/v1/cart/commands", json=command)).json()["version"]
    away.statuses = []
    client.key, client.statuses = str(uuid4()), away.statuses
    return HOME | {"cart_version": version, "total": 149 + 395, "slot": str(slot_id)}, client


async def order(client, wish):
    headers = {"Idempotency-Key": client.key}
    return await client.post("/api/v1/checkout", json=wish, headers=headers)


async def asked(client, wish, path="/api/v1/cart"):
    """Status and seconds, with what the answer has to say; alive and not ready meanwhile."""
    started = time.monotonic()
    answer = await client.get(path)
    took = time.monotonic() - started
    if answer.status_code == 503:
        assert int(answer.headers["Retry-After"]) >= 1
    assert (await client.get("/health/live")).status_code == 200
    if path == "/api/v1/cart":
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert ready.json()["database"] != "works"
    return answer.status_code, took


async def keep_asking(client):
    while True:
        try:
            client.statuses.append((await client.get("/api/v1/cart")).status_code)
        except httpx.TransportError:
            return
        await asyncio.sleep(0.02)


async def opens_again(client):
    async with asyncio.timeout(BACK_WITHIN_S):
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


def break_down(away):
    """As `pg_ctl restart -m immediate` does, and a machine that loses power: every connection is cut
    in the middle, and what was committed comes back from the log."""
    postmaster = int((away.cluster / "postmaster.pid").read_text().splitlines()[0])
    os.kill(children_of(postmaster)[-1], signal.SIGKILL)


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
