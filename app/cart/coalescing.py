"""Commands of many shoppers gather into one transaction (DESIGN 1.4)."""

from collections.abc import Sequence

import msgspec

from app.cart import actions, queries
from app.cart.models import Command, Outcome
from app.db import Connection, Pool
from app.jobs import LATER, Coalescer, Later, busy

MOST_OF_ONE_BASKET = 200
STILL_HERE = ("open", "frozen")
"""Whose token does not lead on to another cart by now."""
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
    opened = await queries.lock_opened(db, list({ask.token for ask in asks}))
    known = [ask for ask in asks if ask.token in opened]
    for ask in known:
        ask.command.cart_id = opened[ask.token]["id"]
    carts = {cart["id"]: cart for cart in opened.values() if cart["state"] in STILL_HERE}
    outcomes = iter(await actions.apply_to(db, [ask.command for ask in known], [*carts.values()]))
    return [(next(outcomes) or LATER) if ask.token in opened else NO_CART for ask in asks]


_together: Coalescer[Ask, Outcome | NoCart] = Coalescer(_act)
