"""The same once more: what an order was about goes into a basket, as far as it can still be had."""

from datetime import date
from uuid import UUID

from app import cart, stock
from app.cart.models import Again, Bought, Handover, is_of_a_sticker
from app.db import Connection
from app.orders.models import Line, Order


async def bring(db: Connection, order: Order, cart_id: UUID, command: UUID, today: date) -> Again:
    """Once, however often it comes. Raises Conflict when the basket is being paid."""
    bought = bought_of(order)
    left = await _left(db, sorted({one.product_id for one in bought}), today)
    return await cart.again.bring(db, cart_id, command, order.id, bought, left)


def bought_of(order: Order) -> list[Bought]:
    """By product and way, whatever poster it came from then. What was taken along is brought: nobody
    stands in the store now."""
    bought: dict[tuple[UUID, Handover, bool], Bought] = {}
    for line in order.lines:
        key = line.product_id, _way(line), is_of_a_sticker(line.edition_id)
        before = bought[key].quantity if key in bought else 0
        bought[key] = Bought(*key[:2], before + line.quantity, line.unit_price, weighed=key[2])
    return list(bought.values())


def _way(line: Line) -> Handover:
    return "collect" if line.handover == "collect" else "delivery"


async def _left(db: Connection, product_ids: list[UUID], today: date) -> dict[UUID, int]:
    """How many there are; what is announced and may be ordered before it is here has no bound."""
    available = await stock.available(db, product_ids)
    short = [id for id, left in available.items() if left <= 0]
    due = await stock.coming.due(db, short, today) if short else {}
    promised = {id for id, one in due.items() if one.brought_from}
    return {id: max(left, 0) for id, left in available.items() if id not in promised}
