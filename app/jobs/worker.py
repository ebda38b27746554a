"""One worker: hears events, takes due steps, sweeps. Any number may run; leases keep them apart."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from app.db import Pool, begin, new_id
from app.jobs import queries
from app.jobs.models import Backlog, Task
from app.jobs.register import Register
from app.jobs.rules import GIVE_UP_AFTER, wait_after
from app.logs import log

LEASE = timedelta(seconds=30)
"""What a worker that was killed had in hand is taken over after so long; longer than a mail may take."""
PAUSE_S = 0.25
LONGEST_PAUSE_S = 5
"""Between two looks whether a sweep is due."""
SWEEPS_AT_ONCE = 6
"""Of one worker: more would take the connections from what is heard."""
TASK_ATTEMPTS = 5
AT_ONCE = 8


async def work(pool: Pool, register: Register, stop: asyncio.Event) -> None:
    """Runs until `stop` is set, then finishes what it holds."""
    async with asyncio.TaskGroup() as crew:
        crew.create_task(_again_and_again(hear_once, pool, register, stop))
        crew.create_task(_again_and_again(step_once, pool, register, stop))
        sweeping = asyncio.Semaphore(SWEEPS_AT_ONCE)
        for name in register.sweeps:
            crew.create_task(_sweep_again_and_again(name, pool, register, stop, sweeping))


async def run_dry(pool: Pool, register: Register) -> None:
    """Everything that is due now and what follows from it; for tests and for the demo."""
    while await hear_once(pool, register) or await step_once(pool, register):
        pass


async def hear_once(pool: Pool, register: Register) -> bool:
    lease = new_id()
    backlogs = await queries.lease_backlogs(pool, lease, AT_ONCE, LEASE)
    await asyncio.gather(*(_hear(pool, register, backlog, lease) for backlog in backlogs))
    return bool(backlogs)


async def step_once(pool: Pool, register: Register) -> bool:
    lease = new_id()
    tasks = await queries.lease_tasks(pool, lease, list(register.steps), 2, LEASE)
    await asyncio.gather(*(_step(pool, register, task, lease) for task in tasks))
    return bool(tasks)


async def sweep_once(pool: Pool, register: Register, name: str) -> None:
    """By one worker each time it is due."""
    interval, sweep = register.sweeps[name]
    if await queries.take_turn(pool, name, interval):
        await sweep(pool)


async def _again_and_again(
    act: Callable[[Pool, Register], Awaitable[bool]],
    pool: Pool,
    register: Register,
    stop: asyncio.Event,
) -> None:
    while not stop.is_set():
        busy = False
        try:
            busy = await act(pool, register)
        except Exception:  # noqa: BLE001  # the database may be away for a while; a worker outlives that
            log.exception("worker stumbled", part=act.__name__)
            await asyncio.sleep(1)
        if not busy:
            await _pause(PAUSE_S, stop)


async def _sweep_again_and_again(
    name: str, pool: Pool, register: Register, stop: asyncio.Event, sweeping: asyncio.Semaphore
) -> None:
    """Each sweep by itself: one that fails, or waits for somebody else's slow server, keeps no hold
    from ending and no payment from being asked about."""
    interval, _ = register.sweeps[name]
    pause_s = min(max(interval.total_seconds() / 4, PAUSE_S), LONGEST_PAUSE_S)
    while not stop.is_set():
        try:
            async with sweeping:
                await sweep_once(pool, register, name)
        except Exception:  # noqa: BLE001  # the database may be away for a while; a worker outlives that
            log.exception("sweep failed", sweep=name)
        await _pause(pause_s, stop)


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def _hear(pool: Pool, register: Register, backlog: Backlog, lease: UUID) -> None:
    try:
        while await _hear_next(pool, register, backlog, lease):
            # The failures so far were the first event's; the next one starts afresh.
            backlog = msgspec.structs.replace(backlog, attempts=0, first_failed_at=None)
    except Exception as error:  # noqa: BLE001  # whatever a consumer stumbles over, its events stay in order
        log.exception("consumer failed", consumer=backlog.consumer, aggregate=backlog.aggregate)
        await queries.put_off_backlog(
            pool,
            backlog.consumer,
            backlog.aggregate,
            lease,
            wait_after(backlog.attempts, random.random()),
            # Its kind only: what a mail server says names people.
            type(error).__name__,
        )


async def _hear_next(pool: Pool, register: Register, backlog: Backlog, lease: UUID) -> bool:
    """Hear one event, and close the backlog with it when it was the last. False when it is closed."""
    consumer = backlog.consumer
    if consumer in register.outside:
        async with begin(pool) as db:
            event = await queries.next_event(db, consumer, backlog.aggregate, lease)
        if event is not None and not _given_up(backlog):
            await register.outside[consumer](pool, event)
    async with begin(pool) as db:
        event = await queries.next_event(db, consumer, backlog.aggregate, lease)
        if event is None:
            await queries.close_backlog(db, consumer, backlog.aggregate)
            return False
        if _given_up(backlog):
            log.error("event parked", consumer=consumer, kind=event.kind, aggregate=event.aggregate)
            await queries.park(db, consumer, event)
        else:
            if consumer in register.inside:
                await register.inside[consumer](db, event)
            await queries.mark_delivered(db, consumer, event)
        if await queries.close_backlog(db, consumer, backlog.aggregate):
            return False
        await queries.forget_failures(db, consumer, backlog.aggregate)
    return True


def _given_up(backlog: Backlog) -> bool:
    first = backlog.first_failed_at
    return first is not None and datetime.now(UTC) - first > GIVE_UP_AFTER


async def _step(pool: Pool, register: Register, task: Task, lease: UUID) -> None:
    renewal = asyncio.create_task(_keep_lease(pool, task.id, lease))
    try:
        outcome = await register.steps[task.kind](pool, task)
        await queries.finish_task(pool, task.id, lease, outcome)
    except Exception as error:  # noqa: BLE001  # a step that fails must not stop the others
        log.exception("step failed", kind=task.kind, task=task.id, attempt=task.attempts)
        note = f"{type(error).__name__}: {error}"[:500]
        if task.attempts >= TASK_ATTEMPTS:
            await queries.fail_task(pool, task.id, lease, note)
        else:
            wait = wait_after(task.attempts - 1, random.random())
            await queries.put_off_task(pool, task.id, lease, wait, note)
    finally:
        renewal.cancel()


async def _keep_lease(pool: Pool, id: UUID, lease: UUID) -> None:
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        await queries.renew_task(pool, id, lease, LEASE)
