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


class InTime:
    """Stands for `receive` of a request that changes something."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._until = asyncio.get_running_loop().time() + FIRST_S
        self._is_whole = False

    async def __call__(self) -> Any:
        """Raises Malformed for a body that is too slow. Once it is whole, only the end is waited for."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message: Any = await self._receive()
        except TimeoutError:
            raise Malformed(
                "This took too long to arrive. Please try again.", code="too-slow"
            ) from None
        self._until += len(message.get("body", b"")) / SLOWEST_BYTES_PER_S
        self._is_whole = not message.get("more_body", False)
        return message
