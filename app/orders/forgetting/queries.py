from collections.abc import Sequence
from uuid import UUID

from app.db import Connection


async def forget_people(db: Connection, order_ids: Sequence[UUID]) -> None:
    """The link of an order goes on to open it: who holds it can still bring something back."""
    await db.execute(
        """
        WITH said AS (
             DELETE FROM orders.line_notes WHERE order_id = ANY ($1::uuid[])),
             noted AS (
             DELETE FROM orders.notes WHERE order_id = ANY ($1::uuid[]))
        UPDATE orders.orders
           SET name = '', email = '', phone = '', street = '', house_number = '', postcode = '',
               city = '', note = ''
         WHERE id = ANY ($1::uuid[])
        """,
        list(order_ids),
    )
