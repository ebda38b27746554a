from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import NOTHING, Connection, Pool
from app.money import Money
from app.orders.models import (
    Address,
    Changes,
    Contact,
    Entry,
    Happening,
    Line,
    Locked,
    NewOrder,
    Note,
    Order,
    State,
    Sums,
)


async def write(db: Connection, new: NewOrder, number: str, token_hash: bytes) -> bool:
    """False when the number is taken by another order."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO orders.orders (
                   id, number, token_hash, cart_id, place_id, slot_id, starts_at, ends_at,
                   name, email, phone, street, house_number, postcode, city, country,
                   note, substitution, language, currency,
                   subtotal, discount, deposits, delivery, total, receipt)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
                    $9, $10, $11, $12, $13, $14, $15, $16,
                    $17, $18, $19, $20,
                    $21, $22, $23, $24, $25, $26)
                ON CONFLICT (number) DO NOTHING
            RETURNING true
            """,
            new.id, number, token_hash, new.cart_id, new.place_id, new.slot_id,
            new.starts_at, new.ends_at,
            new.contact.name, new.contact.email, new.contact.phone,
            new.address.street, new.address.house_number, new.address.postcode,
            new.address.city, new.address.country,
            new.note, new.substitution, new.language, new.currency,
            new.sums.subtotal, new.sums.discount, new.sums.deposits, new.sums.delivery,
            new.sums.total, new.receipt,
        )
    )  # fmt: skip


async def write_lines(db: Connection, order_id: UUID, lines: Sequence[Line]) -> None:
    await db.execute(
        """
        INSERT INTO orders.lines (
               order_id, line_no, product_id, edition_id, gtin, name, picture, handover, quantity,
               unit_price, discount, paid, vat, deposit, age_limit, storage, delivered_quantity,
               substitution)
        SELECT $1, line.line_no, line.product_id, line.edition_id, line.gtin, line.name,
               line.picture, line.handover, line.quantity, line.unit_price, line.discount,
               line.paid, line.vat, line.deposit, line.age_limit, line.storage,
               line.delivered_quantity, line.substitution
          FROM jsonb_to_recordset($2::jsonb) AS line (
               line_no integer, product_id uuid, edition_id uuid, gtin text, name text,
               picture text, handover text, quantity integer, unit_price bigint,
               discount bigint, paid bigint, vat text, deposit bigint, age_limit integer,
               storage text, delivered_quantity integer, substitution text)
        """,
        order_id, msgspec.to_builtins(lines),
    )  # fmt: skip


async def write_line_notes(db: Connection, order_id: UUID, notes: Mapping[UUID, str]) -> None:
    await db.execute(
        """
        INSERT INTO orders.line_notes (order_id, product_id, text)
        SELECT $1, note.product_id, note.text
          FROM unnest($2::uuid[], $3::text[]) AS note (product_id, text)
        """,
        order_id, list(notes), list(notes.values()),
    )  # fmt: skip


async def line_notes(db: Connection | Pool, order_id: UUID) -> dict[UUID, str]:
    """What the shopper said about single products when ordering them."""
    rows = await db.fetch(
        "SELECT product_id, text FROM orders.line_notes WHERE order_id = $1", order_id
    )
    return {row["product_id"]: row["text"] for row in rows}


async def lock(db: Connection, order_id: UUID) -> Locked | None:
    """Where the order is; nobody else changes it while this transaction lasts."""
    row = await db.fetchrow(
        "SELECT state, version, total FROM orders.orders WHERE id = $1 FOR UPDATE", order_id
    )
    return Locked(**row) if row else None


async def move(
    db: Connection, order_id: UUID, to: State, before: Sequence[State], why: str | None
) -> asyncpg.Record | None:
    return await db.fetchrow(
        """
        UPDATE orders.orders
           SET state = $2,
               version = version + 1,
               why_cancelled = coalesce($4, why_cancelled),
               confirmed_at = CASE WHEN $2 = 'confirmed' THEN now() ELSE confirmed_at END,
               cancelled_at = CASE WHEN $2 = 'cancelled' THEN now() ELSE cancelled_at END,
               delivered_at = CASE WHEN $2 IN ('delivered', 'part_delivered') THEN now()
                                   ELSE delivered_at END
         WHERE id = $1
           AND state = ANY ($3::text[])
        RETURNING version, cart_id, place_id
        """,
        order_id, to, list(before), why,
    )  # fmt: skip


