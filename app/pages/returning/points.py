"""What else a return takes, besides what it brings."""

from app import loyalty, returns
from app.db import Connection
from app.orders.models import Order


async def points_lost(db: Connection, order: Order, offer: returns.Offer | None) -> int:
    """Points earned with what comes back: said with the money, before anybody agrees. 0 without an
    offer."""
    if offer is None:
        return 0
    units: dict[int, int] = {}
    for share in offer.shares:
        units[share.line_no] = units.get(share.line_no, 0) + share.quantity
    return await loyalty.lost(db, order, offer.amount, units)
