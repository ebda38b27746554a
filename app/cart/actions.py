from collections.abc import Sequence
from uuid import UUID

from app import commands as done_before
from app import live
from app.cart import queries
from app.cart.batch import Batch, wishes_of
from app.cart.models import AttachCoupon, Command, DetachCoupon, Outcome
from app.cart.queries import words
from app.db import NOTHING, Connection, new_id
from app.errors import Conflict, NotFound
from app.jobs import LATER, Later

STILL_HERE = ("open", "frozen")
"""Whose tokens do not lead on to another cart by now."""


async def apply(db: Connection, commands: Sequence[Command]) -> list[Outcome]:
    """Carry out many commands of many carts, in their order, in this one transaction.

    Each has its `cart_id`. What cannot be done is an outcome with `refused`, kept like any other.
    Waits for carts that somebody else is changing. Raises NotFound for a cart that is not there.
    """
    carts = await queries.lock(db, sorted({command.cart_id for command in commands}))
    if len(carts) < len({command.cart_id for command in commands}):
        raise NotFound("This basket is not there any more.")
    wishes = [wishes_of(command) for command in commands]
    rows = iter(await queries.facts(db, [wish for several in wishes for wish in several]))
    standing = [(cart["id"], cart["version"], cart["items"], cart["state"]) for cart in carts]
    batch = Batch(standing, await _coupons(db, commands))
    outcomes = [
        batch.carry_out(command, [next(rows) for _ in several])
        for command, several in zip(commands, wishes, strict=True)
    ]
    missed = await batch.write(db)
    assert not missed, "they are locked"
    return outcomes


async def apply_opened(
    db: Connection, asks: Sequence[tuple[bytes, Command]]
) -> list[Outcome | Later | None]:
    """The same on carts that tokens open, without a lock: what each command is about is read in one
    statement, and written in another where the cart has not moved between; LATER where it has, or
    where somebody holds it. None for a token that opens nothing. Fills in each `cart_id`.
    """
    wishes = [wishes_of(command, token) for token, command in asks]
    rows = iter(await queries.facts(db, [wish for several in wishes for wish in several]))
    found = [[next(rows) for _ in several] for several in wishes]
    commands = [command for _, command in asks]
    for command, [row, *_] in zip(commands, found, strict=True):
        command.cart_id = row["cart_id"] or NOTHING
    here = {row["cart_id"]: row for [row, *_] in found if row["state"] in STILL_HERE}
    batch = Batch(
        [(id, row["version"], row["items"], row["state"]) for id, row in here.items()],
        await _coupons(db, commands),
    )
    outcomes = [
        batch.carry_out(command, facts) if command.cart_id in here else None
        for command, facts in zip(commands, found, strict=True)
    ]
    missed = await batch.write(db)
    return [
        None if command.cart_id == NOTHING
        else LATER if outcome is None or command.cart_id in missed
        else outcome
        for command, outcome in zip(commands, outcomes, strict=True)
    ]  # fmt: skip


async def _coupons(db: Connection, commands: Sequence[Command]) -> dict[UUID, list[str]] | None:
    shown = {one.cart_id for one in commands if isinstance(one, AttachCoupon | DetachCoupon)}
    return await words.coupons(db, sorted(shown)) if shown else None


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
