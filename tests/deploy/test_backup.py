"""A backup taken while the shop is open comes back whole, and never over another shop."""

import os
import subprocess
from pathlib import Path

import asyncpg
import pytest

from app import db, embedded, files, jobs, staff
from app.db import checks
from tests.conftest import as_admin, with_database
from tests.staff_desk import employ

pytestmark = pytest.mark.drill


def run(script, file, url):
    tools = embedded.program("pg_dump").parent
    return subprocess.run(
        [Path("deploy") / script, file],
        env={**os.environ, "DATABASE_URL": url, "PG_BIN": str(tools)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


async def rows_of(connection):
    tables = await connection.fetch(
        """
        SELECT format('%I.%I', schemaname, tablename) AS name
          FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
         ORDER BY 1
        """
    )
    return {
        table["name"]: await connection.fetchval(f"SELECT count(*) FROM {table['name']}")  # noqa: S608
        for table in tables
    }


@pytest.fixture
async def filled(pool):
    """Something in every corner of the foundation, files and the sealed trail included."""
    _, person = await employ(pool, "operator")
    for number in range(1, 21):
        async with db.begin(pool) as connection:
            await files.keep(connection, os.urandom(5000), "image/png", public=True)
            await jobs.announce(
                connection, aggregate="order", id=db.new_id(), number=1, kind="OrderPlaced"
            )
            await staff.note(
                connection, person, "print wall", str(db.new_id()), f"because {number}"
            )
    await staff.seal(pool)


@pytest.fixture
async def empty_url(servers):
    name = f"restored_{os.getpid()}"
    async with as_admin(servers.database_url) as admin:
        await admin.execute(f'CREATE DATABASE "{name}"')
        yield with_database(servers.database_url, name)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_a_backup_restores_every_row_and_every_promise(
    filled, pool, database_url, empty_url, tmp_path
):
    async with db.begin(pool) as connection:
        before = await rows_of(connection)

    saved = run("backup", tmp_path / "shop.dump", database_url)
    restored = run("restore", tmp_path / "shop.dump", empty_url)

    assert (saved.returncode, restored.returncode) == (0, 0), saved.stderr + restored.stderr
    again = await db.open_pool(empty_url)
    async with db.begin(again) as connection:
        assert await rows_of(connection) == before
        assert before["staff.audit"] == before["staff.seals"] == 20
        assert [check for check in await checks.run(connection) if not check.holds] == []
    await again.close()


async def test_a_backup_is_for_its_owner_alone(filled, database_url, tmp_path):
    run("backup", tmp_path / "shop.dump", database_url)

    assert (tmp_path / "shop.dump").stat().st_mode & 0o777 == 0o600


async def test_a_backup_that_fails_leaves_no_file(tmp_path, database_url):
    wrong = with_database(database_url, "nowhere")

    assert run("backup", tmp_path / "shop.dump", wrong).returncode != 0
    assert list(tmp_path.iterdir()) == []


async def test_a_shop_is_never_restored_over_another(filled, database_url, tmp_path):
    run("backup", tmp_path / "shop.dump", database_url)

    refused = run("restore", tmp_path / "shop.dump", database_url)

    assert refused.returncode == 1
    assert "There is a shop in this database already" in refused.stderr


async def test_half_a_backup_restores_nothing(filled, database_url, empty_url, tmp_path):
    run("backup", tmp_path / "shop.dump", database_url)
    whole = (tmp_path / "shop.dump").read_bytes()
    (tmp_path / "half.dump").write_bytes(whole[: len(whole) // 2])

    assert run("restore", tmp_path / "half.dump", empty_url).returncode != 0
    connection = await asyncpg.connect(empty_url)
    assert await connection.fetchval("SELECT to_regclass('staff.audit')") is None
    await connection.close()
