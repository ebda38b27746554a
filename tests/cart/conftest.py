import os

import httpx
import pytest

from app import db as database
from app.db import new_id
from app.main import create_app
from app.settings import Settings
from tests.conftest import as_admin, open_for_business, with_database


@pytest.fixture(scope="module")
async def database_url(servers, template):
    """One database per file: every basket is its own, so the tests do not meet."""
    name = f"cart_{os.getpid()}_{new_id().hex[-12:]}"
    async with as_admin(servers.database_url) as admin:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        yield with_database(servers.database_url, name)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def everything_holds(db):
    yield
    for view in ("carts", "cart_commands"):
        assert await db.fetch(f"SELECT * FROM checks.{view}") == []  # noqa: S608


@pytest.fixture
async def begin(pool):
    return lambda: database.begin(pool)


@pytest.fixture(scope="module")
async def opened(database_url, redis_url, tmp_path_factory):
    """One open shop per file; opening it is what takes the time."""
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        secret="a secret of the tests that is long enough",
        base_url="http://shop.test",
        database_url=database_url,
        redis_url=redis_url,
    )
    app = create_app(settings)
    async with open_for_business(app):
        yield app


@pytest.fixture
async def shop(opened):
    """A browser of its own, without pages."""
    transport = httpx.ASGITransport(opened, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        client.app = opened
        yield client
