"""Whoever checks out waits in line for the database, so that a crowd is slow rather than refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.db import Connection, Pool, begin
from app.errors import Busy

PATIENCE_S = 12

_lines: dict[Pool, asyncio.Semaphore] = {}


@asynccontextmanager
async def begin_in_turn(pool: Pool) -> AsyncIterator[Connection]:
    """`db.begin`, with half of the pool at most for everybody who checks out together; the others
    keep reading, and the counter of the stock has its connection. Raises Busy after 12 seconds."""
    line = _lines.get(pool) or _form_line(pool)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await line.acquire()
    except TimeoutError as error:
        raise Busy("The shop is very busy. Please try again in a moment.") from error
    try:
        async with begin(pool) as db:
            yield db
    finally:
        line.release()


def _form_line(pool: Pool) -> asyncio.Semaphore:
    for closed in [pool for pool in _lines if pool.is_closing()]:
        del _lines[closed]
    line = _lines[pool] = asyncio.Semaphore(max(pool.get_max_size() // 2, 1))
    return line
