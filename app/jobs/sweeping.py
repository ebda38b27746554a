"""A sweep goes through many things that have nothing to do with each other."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from app.logs import log

T = TypeVar("T")


async def one_by_one(what: str, found: Iterable[T], act: Callable[[T], Awaitable[object]]) -> None:
    """Each by itself: one over which we stumble is told to the operator and tried again by the next
    sweep, and keeps no other waiting."""
    for one in found:
        try:
            await act(one)
        except Exception:  # noqa: BLE001  # whatever it is, the others have a right to be served
            log.exception("sweep stumbled", sweep=what, subject=str(one))
