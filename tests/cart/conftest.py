import os

import pytest

from app import db as database
from app.db import new_id
from tests.conftest import as_admin, with_database


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
