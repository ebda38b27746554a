"""The port: what the shop wants from whoever takes the money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from app.payments.models import Answer, Fact, Intent, Refund, Started, Taking, Wish


class Provider(Protocol):
    """Every call may be repeated and means the same: the intent's id and the refund's id are the
    keys at the provider. Every call may raise `Unreachable`, and then it may have worked or not.
    """

    name: str

    async def start(self, intent: Intent, wish: Wish) -> Started:
        """The hosted page where the shopper pays."""
        ...

    async def ask(self, intent: Intent) -> Answer:
        """What became of it."""
        ...

    async def close(self, intent: Intent) -> Answer:
        """It shall not be paid any more; the answer tells when it was paid all the same."""
        ...

    async def take(self, taking: Taking) -> Answer:
        """Take so much of the money that is held; the rest of it is let go. The answer says what
        came in, and says the same when it was taken before."""
        ...

    async def refund(self, refund: Refund) -> str:
        """The money goes back to where it came from; returns the provider's reference."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Fact | None:
        """A notification; None when it tells of nothing that concerns an order. Raises `NotGenuine`
        when it is not signed as agreed."""
        ...


class InHand:
    """Most of a `Provider` whose money is in our hands already: there is nobody to ask, and nobody else
    tells us anything."""

    async def start(self, intent: Intent, wish: Wish) -> Started:
        raise Unreachable

    async def ask(self, intent: Intent) -> Answer:
        return Answer([], final=False)

    async def close(self, intent: Intent) -> Answer:
        return Answer([], final=True)

    async def take(self, taking: Taking) -> Answer:
        return Answer([], final=True)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Fact:
        raise NotGenuine


class Unreachable(Exception):
    """No answer, or none that makes sense: ask again later."""


class NotGenuine(Exception):
    """Not from this provider, or too old, or changed on its way."""
