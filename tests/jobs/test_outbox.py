"""What happened is told once, in order, also when a consumer stumbles or a worker dies."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app import db, jobs
from app.jobs import queries
from app.jobs.register import Register
from app.jobs.worker import hear_once, run_dry, step_once, sweep_once, work


@pytest.fixture
def register(monkeypatch):
    fresh = Register(consumers={}, inside={}, outside={}, steps={}, sweeps={})
    monkeypatch.setattr("app.jobs.actions.registered", fresh)
    return fresh


async def tell(pool, aggregate, *numbers, kind="OrderPlaced"):
    for number in numbers:
        async with db.begin(pool) as connection:
            await jobs.announce(
                connection, aggregate="order", id=aggregate, number=number, kind=kind
            )


async def test_every_consumer_hears_every_event_in_order(pool, register):
    heard = {"mail": [], "loyalty": []}
    for name, numbers in heard.items():

        async def hear(_, event, numbers=numbers):
            numbers.append(event.number)

        register.when("OrderPlaced", name, hear)

    await tell(pool, db.new_id(), 1, 2, 3)
    await run_dry(pool, register)

    assert heard == {"mail": [1, 2, 3], "loyalty": [1, 2, 3]}


async def test_an_event_of_a_change_that_was_undone_is_never_told(pool, register):
    heard = []

    async def hear(_, event):
        heard.append(event.number)

    register.when("OrderPlaced", "mail", hear)

    async def placed_but_undone():
        async with db.begin(pool) as connection:
            await jobs.announce(
                connection, aggregate="order", id=db.new_id(), number=1, kind="OrderPlaced"
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await placed_but_undone()
    await run_dry(pool, register)

    assert heard == []


async def test_two_events_with_one_number_cannot_both_happen(pool, register):
    order = db.new_id()
    await tell(pool, order, 1)

    with pytest.raises(asyncpg.UniqueViolationError):
        await tell(pool, order, 1)


async def test_a_consumer_that_stumbles_hears_the_same_event_again_before_the_next(pool, register):
    order, heard, broken = db.new_id(), [], [True]

    async def hear(_, event):
        if broken:
            broken.pop()
            raise OSError("the mail server is away")
        heard.append(event.number)

    register.when_outside("OrderPlaced", "mail", hear)
    await tell(pool, order, 1, 2)
    await run_dry(pool, register)
    assert heard == []

    await pool.execute("UPDATE jobs.backlogs SET due_at = now()")
    await run_dry(pool, register)

    assert heard == [1, 2]


async def test_one_consumers_trouble_does_not_hold_up_another_order(pool, register):
    heard = []
    bad, good = db.new_id(), db.new_id()

    async def hear(_, event):
        if event.aggregate == bad:
            raise OSError("no")
        heard.append(event.aggregate)

    register.when("OrderPlaced", "mail", hear)
    await tell(pool, bad, 1)
    await tell(pool, good, 1)
    await run_dry(pool, register)

    assert heard == [good]


async def test_many_workers_together_carry_out_a_transactional_effect_once(pool, register):
    await pool.execute("CREATE TABLE public.effects (number bigint)")

    async def hear(connection, event):
        await connection.execute("INSERT INTO public.effects VALUES ($1)", event.number)

    register.when("OrderPlaced", "ledger", hear)
    await tell(pool, db.new_id(), *range(1, 21))
    await asyncio.gather(*(run_dry(pool, register) for _ in range(5)))

    numbers = [row["number"] for row in await pool.fetch("SELECT number FROM public.effects")]
    assert numbers == list(range(1, 21))


async def test_what_a_dead_worker_held_is_taken_over_when_its_lease_ends(pool, register):
    heard = []

    async def hear(_, event):
        heard.append(event.number)

    register.when("OrderPlaced", "mail", hear)
    await tell(pool, db.new_id(), 1)
    await queries.lease_backlogs(pool, db.new_id(), 10, timedelta(seconds=60))

    assert not await hear_once(pool, register)
    await pool.execute("UPDATE jobs.backlogs SET leased_until = now() - interval '1 second'")
    await run_dry(pool, register)

    assert heard == [1]


async def test_a_delivery_whose_backlog_was_lost_is_found_again(pool, register):
    heard = []

    async def hear(_, event):
        heard.append(event.number)

    register.when("OrderPlaced", "mail", hear)
    await tell(pool, db.new_id(), 1)
    await pool.execute("DELETE FROM jobs.backlogs")

    await queries.mend_backlogs(pool)
    await run_dry(pool, register)

    assert heard == [1]


async def test_after_three_days_of_failures_an_event_is_parked_and_the_next_ones_go_on(
    pool, register
):
    heard = []

    async def hear(_, event):
        if event.number == 1:
            raise OSError("no")
        heard.append(event.number)

    register.when("OrderPlaced", "mail", hear)
    await tell(pool, db.new_id(), 1, 2)
    await run_dry(pool, register)
    await pool.execute(
        "UPDATE jobs.backlogs SET due_at = now(), first_failed_at = now() - interval '73 hours'"
    )
    await run_dry(pool, register)
    await run_dry(pool, register)

    assert heard == [2]
    assert await pool.fetchval("SELECT count(*) FROM jobs.deliveries WHERE parked_at IS NOT NULL")


async def test_a_gap_in_the_numbers_of_an_aggregate_is_found(pool, register):
    await tell(pool, db.new_id(), 1, 3)

    assert len(await pool.fetch("SELECT * FROM checks.outbox")) == 1


async def test_a_step_is_taken_when_it_is_due_and_not_before(pool, register):
    taken = []

    async def take(_, task):
        taken.append(task.body["order"])
        return {"ok": True}

    register.step("settle", take)
    async with db.begin(pool) as connection:
        await jobs.later(connection, "settle", {"order": "now"})
        await jobs.later(
            connection,
            "settle",
            {"order": "tomorrow"},
            due_at=datetime.now(UTC) + timedelta(days=1),
        )
    await run_dry(pool, register)

    assert taken == ["now"]


async def test_a_step_that_keeps_failing_is_given_up_and_says_why(pool, register):
    async def take(_, task):
        raise ValueError("the file is empty")

    register.step("print", take)
    async with db.begin(pool) as connection:
        id = await jobs.later(connection, "print", {})
    for _ in range(5):
        await step_once(pool, register)
        await pool.execute("UPDATE jobs.tasks SET due_at = now()")

    task = await jobs.task(pool, id)
    assert (task.state, task.note) == ("failed", "ValueError: the file is empty")


async def test_the_same_step_written_twice_is_one_step(pool, register):
    id = db.new_id()
    for _ in range(2):
        async with db.begin(pool) as connection:
            await jobs.later(connection, "settle", {}, id=id)

    assert await pool.fetchval("SELECT count(*) FROM jobs.tasks") == 1


async def test_only_one_of_many_workers_sweeps_when_the_time_has_come(pool, register):
    swept = []

    async def sweep(_):
        swept.append(1)

    register.every(timedelta(minutes=1), "holds", sweep)
    await asyncio.gather(*(sweep_once(pool, register, "holds") for _ in range(8)))

    assert len(swept) == 1


async def test_a_sweep_that_fails_or_hangs_keeps_no_other_from_its_turn(pool, register):
    stop, swept, away = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def fails(_):
        raise OSError

    async def hangs(_):
        await away.wait()

    async def ends_holds(_):
        swept.set()

    register.every(timedelta(0), "a broken sweep", fails)
    register.every(timedelta(0), "somebody's slow server", hangs)
    register.every(timedelta(0), "holds", ends_holds)
    working = asyncio.create_task(work(pool, register, stop))
    async with asyncio.timeout(5):
        for _ in range(2):
            await swept.wait()
            swept.clear()
        stop.set()
        away.set()
        await working