async def count_up(db: Connection, order_id: UUID) -> int:
    version: int = await db.fetchval(
        "UPDATE orders.orders SET version = version + 1 WHERE id = $1 RETURNING version", order_id
    )
    return version


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


async def take_back(db: Connection, order_id: UUID, why: str) -> asyncpg.Record | None:
    """Nothing of it was handed over after all; only what no van has to do with any more or yet."""
    return await db.fetchrow(
        """
        WITH taken AS (
             UPDATE orders.orders
                SET state = 'cancelled', version = version + 1, why_cancelled = $2,
                    cancelled_at = now()
              WHERE id = $1
                AND state IN ('confirmed', 'delivered')
                AND NOT EXISTS (SELECT
                                  FROM orders.lines AS line
                                 WHERE line.order_id = $1
                                   AND line.handover <> 'carry-out'
                                   AND orders.state = 'delivered')
             RETURNING version, cart_id, place_id),
             lines AS (
             UPDATE orders.lines
                SET delivered_quantity = 0
              WHERE order_id = $1 AND EXISTS (SELECT FROM taken))
        SELECT version, cart_id, place_id FROM taken
        """,
        order_id, why,
    )  # fmt: skip


async def read(db: Connection, order_id: UUID) -> Order | None:
    row = await db.fetchrow("SELECT * FROM orders.orders WHERE id = $1", order_id)
    return await _whole(db, row) if row else None


async def by_token_hash(db: Connection, token_hash: bytes) -> Order | None:
    row = await db.fetchrow("SELECT * FROM orders.orders WHERE token_hash = $1", token_hash)
    return await _whole(db, row) if row else None


async def bought_lately(db: Connection, product_id: UUID, days: int) -> list[UUID]:
    """Orders with this product that were delivered in the last days, or are on their way."""
    rows = await db.fetch(
        """
        SELECT DISTINCT sold.id
          FROM orders.lines AS line
          JOIN orders.orders AS sold ON sold.id = line.order_id
         WHERE line.product_id = $1
           AND sold.state NOT IN ('placed', 'cancelled')
           AND (sold.delivered_at IS NULL OR sold.delivered_at > now() - make_interval(days => $2))
         ORDER BY sold.id
        """,
        product_id, days,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def change(db: Connection, order_id: UUID, changes: Changes) -> asyncpg.Record | None:
    """None when picking has started, or it is over."""
    return await db.fetchrow(
        """
        UPDATE orders.orders
           SET name = coalesce($2, name), phone = coalesce($3, phone),
               street = coalesce($4, street), house_number = coalesce($5, house_number),
               note = coalesce($6, note), substitution = coalesce($7, substitution),
               version = version + 1
         WHERE id = $1
           AND state IN ('placed', 'confirmed')
        RETURNING version, cart_id, place_id
        """,
        order_id, changes.name, changes.phone, changes.street, changes.house_number, changes.note,
        changes.substitution,
    )  # fmt: skip


async def rewrite(
    db: Connection, order_id: UUID, slot: tuple[UUID, datetime, datetime] | None, sums: Sums,
    receipt: Mapping[str, Any],
) -> asyncpg.Record | None:  # fmt: skip
    """Other sums, and another time where one is given; None when picking has started."""
    slot_id, starts_at, ends_at = slot or (None, None, None)
    return await db.fetchrow(
        """
        UPDATE orders.orders
           SET slot_id = coalesce($2, slot_id), starts_at = coalesce($3, starts_at),
               ends_at = coalesce($4, ends_at), subtotal = $5, discount = $6, deposits = $7,
               delivery = $8, total = $9, receipt = $10, version = version + 1
         WHERE id = $1
           AND state = 'confirmed'
        RETURNING version, cart_id, place_id
        """,
        order_id, slot_id, starts_at, ends_at, sums.subtotal, sums.discount, sums.deposits,
        sums.delivery, sums.total, dict(receipt),
    )  # fmt: skip


async def give_time(
    db: Connection, order_id: UUID, slot_id: UUID, starts_at: datetime, ends_at: datetime
) -> int | None:
    """None when it is paid already, or off."""
    version: int | None = await db.fetchval(
        """
        UPDATE orders.orders
           SET slot_id = $2, starts_at = $3, ends_at = $4, version = version + 1
         WHERE id = $1
           AND state = 'placed'
        RETURNING version
        """,
        order_id, slot_id, starts_at, ends_at,
    )  # fmt: skip
    return version


async def remove_lines(db: Connection, order_id: UUID) -> None:
    """To be written anew in the same transaction, and what other places send of them."""
    await db.execute("DELETE FROM orders.elsewhere WHERE order_id = $1", order_id)
    await db.execute("DELETE FROM orders.lines WHERE order_id = $1", order_id)


async def write_note(db: Connection, id: UUID, order_id: UUID, by: UUID, text: str) -> bool:
    """False when there is no such order."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO orders.notes (id, order_id, by, text)
            SELECT $1, sold.id, $3, $4
              FROM orders.orders AS sold
             WHERE sold.id = $2
            RETURNING true
            """,
            id, order_id, by, text,
        )
    )  # fmt: skip


