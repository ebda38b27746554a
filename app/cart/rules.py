"""What a command makes of a basket, and what one of a line costs now."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

import msgspec

from app.cart.models import (
    MOST_ITEMS,
    MOST_OF_ONE,
    NO_EDITION,
    Add,
    Command,
    Differs,
    LineKey,
    Refusal,
    Remove,
    Set,
    State,
)
from app.money import Money


class Facts(msgspec.Struct, kw_only=True):
    """What the database says about one command, read while its cart is locked."""

    label_state: str | None = None
    printed_product: UUID | None = None
    """What the number on the label means; None when nobody knows it any more."""
    product_id: UUID | None = None
    on_sale: bool | None = None
    price: Money | None = None
    printed_price: Money | None = None
    """None when the poster makes no promise in the money of this cart."""
    honoured_until: datetime | None = None
    """None when there is no promise, or its time has passed."""
    edition_id: UUID = NO_EDITION
    """The poster whose promise holds, or zeros."""


class Refused(msgspec.Struct, frozen=True):
    because: Refusal
    differs: Differs | None = None


def quantity_after(
    command: Command, facts: Facts, state: State, items: int, quantity: int, changed_at: int
) -> int | Refused:
    """How many of its line are there after `command`, which found `quantity` of it (0: no line).

    `items` are all things in the cart, `changed_at` is the version at which the line last changed.
    """
    if state != "open":
        return Refused("being-paid")
    match command:
        case Add():
            wanted = max(quantity + command.quantity, 0)
            refused = _refusal_to_go_on(command, facts, quantity)
        case Set() | Remove():
            wanted = command.quantity if isinstance(command, Set) else 0
            refused = Refused("stale") if not quantity or changed_at > command.version else None
        case _:
            assert_never(command)
    return refused or _within_bounds(wanted, items + wanted - quantity, more=wanted > quantity)


def _refusal_to_go_on(command: Add, facts: Facts, quantity: int) -> Refused | None:
    """Less is always welcome, where there is some; a poster's price cannot be had by naming it."""
    if not quantity and (command.edition_id != NO_EDITION or command.quantity < 0):
        return Refused("stale")
    return refusal_to_add(command, facts) if command.quantity > 0 else None


def refusal_to_add(command: Add, facts: Facts) -> Refused | None:
    """What differs from the poster is said, and added only after a tap (DESIGN 1.1, 1.7)."""
    if command.label and facts.label_state is None:
        return Refused("unknown-label")
    if facts.label_state == "retired":
        return Refused("label-retired")
    if facts.label_state == "waiting":
        return Refused("not-open-yet")
    if facts.product_id is None:
        return Refused("unknown-product")
    if not facts.on_sale:
        return Refused("not-for-sale")
    if product_differs(facts) and command.seen_product != facts.product_id:
        return Refused("product-changed", _differs(facts))
    if price_rose(facts.price, facts.printed_price, facts.honoured_until) and (
        command.seen_price is None or facts.price is None or command.seen_price < facts.price
    ):
        return Refused("price-changed", _differs(facts))
    return None


def product_differs(facts: Facts) -> bool:
    return facts.printed_product is not None and facts.printed_product != facts.product_id


def price_rose(price: Money | None, printed: Money | None, honoured_until: datetime | None) -> bool:
    """The poster promised less, and no longer holds: the higher price needs a tap."""
    return printed is not None and price is not None and honoured_until is None and price > printed


def price_now(price: Money, printed: Money | None, honoured_until: datetime | None) -> Money:
    """While a poster's promise holds, the lower of printed and current."""
    return price if printed is None or honoured_until is None else min(price, printed)


def price_of(command: Command, facts: Facts) -> Money | None:
    """What one costs, for an answer. None where the command names a line that knows it itself."""
    if not isinstance(command, Add) or facts.price is None or command.edition_id != NO_EDITION:
        return None
    return price_now(facts.price, facts.printed_price, facts.honoured_until)


def key_of(command: Command, facts: Facts) -> LineKey:
    """An honoured poster's price makes a line of its own; past its time it is a line like any."""
    if not isinstance(command, Add):
        return command.line
    return LineKey(facts.product_id or NO_EDITION, command.handover, facts.edition_id)


def _within_bounds(wanted: int, items: int, *, more: bool) -> int | Refused:
    if wanted > MOST_OF_ONE:
        return Refused("at-most-99")
    if more and items > MOST_ITEMS:
        return Refused("basket-full")
    return wanted


def _differs(facts: Facts) -> Differs:
    return Differs(
        printed_product=facts.printed_product,
        product_id=facts.product_id,
        printed_price=facts.printed_price,
        price=facts.price,
    )
