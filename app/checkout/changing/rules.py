"""Which change is one, and what stands in its way. Pure."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

import msgspec

from app.catalog.models import Product
from app.checkout.changing.models import Change, More
from app.db import NOTHING
from app.errors import Conflict
from app.money import Money
from app.orders.models import Line, Order
from app.orders.rules import is_collected
from app.pricing.models import Line as Priced
from app.pricing.models import Receipt, Share
from app.slots import models as slots
from app.slots.models import Slot
from app.stock import models as stock

CARRY_OUT, COLLECT, DELIVERY = "carry-out", "collect", "delivery"

Goods: TypeAlias = Mapping[UUID, Mapping[UUID, int]]
"""Place → product → pieces."""


def check_open(order: Order) -> None:
    """Raises Conflict where nothing can be changed any more, or not yet."""
    if order.state == "placed":
        raise Conflict(
            "This order is not paid yet. Pay it first, or cancel it: your basket is as you left it "
            "then.",
            code="not-paid",
        )
    if order.state != "confirmed":
        raise moved_on(order)


def moved_on(order: Order) -> Conflict:
    return Conflict(
        "We are already picking this order, so it cannot be changed any more.",
        code="order-moved-on",
        state={"order": str(order.id), "state": order.state},
    )


def wanted(order: Order, change: Change) -> tuple[dict[int, int], list[More]]:
    """How many of each line there shall be, and what is new. More of what is in the order at an
    ordinary price is more of that line. Raises Conflict for what cannot be."""
    quantities = {line.line_no: line.quantity for line in order.lines}
    if not change.quantities.keys() <= quantities.keys():
        raise Conflict("This line is not in the order any more.", code="stale")
    quantities |= change.quantities
    plain = {
        line.product_id: line.line_no
        for line in order.lines
        if line.edition_id == NOTHING and line.handover == way_of(order)
    }
    new: Counter[UUID] = Counter()
    for more in change.added:
        if more.product_id in plain:
            quantities[plain[more.product_id]] += more.quantity
        else:
            new[more.product_id] += more.quantity
    _check(order, quantities, new)
    return quantities, [More(id, n) for id, n in new.items()]


def way_of(order: Order) -> str:
    """How what is new goes home: as the rest does."""
    return COLLECT if is_collected(order) else DELIVERY


def _check(order: Order, quantities: Mapping[int, int], new: Mapping[UUID, int]) -> None:
    taken = [line for line in order.lines if line.handover == CARRY_OUT]
    if any(quantities[line.line_no] != line.quantity for line in taken):
        raise Conflict(
            "This was taken along already. Bring it back to a store.", code="taken-along"
        )
    if max([*quantities.values(), *new.values()]) > 99:
        raise Conflict("You can have at most 99 of one product.", code="at-most-99")
    rest = {line.line_no for line in order.lines} - {line.line_no for line in taken}
    if not new and not any(quantities[no] for no in rest):
        raise Conflict("Nothing would be left. Cancel the order instead.", code="nothing-left")
    if not new and all(quantities[line.line_no] == line.quantity for line in order.lines):
        raise Conflict("Nothing is different. Change a quantity first.", code="nothing-different")


def added_line(
    product: Product, quantity: int, price: Money, most_percent: int, way: str
) -> Priced:
    return Priced(
        key=f"{product.id}/{way}/{NOTHING}",
        handover="collect" if way == COLLECT else "delivery",
        product_id=product.id,
        quantity=quantity,
        unit_price=price,
        vat=product.vat,
        deposit=product.deposit,
        brand=product.brand,
        category=product.category,
        channel="web",
        most_percent=most_percent,
    )


def lines_of(
    order: Order, quantities: Mapping[int, int], receipt: Receipt, new: Mapping[UUID, Product]
) -> list[Line]:
    """The lines of the order beside the shares of its new receipt, in their order."""
    kept = [line for line in order.lines if quantities[line.line_no]]
    lines = [_with(line, share) for line, share in zip(kept, receipt.lines, strict=False)]
    number = max(line.line_no for line in order.lines)
    for n, share in enumerate(receipt.lines[len(kept) :], start=number + 1):
        lines.append(_new(n, new[share.product_id], share, way_of(order)))
    return lines


def _with(line: Line, share: Share) -> Line:
    return msgspec.structs.replace(
        line,
        quantity=share.quantity,
        discount=share.discount,
        paid=share.paid,
        deposit=share.deposit,
    )


def _new(number: int, product: Product, share: Share, way: str) -> Line:
    return Line(
        line_no=number,
        product_id=product.id,
        edition_id=NOTHING,
        gtin=product.gtin,
        name=product.name,
        picture=product.picture,
        handover=way,
        quantity=share.quantity,
        unit_price=share.unit_price,
        discount=share.discount,
        paid=share.paid,
        vat=share.vat,
        deposit=share.deposit,
        age_limit=product.age_limit,
        storage=product.storage,
    )


def pieces(lines: Sequence[Line], ways: Container[str]) -> dict[UUID, int]:
    """What goes home these ways; the same product on two lines is one wish."""
    found: Counter[UUID] = Counter()
    for line in lines:
        if line.handover in ways:
            found[line.product_id] += line.quantity
    return dict(found)


def sent_ways(order: Order) -> Container[str]:
    """What leaves from the places that send it. Of an order that is brought and collected, what is
    collected waits at its own place; one that is collected whole is sent by nobody else."""
    return {DELIVERY} if order.pick_up else {DELIVERY, COLLECT}


def kept_ways(order: Order) -> Container[str]:
    return {COLLECT} if order.pick_up else ()


def more_than(before: Mapping[UUID, int], after: Mapping[UUID, int]) -> dict[UUID, int]:
    return {id: n - before.get(id, 0) for id, n in after.items() if n > before.get(id, 0)}


def goods(sent: Goods) -> tuple[stock.Line, ...]:
    """Place → product → pieces, as stock is asked for it."""
    return tuple(
        stock.Line(id, place, n)
        for place, pieces in sorted(sent.items())
        for id, n in sorted(pieces.items())
        if n
    )


def sent_by(order: Order, senders: Mapping[UUID, Mapping[int, int]]) -> dict[UUID, dict[UUID, int]]:
    """Place → product → pieces, out of place → line → pieces."""
    products = {line.line_no: line.product_id for line in order.lines}
    found: dict[UUID, dict[UUID, int]] = {}
    for place, lines in senders.items():
        together: Counter[UUID] = Counter()
        for line_no, n in lines.items():
            together[products[line_no]] += n
        found[place] = dict(together)
    return found


def needs_more(before: slots.Need, after: slots.Need) -> bool:
    return (
        after.ambient_crates > before.ambient_crates
        or after.chilled_crates > before.chilled_crates
        or after.frozen_crates > before.frozen_crates
        or after.picker_minutes > before.picker_minutes
    )


def brought(order: Order, receipt: Receipt) -> set[str]:
    """The keys of what of it is brought home."""
    return {
        share.key
        for share, line in zip(receipt.lines, order.lines, strict=True)
        if line.handover == DELIVERY
    }


def fee_of(receipt: Receipt, slot: Slot | None) -> Money:
    """What bringing it was to cost; where that was nothing for the sum of the goods, what the time
    costs without it."""
    return receipt.fee or (slot.fee if slot else 0)
