"""A command may arrive twice, or twice at the same moment; it acts once."""

import asyncio

import pytest

from app import commands, db
from app.errors import Conflict, Malformed, ShopError, Unprocessable


@pytest.fixture
async def effects(pool):
    await pool.execute("CREATE TABLE public.effects (at timestamptz DEFAULT now())")
    return lambda: pool.fetchval("SELECT count(*) FROM public.effects")


async def carry_out(pool, scope, id, request=None, refuse=None):
    async with db.begin(pool) as connection:

        async def act():
            await connection.execute("INSERT INTO public.effects DEFAULT VALUES")
            if refuse is not None:
                raise refuse
            return {"units": 1}

        return await commands.once(connection, scope, id, request or {"add": 1}, act)


async def test_ten_at_once_act_once_and_all_get_the_same_answer(pool, effects):
    scope, id = db.new_id(), db.new_id()

    answers = await asyncio.gather(*(carry_out(pool, scope, id) for _ in range(10)))

    assert answers == [{"units": 1}] * 10
    assert await effects() == 1


async def test_the_same_id_for_something_else_is_refused(pool, effects):
    scope, id = db.new_id(), db.new_id()
    await carry_out(pool, scope, id, {"add": 1})

    with pytest.raises(Unprocessable):
        await carry_out(pool, scope, id, {"add": 2})
    assert await effects() == 1


async def test_the_same_id_in_another_cart_is_another_command(pool, effects):
    id = db.new_id()

    await carry_out(pool, db.new_id(), id)
    await carry_out(pool, db.new_id(), id)

    assert await effects() == 2


async def test_a_refusal_that_depends_on_state_is_remembered_and_leaves_no_effect(pool, effects):
    scope, id = db.new_id(), db.new_id()
    refusal = Conflict("Only {left} are left.", code="sold-out", left=3)

    with pytest.raises(Conflict):
        await carry_out(pool, scope, id, refuse=refusal)
    with pytest.raises(ShopError) as again:
        await carry_out(pool, scope, id)

    assert (again.value.status, again.value.code) == (409, "sold-out")
    assert str(again.value) == "Only 3 are left."
    assert await effects() == 0


async def test_a_malformed_request_is_forgotten_so_that_a_mended_one_may_use_the_id(pool, effects):
    scope, id = db.new_id(), db.new_id()

    with pytest.raises(Malformed):
        await carry_out(pool, scope, id, refuse=Malformed("What is this?"))
    await carry_out(pool, scope, id)

    assert await effects() == 1


async def test_a_command_is_known_for_a_season_and_then_forgotten(pool, effects, monkeypatch):
    monkeypatch.setattr(commands.actions, "AT_ONCE", 2)
    scope, ids = db.new_id(), [db.new_id() for _ in range(5)]
    for id in ids:
        await carry_out(pool, scope, id)
    await pool.execute(
        "UPDATE commands.done SET at = at - interval '91 days' WHERE id <> $1", ids[0]
    )

    await commands.forget_old(pool)

    assert await pool.fetchval("SELECT array_agg(id) FROM commands.done") == ids[:1]
    assert await carry_out(pool, scope, ids[0]) == {"units": 1}
    assert await effects() == 5
