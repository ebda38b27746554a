"""What tests stand on: real servers in a folder of their own, a fresh database for each test.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` bring other servers; the former's user must be allowed to
make databases.
"""

import asyncio
import os
import random
import re
import shutil
import tempfile
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import hypothesis
import pytest
from playwright.async_api import async_playwright, expect
from xdist.scheduler import LoadScopeScheduling

from app import db as database
from app import demo, embedded
from app.db.migrate import migrate
from app.main import routed, set_up
from app.serving.network import free_port
from app.settings import Settings
from tests.served import Served

CHROMIUM = os.environ.get("PERRON_CHROMIUM") or shutil.which("chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# What a page shows has been through several processes, on machines that do other things as well.
# Where it shows at once nothing is waited for.
expect.set_options(timeout=20_000)

hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.register_profile("drills", max_examples=500, deadline=None)


def examples(quick, drills):
    """How many examples a property is tried on: a few while building, many in the drills."""
    return drills if hypothesis.settings.default.max_examples >= 500 else quick


SHAPE = """
    SELECT ARRAY[(SELECT count(*) FROM pg_class WHERE relpersistence = 'p'),
                 (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_constraint),
                 (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc)]
"""
"""How much there is of what makes a schema."""
WRITTEN = """
    SELECT relation.oid::regclass::text AS name,
           pg_relation_size(relation.oid) / 8192 AS pages
      FROM pg_class AS relation
      JOIN pg_namespace AS schema
        ON schema.oid = relation.relnamespace
     WHERE relation.relkind = 'r'
       AND schema.nspname NOT IN ('pg_catalog', 'information_schema')
       AND relation.relname <> 'migrations'
       AND pg_relation_size(relation.oid) > 0
"""
"""The tables that have, or had, a row."""
MOST_PAGES = 16
"""What was deleted from a larger table is tidied up behind it, so that plans stay as they are."""


def pytest_addoption(parser):
    parser.addoption("--drills", action="store_true", help="also kill, freeze and restore")


def pytest_configure(config):
    hypothesis.settings.load_profile("drills" if config.getoption("--drills") else "quick")


class InGroups(LoadScopeScheduling):
    """Tests one by one, but those of a file that needs the demo, or names a group, in one process.

    The grouping of xdist itself writes the group into the name of a test, which the pytest of today
    does not take from it any more.
    """

    def _split_scope(self, nodeid):
        return _group_of(self.config.rootpath / nodeid.partition("::")[0]) or nodeid


@cache
def _group_of(path):
    text = path.read_text()
    if re.search(r"\b(furnished|demo_settings)\b", text):
        return "furnished"
    named = re.search(r'xdist_group\("(\w+)"\)', text)
    return named and named[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return InGroups(config, log)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--drills"):
        return
    drills = [item for item in items if item.get_closest_marker("drill")]
    config.hook.pytest_deselected(items=drills)
    items[:] = [item for item in items if item not in set(drills)]


@pytest.fixture(scope="session")
def servers():
    """The addresses of PostgreSQL and Valkey for this run."""
    home = Path(tempfile.mkdtemp(prefix="perron-tests-"))
    home.chmod(0o711)
    database_url = os.environ.get("TEST_DATABASE_URL", "")
    redis_url = os.environ.get("TEST_REDIS_URL", "")
    try:
        with embedded.servers(
            home, fast=True, database=not database_url, redis=not redis_url
        ) as own:
            yield embedded.Addresses(database_url or own.database_url, redis_url or own.redis_url)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
async def template(servers):
    """The name of a database with the newest schema, from which the others are copied."""
    name = f"template_{os.getpid()}"
    async with as_admin(servers.database_url) as admin:
        await admin.execute(f'CREATE DATABASE "{name}"')
        await migrate(with_database(servers.database_url, name))
        yield name
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
async def admin(servers):
    async with as_admin(servers.database_url) as connection:
        yield connection


@pytest.fixture(scope="session")
async def spare_databases():
    """Databases that earlier tests have left as empty as they found them: the name, and a connection
    that knows its way about in there."""
    spare = []
    yield spare
    for _, inside in spare:
        await inside.close()


@pytest.fixture(scope="session")
async def shape(servers, template):
    connection = await asyncpg.connect(with_database(servers.database_url, template))
    found = await connection.fetchval(SHAPE)
    await connection.close()
    return found


@pytest.fixture
async def database_url(servers, template, admin, spare_databases, shape):
    """A database of this test's own, empty but for the schema."""
    if not spare_databases:
        name = f"test_{os.getpid()}_{database.new_id().hex[-12:]}"
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        url = with_database(servers.database_url, name)
        spare_databases.append((name, await asyncpg.connect(url)))
    name, inside = spare_databases.pop()
    yield with_database(servers.database_url, name)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> $2",
        name,
        inside.get_server_pid(),
    )
    if await emptied(inside, shape):
        spare_databases.append((name, inside))
    else:
        inside.terminate()
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
async def furnished(servers, template, tmp_path_factory):
    """The demo shop, filled once a run: the name of its database, and its home."""
    if "PYTEST_XDIST_WORKER" in os.environ:  # it takes half a minute: fails in a second process
        (tmp_path_factory.getbasetemp().parent / "the-demo-is-filled").touch(exist_ok=False)
    name, home = f"furnished_{os.getpid()}", tmp_path_factory.mktemp("furnished")
    async with as_admin(servers.database_url) as admin:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        pool = await database.open_pool(with_database(servers.database_url, name), size=4)
        settings = Settings(
            home=home,
            secret="a secret of the tests that is long enough",
            base_url="http://shop.test",
            database_url=with_database(servers.database_url, name),
            redis_url=servers.redis_url,
        )
        await demo.fill(pool, settings)
        await pool.close()
        yield name, home
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def demo_settings(servers, furnished):
    """Settings of a demo shop of this test's own."""
    name, home = f"demo_{os.getpid()}_{database.new_id().hex[-12:]}", furnished[1]
    async with as_admin(servers.database_url) as admin:
        await admin.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{furnished[0]}" STRATEGY file_copy'
        )
        yield Settings(
            home=home,
            secret="a secret of the tests that is long enough",
            base_url="http://shop.test",
            database_url=with_database(servers.database_url, name),
            redis_url=servers.redis_url,
        )
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def redis_url(servers):
    return servers.redis_url


