"""Many asks, one transaction: while one batch commits, the next one gathers by itself.

Nothing waits for a timer: an ask that finds nothing under way goes at once and alone; under load
batches grow to what the database takes in one commit. An answer leaves only after COMMIT.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

import asyncpg

from app import db as database
from app.db import Connection, Pool
from app.errors import Busy

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")

FEW = 8
"""Not worth two batches."""


class Later:
    """The answer of an act that could not have its lock now: the ask keeps its turn."""


LATER: Final = Later()

Act: TypeAlias = Callable[[Connection, Sequence[Ask]], Awaitable[Sequence[Answer | Later]]]
Within: TypeAlias = Callable[[Connection], AbstractAsyncContextManager[None]]


def alone(_: Connection) -> AbstractAsyncContextManager[None]:
    """No transaction around a batch."""
    return nullcontext()


AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, TimeoutError)
"""The database itself does not answer: asking again one by one would only take longer to say so."""


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Ask, Answer]):
    ask: Ask
    since: float
    answer: asyncio.Future[Answer]


class Coalescer(Generic[Ask, Answer]):
    """Gives asks to `act` in the order they came, at most `batch` at a time, `at_once` batches in
    flight: one, unless who comes first does not matter. With two, one is made ready here while the
    database is at work on the other.

    `act` answers one for one, inside the transaction the coalescer opened (`within=alone`: it sees
    to transactions itself, each statement is one of its own); `LATER` puts an ask back at the head of the
    queue. What `act` raises for many is found out one by one, so that only the ask that caused it
    hears of it. An ask must bear a repeat: it carries an id of its own.
    """

    def __init__(
        self,
        act: Act[Ask, Answer],
        *,
        within: Within = database.begin_on,
        batch: int = 128,
        at_once: int = 1,
        queue: int = 2_000,
        patience_s: float = 5.0,
    ) -> None:
        self._act = act
        self._within = within
        self._batch = batch
        self._at_once = at_once
        self._queue = queue
        self._patience_s = patience_s
        self._lanes: dict[Pool, _Lane[Ask, Answer]] = {}

    async def submit(self, pool: Pool, ask: Ask) -> Answer:
        """Raises Busy when too many wait, or when it waited `patience_s` without its turn."""
        lane = self._lanes.get(pool) or self._open_lane(pool)
        return await lane.submit(ask)

    def _open_lane(self, pool: Pool) -> "_Lane[Ask, Answer]":
        for closed in [pool for pool in self._lanes if pool.is_closing()]:
            del self._lanes[closed]
        lane = _Lane(
            pool, self._within, self._act,
            self._batch, self._at_once, self._queue, self._patience_s,
        )  # fmt: skip
        self._lanes[pool] = lane
        return lane


class _Lane(Generic[Ask, Answer]):
    """The queue before one database."""

    def __init__(
        self,
        pool: Pool,
        within: Within,
        act: Act[Ask, Answer],
        batch: int,
        at_once: int,
        queue: int,
        patience_s: float,
    ) -> None:
        self._pool = pool
        self._within = within
        self._act = act
        self._batch = batch
        self._at_once = at_once
        self._limit = queue
        self._patience_s = patience_s
        self._waiting: deque[_Waiting[Ask, Answer]] = deque()
        self._answered = 0
        self._runners: set[asyncio.Task[None]] = set()

    async def submit(self, ask: Ask) -> Answer:
        if len(self._waiting) >= self._limit:
            raise busy()
        loop = asyncio.get_running_loop()
        waiting: _Waiting[Ask, Answer] = _Waiting(ask, loop.time(), loop.create_future())
        self._waiting.append(waiting)
        if len(self._runners) < self._at_once:
            self._runners.add(loop.create_task(self._run()))
        return await waiting.answer

    async def _run(self) -> None:
        pause_s = 0.002
        try:
            while batch := self._next_batch():
                if await self._serve(batch):
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * 2, 0.05)
                else:
                    pause_s = 0.002
        finally:
            self._runners = {one for one in self._runners if one is not asyncio.current_task()}

    async def _serve(self, batch: list[_Waiting[Ask, Answer]]) -> bool:
        """This batch and all that come meanwhile, until nothing waits or all of one are put off.

        On one connection: the next batch is on its way to the database before the answers to this
        one are written, and giving the connection back and asking for another would turn that round.
        """
        try:
            async with database.lend(self._pool) as db:
                while batch:
                    put_off = await self._carry_out(db, batch)
                    self._waiting.extendleft(reversed(put_off))
                    if put_off and len(put_off) == len(batch):
                        return True
                    batch = self._next_batch()
        except AWAY:
            for waiting in batch:
                _refuse(waiting, busy())
        return False

    def _next_batch(self) -> list[_Waiting[Ask, Answer]]:
        """The oldest that still wait. Who went away is dropped, who waited too long is told.

        Of those who wait and those just answered, who will soon be back, it takes half: so one half
        is served while the other comes again. All at once, and the database has nothing to do until
        somebody is back, who then goes alone before all others.
        """
        oldest = asyncio.get_running_loop().time() - self._patience_s
        half = (len(self._waiting) + self._answered + 1) // 2
        most = min(max(half, FEW), self._batch)
        batch: list[_Waiting[Ask, Answer]] = []
        while self._waiting and len(batch) < most:
            waiting = self._waiting.popleft()
            if waiting.since < oldest:
                _refuse(waiting, busy())
            elif not waiting.answer.done():
                batch.append(waiting)
        self._answered = len(batch)
        return batch

    async def _carry_out(
        self, db: Connection, batch: list[_Waiting[Ask, Answer]]
    ) -> list[_Waiting[Ask, Answer]]:
        """Answers whom it can; returns those who were put off."""
        try:
            async with self._within(db):
                answers = await self._act(db, [waiting.ask for waiting in batch])
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001  # whatever one ask does wrong, the others get their answer
            if len(batch) == 1:
                _refuse(batch[0], error)
                return []
            return await self._carry_out_one_by_one(db, batch)
        return _give(batch, answers)

    async def _carry_out_one_by_one(
        self, db: Connection, batch: list[_Waiting[Ask, Answer]]
    ) -> list[_Waiting[Ask, Answer]]:
        put_off: list[_Waiting[Ask, Answer]] = []
        loop = asyncio.get_running_loop()
        for waiting in batch:
            if loop.time() - waiting.since > self._patience_s:
                _refuse(waiting, busy())
            elif not waiting.answer.done():
                put_off += await self._carry_out(db, [waiting])
        return put_off


def _give(
    batch: Sequence[_Waiting[Ask, Answer]], answers: Sequence[Answer | Later]
) -> list[_Waiting[Ask, Answer]]:
    put_off = []
    for waiting, answer in zip(batch, answers, strict=True):
        if isinstance(answer, Later):
            put_off.append(waiting)
        elif not waiting.answer.done():
            waiting.answer.set_result(answer)
    return put_off


def _refuse(waiting: _Waiting[Ask, Answer], error: Exception) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)


def busy() -> Busy:
    return Busy("The shop is very busy. Please try again in a moment.", retry_after_s=1)
