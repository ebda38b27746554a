"""Brings a database to the newest schema: plain SQL files, forward only, each in one transaction.

But for those that begin with `-- Outside of a transaction`: an index that is built inside of one
keeps everybody waiting who writes to its table until the last index of the file is there. Why they
can begin again wherever they were cut off: concurrently.py.
"""

import asyncio
import hashlib
from pathlib import Path

import asyncpg

from app.db import Connection, concurrently, letting_in
from app.db.concurrently import Whole
from app.settings import Unsettled

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_376_676  # any number, as long as every process that migrates takes the same
ASK_AGAIN_S = 0.2


class CannotMigrate(Unsettled, RuntimeError):
    """An operator has to do something first; the text says what."""


async def migrate(url: str) -> list[str]:
    """Apply what is missing, one process at a time; returns the names of what was applied.

    Raises CannotMigrate when an applied file was changed afterwards, when the server is too old or
    cannot compare Korean words, or when the shop is too busy for a change to its tables.
    """
    with letting_in(url):
        connection = await asyncpg.connect(url, timeout=10)
    try:
        await _be_the_only_one(connection)
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
    """Whether all is there that this code needs. What a newer one has added is in nobody's way: while
    the processes are replaced one after another, the old ones go on."""
    names = [path.stem for path in files()]
    count = await connection.fetchval(
        "SELECT count(*) FROM public.migrations WHERE name = ANY ($1::text[])", names
    )
    return bool(count == len(names))


async def _be_the_only_one(connection: Whole) -> None:
    """Asked for again and again: one who waits inside a statement holds a snapshot, and an index that is
    built concurrently waits for all of those."""
    # Of another process no event tells.
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110
        await asyncio.sleep(ASK_AGAIN_S)


async def _apply(connection: Whole, path: Path, applied_as: str | None) -> bool:
    sql = path.read_text()  # noqa: ASYNC240  # a few kB, before the shop opens
    fingerprint = hashlib.sha256(sql.encode()).hexdigest()
    if applied_as == fingerprint:
        return False
    if applied_as is not None:
        raise CannotMigrate(f"{path.name} was changed after it had been applied; write a new one.")
    try:
        if concurrently.is_meant(sql):
            await concurrently.apply(connection, sql)
            await _note(connection, path, fingerprint)
        else:
            async with connection.transaction():
                await connection.execute("SET LOCAL lock_timeout = '5s'")
                await connection.execute(sql)
                await _note(connection, path, fingerprint)
    except asyncpg.LockNotAvailableError as error:
        raise CannotMigrate(
            f"{path.name} waited in vain for a table that is in use; nothing of it was applied."
            " Run perron migrate again, best when the shop is quiet."
        ) from error
    return True


async def _note(connection: Whole, path: Path, fingerprint: str) -> None:
    await connection.execute(
        "INSERT INTO public.migrations (name, sha256) VALUES ($1, $2)", path.stem, fingerprint
    )


async def _check_server(connection: Whole) -> None:
    version: int = await connection.fetchval("SELECT current_setting('server_version_num')::int")
    if version < 180_000:
        raise CannotMigrate(f"PostgreSQL 18 or newer is needed; this one is {version // 10_000}.")
