"""Where the collected lines are collected of an order that is brought as well."""

from uuid import UUID

from app.db import Connection
from app.orders.models import PickUp


async def write_pick_up(db: Connection, order_id: UUID, new: PickUp) -> None:
    await db.execute(
        """
        INSERT INTO orders.pick_ups (order_id, place_id, ready_by, keep_until)
        VALUES ($1, $2, $3, $4)
        """,
        order_id, new.place_id, new.ready_by, new.keep_until,
    )  # fmt: skip


async def keep_at_desk(db: Connection, order_id: UUID, hold_id: UUID) -> None:
    """This hold is for what is collected of the order, and never for what is brought of it."""
    await db.execute(
        """
        INSERT INTO orders.desk_holds (hold_id, order_id)
        VALUES ($1, $2)
            ON CONFLICT (hold_id) DO NOTHING
        """,
        hold_id, order_id,
    )  # fmt: skip
