"""The statements of a real act, sent again by a bare loop: what the database alone takes for it.

An act is recorded twice, on two things of the same kind. Where the two differ there was something
of its own (an id, a number, a token); each replay puts something new there, the same everywhere.
"""

import asyncio
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from app import db
from app.db import Pool, new_id

Statement = tuple[str, Any]
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


async def record(url: str, act: Callable[[Pool], Awaitable[object]]) -> list[Statement]:
    """Whatever `act` sends over the pool it is given, BEGIN and COMMIT included, in order."""
    sent: list[Statement] = []
    pool = await db.open_pool(url, size=1)
    try:
        async with pool.acquire() as connection:
            connection.add_query_logger(lambda one: sent.append((one.query, one.args)))
        await act(pool)
        await asyncio.sleep(0)
    finally:
        await pool.close()
    return sent


class Replay:
    """`first` and `second` are recordings of the same act; `known` says what stands for things of
    the first that are there already, e.g. the cart."""

    def __init__(self, first: Sequence[Statement], second: Sequence[Statement]) -> None:
        if _without_names(first) != _without_names(second):
            raise RuntimeError("the two recordings are not of the same steps")
        self._first, self._second = first, second

    async def run(self, pool: Pool, known: dict[UUID, UUID]) -> None:
        anew: dict[Any, Any] = dict(known)
        async with pool.acquire() as connection:
            for (query, args), (_, other) in zip(self._first, self._second, strict=True):
                if not args:
                    await connection.execute(query)
                    continue
                mine = _other_than(args, other, anew)
                if isinstance(args, list):
                    await connection.executemany(query, mine)
                else:
                    await connection.fetch(query, *mine)


def _without_names(steps: Sequence[Statement]) -> list[str]:
    """Savepoints are numbered through."""
    return [re.sub(r"savepoint_[0-9a-f]+", "savepoint", query) for query, _ in steps]


def _other_than(value: Any, other: Any, anew: dict[Any, Any]) -> Any:
    """`value` with what is its own replaced, which is where it differs from `other`."""
    match value:
        case dict():
            twin = other if isinstance(other, dict) else {}
            return {key: _other_than(value[key], twin.get(key), anew) for key in value}
        case list() | tuple():
            twins = list(other) if isinstance(other, list | tuple) else []
            twins = [*twins, *[None] * len(value)][: len(value)]
            parts = [_other_than(*pair, anew) for pair in zip(value, twins, strict=True)]
            return type(value)(parts)
        case str() if value.isalpha() and value.islower():
            return value  # one of a few words, as the arm of a trial, which differs by chance
        case UUID() | str() | bytes() if value in anew or other not in (None, value):
            return anew.setdefault(value, _new_like(value))
        case _:
            return value


def _new_like(value: UUID | str | bytes) -> UUID | str | bytes:
    match value:
        case UUID():
            return new_id()
        case bytes():
            return os.urandom(len(value))
        case _ if len(value) == 36 and value.count("-") == 4:
            return str(new_id())
        case _:
            tail = [one if one == "-" else secrets.choice(LETTERS) for one in value[-6:]]
            return value[:-6] + "".join(tail)
