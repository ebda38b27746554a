from uuid import UUID

from app.db import Connection
from app.stock.models import Line


async def promised(db: Connection, order_id: UUID, *, collected: bool) -> dict[UUID, list[Line]]:
    """Hold → goods that are promised to the order by it and were not picked yet; those that are
    brought, or those that are `collected`, where it is both."""
    rows = await db.fetch(
        """
        SELECT line.hold_id, line.product_id, line.place_id, line.quantity
          FROM stock.holds AS hold
          JOIN stock.hold_lines AS line ON line.hold_id = hold.id
         WHERE hold.holder = $1
           AND hold.state = 'confirmed'
           AND line.picked IS NULL
           AND (EXISTS (SELECT FROM orders.desk_holds AS desk WHERE desk.hold_id = hold.id) = $2
                OR NOT EXISTS (SELECT FROM orders.pick_ups AS kept WHERE kept.order_id = $1))
         ORDER BY line.hold_id, line.product_id, line.place_id
        """,
        order_id, collected,
    )  # fmt: skip
    found: dict[UUID, list[Line]] = {}
    for hold_id, *line in rows:
        found.setdefault(hold_id, []).append(Line(*line))
    return found
