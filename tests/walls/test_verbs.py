"""`perron wall`: listing, printing and retiring from the shell."""

import asyncio

import pikepdf
import pytest
from click.testing import CliRunner

from app import walls
from app.cli import perron
from app.db import begin
from tests.qr_walls.inks import profile
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

    (tmp_path / "press.icc").write_bytes(profile())
    (tmp_path / "screen.icc").write_bytes(profile(b"RGB "))
    into = f"--into={tmp_path}/posters"

    refused = await run("print", "utc-1", into, f"--icc={tmp_path}/screen.icc")
    printed = await run(
        "print", "utc-1", "--publish", into, f"--icc={tmp_path}/press.icc", "--job=815"
    )  # fmt: skip

    assert (refused.exit_code, "but a press prints CMYK" in refused.output) == (1, True)
    assert printed.exit_code == 0, printed.output
    assert sorted(file.name for file in (tmp_path / "posters").iterdir()) == [
        "utc-1-1-print-shop.pdf", "utc-1-1.pdf", "utc-1-1.png",
    ]  # fmt: skip
    with pikepdf.open(tmp_path / "posters/utc-1-1-print-shop.pdf") as file:
        assert file.docinfo["/GTS_PDFXVersion"] == "PDF/X-4"
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
