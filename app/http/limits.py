"""Guessing codes is slowed down; scanning never is.

A wall in a station is one address for three hundred people, so only misses count. Token buckets in
this process, and one for all processes over Redis; when Redis is away or slow, this one goes on.
"""

import asyncio
import time
from typing import Any

import redis.asyncio as redis
from litestar import Request
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.errors import TooMany
from app.http.address import address_of
from app.logs import log

BURST, PER_S = 100.0, 0.5
"""Misses of one address: a crowd at a spoiled poster passes, a machine that guesses does not."""
REPORTS = (6.0, 1 / 30)
"""What one address may say about codes: a shelf full of torn labels at once, then one in a while."""
REMEMBERED = 10_000
LEAVE_REDIS_ALONE_S = 5.0

# KEYS: the bucket. ARGV: burst, per second. Returns 0, or how many seconds until the next token.
TAKE = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1000000
local b = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(ARGV[1], (tonumber(b[1]) or ARGV[1]) + (now - (tonumber(b[2]) or now)) * ARGV[2])
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / ARGV[2]) end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(ARGV[1] / ARGV[2]) + 1)
return wait
"""


class Buckets:
    """Token buckets of one process. Of too many keys, those unused longest are forgotten."""

    def __init__(self, burst: float = BURST, per_s: float = PER_S) -> None:
        self._burst, self._per_s = burst, per_s
        self._kept: dict[str, tuple[float, float]] = {}

    def take(self, key: str, now: float) -> int:
        """0, or how many seconds to wait for the next token."""
        tokens, at = self._kept.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + max(0.0, now - at) * self._per_s)
        wait_s = 0 if tokens >= 1 else int((1 - tokens) / self._per_s) + 1
        self._kept[key] = (tokens - 1 if wait_s == 0 else tokens, now)
        if len(self._kept) > REMEMBERED:
            del self._kept[next(iter(self._kept))]
        return wait_s


class Misses:
    """How often an address asked for what is not there."""

    def __init__(self, redis_url: str | None) -> None:
        self._here: dict[str, Buckets] = {}
        self._alone_until = 0.0
        self._redis = (
            redis.Redis.from_url(
                redis_url,
                socket_timeout=0.2,
                socket_connect_timeout=0.2,
                retry=Retry(NoBackoff(), 0),
            )
            if redis_url
            else None
        )

    async def count(
        self, kind: str, address: str, limit: tuple[float, float] = (BURST, PER_S)
    ) -> int:
        """Count one; 0, or how many seconds this address should wait. `limit`: burst, per second."""
        buckets = self._here.setdefault(kind, Buckets(*limit))
        here = buckets.take(address, time.monotonic())
        return max(here, await self._everywhere(kind, address, limit))

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()

    async def _everywhere(self, kind: str, address: str, limit: tuple[float, float]) -> int:
        if self._redis is None or time.monotonic() < self._alone_until:
            return 0
        try:
            async with asyncio.timeout(0.3):
                wait_s = await self._redis.eval(
                    TAKE, 1, f"perron:misses:{kind}:{address}", str(limit[0]), str(limit[1])
                )
        except (RedisError, OSError, TimeoutError) as error:
            self._alone_until = time.monotonic() + LEAVE_REDIS_ALONE_S
            log.warning("limits are this process's own for now", error=type(error).__name__)
            return 0
        return int(wait_s)


async def miss(request: Request[Any, Any, Any], kind: str) -> None:
    """To be awaited before refusing an unknown code. Raises TooMany for one who keeps guessing."""
    state = request.app.state
    wait_s = await state.misses.count(kind, address_of(request.scope, state.proxies))
    if wait_s:
        raise TooMany(
            "Too many unknown codes in a row. Please wait a moment and scan again.",
            retry_after_s=wait_s,
        )


async def slow_down(request: Request[Any, Any, Any], kind: str, limit: tuple[float, float]) -> None:
    """Raises TooMany for an address that says the same kind of thing again and again."""
    state = request.app.state
    wait_s = await state.misses.count(kind, address_of(request.scope, state.proxies), limit)
    if wait_s:
        raise TooMany(
            "That was a lot at once. Please wait a moment and try again.", retry_after_s=wait_s
        )
