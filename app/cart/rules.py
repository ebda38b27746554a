"""What a command makes of a basket, and what one of a line costs now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, assert_never
from uuid import UUID

import msgspec

from app.cart.models import (
    MOST_COUPONS,
    MOST_ITEMS,
    MOST_OF_ONE,
    NO_EDITION,
    Add,
    AttachCoupon,
    Bought,
    Command,
    DetachCoupon,
    Differs,
    Lacking,
    LineKey,
    Measured,
    Merge,
    Move,
    Refusal,
    Remove,
    Set,
    Split,
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
    """The poster whose promise holds, the sticker of a pack, or zeros."""
    per_g: int | None = None
    """The price is for so many grams; None for what is not sold by weight."""
    most: int | None = None
    """How many of the product one customer may have, over all its lines."""
    of_product: int = 0
    """How many of it are in the cart, where there is such a limit."""


class Source(msgspec.Struct, frozen=True):
    """A line that something is taken from: how many are there, and when it last changed."""

    quantity: int
    changed_at: int


class Refused(msgspec.Struct, frozen=True):
    because: Refusal
    differs: Differs | None = None


def quantity_after(
    command: Add | Set | Remove,
    facts: Facts,
    state: State,
    items: int,
    quantity: int,
    changed_at: int,
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
            if wanted > quantity and not facts.on_sale:
                refused = refused or Refused("not-for-sale")
        case _:
            assert_never(command)
    return refused or _within_bounds(facts, wanted, items, wanted - quantity)


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
    if not facts.on_sale or not _has_a_price(command, facts):
        return Refused("not-for-sale")
    if product_differs(facts) and command.seen_product != facts.product_id:
        return Refused("product-changed", _differs(facts))
    if price_rose(facts.price, facts.printed_price, facts.honoured_until) and (
        command.seen_price is None or facts.price is None or command.seen_price < facts.price
    ):
        return Refused("price-changed", _differs(facts))
    return None


def _has_a_price(command: Add, facts: Facts) -> bool:
    """A sticker with a weight means nothing for what is sold by the piece."""
    return command.measured is None or command.measured.kind == "price" or bool(facts.per_g)


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
    if command.measured is not None:
        return measured_price(command.measured, facts.price, facts.per_g)
    return price_now(facts.price, facts.printed_price, facts.honoured_until)


def key_of(command: Add | Set | Remove, facts: Facts) -> LineKey:
    """An honoured poster's price makes a line of its own; past its time it is a line like any."""
    if not isinstance(command, Add):
        return command.line
    return LineKey(facts.product_id or NO_EDITION, command.handover, facts.edition_id)


def moved(command: Move, state: State, target: int, sources: Sequence[Source]) -> int | Refused:
    """How many go to the line where `target` are now. What moves is neither more nor less."""
    if state != "open":
        return Refused("being-paid")
    if not sources:  # it goes that way already
        return 0 if target else Refused("stale")
    found = sum(source.quantity for source in sources)
    changed = any(source.changed_at > command.version for source in sources)
    if changed or not found + (target if isinstance(command, Merge) else 0):
        return Refused("stale")
    moving = command.quantity if isinstance(command, Split) else found
    if moving > found:
        return Refused("stale")
    return Refused("at-most-99") if target + moving > MOST_OF_ONE else moving


def coupons_after(
    command: AttachCoupon | DetachCoupon, state: State, coupons: Sequence[str]
) -> list[str] | Refused:
    """In the order in which they were shown; showing one twice is showing it."""
    if state != "open":
        return Refused("being-paid")
    others = [code for code in coupons if code != command.code]
    if isinstance(command, DetachCoupon):
        return others
    if command.code in coupons:
        return list(coupons)
    return Refused("too-many-coupons") if len(others) >= MOST_COUPONS else [*others, command.code]


def measured_price(measured: Measured, price: Money, per_g: int | None) -> Money | None:
    """What one pack costs by its sticker, rounded half up; None when it is not sold by weight."""
    if measured.kind == "price":
        return measured.value
    return (2 * measured.value * price + per_g) // (2 * per_g) if per_g else None


class Joining(msgspec.Struct, frozen=True):
    """How many of each line come over, how many of each are there then, how many found no room."""

    brought: dict[LineKey, int]
    after: dict[LineKey, int]
    left_out: int


def join(
    ours: Mapping[LineKey, int], theirs: Mapping[LineKey, int], most: Mapping[UUID, int]
) -> Joining:
    """Quantities are added, line by line, as far as a line, a customer and a basket may have."""
    brought: dict[LineKey, int] = {}
    room, of_product = MOST_ITEMS - sum(ours.values()), Counter[UUID]()
    for key, quantity in ours.items():
        of_product[key.product_id] += quantity
    for key, quantity in theirs.items():
        limit = most.get(key.product_id, MOST_ITEMS) - of_product[key.product_id]
        fits = max(0, min(quantity, MOST_OF_ONE - ours.get(key, 0), limit, room))
        if fits:
            brought[key] = fits
            room -= fits
            of_product[key.product_id] += fits
    after = {key: ours.get(key, 0) + quantity for key, quantity in brought.items()}
    return Joining(brought, after, sum(theirs.values()) - sum(brought.values()))


def above_its_limit(product_id: UUID, lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether there is more of a product, over all its lines, than one customer may have (`most`)."""
    of_it = [line for line in lines if line["product_id"] == product_id]
    most = of_it[0]["most"] if of_it else None
    return most is not None and sum(line["quantity"] for line in of_it) > most


def fits_again(
    bought: Bought, facts: Facts, quantity: int, items: int, left: int | None
) -> tuple[int, Lacking]:
    """How many of what was bought before can be had again, and why not more.

    `quantity` of its line and `items` in all are in the basket; `left` can still be sold (None: as
    many as are asked for). The tightest bound is the reason that is told.
    """
    if facts.product_id is None or not facts.on_sale:
        return 0, "not-for-sale"
    if bought.weighed:
        return 0, "weighed"
    bounds: list[tuple[int, Lacking]] = [
        (MOST_OF_ONE - quantity, "at-most-99"),
        (MOST_ITEMS - items, "basket-full"),
    ]
    if left is not None:
        bounds.append((left, "none-left"))
    if facts.most is not None:
        bounds.append((facts.most - facts.of_product, "limited"))
    most, why = min(bounds)
    return (bought.quantity, "") if bought.quantity <= most else (max(most, 0), why)


def reason_to_stay_apart(
    guest: Mapping[str, Any], survivor: Mapping[str, Any]
) -> Literal["together", "being-paid", "other-currency", ""]:
    """Of two locked carts; "together" when the one follows the other already."""
    if guest["alias_of"] == survivor["id"]:
        return "together"
    if guest["state"] != "open" or survivor["state"] != "open":
        return "being-paid"
    return "" if guest["currency"] == survivor["currency"] else "other-currency"


def _within_bounds(facts: Facts, wanted: int, items: int, more: int) -> int | Refused:
    if wanted > MOST_OF_ONE:
        return Refused("at-most-99")
    if more > 0 and facts.most is not None and facts.of_product + more > facts.most:
        return Refused("limited")
    if more > 0 and items + more > MOST_ITEMS:
        return Refused("basket-full")
    return wanted


def _differs(facts: Facts) -> Differs:
    return Differs(
        printed_product=facts.printed_product,
        product_id=facts.product_id,
        printed_price=facts.printed_price,
        price=facts.price,
    )
