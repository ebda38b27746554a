"""`perron wall`: listing, printing and retiring from the shell."""

import asyncio

import pytest
from click.testing import CliRunner

from app import walls
from app.cli import perron
from app.db import begin
from tests.walls.builders import hang_wall, plan_wall


@pytest.fixture
def run(settings, monkeypatch, tmp_path):
    """Runs a verb against this test's database, in a thread of its own as a shell would."""

    async def run(*words):
        monkeypatch.setenv("PERRON_HOME", str(tmp_path))
        monkeypatch.setenv("DATABASE_URL", settings.database_url)
        monkeypatch.setenv("REDIS_URL", settings.redis_url)
        monkeypatch.setenv("PERRON_BASE_URL", settings.base_url)
        return await asyncio.to_thread(CliRunner().invoke, perron, ["wall", *words])

    return run


async def test_walls_are_listed_with_what_hangs(pool, run):
    await hang_wall(pool)

    listed = await run("list")

    assert "utc-1" in listed.output
    assert "2 products  edition 1 until" in listed.output


async def test_a_wall_is_printed_into_a_folder_and_published(pool, run, tmp_path):
    await plan_wall(pool)

    printed = await run("print", "utc-1", "--publish", f"--into={tmp_path}/posters")

    assert printed.exit_code == 0, printed.output
    assert "3 of 3 codes read from 0." in printed.output
    assert "published." in printed.output
    assert (tmp_path / "posters/utc-1-1.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "posters/utc-1-1.png").read_bytes().startswith(b"\x89PNG")
    assert await pool.fetchval("SELECT count(*) FROM walls.labels") == 2


async def test_a_wall_is_retired(pool, run):
    await hang_wall(pool)

    retired = await run("retire", "utc-1")

    assert retired.output == "utc-1 is retired.\n"
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state = 'live'") == 0


async def test_a_wall_there_is_not_is_one_plain_sentence(run):
    failed = await run("print", "nowhere")

    assert failed.exit_code == 1
    assert failed.output == "There is no such wall.\n"


async def test_sites_are_listed_with_how_far_they_are_and_opened(pool, run):
    draft = await hang_wall(pool, publish=False)
    async with begin(pool) as db:
        await walls.publish(db, "utc-1", draft.number)

    printed = await run("sites")
    early = await run("open", "utc-1")
    async with begin(pool) as db:
        await walls.hang_all(db, "utc-1")
    opened = await run("open", "utc-1")

    assert "0 of 1 panels hang" in printed.output
    assert (early.exit_code, early.output) == (1, "Only a site whose panels all hang can open.\n")
    assert opened.output == "utc-1 is open.\n"
    assert (await run("sites")).output.rstrip().endswith("open")
