"""What the shop needs of a machine, looked at one by one."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from typing import NamedTuple

import asyncpg
import redis

from app import embedded
from app.bootstrap import browser
from app.embedded import DidNotStart
from app.serving import network, services
from app.settings import Settings

ENOUGH_GB = 2


class Finding(NamedTuple):
    fine: bool
    what: str


def findings(settings: Settings) -> Iterator[Finding]:
    yield Finding(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}")
    packages = browser.PAGES / "node_modules" / "zxing-wasm"
    yield Finding(packages.is_dir(), "packages for the browser: in-page scanner, fonts")
    free_gb = shutil.disk_usage(settings.home if settings.home.exists() else "/").free / 1e9
    yield Finding(free_gb > ENOUGH_GB, f"{free_gb:.0f} GB free for {settings.home}")
    free = network.is_free(settings.host, settings.port)
    yield Finding(True, f"port {settings.port} is {'free' if free else 'taken, by a shop perhaps'}")
    yield Finding(True, f"address in the local network: {network.local_address()}")
    yield _tools()
    try:
        with services(settings) as running:
            yield from asyncio.run(_database(running.database_url))
            yield _redis(running.redis_url)
    except DidNotStart as reason:
        yield Finding(False, str(reason))


def _tools() -> Finding:
    try:
        return Finding(True, f"pg_dump for backups: {embedded.program('pg_dump')}")
    except DidNotStart:
        return Finding(False, "pg_dump for backups")


async def _database(url: str) -> list[Finding]:
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, asyncpg.PostgresError) as error:
        return [Finding(False, f"PostgreSQL: {error}")]
    version = await connection.fetchval("SHOW server_version")
    number: int = await connection.fetchval("SELECT current_setting('server_version_num')::int")
    has_trigrams = await connection.fetchval(
        "SELECT count(*) = 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
    )
    await connection.close()
    return [
        Finding(number >= 180_000, f"PostgreSQL {version}, 18 or newer"),
        Finding(bool(has_trigrams), "pg_trgm for search"),
    ]


def _redis(url: str) -> Finding:
    if not url:
        return Finding(True, "no Valkey here: live changes arrive a little later")
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return Finding(False, f"Valkey or Redis: {error}")
    return Finding(True, "Valkey or Redis answers")
