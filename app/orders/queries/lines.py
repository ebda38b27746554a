from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from app.db import NOTHING, Connection
from app.money import Money
from app.orders.models import Line


async def write_lines(db: Connection, order_id: UUID, lines: Sequence[Line]) -> None:
    await db.execute(
        """
        INSERT INTO orders.lines (
               order_id, line_no, product_id, edition_id, gtin, name, picture, handover, quantity,
               unit_price, discount, paid, vat, deposit, age_limit, storage, delivered_quantity,
               substitution, measured_g)
        SELECT $1, line.line_no, line.product_id, line.edition_id, line.gtin, line.name,
               line.picture, line.handover, line.quantity, line.unit_price, line.discount,
               line.paid, line.vat, line.deposit, line.age_limit, line.storage,
               line.delivered_quantity, line.substitution, line.measured_g
          FROM jsonb_to_recordset($2::jsonb) AS line (
               line_no integer, product_id uuid, edition_id uuid, gtin text, name text,
               picture text, handover text, quantity integer, unit_price bigint,
               discount bigint, paid bigint, vat text, deposit bigint, age_limit integer,
               storage text, delivered_quantity integer, substitution text, measured_g integer)
        """,
        order_id, msgspec.to_builtins(lines),
    )  # fmt: skip


async def remove_lines(db: Connection, order_id: UUID) -> None:
    """To be written anew in the same transaction, and what other places send of them."""
    await db.execute("DELETE FROM orders.elsewhere WHERE order_id = $1", order_id)
    await db.execute("DELETE FROM orders.lines WHERE order_id = $1", order_id)


async def note_delivered(
    db: Connection, order_id: UUID, quantities: Mapping[int, int] | None
) -> None:
    """`quantities` by line number; None means that everything was handed over."""
    delivered = None if quantities is None else {str(no): n for no, n in quantities.items()}
    await db.execute(
        """
        UPDATE orders.lines
           SET delivered_quantity = CASE WHEN $2::jsonb IS NULL THEN quantity
                                         ELSE coalesce(($2::jsonb ->> line_no::text)::int, 0) END
         WHERE order_id = $1
           AND handover <> 'carry-out'
        """,
        order_id, delivered,
    )  # fmt: skip


async def note_carried_out(db: Connection, order_id: UUID) -> None:
    await db.execute(
        """
        UPDATE orders.lines
           SET delivered_quantity = quantity
         WHERE order_id = $1
           AND handover = 'carry-out'
        """,
        order_id,
    )


async def handovers(db: Connection, order_id: UUID) -> set[str]:
    """The ways in which its lines go home."""
    rows = await db.fetch(
        "SELECT DISTINCT handover FROM orders.lines WHERE order_id = $1", order_id
    )
    return {row["handover"] for row in rows}


async def wants_goods(db: Connection, order_id: UUID) -> bool:
    """Something of it comes from a shelf; a gift card does not."""
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT FROM orders.lines WHERE order_id = $1 AND product_id <> $2)",
            order_id, NOTHING,
        )
    )  # fmt: skip


async def carried_out(db: Connection, order_id: UUID) -> Money:
    """What was paid for that was taken along at a counter, deposits too."""
    paid: Money = await db.fetchval(
        """
        SELECT coalesce(sum(paid + deposit), 0)::bigint
          FROM orders.lines
         WHERE order_id = $1
           AND handover = 'carry-out'
           AND delivered_quantity > 0
        """,
        order_id,
    )
    return paid


async def kept(db: Connection, order_id: UUID) -> Money:
    """The same, less what was paid back for what of it came back since."""
    paid: Money = await db.fetchval(
        """
        SELECT greatest(0, (SELECT coalesce(sum(paid + deposit), 0)
                              FROM orders.lines
                             WHERE order_id = $1
                               AND handover = 'carry-out'
                               AND delivered_quantity > 0)
                           - (SELECT coalesce(sum(amount), 0)
                                FROM returns.returns
                               WHERE order_id = $1))::bigint
        """,
        order_id,
    )
    return paid