async def notes(db: Connection, order_id: UUID) -> list[Note]:
    rows = await db.fetch(
        "SELECT id, by, text, at FROM orders.notes WHERE order_id = $1 ORDER BY at, id", order_id
    )
    return [Note(**row) for row in rows]


async def history(db: Connection, order_id: UUID) -> list[Entry]:
    """Everything that happened with it, wherever: order, goods, payment, picking, papers, notes."""
    rows = await db.fetch(
        """
        WITH part (id) AS (
            SELECT $1::uuid
             UNION
            SELECT id FROM payments.intents WHERE order_id = $1
             UNION
            SELECT id FROM stock.holds WHERE holder = $1 AND state <> 'held'
             UNION
            SELECT id FROM stock.holds WHERE holder = $1 AND state = 'held'
             UNION
            SELECT id FROM fulfilment.fulfilments WHERE order_id = $1
        )
        SELECT event.at, event.kind, event.body AS what
          FROM part
          JOIN jobs.events AS event ON event.aggregate = part.id
         UNION ALL
        SELECT document.issued_at, document.kind,
               jsonb_build_object('number', document.number, 'total', document.total)
          FROM orders.documents AS document
         WHERE document.order_id = $1
         UNION ALL
        SELECT note.at, 'note', jsonb_build_object('by', note.by, 'text', note.text)
          FROM orders.notes AS note
         WHERE note.order_id = $1
         ORDER BY 1
        """,
        order_id,
    )
    return [Entry(**row) for row in rows]


async def by_number(db: Connection, number: str) -> UUID | None:
    id: UUID | None = await db.fetchval("SELECT id FROM orders.orders WHERE number = $1", number)
    return id


async def by_carrier(db: Connection, order_id: UUID) -> bool:
    """A parcel service brings it, no van of ours."""
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT
                             FROM fulfilment.fulfilments
                            WHERE order_id = $1
                              AND way = 'carrier')
            """,
            order_id,
        )
    )


async def live_of_cart(db: Connection, cart_id: UUID) -> UUID | None:
    id: UUID | None = await db.fetchval(
        "SELECT id FROM orders.orders WHERE cart_id = $1 AND state <> 'cancelled'", cart_id
    )
    return id


async def timeline(db: Connection, order_id: UUID) -> list[Happening]:
    rows = await db.fetch(
        "SELECT kind, at FROM jobs.events WHERE aggregate = $1 ORDER BY number", order_id
    )
    return [Happening(**row) for row in rows]


async def versions(pool: Pool, ids: Sequence[str]) -> dict[str, int]:
    """For those who watch the topic `order:<id>`."""
    rows = await pool.fetch(
        "SELECT id, version FROM orders.orders WHERE id = ANY ($1::text[]::uuid[])", list(ids)
    )
    return {str(row["id"]): row["version"] for row in rows}


async def _whole(db: Connection, row: asyncpg.Record) -> Order:
    lines = await db.fetch(
        """
        SELECT line_no, product_id, edition_id, gtin, name, picture, handover, quantity, unit_price,
               discount, paid, vat, deposit, age_limit, storage, delivered_quantity, substitution
          FROM orders.lines
         WHERE order_id = $1
         ORDER BY line_no
        """,
        row["id"],
    )
    plain: dict[str, Any] = {name: row[name] for name in _OWN_COLUMNS}
    return Order(
        **plain,
        contact=Contact(row["name"], row["email"], row["phone"]),
        address=Address(
            row["street"], row["house_number"], row["postcode"], row["city"], row["country"]
        ),
        sums=Sums(row["subtotal"], row["discount"], row["deposits"], row["delivery"], row["total"]),
        lines=[Line(**line) for line in lines],
    )


_OWN_COLUMNS = set(Order.__struct_fields__) - {"contact", "address", "sums", "lines"}
