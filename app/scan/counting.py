"""How often labels are looked at: sums in memory, written every few seconds.

A look must not cost a write, and a sum of an hour tells nobody who it was. A crash loses seconds.
"""

import asyncio
from datetime import UTC, datetime

from app import db
from app.db import Pool
from app.logs import log
from app.scan import queries

EVERY_S = 5.0
MOST = 10_000


class Counts:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._sums: dict[str, list[int]] = {}
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.write()

    def looked(self, label: str) -> None:
        self._sum(label)[0] += 1

    def added(self, label: str) -> None:
        self._sum(label)[1] += 1

    async def write(self) -> None:
        sums, self._sums = self._sums, {}
        if not sums:
            return
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        try:
            async with db.begin(self._pool) as connection:
                await queries.count(
                    connection,
                    list(sums),
                    [hour] * len(sums),
                    [opens for opens, _ in sums.values()],
                    [adds for _, adds in sums.values()],
                )
        except Exception as error:  # noqa: BLE001  # a statistic must never stop the shop
            log.warning("scan counts were not written", error=type(error).__name__)

    def _sum(self, label: str) -> list[int]:
        known = self._sums.get(label)
        if known is None:
            known = [0, 0]
            if len(self._sums) < MOST:
                self._sums[label] = known
        return known

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self.write()
