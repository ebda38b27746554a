"""A verb that works on the shop's database: its own servers are started or joined meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app import db
from app.db import Pool
from app.db.migrate import migrate
from app.serving import services
from app.settings import Settings

Answer = TypeVar("Answer")


def on_database(settings: Settings, act: Callable[[Pool], Awaitable[Answer]]) -> Answer:
    """`await act(pool)`, on a database with the newest schema; returns what it returns."""

    async def run(url: str) -> Answer:
        await migrate(url)
        pool = await db.open_pool(url, size=settings.pool_size)
        try:
            return await act(pool)
        finally:
            await db.close_pool(pool)

    with services(settings) as running:
        return asyncio.run(run(running.database_url))
