"""The shop's own PostgreSQL and Valkey, for everyone who brings neither.

They live in the data folder, listen on Unix sockets only, and stop by themselves when the last
process that holds them has gone, even when it was killed. Why it is done this way: README.md here.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from app.embedded.postgres import Postgres
from app.embedded.programs import program
from app.embedded.room import DidNotStart, room_in
from app.embedded.valkey import Valkey

__all__ = ["Addresses", "DidNotStart", "data_folder", "program", "servers"]


class Addresses(NamedTuple):
    database_url: str
    redis_url: str


@contextmanager
def servers(
    home: Path, *, fast: bool = False, database: bool = True, redis: bool = True
) -> Iterator[Addresses]:
    """Start both, or join those that run for this folder; yields their addresses.

    `fast` gives up safety against power cuts, for tests. A server that is not wanted has the
    address "". Raises `DidNotStart` with the reason from the server's own log.
    """
    with ExitStack() as held:
        room = room_in(home)
        postgres = held.enter_context(Postgres(room, fast=fast)) if database else None
        valkey = held.enter_context(Valkey(room)) if redis and Valkey.is_installed() else None
        for server in (postgres, valkey):
            if server is not None:
                server.wait_until_ready()
        yield Addresses(postgres.url if postgres else "", valkey.url if valkey else "")


def data_folder(home: Path) -> Path:
    """Where the rows are; a note kept in it goes when they go, and is copied when they are."""
    return room_in(home).folder / Postgres.name
