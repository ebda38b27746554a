"""/health/live: the process runs. /health/ready: the shop is open."""

import asyncio
from typing import Any

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
    database = "closing" if state.get("closing") else await _database(state.pool)
    redis = "works" if state.hub.redis_works else "away"
    answer = Readiness(database == "works", database, redis)
    return Response(answer, status_code=200 if answer.ready else 503)


def close(state: State) -> None:
    """Say "not ready" from now on, so that a balancer sends nobody here while we finish."""
    state["closing"] = True


async def _database(pool: Pool) -> str:
    try:
        async with asyncio.timeout(1), pool.acquire(timeout=0.5) as connection:
            return "works" if await at_head(connection) else "needs migration"
    except Exception as error:  # noqa: BLE001  # any reason at all means: not ready, and why
        return type(error).__name__


routes: list[Any] = [live, ready]
