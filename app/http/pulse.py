"""Does the database still answer? Felt beside the requests, so that nobody waits for it to find out.

A frozen server keeps its connections: a statement would wait for its timeout, the rollback after it
again, and so would the connection on its way back. Whoever waits is told after two missed beats, and
whoever comes meanwhile at once.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from app.logs import log

EVERY_S = 0.4
ANSWERS_WITHIN_S = 1.0
MISSES = 2
"""One may be ours: a process that was busy itself for a second."""


class Pulse:
    """`away` while the database does not answer; `on_away` is awaited each time that begins."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection[Any] | None = None
        self._missed = 0
        self._task: asyncio.Task[None] | None = None
        self.away = False
        self.on_away: Callable[[], Awaitable[None]] | None = None

    async def open(self) -> None:
        self._task = asyncio.create_task(self._feel())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._hang_up()

    async def _feel(self) -> None:
        while True:
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    await self._beat()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                self._hang_up()
                await self._miss(error)
            else:
                self._missed = 0
                if self.away:
                    log.info("database is back")
                self.away = False
                await asyncio.sleep(EVERY_S)

    async def _beat(self) -> None:
        if self._connection is None:
            settings = {"application_name": "perron pulse"}
            self._connection = await asyncpg.connect(
                self._url, timeout=ANSWERS_WITHIN_S, server_settings=settings
            )
        await self._connection.fetchval("SELECT 1")

    async def _miss(self, error: Exception) -> None:
        self._missed += 1
        if self._missed >= MISSES and not self.away:
            log.error("database does not answer", error=type(error).__name__)
            self.away = True
            if self.on_away is not None:
                await self.on_away()
        await asyncio.sleep(0.1)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
