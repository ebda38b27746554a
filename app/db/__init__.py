"""The pool, and what one transaction is. Why one request is one transaction: README.md here."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pgproto.pgproto import UUID as QuickUUID
from asyncpg.pool import PoolConnectionProxy
from litestar.datastructures import State
from litestar.di import NamedDependency

from app.errors import ShopError
from app.settings import Unsettled

if TYPE_CHECKING:
    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:  # generic for the type checker only
    Connection, Pool = PoolConnectionProxy, asyncpg.Pool
Db: TypeAlias = NamedDependency[PoolConnectionProxy]

ACQUIRE_TIMEOUT_S = 2.0
CLOSE_TIMEOUT_S = 3.0
NOTHING: UUID = QuickUUID(bytes(16))
"""Stands in keys where a thing has none, e.g. a cart line that came from no edition."""

_after_commit: dict[int, list[Callable[[], None]]] = {}


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, 5.7): ids made later sort later, so indexes grow at one end.

    Of the kind that rows bring: a batch hashes and sends its ids many times over, and this one
    does both without Python's help.
    """
    at_ms = time.time_ns() // 1_000_000
    return QuickUUID(at_ms.to_bytes(6, "big") + _chance.take())


class _Chance:
    """Random bytes of the system, with version 7 and variant set, for some hundred ids at a time:
    each fetch is a call into the kernel, and a scan needs several ids."""

    SIZE, AT_ONCE = 10, 256
    CHANCE = int.from_bytes(bytes([0x0F, 0xFF, 0x3F, *[0xFF] * 7]) * AT_ONCE, "big")
    MARKS = int.from_bytes(bytes([0x70, 0x00, 0x80, *[0x00] * 7]) * AT_ONCE, "big")

    def __init__(self) -> None:
        self._left: list[bytes] = []
        os.register_at_fork(after_in_child=self._left.clear)

    def take(self) -> bytes:
        try:
            return self._left.pop()
        except IndexError:
            length = self.SIZE * self.AT_ONCE
            fetched = int.from_bytes(os.urandom(length), "big") & self.CHANCE | self.MARKS
            marked = fetched.to_bytes(length, "big")
            parts = [marked[at : at + self.SIZE] for at in range(0, length, self.SIZE)]
            self._left.extend(parts[1:])
            return parts[0]


_chance = _Chance()


class CannotConnect(Unsettled, ConnectionError):
    """A process of ours begins, and the database does not let it in; the text says why."""


async def open_pool(url: str, *, size: int = 10) -> Pool:
    """Every wait in it has an end: for a connection, a lock, a statement, an idle transaction.

    Raises CannotConnect when not even the first connection can be made.
    """
    with letting_in(url):
        return await _pool(url, size)


async def knock(url: str) -> None:
    """Raises CannotConnect."""
    with letting_in(url):
        await (await asyncpg.connect(url, timeout=5)).close()


@contextmanager
def letting_in(url: str) -> Iterator[None]:
    """Around the first connection of a process: why it failed, in a sentence without the password."""
    try:
        yield
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        where = urlsplit(url).netloc.rpartition("@")[2] or "this machine"
        reason = str(error) or "no answer in time"
        raise CannotConnect(f"DATABASE_URL: no way to PostgreSQL at {where}: {reason}") from error


async def _pool(url: str, size: int) -> Pool:
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        timeout=5,
        command_timeout=15,
        max_inactive_connection_lifetime=60,
        connect=_connect,
        init=_prepare_connection,
        reset=_keep_as_is,
        server_settings={
            "application_name": "perron",
            "timezone": "UTC",
            "jit": "off",
            "random_page_cost": "1.1",  # what is asked for often lies in memory
            "statement_timeout": "10s",
            "lock_timeout": "3s",
            "idle_in_transaction_session_timeout": "20s",
        },
    )


async def _connect(*where: Any, **how: Any) -> Any:
    """A socket that is not there, a host without a route: the database is away, whereas any other
    missing file would be a mistake of ours."""
    try:
        return await asyncpg.connect(*where, **how)
    except (TimeoutError, ConnectionError):
        raise
    except OSError as error:
        raise ConnectionError(str(error)) from error


async def close_pool(pool: Pool) -> None:
    """Lets what runs finish, and no longer than a statement may take."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await pool.close()
    except TimeoutError:
        pool.terminate()


@asynccontextmanager
async def lend(pool: Pool) -> AsyncIterator[Connection]:
    """A connection without a transaction: each statement on it is one of its own."""
    async with pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
        yield connection


@asynccontextmanager
async def begin(pool: Pool) -> AsyncIterator[Connection]:
    """One transaction: all of it happens, or none. What waits for it to be true runs after.

    A refusal that was recorded as the outcome of a command (`ShopError.recorded`) is committed
    like a success, and raised again afterwards: asked twice, the shop gives the same answer.
    """
    async with lend(pool) as connection, begin_on(connection):
        yield connection


@asynccontextmanager
async def begin_on(connection: Connection) -> AsyncIterator[None]:
    """The same on a connection that was lent."""
    refusal: ShopError | None = None
    afterwards = _after_commit[id(connection)] = []
    try:
        async with connection.transaction():
            try:
                yield
            except ShopError as error:
                if not error.recorded:
                    raise
                refusal = error
    finally:
        del _after_commit[id(connection)]
    for act in afterwards:
        act()
    if refusal is not None:
        raise refusal


async def transaction(state: State) -> AsyncIterator[Connection]:
    """A handler that asks for `db` runs inside one transaction, committed before it answers."""
    async with begin(state.pool) as connection:
        yield connection


async def server(connection: Connection) -> tuple[str, int]:
    """Version of the database server, and how many bytes this database takes."""
    row = await connection.fetchrow(
        """
        SELECT current_setting('server_version') AS version,
               pg_database_size(current_database()) AS size
        """
    )
    assert row is not None
    return row["version"], row["size"]


def after_commit(connection: Connection, act: Callable[[], None]) -> None:
    """Run once the surrounding `begin` has committed; outside of one there is nothing to wait for."""
    waiting = _after_commit.get(id(connection))
    if waiting is None:
        act()
    else:
        waiting.append(act)


async def _prepare_connection(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode,
    )


async def _keep_as_is(_: Any) -> None:
    """No session state is ever set, so none has to be reset: it would double the round trips."""
