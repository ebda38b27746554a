"""/health/live: the process runs. /health/ready: the shop is open."""

import asyncio
from typing import Any

import asyncpg
import msgspec
from litestar import Response, get
from litestar.datastructures import State

from app.db import Pool
from app.db.migrate import at_head


class Readiness(msgspec.Struct):
    ready: bool
    database: str
    redis: str


@get("/health/live", tags=["operators"])
async def live() -> dict[str, str]:
    """200 as long as this process answers at all."""
    return {"status": "live"}


@get("/health/ready", tags=["operators"])
async def ready(state: State) -> Response[Readiness]:
    """200 when the shop is open, 503 with the reason when it is not. Redis only degrades."""
    database = "closing" if state.get("closing") else await _database(state)
    redis = "works" if state.hub.redis_works else "away"
    answer = Readiness(database == "works", database, redis)
    return Response(answer, status_code=200 if answer.ready else 503)


def close(state: State) -> None:
    """Say "not ready" from now on, so that a balancer sends nobody here while we finish."""
    state["closing"] = True


async def _database(state: State) -> str:
    try:
        async with asyncio.timeout(1), state.pool.acquire(timeout=0.5) as connection:
            return "works" if await at_head(connection) else "needs migration"
    except Exception as error:  # noqa: BLE001  # any reason at all means: not ready, and why
        return _why(state, error)


def _why(state: State, error: Exception) -> str:
    """What whoever is woken by this looks at first: the server, the way to it, or what holds it up."""
    pool: Pool = state.pool
    if isinstance(error, TimeoutError):
        is_full = pool.get_size() == pool.get_max_size() and not pool.get_idle_size()
        return (
            "all connections are in use" if is_full and not state.pulse.away else "does not answer"
        )
    if isinstance(error, asyncpg.CannotConnectNowError):
        return "is starting"
    if isinstance(error, OSError | asyncpg.PostgresConnectionError | asyncpg.InterfaceError):
        return "cannot be reached"
    return type(error).__name__


routes: list[Any] = [live, ready]
