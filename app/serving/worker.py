"""One worker process: hears events, takes steps that are due, sweeps."""

import asyncio
import signal
import sys

import uvloop

from app import consequences, db, jobs, logs
from app.jobs.worker import work
from app.live import Hub
from app.settings import Settings


def run(settings: Settings) -> None:
    """Work until told to stop; then finish what is in hand."""
    logs.configure(as_json=not sys.stderr.isatty(), level=settings.log_level.upper())
    uvloop.run(_work(settings))


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    consequences.register(jobs.registered, settings)
    pool = await db.open_pool(settings.database_url, size=settings.pool_size)
    # What the worker changes is told to the watchers of the web processes.
    hub = Hub(pool, settings.redis_url or None, {})
    await hub.open()
    try:
        await work(pool, jobs.registered, stop)
    finally:
        await hub.close()
        await db.close_pool(pool)
