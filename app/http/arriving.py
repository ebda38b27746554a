"""A body arrives in its time. Whoever sends one drop by drop holds a place inside, and with as many of
them as we take in at once one phone would keep everybody out."""

import asyncio
from typing import Any

from litestar.types import Receive

from app.errors import Malformed

FIRST_S = 15.0
"""For what is small, over the worst line."""
SLOWEST_BYTES_PER_S = 4_000
"""Of what is large: each piece that came buys so much time for the next."""
LOOK_EVERY_S = 1.0


class Arrivals:
    """Bodies on their way, looked at together now and then: a timer for each would be dearer than
    all else that is done at the door for a scan."""

    def __init__(self) -> None:
        self._awaited: set[InTime] = set()
        self._looks = False

    def watch(self, receive: Receive) -> Receive:
        """Stands for `receive` of a request that changes something."""
        return InTime(self, receive)

    def add(self, one: "InTime") -> None:
        self._awaited.add(one)
        if not self._looks:
            self._looks = True
            asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._look)

    def discard(self, one: "InTime") -> None:
        self._awaited.discard(one)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        for one in [one for one in self._awaited if one.until < now]:
            one.give_up()
        self._looks = bool(self._awaited)
        if self._looks:
            asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._look)


class InTime:
    def __init__(self, arrivals: Arrivals, receive: Receive) -> None:
        self.until = asyncio.get_running_loop().time() + FIRST_S
        self._arrivals = arrivals
        self._receive = receive
        self._reader: asyncio.Task[Any] | None = None
        self._is_late = self._is_whole = False

    def give_up(self) -> None:
        if self._reader is not None:
            self._is_late = True
            self._reader.cancel()

    async def __call__(self) -> Any:
        """Raises Malformed for a body that is too slow. Once it is whole, only the end is waited for."""
        if self._is_whole:
            return await self._receive()
        self._reader = asyncio.current_task()
        self._arrivals.add(self)
        try:
            message: Any = await self._receive()
        except asyncio.CancelledError:
            if not self._is_late or self._reader is None or self._reader.uncancel():
                raise  # somebody else called it off
            raise Malformed(
                "This took too long to arrive. Please try again.", code="too-slow"
            ) from None
        finally:
            self._arrivals.discard(self)
        self.until += len(message.get("body", b"")) / SLOWEST_BYTES_PER_S
        self._is_whole = not message.get("more_body", False)
        return message
