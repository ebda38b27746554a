"""The lines of a receipt, as commands of its basket."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from app import cart
from app.cart.models import (
    NO_EDITION,
    Add,
    Cart,
    Command,
    Handover,
    Line,
    LineKey,
    Measured,
    Origin,
    Remove,
)
from app.db import Connection
from app.errors import Conflict
from app.tills import queries

TILL: Origin = "till"


async def apply(db: Connection, wanted: Sequence[Command]) -> None:
    for outcome in await cart.apply(db, wanted):
        if outcome.refused:
            raise cart.in_words(outcome.refused)


async def carry(
    db: Connection, here: UUID, there: UUID, mark: UUID, only: Handover | None = None
) -> None:
    basket = await cart.read(db, here, "en")
    lines = [line for line in basket.lines if only in (None, line.handover)] if basket else []
    wanted: list[Command] = [
        again(uuid5(mark, f"to {cart.key_of(line)}"), there, line, line.quantity, line.handover)
        for line in lines
    ]
    wanted += [
        Remove(
            id=uuid5(mark, f"from {cart.key_of(line)}"),
            cart_id=here,
            line=LineKey(line.product_id, line.handover, line.edition_id),
            version=line.version,
        )
        for line in lines
    ]
    if wanted:
        await apply(db, wanted)
        await queries.move_overrides(db, here, there, [cart.key_of(line) for line in lines])


async def let_prices_follow(db: Connection, cart_id: UUID, line: Line, to: Handover) -> None:
    """A dented tin is as dented when it goes another way."""
    price = (await queries.overrides(db, cart_id)).get(cart.key_of(line))
    if price is not None:
        there = f"{line.product_id}/{to}/{line.edition_id}"
        await queries.copy_override(db, cart_id, cart.key_of(line), there)


def more(id: UUID, cart_id: UUID, line: LineKey, more: int) -> Add:
    return Add(
        id=id,
        cart_id=cart_id,
        quantity=more,
        product_id=line.product_id,
        handover=line.handover,
        edition_id=line.edition_id,
        added_from=TILL,
    )


def again(id: UUID, cart_id: UUID, line: Line, quantity: int, to: Handover) -> Add:
    """The same goods at the same price in another basket: by the code that promises it."""
    if line.edition_id != NO_EDITION and not line.label and line.measured_g is None:
        raise Conflict(
            "A pack with a price sticker cannot move to another basket. Take it off, then scan it "
            "again.",
            code="price-sticker",
        )
    return Add(
        id=id,
        cart_id=cart_id,
        quantity=quantity,
        label=line.label or "",
        product_id=None if line.label else line.product_id,
        seen_product=line.product_id,
        seen_price=line.current_price,
        handover=to,
        measured=Measured("g", line.measured_g) if line.measured_g else None,
        added_from=TILL,
    )


def line_of(basket: Cart | None, key: LineKey) -> Line | None:
    for line in basket.lines if basket else []:
        if (line.product_id, line.handover, line.edition_id) == (
            key.product_id,
            key.handover,
            key.edition_id,
        ):
            return line
    return None
