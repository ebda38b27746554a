from collections.abc import Sequence
from uuid import UUID

import asyncpg

from app import commands as done_before
from app import live
from app.cart import queries
from app.cart.batch import Batch, wishes_of
from app.cart.models import AttachCoupon, Command, DetachCoupon, Outcome
from app.db import Connection, new_id
from app.errors import Conflict, NotFound


async def apply(db: Connection, commands: Sequence[Command]) -> list[Outcome]:
    """Carry out many commands of many carts, in their order, in this one transaction.

    Each has its `cart_id`. What cannot be done is an outcome with `refused`, kept like any other.
    Waits for carts that somebody else is changing. Raises NotFound for a cart that is not there.
    """
    carts = await queries.lock(db, sorted({command.cart_id for command in commands}))
    outcomes = await apply_to(db, commands, carts)
    found = [outcome for outcome in outcomes if outcome is not None]
    if len(found) < len(commands):
        raise NotFound("This basket is not there any more.")
    return found


async def apply_to(
    db: Connection, commands: Sequence[Command], carts: Sequence[asyncpg.Record]
) -> list[Outcome | None]:
    """The same on carts that are locked by us already; None for commands of any other."""
    about_coupons = {
        one.cart_id for one in commands if isinstance(one, AttachCoupon | DetachCoupon)
    }
    coupons = await queries.coupons(db, sorted(about_coupons)) if about_coupons else None
    batch = Batch(carts, coupons)
    places = [place for place, command in enumerate(commands) if command.cart_id in batch.carts]
    outcomes: list[Outcome | None] = [None] * len(commands)
    if places:
        wishes = [wishes_of(commands[place]) for place in places]
        rows = iter(await queries.facts(db, [wish for several in wishes for wish in several]))
        for place, several in zip(places, wishes, strict=True):
            outcomes[place] = batch.carry_out(commands[place], [next(rows) for _ in several])
        await batch.write(db)
    return outcomes


async def freeze(db: Connection, cart_id: UUID, version: int) -> None:
    """Nobody changes the cart until it is reopened or ordered.

    Raises Conflict when it is not what was seen (`version`), is empty, or is frozen already.
    """
    if not await queries.freeze(db, cart_id, version):
        raise Conflict(
            "Your basket has changed meanwhile. Please look at it once more.",
            code="basket-changed",
        )


async def reopen(db: Connection, cart_id: UUID) -> None:
    """Give a frozen cart back to its shopper; any other stays as it is."""
    await queries.reopen(db, cart_id)


async def close(db: Connection, cart_id: UUID, order_id: UUID) -> None:
    """The cart has become this order; its tokens go on with a new, empty one.

    The same order again changes nothing. Raises Conflict when it became another order.
    """
    closed = await queries.close(db, cart_id, order_id)
    if closed is None:
        raise Conflict("This basket was ordered already.", code="ordered-already")
    if closed["was"] == "ordered":
        return
    next_id = new_id()
    await queries.note_order(db, cart_id, closed["version"], order_id)
    # Versions go on, with a gap that makes every watcher look again.
    await queries.hand_on(db, cart_id, next_id, closed["version"] + 1, closed["currency"])
    await done_before.copy_to(db, cart_id, next_id)
    live.tell_after_commit(db, f"cart:{cart_id}", closed["version"])
