"""Brings a database to the newest schema: plain SQL files, forward only, each in one transaction."""

import hashlib
from pathlib import Path

import asyncpg

from app.db import Connection
from app.settings import Unsettled

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_376_676  # any number, as long as every process that migrates takes the same


class CannotMigrate(Unsettled, RuntimeError):
    """An operator has to do something first; the text says what."""


async def migrate(url: str) -> list[str]:
    """Apply what is missing, one process at a time; returns the names of what was applied.

    Raises CannotMigrate when an applied file was changed afterwards, or when the server is too old
    or cannot compare Korean words.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await _check_server(connection)
        await connection.execute(
            """
            CREATE TABLE IF NOT EXISTS public.migrations (
                name        text PRIMARY KEY,
                sha256      text NOT NULL,
                applied_at  timestamptz NOT NULL DEFAULT now()
            )
            """
        )
        rows = await connection.fetch("SELECT name, sha256 FROM public.migrations")
        applied: dict[str, str] = {row["name"]: row["sha256"] for row in rows}
        return [
            path.stem for path in files() if await _apply(connection, path, applied.get(path.stem))
        ]
    finally:
        await connection.close()


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.sql"))


async def at_head(connection: Connection) -> bool:
    count = await connection.fetchval("SELECT count(*) FROM public.migrations")
    return bool(count == len(files()))


async def _apply(
    connection: "asyncpg.Connection[asyncpg.Record]", path: Path, applied_as: str | None
) -> bool:
    sql = path.read_text()  # noqa: ASYNC240  # a few kB, before the shop opens
    fingerprint = hashlib.sha256(sql.encode()).hexdigest()
    if applied_as == fingerprint:
        return False
    if applied_as is not None:
        raise CannotMigrate(f"{path.name} was changed after it had been applied; write a new one.")
    async with connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '5s'")
        await connection.execute(sql)
        await connection.execute(
            "INSERT INTO public.migrations (name, sha256) VALUES ($1, $2)", path.stem, fingerprint
        )
    return True


async def _check_server(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    version: int = await connection.fetchval("SELECT current_setting('server_version_num')::int")
    if version < 180_000:
        raise CannotMigrate(f"PostgreSQL 18 or newer is needed; this one is {version // 10_000}.")
