"""What staff did is written once, sealed in a chain, and a change to it shows."""

import asyncpg
import pytest

from app import db, staff
from tests.staff_desk import employ


@pytest.fixture
async def three_acts(pool):
    _, person = await employ(pool, "merchandiser")
    for act in ("print wall", "change price", "retire label"):
        async with db.begin(pool) as connection:
            await staff.note(connection, person, act, str(db.new_id()), "because")
    await staff.seal(pool)


async def broken(pool):
    return await pool.fetch("SELECT number, wrong FROM checks.audit")


async def rewrite(pool, sql):
    """As somebody with all rights on the database would."""
    async with db.begin(pool) as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(sql)


async def test_sealed_acts_verify(pool, three_acts):
    assert await pool.fetchval("SELECT count(*) FROM staff.seals") == 3
    assert await broken(pool) == []


@pytest.mark.parametrize("sql", ["UPDATE staff.audit SET act = 'x'", "DELETE FROM staff.audit"])
async def test_the_trail_cannot_be_rewritten(pool, three_acts, sql):
    with pytest.raises(asyncpg.RaiseError):
        await pool.execute(sql)


async def test_a_rewritten_act_shows(pool, three_acts):
    await rewrite(pool, "UPDATE staff.audit SET act = 'nothing' WHERE act = 'change price'")

    assert [row["number"] for row in await broken(pool)] == [2]


async def test_a_removed_act_shows_with_its_seal_or_without(pool, three_acts):
    await rewrite(pool, "DELETE FROM staff.audit WHERE act = 'change price'")
    assert [row["number"] for row in await broken(pool)] == [2]

    await rewrite(pool, "DELETE FROM staff.seals WHERE number = 2")
    assert [row["number"] for row in await broken(pool)] == [3]


async def test_an_act_nobody_sealed_shows(pool):
    await pool.execute(
        "INSERT INTO staff.audit (id, at, act, subject)"
        " VALUES ($1, now() - interval '11 minutes', 'hire', 'x')",
        db.new_id(),
    )

    assert [row["wrong"] for row in await broken(pool)] == ["not sealed"]

    await staff.seal(pool)
    assert await broken(pool) == []