@pytest.fixture
async def pool(database_url):
    pool = await database.open_pool(database_url, size=20)
    yield pool
    pool.terminate()


@pytest.fixture
async def db(pool):
    """One connection, outside of any transaction."""
    async with pool.acquire() as connection:
        yield connection


@pytest.fixture
def settings(database_url, redis_url, tmp_path):
    return Settings(
        home=tmp_path,
        secret="a secret of the tests that is long enough",
        base_url="http://shop.test",
        database_url=database_url,
        redis_url=redis_url,
    )


@pytest.fixture(scope="session")
def routes():
    """What makes an app of settings, one at a time: making its routes anew takes half a second."""
    app = routed()
    answer = app.asgi_handler
    return lambda settings: set_up(app, answer, settings)


@pytest.fixture
async def shop(settings, routes):
    """The open shop, and a browser without pages: an httpx client. `shop.app` is the app."""
    app = routes(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        open_for_business(app),
        httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client,
    ):
        client.app = app
        yield client


@pytest.fixture
async def served(settings):
    """The shop in processes of its own, web and worker, on a free port: `served.url`."""
    # Below those that systems give to who calls: what is killed finds its own port free again.
    served = Served(settings, free_port("127.0.0.1", random.randrange(20_000, 32_000)))
    try:
        await served.start("web", "worker")
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="session")
async def browser():
    """Chromium. Where there is none the test is skipped, except in CI, where it must be there."""
    if CHROMIUM is None or not Path(CHROMIUM).exists():
        reason = "no Chromium here: install it, or set PERRON_CHROMIUM to where it is"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        await chromium.close()


@asynccontextmanager
async def open_for_business(app):
    """The lifespan in a task of its own: a fixture is set up and torn down in two others."""
    opened, closing = asyncio.Event(), asyncio.Event()

    async def run():
        async with app.lifespan():
            opened.set()
            await closing.wait()

    running = asyncio.create_task(run())
    waiting = asyncio.create_task(opened.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if not opened.is_set():
            await running
        yield
    finally:
        waiting.cancel()
        closing.set()
        await running


async def emptied(inside, shape):
    """Whether a test's database could be made as new: to copy a fresh one takes ten times longer."""
    try:
        if await inside.fetchval(SHAPE) != shape:
            return False  # a test has changed the schema, to see what guards it
        written = await inside.fetch(WRITTEN)
        # No trigger has a say in it, nor do rows that point to others. TRUNCATE would make new files.
        rid = [f"DELETE FROM {row['name']}" for row in written]  # noqa: S608
        await inside.execute(";".join(["SET session_replication_role = replica", *rid]))
        if grown := [row["name"] for row in written if row["pages"] > MOST_PAGES]:
            await inside.execute(f"VACUUM {', '.join(grown)}")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False
    return True


@asynccontextmanager
async def as_admin(url):
    connection = await asyncpg.connect(with_database(url, "postgres"))
    try:
        yield connection
    finally:
        await connection.close()


def with_database(url, name):
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
