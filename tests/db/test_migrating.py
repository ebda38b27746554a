"""The schema grows under a shop that is open: nobody waits for an index, and what was cut off goes on."""

import asyncio

import asyncpg
import pytest

from app.db import migrate as migrations
from app.db.concurrently import statements

TABLE = "CREATE TABLE public.things (name text, size integer)"
INDEXES = """-- Outside of a transaction: there may be a million things.
CREATE UNIQUE INDEX CONCURRENTLY things_by_name ON public.things (name);
CREATE INDEX CONCURRENTLY things_by_size
    ON public.things (size) WHERE size > 0;
DROP INDEX CONCURRENTLY IF EXISTS public.things_as_before;
"""


@pytest.fixture
async def things(db, tmp_path, monkeypatch):
    """A table with rows, and a version that wants indexes on it."""
    (tmp_path / "9001_indexes.sql").write_text(INDEXES)
    monkeypatch.setattr(migrations, "FOLDER", tmp_path)
    monkeypatch.setattr(migrations, "ASK_AGAIN_S", 0.01)
    await db.execute(f"{TABLE}; CREATE INDEX things_as_before ON public.things (size, name)")
    await db.execute(
        "INSERT INTO public.things SELECT 'thing ' || n, n FROM generate_series(1, 9) n"
    )


async def indexes(db):
    rows = await db.fetch(
        "SELECT indexrelid::regclass::text AS name, indisvalid FROM pg_index"
        " WHERE indrelid = 'public.things'::regclass"
    )
    return {row["name"]: row["indisvalid"] for row in rows}


async def test_an_index_that_was_cut_off_is_built_anew_and_one_that_stands_is_left(
    db, database_url, things
):
    await db.execute("INSERT INTO public.things VALUES ('thing 1', 1)")
    await db.execute("CREATE INDEX things_by_size ON public.things (size) WHERE size > 0")
    stands = await db.fetchval("SELECT 'things_by_size'::regclass::oid")
    with pytest.raises(asyncpg.UniqueViolationError):
        await migrations.migrate(database_url)
    assert (await indexes(db))["things_by_name"] is False

    await db.execute("DELETE FROM public.things WHERE name = 'thing 1'")

    assert await migrations.migrate(database_url) == ["9001_indexes"]
    assert await indexes(db) == {"things_by_name": True, "things_by_size": True}
    assert await db.fetchval("SELECT 'things_by_size'::regclass::oid") == stands
    assert await migrations.migrate(database_url) == []


async def test_who_sells_meanwhile_waits_for_no_index_and_two_who_migrate_not_for_each_other(
    db, pool, database_url, things
):
    async with pool.acquire() as slow, slow.transaction():
        await slow.execute("UPDATE public.things SET size = 0 WHERE name = 'thing 1'")
        both = asyncio.gather(migrations.migrate(database_url), migrations.migrate(database_url))
        async with asyncio.timeout(10):
            while "things_by_name" not in await indexes(db):
                await asyncio.sleep(0.01)
        await db.execute("INSERT INTO public.things VALUES ('sold meanwhile', 1)", timeout=2)
        assert not both.done()

    assert sorted(await both) == [[], ["9001_indexes"]]
    assert set((await indexes(db)).values()) == {True}


async def test_only_what_may_be_done_again_stands_outside_of_a_transaction():
    with pytest.raises(ValueError, match="UPDATE"):
        statements("-- Outside of a transaction\nUPDATE public.things SET size = 1;")


async def test_a_table_in_use_is_said_in_a_sentence(db, pool, database_url, things, tmp_path):
    (tmp_path / "9000_more.sql").write_text(
        "SET LOCAL lock_timeout = '10ms'; ALTER TABLE public.things ADD COLUMN colour text"
    )
    async with pool.acquire() as clerk, clerk.transaction():
        await clerk.execute("SELECT FROM public.things")
        with pytest.raises(migrations.CannotMigrate, match=r"9000_more\.sql waited in vain"):
            await migrations.migrate(database_url)


async def test_the_processes_of_before_go_on_under_the_schema_of_a_newer_version(db):
    upgrade = db.transaction()
    await upgrade.start()
    at_first = await migrations.at_head(db)
    await db.execute("INSERT INTO public.migrations (name, sha256) VALUES ('9999_newer', '')")
    with_more = await migrations.at_head(db)
    await db.execute("DELETE FROM public.migrations WHERE name = '0001_foundation'")
    with_less = await migrations.at_head(db)
    await upgrade.rollback()

    assert (at_first, with_more, with_less) == (True, True, False)
