"""Commands of many shoppers gather into one transaction (DESIGN 1.4)."""

from collections.abc import Sequence

import msgspec

from app.cart import actions
from app.cart.models import Command, Outcome, Word
from app.db import Connection, Pool, begin_on
from app.jobs import Coalescer, Later, alone, busy

MOST_OF_ONE_BASKET = 200
_waiting: dict[bytes, int] = {}


class Ask(msgspec.Struct, frozen=True):
    """A command of whoever holds this token. Which cart that is, the batch looks up."""

    token: bytes
    command: Command


class NoCart(msgspec.Struct, frozen=True):
    """The token opens nothing, e.g. because its cart was forgotten."""


NO_CART = NoCart()


async def submit(pool: Pool, token: bytes, command: Command) -> Outcome | NoCart:
    """Carried out and committed when this returns. Raises Busy when too many wait.

    One basket may not fill the queue before all others: it has a share of it.
    """
    of_it = _waiting.get(token, 0)
    if of_it >= MOST_OF_ONE_BASKET:
        raise busy()
    _waiting[token] = of_it + 1
    try:
        return await _together.submit(pool, Ask(token, command))
    finally:
        left = _waiting[token] = _waiting[token] - 1
        if not left:
            del _waiting[token]


async def _act(db: Connection, asks: Sequence[Ask]) -> list[Outcome | NoCart | Later]:
    """Two statements: what all of them are about, and what they do to carts that nobody has moved
    between. Words of a shopper take more, and a transaction."""
    if not any(isinstance(ask.command, Word) for ask in asks):
        return await _carry_out(db, asks)
    async with begin_on(db):
        return await _carry_out(db, asks)


async def _carry_out(db: Connection, asks: Sequence[Ask]) -> list[Outcome | NoCart | Later]:
    outcomes = await actions.apply_opened(db, [(ask.token, ask.command) for ask in asks])
    return [NO_CART if outcome is None else outcome for outcome in outcomes]


_together: Coalescer[Ask, Outcome | NoCart] = Coalescer(_act, within=alone)
